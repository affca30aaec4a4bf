import { CallError } from '../call/errors.js';

const TIMEOUT_MS = 15_000;

/** What tells one provider's script from another's. */
export interface ProviderScript {
  /** The global that it makes, with a `render`. */
  readonly global: string;
  /** Its own host. */
  readonly home: string;
  readonly path: string;
  /** Addresses under which a page may have it already. */
  readonly official: RegExp;
  /** After `?onload=…&render=explicit`; may be empty. */
  readonly query: string;
  /** Fetched with CORS: where its host is known to allow that. */
  readonly cors: boolean;
}

export interface LoadOptions {
  /** Where the script is instead, vetted by the caller. */
  readonly host: string | null;
  /** For the script tag; default: that of any script of the page. */
  readonly nonce?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Scripts of the page that have shown that nothing comes of them. */
const dead = new WeakSet<Element>();

const page = globalThis as unknown as Record<string, unknown> & {
  trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(url: string): string },
    ): { createScriptURL(url: string): unknown };
  };
};

/**
 * A provider's script API: the one that the page has or is loading already, else our own script tag. One tag however
 * many ask; after a failure the next call tries again. Rejects with `captcha-unavailable` (blocked, unreachable, not
 * ready within `timeoutMs`, refused by the page's Trusted Types) or with the signal's reason, and leaves nothing
 * then: no tag, no callback, and no script that runs when it arrives late.
 */
export function loadScriptApi<Api extends { readonly render: unknown }>(
  { global, home, path, official, query, cors }: ProviderScript,
  { host, nonce, timeoutMs = TIMEOUT_MS }: LoadOptions,
  signal: AbortSignal,
): Promise<Api> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const base = (host ?? home) + path;
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
      // an element with that id is a global too, hence the look at `render`
      const api = page[global] as Partial<Api> | undefined;
      if (typeof api?.render !== 'function') return false;
      finish();
      resolve(api as Api);
      return true;
    };

    const insert = (): void => {
      own = document.createElement('script');
      if (cors) own.crossOrigin = 'anonymous';
      own.nonce = nonce ?? [...document.scripts].find((script) => script.nonce)?.nonce ?? '';
      own.addEventListener('error', () => fail('blocked or unreachable'), whileWaiting);
      while (callback in page) callback += '_';
      page[callback] = arrive;
      try {
        own.src = trusted(`${base}?onload=${callback}&render=explicit${query}`);
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
          (script.src.startsWith(base) || official.test(script.src)) &&
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
