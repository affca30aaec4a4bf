import { Refusal } from './problem.js';
import type { Store } from './store.js';

/**
 * At most `max` (1 to 1 000 000) in each window of `seconds` (1 to 86 400). Windows are fixed, counted from 1970:
 * around their boundary up to twice as many may pass.
 */
export interface Limit {
  readonly max: number;
  readonly seconds: number;
}

export interface Limits {
  /** Attempts to get a pass, per IPv4 address or IPv6 /64. An office behind one address shares it. Default 20 in 600 s. */
  readonly perIp: Limit;
  /** ALTCHA challenges handed out, per IPv4 address or IPv6 /64. Default 60 in 600 s. */
  readonly challengesPerIp: Limit;
  /** Passes issued per alias: attempts do not count, so nobody can use it up without solving CAPTCHAs. Default 60 in 60 s. */
  readonly perAlias: Limit;
  /** Passes issued over all aliases. Default 200 in 60 s. */
  readonly overall: Limit;
}

export const DEFAULT_LIMITS: Limits = {
  perIp: { max: 20, seconds: 600 },
  challengesPerIp: { max: 60, seconds: 600 },
  perAlias: { max: 60, seconds: 60 },
  overall: { max: 200, seconds: 60 },
};

/**
 * Counts one event. The window is part of the key, since a store can count but not tell how long is left.
 *
 * @throws Refusal `rate-limited` beyond the limit, with the time until the next window.
 */
export async function count(
  store: Store,
  timeMs: number,
  scope: keyof Limits,
  subject: string,
  { max, seconds }: Limit,
): Promise<void> {
  const now = timeMs / 1000;
  const window = Math.floor(now / seconds);
  if ((await store.incr(`limit:${scope}:${window}:${subject}`, seconds)) <= max) return;
  throw new Refusal('rate-limited', {
    reason: scope,
    retryAfter: Math.max(1, Math.ceil((window + 1) * seconds - now)),
  });
}
