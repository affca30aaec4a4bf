import type { Clock } from '../call/ports.js';
import { ignore } from './guard.js';

/** So long after the last word of the far end it is asked for one, milliseconds. */
export const QUIET_MS = 10_000;
/** And has so long to answer, before the socket counts as dead; milliseconds. */
export const ANSWER_MS = 5_000;
/** Over a socket known to be alive it has so long, before it counts as gone; milliseconds. */
const GONE_MS = 8_000;
/** A timer later than this was held back, by sleep or in a hidden tab: the answer may be waiting behind it. */
export const LATE_MS = 1_000;

export interface LivenessHooks {
  /** Asks for a word. */
  ask(): void;
  /** No word: makes sure of the socket, and calls `proven` when there is one. */
  renew(): void;
  /** No word over a live socket either. `false`: its media arrive all the same. */
  isGone(): Promise<boolean>;
  /** It is gone. */
  onGone(): void;
}

/**
 * Notices a far end, or a socket, that died without a word: within 15 s, and within 10 s more the call is over. An end
 * that ignores questions, but answers a new offer, is not asked again.
 */
export interface Liveness {
  /** The call is answered: from now on. */
  start(): void;
  /** Anything of the far end's own; `answer`: to a question. */
  heard(answer: boolean): void;
  /** The socket is open, and a request of ours is on its way that wants a response. */
  proven(): void;
  /** There is no socket: nobody can say anything. */
  lost(): void;
  /** Asks now: the network may be another. */
  check(): void;
  stop(): void;
}

export function createLiveness(clock: Clock, hooks: LivenessHooks): Liveness {
  let state: 'off' | 'quiet' | 'asked' | 'lost' | 'last' = 'off';
  let asks = true;
  let answered = false;
  let cancel = ignore;

  function go(next: typeof state): void {
    cancel();
    cancel = ignore;
    state = next;
  }

  /** `run` after `ms`, and anew if that came too late to mean anything. */
  function wait(ms: number, run: () => void): void {
    const due = clock.now() + ms;
    cancel = clock.after(ms, () => {
      if (clock.now() - due > LATE_MS) ask();
      else run();
    });
  }

  function quiet(): void {
    go('quiet');
    if (asks) cancel = clock.after(QUIET_MS, ask);
  }

  function ask(): void {
    go('asked');
    wait(ANSWER_MS, () => {
      go('lost');
      hooks.renew();
    });
    hooks.ask();
  }

  async function judge(): Promise<void> {
    const gone = await hooks.isGone();
    if (state !== 'last') return;
    if (!gone) {
      quiet();
      return;
    }
    go('off');
    hooks.onGone();
  }

  return {
    start: quiet,
    heard(answer) {
      answered ||= answer;
      if (state === 'off') return;
      if (state === 'last' && !answered) asks = false;
      quiet();
    },
    proven() {
      if (state === 'off') return;
      go('last');
      wait(GONE_MS, () => void judge());
    },
    lost() {
      if (state !== 'off') go('lost');
    },
    check() {
      if (state === 'quiet') ask();
    },
    stop: () => go('off'),
  };
}
