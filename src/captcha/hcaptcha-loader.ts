/// <reference types="@hcaptcha/types" />
import { CallError } from '../call/errors.js';

const TIMEOUT_MS = 15_000;
const PATH = '/1/api.js';
const OFFICIAL = /^https:\/\/([a-z0-9-]+\.)*hcaptcha\.com\/1\/api\.js/;

export interface HCaptchaLoadOptions {
  /** Where `/1/api.js` is, vetted by the caller; `null`: hCaptcha's own host. */
  readonly host: string | null;
  /** BCP 47. */
  readonly lang: string;
  /** For the script tag; default: that of any script of the page. */
  readonly nonce?: string | null | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Scripts of the page that have shown that nothing comes of them. */
const dead = new WeakSet<Element>();

const page = globalThis as unknown as Record<string, unknown> & {
  hcaptcha?: unknown;
  trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(url: string): string },
    ): { createScriptURL(url: string): unknown };
  };
};

function installed(): HCaptcha | undefined {
  // an element with that id is a global too, hence the look at `render`
  const api = page.hcaptcha as Partial<HCaptcha> | undefined;
  return typeof api?.render === 'function' ? (api as HCaptcha) : undefined;
}

/**
 * hCaptcha's script API: the one that the page has or is loading already, else our own script tag. One tag however
 * many ask; after a failure the next call tries again. Rejects with `captcha-unavailable` (blocked, unreachable, not
 * ready within `timeoutMs`, refused by the page's Trusted Types) or with the signal's reason, and leaves nothing
 * then: no tag, no callback, and no script that runs when it arrives late.
 *
 * Not `@hcaptcha/loader` (2.4.2), because it waits forever where the callback never comes, as on a page that has
 * hCaptcha already (a second api.js skips its set-up), reports to sentry.hcaptcha.com unless told not to, sets no
 * nonce, and throws under Trusted Types.
 */
export function loadHCaptcha(
  { host, lang, nonce, timeoutMs = TIMEOUT_MS }: HCaptchaLoadOptions,
  signal: AbortSignal,
): Promise<HCaptcha> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const base = (host ?? 'https://js.hcaptcha.com') + PATH;
    const waiting = new AbortController();
    const whileWaiting = { once: true, signal: waiting.signal };
    let awaited: HTMLScriptElement | undefined;
    let own: HTMLScriptElement | undefined;
    let callback = 'callButtonCaptcha';

    const finish = (): void => {
      clearTimeout(timer);
      waiting.abort();
      if (own) Reflect.deleteProperty(page, callback);
    };
    const cancel = (reason: Error): void => {
      finish();
      if (own) {
        // merely removed it would still run when it arrives (HTML §4.12.1.1, "execute the script element")
        document.implementation.createHTMLDocument().adoptNode(own);
        // others who ask at the same time wait for this tag
        own.dispatchEvent(new Event('error'));
      }
      reject(reason);
    };
    const fail = (what: string): void =>
      cancel(new CallError('captcha-unavailable', `${base}: ${what}`));
    const arrive = (): boolean => {
      const api = installed();
      if (!api) return false;
      finish();
      resolve(api);
      return true;
    };

    const insert = (): void => {
      own = document.createElement('script');
      own.crossOrigin = 'anonymous';
      own.nonce = nonce ?? [...document.scripts].find((script) => script.nonce)?.nonce ?? '';
      own.addEventListener('error', () => fail('blocked or unreachable'), whileWaiting);
      while (callback in page) callback += '_';
      page[callback] = arrive;
      try {
        own.src = trusted(
          `${base}?onload=${callback}&render=explicit&sentry=false&recaptchacompat=off` +
            `&hl=${encodeURIComponent(lang)}&host=${location.hostname}`,
        );
      } catch {
        fail('the page must allow the Trusted Types policy "call-button"');
        return;
      }
      document.head.append(own);
    };
    const seek = (): void => {
      if (arrive()) return;
      const found = (awaited = [...document.scripts].find(
        (script) =>
          (script.src.startsWith(base) || OFFICIAL.test(script.src)) &&
          // consent managers park scripts under a type of their own
          /^(|module|\w+\/(x-)?javascript)$/.test(script.type) &&
          !dead.has(script),
      ));
      if (!found) {
        insert();
        return;
      }
      const settled = (): void => {
        dead.add(found);
        seek();
      };
      found.addEventListener('load', settled, whileWaiting);
      found.addEventListener('error', settled, whileWaiting);
    };

    signal.addEventListener('abort', () => cancel(signal.reason as Error), whileWaiting);
    const timer = setTimeout(() => {
      if (awaited) dead.add(awaited);
      fail('timeout');
    }, timeoutMs);
    seek();
  });
}

let policy: { createScriptURL(url: string): unknown } | undefined;
let vetted = '';

/** A `TrustedScriptURL` where there is such a thing, and where the page lets us make one. */
function trusted(url: string): string {
  vetted = url;
  try {
    policy ??= page.trustedTypes?.createPolicy('call-button', {
      createScriptURL(candidate) {
        if (candidate === vetted) return candidate;
        throw new TypeError(candidate);
      },
    });
  } catch {
    // refused: the page may still have a default policy, or only report
  }
  return (policy?.createScriptURL(url) ?? url) as string;
}
