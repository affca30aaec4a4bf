import type { Assets, Prompt } from '../media/assets.js';
import type { Alias, IncomingCall } from '../sip/call.js';
import type { CallerInfo } from '../sip/leg.js';
import { Unanswered, type Phones } from '../sip/phones.js';
import { bridge } from './bridge.js';

export interface PersonOptions {
  readonly assets: Assets;
  readonly phones: Phones;
  /** Milliseconds that it rings for a caller who waits in the menu. */
  readonly menuRingMs: number;
  readonly alias: (name: string) => Alias | undefined;
  readonly onTransferred: (call: IncomingCall, to: string) => void;
}

/** Where a person answers. */
export interface Person {
  /** Rings until the caller gives up. */
  readonly direct: Alias;
  /**
   * From the menu: the caller has been answered and hears music meanwhile. Resolves with what to say where nobody
   * takes the call, else, once the person is gone, with the service that the caller was handed to or with null.
   */
  fromMenu(
    call: IncomingCall,
  ): Promise<{ readonly say: Prompt } | { readonly heir: string | null }>;
}

function infoOf(call: IncomingCall): CallerInfo {
  const { callerName, userToUser, offered, media } = call;
  return {
    name: callerName,
    userToUser,
    audioCodec: media?.codec('audio') ?? offered.audio ?? 'opus',
    video: media === null ? offered.video !== null : media.codec('video') !== null,
  };
}

export function createPerson(options: PersonOptions): Person {
  const { assets, phones } = options;
  const join: typeof bridge = async (call, ...rest) => {
    const heir = await bridge(call, ...rest);
    if (heir !== null) options.onTransferred(call, heir);
    return heir;
  };
  const knows = (name: string): boolean => options.alias(name) !== undefined;

  return {
    async direct(call) {
      let leg;
      try {
        leg = await phones.ring(infoOf(call), () => void call.ring().catch(() => {}), call.signal);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        await call.reject(error.status);
        return;
      }
      const heir = await join(call, leg, assets.music, knows);
      if (heir !== null) await options.alias(heir)?.(call);
    },

    async fromMenu(call) {
      const media = await call.answer();
      const ringing = new AbortController();
      void media
        .say(assets.prompts.connecting, ringing.signal)
        .then(() => media.loop(assets.music, ringing.signal));
      const limit = AbortSignal.timeout(options.menuRingMs);
      try {
        const signal = AbortSignal.any([call.signal, limit]);
        const leg = await phones.ring(infoOf(call), () => {}, signal);
        ringing.abort();
        return { heir: await join(call, leg, assets.music, knows) };
      } catch (error) {
        call.signal.throwIfAborted();
        if (error instanceof Unanswered) {
          return { say: error.status === 486 ? 'person-busy' : 'nobody' };
        }
        if (limit.aborted) return { say: 'nobody' };
        throw error;
      } finally {
        ringing.abort();
      }
    },
  };
}
