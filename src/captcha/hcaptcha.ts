import { CallError, type EndReason } from '../call/errors.js';
import type { Captcha, CaptchaOptions, CaptchaStatus } from '../call/ports.js';
import { type Clock, systemClock } from '../shared/clock.js';
import { createCaptchaCore, nothing } from './captcha-core.js';
import { loadHCaptcha } from './hcaptcha-loader.js';

/** From `execute` to a challenge or a token: nobody reports an iframe that is blocked or does not load. */
const OPEN_MS = 15_000;

export interface HCaptchaSettings {
  readonly clock?: Clock;
  /** For the script to load. */
  readonly timeoutMs?: number;
}

/**
 * hCaptcha's checkbox, drawn into a fresh child of the container. `token` opens the challenge where the visitor has
 * not ticked the box, so call it in a click. A container that moves in the document loses its iframe's content:
 * dispose then, and create again.
 */
export async function createHCaptcha(
  { container, sitekey, host, lang, theme, size, nonce }: CaptchaOptions,
  signal: AbortSignal,
  { clock = systemClock, timeoutMs }: HCaptchaSettings = {},
): Promise<Captcha> {
  const api = await loadHCaptcha({ host, lang, nonce, timeoutMs }, signal);
  const place = document.createElement('div');
  let id: HCaptchaId | undefined;
  let run = 0;
  let cancelOpening = nothing;

  const quietly = (method: 'close' | 'reset' | 'remove'): void => {
    try {
      api[method](id);
    } catch {
      // throws where the page has removed the widget, which is as good
    }
  };
  /** A run is over: its timer, and what its promise still says. */
  const end = (): void => {
    run++;
    cancelOpening();
  };
  const pass = (token: string): void => {
    end();
    // a second word on the same solution must not bring back a token that was handed out
    if (core.captcha.status !== 'solved') core.accept(token);
  };
  const fail = (code: string): void => {
    end();
    const [status, reason] = outcome(code);
    core.fail(status, new CallError(reason, `hcaptcha: ${code}`));
  };
  const failIfSolving = (code: string): void => {
    if (core.captcha.status === 'solving') fail(code);
  };

  const core = createCaptchaCore(
    { provider: 'hcaptcha', presentation: 'container' },
    {
      start() {
        const current = run;
        cancelOpening = clock.after(OPEN_MS, () => {
          fail('timeout');
          quietly('close');
        });
        new Promise<HCaptchaResponse | void>((resolve) =>
          resolve(api.execute(id, { async: true })),
        ).then(
          (answer) => {
            if (current === run && answer) pass(answer.response);
          },
          (error: unknown) => {
            // a code, or an object whose message is the code in words
            const { message = error } = (error ?? {}) as { message?: unknown };
            if (current === run) failIfSolving(String(message).replaceAll(' ', '-'));
          },
        );
      },
      stop() {
        end();
        quietly('close');
      },
      reset: () => quietly('reset'),
      dispose() {
        quietly('remove');
        place.remove();
      },
    },
    clock,
  );

  container.append(place);
  try {
    id = api.render(place, {
      sitekey: sitekey ?? '',
      theme,
      size,
      // of the languages with a region hCaptcha knows Chinese and Portuguese only
      hl: /^(zh|pt)/.test(lang) ? lang : lang.replace(/-.*/, ''),
      callback: pass,
      'open-callback': () => {
        cancelOpening();
        core.setStatus('solving');
      },
      'close-callback': () => failIfSolving('challenge-closed'),
      'chalexpired-callback': () => failIfSolving('challenge-expired'),
      'expired-callback': () => {
        if (core.captcha.status === 'solved') fail('challenge-expired');
      },
      'error-callback': fail,
    });
  } catch {
    // the same as no id
  }
  if (id) return core.captcha;
  place.remove();
  throw new CallError('captcha-unavailable', 'hcaptcha: could not be drawn');
}

function outcome(code: string): [CaptchaStatus, EndReason] {
  switch (code) {
    case 'challenge-closed':
      return ['ready', 'captcha-closed'];
    case 'challenge-expired':
      return ['expired', 'captcha-expired'];
    case 'rate-limited':
      return ['failed', 'rate-limited'];
    default:
      // network-error, challenge-error, internal-error, invalid-data, invalid-mfa-data, missing-captcha,
      // invalid-captcha-id, timeout, and whatever hCaptcha adds
      return ['failed', 'captcha-unavailable'];
  }
}
