import type { Assets } from './media/assets.js';
import type { Alias } from './sip/call.js';

export interface AliasOptions {
  readonly assets: Assets;
  /** From 180 to the answer, or to the refusal of a callee who declines. */
  readonly ringMs: number;
}

/** What can be called. A new service is one more entry here, and in the gate's table of the same names. */
export function createAliases({ assets, ringMs }: AliasOptions): ReadonlyMap<string, Alias> {
  const echo: Alias = async (call) => {
    await call.ring();
    await call.waitMs(ringMs);
    // the first digit may come while the greeting still plays: it takes the floor
    let floor = new AbortController();
    const media = await call.answer();
    call.onDigit = (digit) => {
      const clip = assets.digits.get(digit);
      if (clip === undefined) return;
      floor.abort();
      floor = new AbortController();
      void media.say(clip, floor.signal);
      media.mirror();
    };
    media.show(assets.picture);
    await media.say(assets.greeting, floor.signal);
    media.mirror();
  };

  const declined: Alias = async (call) => {
    await call.ring();
    await call.waitMs(ringMs);
    await call.reject(603);
  };

  return new Map<string, Alias>([
    ['echo', echo],
    ['busy', (call) => call.reject(486)],
    ['silent', (call) => call.ring()],
    ['declined', declined],
    ['closed', (call) => call.reject(503, ['Retry-After: 120'])],
  ]);
}
