import type { Assets, Prompt } from '../media/assets.js';
import type { MediaPeer } from '../media/peer.js';
import type { Alias, IncomingCall } from '../sip/call.js';
import { createKeys, type Keys } from './keys.js';
import type { Person } from './person.js';

export interface MenuOptions {
  /** Its alias. */
  readonly name: string;
  readonly assets: Assets;
  readonly person: Person;
  readonly ringMs: number;
  /** Milliseconds on hold. */
  readonly holdMs: number;
  /** Milliseconds without a key before the menu is said again. */
  readonly idleMs: number;
  /** Runs another service in this call. */
  readonly run: (name: string, call: IncomingCall) => Promise<void>;
  readonly now: () => number;
}

/** Said so often to nobody, the menu hangs up. */
const ROUNDS_MAX = 3;
/** The next call of who pressed 5 is heard before it is answered. */
const EARLY_MS = 60_000;

/** A call in the menu. */
interface Visit {
  readonly call: IncomingCall;
  readonly media: MediaPeer;
  readonly keys: Keys;
  say(prompt: Prompt): Promise<void>;
}

/** Hears itself until the next key. */
async function echo({ media, keys }: Visit): Promise<void> {
  media.relay(media);
  try {
    await keys.wait();
  } finally {
    media.relay(null);
  }
}

/** Music, then back; a key makes it shorter. */
async function hold({ call, media, keys, say }: Visit, music: Assets['music'], holdMs: number) {
  await say('hold');
  keys.clear();
  const playing = new AbortController();
  try {
    await call.renegotiate({ hold: true });
    void media.loop(music, playing.signal);
    await keys.wait(holdMs);
    await call.renegotiate({ hold: false });
  } catch {
    // refused: the call goes on
    call.signal.throwIfAborted();
  } finally {
    playing.abort();
  }
  keys.clear();
  await say('back');
}

/** The caller is asked for video, and shown one. */
async function video({ call, media, say }: Visit, picture: Assets['picture']): Promise<void> {
  if (media.codec('video') === null) {
    try {
      await call.renegotiate({ video: 'sendrecv' }, true);
    } catch {
      call.signal.throwIfAborted();
    }
  }
  const seen = media.codec('video') !== null;
  if (seen) media.show(picture);
  await say(seen ? 'picture' : 'no-picture');
}

/** Services by key, as an automatic switchboard has them. */
export function createMenu(options: MenuOptions): Alias {
  const { assets, person } = options;
  /** Until when, in milliseconds since 1970, whose call is heard before it is answered. */
  const early = new Map<string, number>();
  const who = ({ address, callerName }: IncomingCall): string => `${address} ${callerName}`;

  function promiseEarly(call: IncomingCall): void {
    for (const [key, until] of early) if (until < options.now()) early.delete(key);
    early.set(who(call), options.now() + EARLY_MS);
  }

  /** True: the call has left the menu. */
  async function serve(key: string, visit: Visit): Promise<boolean> {
    const { call, keys, say } = visit;
    switch (key) {
      case '1':
        await echo(visit);
        return false;
      case '2':
        await hold(visit, assets.music, options.holdMs);
        return false;
      case '3':
        await say('goodbye');
        await call.hangUp();
        return true;
      case '4':
        await video(visit, assets.picture);
        return false;
      case '5':
        await say('early-next');
        promiseEarly(call);
        await call.hangUp();
        return true;
      case '9': {
        const outcome = await person.fromMenu(call);
        if ('heir' in outcome && outcome.heir === null) return true;
        keys.listen();
        keys.clear();
        visit.media.show(assets.picture);
        if ('say' in outcome) await say(outcome.say);
        else if (outcome.heir !== null && outcome.heir !== options.name) {
          await options.run(outcome.heir, call);
          return true;
        }
        return false;
      }
      default:
        if (!keys.waiting) await say('unknown');
        return false;
    }
  }

  return async (call) => {
    const keys = createKeys(call);
    if (call.media === null) {
      await call.ring();
      await call.waitMs(options.ringMs);
      if ((early.get(who(call)) ?? 0) > options.now()) {
        early.delete(who(call));
        await (await call.early()).say(assets.prompts.early, call.signal);
      }
    }
    const media = await call.answer();
    const visit: Visit = {
      call,
      media,
      keys,
      say: (prompt) => media.say(assets.prompts[prompt], keys.interrupt()),
    };
    media.show(assets.picture);
    for (let rounds = 0; rounds < ROUNDS_MAX;) {
      if (!keys.waiting) await visit.say('menu');
      await keys.wait(options.idleMs);
      const key = keys.take();
      rounds = key === null ? rounds + 1 : 0;
      if (key === null) continue;
      const clip = assets.digits.get(key);
      // to the end, however fast they are pressed
      if (clip !== undefined) await media.say(clip, call.signal);
      call.signal.throwIfAborted();
      if (await serve(key, visit)) return;
    }
    await visit.say('goodbye');
    await call.hangUp();
  };
}
