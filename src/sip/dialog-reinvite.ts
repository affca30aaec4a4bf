import { type Core, type Session, SessionState } from 'sip.js';
import { CallError } from '../call/errors.js';
import type { Clock } from '../call/ports.js';
import { endReason } from './end-reason.js';
import { abortable, delay, ignore } from './guard.js';
import type { CallDescription } from './session-description.js';

const TRIES = 5;

/** Milliseconds between two offers after 491, in units of 10: who owns the Call-ID, RFC 3261 §14.1. */
const ownerPause = (random: number): number => 2_100 + Math.floor(random * 191) * 10;

export interface Reinviter {
  /** An offer of ours is being made or waits for its answer. */
  readonly offering: boolean;
  reinvite(options: { iceRestart: boolean }, signal: AbortSignal): Promise<void>;
}

export interface ReinviteHooks {
  /** The far end does not know the dialog any more, or says nothing (RFC 3261 §12.2.1.2). */
  onGone(status: number): void;
  /** Header lines of each offer. */
  headers?(): string[];
  /** After a 422: the headers have changed, and may be more to the far end's liking. */
  mayRepeat?(): boolean;
}

export function createReinviter(
  session: () => Session | null,
  description: CallDescription,
  { clock, random }: { clock: Clock; random: () => number },
  { onGone, headers = () => [], mayRepeat = () => false }: ReinviteHooks,
  glarePause = ownerPause,
): Reinviter {
  let offering = false;
  // the last offer, also where who asked for it has given up waiting
  let offered: Promise<unknown> = Promise.resolve();
  let last: Promise<unknown> = Promise.resolve();

  /** Status of the final response. All objects are made anew: SIP.js adds headers to those it is given. */
  async function makeOffer(inviter: Session, iceRestart: boolean): Promise<number> {
    offering = true;
    description.iceRestart = iceRestart;
    try {
      return await new Promise((resolve, reject) => {
        inviter
          .invite({
            requestOptions: { extraHeaders: headers() },
            requestDelegate: {
              onAccept: ({ message }) => resolve(message.statusCode ?? 200),
              onReject: ({ message }) => resolve(message.statusCode ?? 500),
            },
          })
          .catch(reject);
      });
    } catch (error) {
      await description.rollbackDescription();
      throw CallError.from(error, 'media-not-supported');
    } finally {
      offering = false;
    }
  }

  async function run(iceRestart: boolean, signal: AbortSignal): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      await abortable(offered, signal);
      const inviter = session();
      if (inviter?.state !== SessionState.Established) break;
      const dialog = inviter.dialog as Core.SessionDialog | undefined;
      // not while an offer of theirs is under way (RFC 3261 §14.1)
      if (dialog?.reinviteUserAgentServer === undefined) {
        const offer = makeOffer(inviter, iceRestart);
        offered = offer.catch(ignore);
        const status = await abortable(offer, signal);
        if (status < 300) return;
        if (status === 481 || status === 408) onGone(status);
        if (status === 422 && mayRepeat()) continue;
        if (status !== 491) throw new CallError(endReason(status, false), 're-INVITE', { status });
      }
      await delay(clock, glarePause(random()), signal);
    }
    throw new CallError('service-unavailable', 're-INVITE');
  }

  return {
    get offering() {
      return offering;
    },
    reinvite({ iceRestart }, signal) {
      const turn = last.then(() => run(iceRestart, signal));
      last = turn.catch(ignore);
      return turn;
    },
  };
}
