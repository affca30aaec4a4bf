/**
 * What the gate needs of a CAPTCHA provider. A provider is one file with one factory; `options.ts` lists them.
 */
import type { ProblemType } from '../shared/pass.js';
import type { Store } from './store.js';

export interface CaptchaCheck {
  /** The visitor's address. */
  readonly ip: string;
  /** What the token must have been solved for, where the provider can tell. */
  readonly alias: string;
  /** Aborted when the visitor is gone. */
  readonly signal: AbortSignal;
}

export type CaptchaProblem = Extract<ProblemType, `captcha-${string}`>;

/** `reason` is a short code of our own for the log. */
export type CaptchaVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: CaptchaProblem; readonly reason: string };

export interface CaptchaVerifier {
  /**
   * Judges a token, and never says yes twice to the same one, however many ask at the same time. `token` is
   * printable ASCII without spaces, at most 8192 bytes. Rejects only with what the store rejects with.
   */
  verify(token: string, check: CaptchaCheck): Promise<CaptchaVerdict>;
  /** A new challenge for the alias, as JSON; only for providers whose challenges the gate makes. */
  challenge?(alias: string): Promise<unknown>;
}

/** What the gate lends to a provider. */
export interface CaptchaTools {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fetch: typeof fetch;
}

export function refused(problem: CaptchaProblem, reason: string): CaptchaVerdict {
  return { ok: false, problem, reason };
}
