import type { Clock } from '../../src/call/ports.js';

export interface ManualClock extends Clock {
  /** Lets time pass; timers fire in order, those they set as well. */
  advance(ms: number): void;
  /** Time passes without any timer: those that were due fire at its end, as after the sleep of a computer. */
  sleep(ms: number): void;
  /** Timers set and neither fired nor cancelled. */
  readonly pending: number;
}

export function createManualClock(): ManualClock {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = next.at;
        next.callback();
      }
      now = end;
    },
    sleep(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
    },
    get pending() {
      return timers.length;
    },
  };
}
