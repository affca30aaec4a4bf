import { CallError, type EndReason } from '../call/errors.js';
import type { Captcha, CaptchaOptions, CaptchaStatus } from '../call/ports.js';
import { type Clock, systemClock } from '../shared/clock.js';
import { createCaptchaCore, nothing } from './captcha-core.js';
import { loadScriptApi, type ProviderScript } from './script-loader.js';

/** Without a token or a question to the visitor: nobody reports a frame that is blocked. Slow phones take ten seconds. */
const SOLVE_MS = 20_000;

const SCRIPT: ProviderScript = {
  global: 'turnstile',
  home: 'https://challenges.cloudflare.com',
  path: '/turnstile/v0/api.js',
  official: /^https:\/\/challenges\.cloudflare\.com\/turnstile\/v0\/api\.js/,
  query: '',
  cors: false,
};

/** What is used of https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/ */
interface Turnstile {
  render(container: HTMLElement, options: Readonly<Record<string, unknown>>): string | undefined;
  execute(id: string): void;
  reset(id: string): void;
  remove(id: string): void;
}

export interface TurnstileSettings {
  readonly clock?: Clock;
  /** For the script to load. */
  readonly timeoutMs?: number;
}

/**
 * Turnstile's widget, drawn into a fresh child of the container and started at once: most visitors have nothing to do
 * but wait. It carries the target as `action`, so that its token is good for no other service. A container that moves in
 * the document loses its frame's content: dispose then, and create again.
 */
export async function createTurnstile(
  { container, sitekey, host, lang, target, theme, size, nonce }: CaptchaOptions,
  signal: AbortSignal,
  { clock = systemClock, timeoutMs }: TurnstileSettings = {},
): Promise<Captcha> {
  const api = await loadScriptApi<Turnstile>(SCRIPT, { host, nonce, timeoutMs }, signal);
  const place = document.createElement('div');
  let id = '';
  let used = false;
  let cancelLimit = nothing;

  const quietly = (method: 'reset' | 'remove'): void => {
    try {
      api[method](id);
    } catch {
      // throws where the page has removed the widget, which is as good
    }
  };
  const reset = (): void => {
    cancelLimit();
    if (used) quietly('reset');
    used = false;
  };
  const fail = (code: string): void => {
    cancelLimit();
    // what happens to the widget later is nothing to a token at hand
    if (core.captcha.status === 'solved') return;
    const [status, reason] = outcome(code);
    core.fail(status, new CallError(reason, `turnstile: ${code}`));
  };
  const limit = (): void => {
    cancelLimit();
    cancelLimit = clock.after(SOLVE_MS, () => fail('timeout'));
  };

  const core = createCaptchaCore(
    { provider: 'turnstile', presentation: 'container' },
    {
      start() {
        // a second `execute` would bring the first one's token again, or nothing
        reset();
        used = true;
        limit();
        try {
          api.execute(id);
        } catch (error) {
          fail(String(error));
        }
      },
      stop: reset,
      reset,
      dispose() {
        // told twice it would complain to the console
        if (id) quietly('remove');
        id = '';
        used = false;
        place.remove();
      },
    },
    clock,
  );

  container.append(place);
  try {
    id =
      api.render(place, {
        sitekey,
        action: target,
        theme,
        size: size === 'normal' ? 'flexible' : size,
        // Chinese alone has two scripts there; of all others it knows one region, and English for the rest
        language: /^zh-(hant|tw|hk|mo)/i.test(lang) ? 'zh-tw' : lang.replace(/-.*/, ''),
        execution: 'execute',
        // what it would begin by itself, or at a press inside its frame, nobody here would know of
        retry: 'never',
        'refresh-expired': 'never',
        'refresh-timeout': 'never',
        'response-field': false,
        callback: (token: string) => {
          cancelLimit();
          if (core.captcha.status !== 'solved') core.accept(token);
        },
        'before-interactive-callback': () => cancelLimit(),
        'after-interactive-callback': () => {
          if (used && core.captcha.status === 'solving') limit();
        },
        'timeout-callback': () => fail('interactive-timeout'),
        'expired-callback': () => {
          if (core.captcha.status === 'solved') core.fail('expired', null);
        },
        'unsupported-callback': () => fail('unsupported'),
        'error-callback': (code: string) => {
          fail(code);
          // Yes, handled, keeps it from starting a widget again that has crashed; a no makes it write the code to the
          // console, where the administrator learns of a wrong sitekey or domain.
          return code.startsWith('300');
        },
      }) ?? '';
  } catch {
    // the same as no id
  }
  if (!id) {
    place.remove();
    throw new CallError('captcha-unavailable', 'turnstile: could not be drawn');
  }
  core.captcha.solve();
  return core.captcha;
}

/** By the families of https://developers.cloudflare.com/turnstile/troubleshooting/client-side-errors/error-codes/ */
function outcome(code: string): [CaptchaStatus, EndReason] {
  // took too long
  if (/^(1106[02]|interactive-timeout)/.test(code)) return ['expired', 'captcha-expired'];
  // failed the challenge, or what was sent of it looked made by a machine
  if (/^(10[2346]|[36]00)/.test(code)) return ['failed', 'captcha-failed'];
  // wrong sitekey, domain or configuration, old browser, wrong clock, blocked, and whatever Cloudflare adds
  return ['failed', 'captcha-unavailable'];
}
