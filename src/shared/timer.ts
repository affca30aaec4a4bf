import type { Clock } from './clock.js';

/** One timer, for one purpose. */
export interface Timer {
  /** Anew where it is set already. Does nothing once the signal is aborted. */
  set(ms: number, run: () => void): void;
  readonly cancel: () => void;
}

/** A timer that is off for good once `signal` is aborted. */
export function createTimer(clock: Clock, signal: AbortSignal): Timer {
  let cancel = (): void => {};
  signal.addEventListener('abort', () => cancel());
  return {
    set(ms, run) {
      cancel();
      if (!signal.aborted) cancel = clock.after(ms, run);
    },
    cancel: () => cancel(),
  };
}
