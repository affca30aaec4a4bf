import type { ServiceEvents } from '../events.js';
import type { Assets } from '../media/assets.js';
import type { Alias } from '../sip/call.js';
import type { Phones } from '../sip/phones.js';
import { createMenu } from './menu.js';
import { createPerson } from './person.js';

export interface AliasOptions {
  readonly assets: Assets;
  readonly phones: Phones;
  readonly events: ServiceEvents;
  /** From 180 to the answer, or to the refusal of a callee who declines. */
  readonly ringMs: number;
  /** On hold in the menu, milliseconds. */
  readonly holdMs: number;
  /** Whatever is beside the built-in ones, or in their place. */
  readonly further: ReadonlyMap<string, Alias>;
}

const IDLE_MS = 10_000;
const MENU_RING_MS = 30_000;

function createEcho(assets: Assets, ringMs: number): Alias {
  return async (call) => {
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
      media.relay(media);
    };
    media.show(assets.picture);
    await media.say(assets.greeting, floor.signal);
    media.relay(media);
  };
}

/** Answers with the same greeting, which is heard before the answer already. */
function createEarly(assets: Assets): Alias {
  return async (call) => {
    const media = await call.early();
    media.show(assets.picture);
    await media.say(assets.prompts.early, call.signal);
    await call.answer();
    media.relay(media);
  };
}

/** What can be called. A new service is one more entry here, and in the gate's table of the same names. */
export function createAliases(options: AliasOptions): ReadonlyMap<string, Alias> {
  const { assets, phones, events, ringMs } = options;
  const person = createPerson({
    assets,
    phones,
    menuRingMs: MENU_RING_MS,
    alias: (name) => aliases.get(name),
    onTransferred: ({ id, alias }, to) =>
      void events.emit('transferred', { callId: id, alias, to }),
  });
  const menu = createMenu({
    name: 'menu',
    assets,
    person,
    ringMs,
    holdMs: options.holdMs,
    idleMs: IDLE_MS,
    run: async (name, call) => aliases.get(name)?.(call),
    now: Date.now,
  });
  const declined: Alias = async (call) => {
    await call.ring();
    await call.waitMs(ringMs);
    await call.reject(603);
  };

  const aliases: ReadonlyMap<string, Alias> = new Map<string, Alias>([
    ['echo', createEcho(assets, ringMs)],
    ['menu', menu],
    ['agent', person.direct],
    ['early', createEarly(assets)],
    ['busy', (call) => call.reject(486)],
    ['silent', (call) => call.ring()],
    ['declined', declined],
    ['closed', (call) => call.reject(503, ['Retry-After: 120'])],
    ...options.further,
  ]);
  return aliases;
}
