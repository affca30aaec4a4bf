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
  readonly nonce?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

interface Load {
  readonly api: Promise<HCaptcha>;
  readonly cancel: (reason: unknown) => void;
  waiting: number;
}

/** Those under way, by address. */
const loads = new Map<string, Load>();
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
 * ready within `timeoutMs`, refused by the page's Trusted Types) or with the signal's reason; when nobody waits any
 * more, tag and callback are gone.
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
    const present = installed();
    if (present) {
      resolve(present);
      return;
    }
    const base = (host ?? 'https://js.hcaptcha.com') + PATH;
    let load = loads.get(base);
    if (!load) loads.set(base, (load = begin(base, lang, nonce, timeoutMs)));
    const { api, cancel } = load;
    const leave = (): void => {
      reject(signal.reason as Error);
      if (--load.waiting === 0) cancel(signal.reason);
    };
    load.waiting++;
    signal.addEventListener('abort', leave);
    api.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function begin(base: string, lang: string, nonce: string | undefined, timeoutMs: number): Load {
  const listening = new AbortController();
  const once = { signal: listening.signal };
  let own: HTMLScriptElement | undefined;
  let callback = 'callButtonCaptcha';
  while (callback in page) callback += '_';

  let succeed!: (api: HCaptcha) => void;
  let fail!: (reason: Error) => void;
  const api = new Promise<HCaptcha>((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  const finish = (): void => {
    clearTimeout(timer);
    listening.abort();
    loads.delete(base);
    Reflect.deleteProperty(page, callback);
  };
  const cancel = (reason: unknown): void => {
    finish();
    own?.remove();
    // a removed script still runs when it arrives; one whose document has changed does not (HTML §4.12.1.1)
    if (own) document.implementation.createHTMLDocument().adoptNode(own);
    fail(reason as Error);
  };
  const unavailable = (what: string): void =>
    cancel(new CallError('captcha-unavailable', `${base}: ${what}`));
  const arrive = (): void => {
    const found = installed();
    if (!found) {
      unavailable('brought no hcaptcha');
      return;
    }
    finish();
    succeed(found);
  };
  const insert = (): void => {
    own = document.createElement('script');
    own.crossOrigin = 'anonymous';
    own.nonce = nonce ?? [...document.scripts].find((script) => script.nonce)?.nonce ?? '';
    own.addEventListener('error', () => unavailable('blocked or unreachable'), once);
    page[callback] = arrive;
    try {
      own.src = trusted(
        `${base}?onload=${callback}&render=explicit&sentry=false&recaptchacompat=off` +
          `&hl=${encodeURIComponent(lang)}&host=${location.hostname}`,
      );
    } catch {
      unavailable('the page must allow the Trusted Types policy "call-button"');
      return;
    }
    document.head.append(own);
  };

  const foreign = [...document.scripts].find(
    ({ src, type }) =>
      (src.startsWith(base) || OFFICIAL.test(src)) &&
      // consent managers park scripts under a type of their own
      /^$|javascript|module/.test(type),
  );
  const timer = setTimeout(() => {
    if (foreign) dead.add(foreign);
    unavailable('timeout');
  }, timeoutMs);
  if (!foreign || dead.has(foreign)) insert();
  else {
    const settled = (): void => {
      if (installed()) {
        arrive();
        return;
      }
      dead.add(foreign);
      insert();
    };
    foreign.addEventListener('load', settled, once);
    foreign.addEventListener('error', settled, once);
  }
  return { api, cancel, waiting: 0 };
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
