import { sha256Hex } from './crypto.js';
import type { Store } from './store.js';

/** Further uses of one pass by its own call: a 401 or 407 retry on each of up to four servers. */
export const MAX_FURTHER_USES = 8;

/**
 * Single use: true for the first Call-ID that uses the pass, and for the same Call-ID again (at most
 * `MAX_FURTHER_USES` times); false for every other. Of different Call-IDs at the same time exactly one wins. The
 * same Call-ID twice at the same instant may see its second use refused; a later one is accepted again.
 *
 * Check the pass itself first (`verifyPass`); give as `ttlSeconds` at least what is left of its life.
 *
 * @throws what the store throws: refuse the call then.
 */
export async function claimPass(
  store: Store,
  jti: string,
  callId: string,
  ttlSeconds: number,
): Promise<boolean> {
  // The store cannot be asked without leaving a mark, so a refused Call-ID must not find its own mark later: the
  // winner marks numbered tickets in advance, and every later use looks at a number that no other use looks at.
  const call = `call:${jti}:${await sha256Hex(callId)}`;
  if (await store.once(`pass:${jti}`, ttlSeconds)) {
    const tickets = Array.from({ length: MAX_FURTHER_USES }, (_, index) => index + 1);
    await Promise.all(tickets.map((ticket) => store.once(`${call}:${ticket}`, ttlSeconds)));
    return true;
  }
  const ticket = await store.incr(call, ttlSeconds);
  return ticket <= MAX_FURTHER_USES && !(await store.once(`${call}:${ticket}`, ttlSeconds));
}
