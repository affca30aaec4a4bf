import { type CallRecorder, createCallRecorder } from './call-report.js';
import { type CallEvent, isPreparing } from './call-state.js';
import type { CallEnd, Clock } from './ports.js';
import { type CallSnapshot, IDLE_SNAPSHOT } from './snapshot.js';
import { transition } from './transitions.js';

/** What a call that is over has no more use for. */
const NOTHING_SAID = {
  notice: null,
  quality: null,
  devices: [],
  volume: null,
  videoRequested: false,
} as const;

/** How far a call is: the one snapshot, and the only ways from it to the next. */
export interface CallProgress {
  snapshot(): CallSnapshot;
  /** Of the current or last call. */
  recorder(): CallRecorder;
  /** A new call. As `go`. */
  start(change: Partial<CallSnapshot>): boolean;
  /**
   * Goes on where the table of transitions has it. `false`: it has not, or whoever was told has led the call elsewhere
   * at once.
   */
  go(event: CallEvent, change?: Partial<CallSnapshot>): boolean;
  publish(change: Partial<CallSnapshot>): void;
  /** To `ending`, with all that is to say of how. As `go`. */
  end(end: CallEnd): boolean;
}

export function createCallProgress(
  { clock, browser }: { readonly clock: Clock; readonly browser: string },
  onChange: (snapshot: CallSnapshot, previous: CallSnapshot) => void,
): CallProgress {
  let snapshot = IDLE_SNAPSHOT;
  let recorder = createCallRecorder(clock, browser);

  function publish(change: Partial<CallSnapshot>): void {
    const previous = snapshot;
    snapshot = Object.freeze({ ...previous, ...change });
    recorder.observe(snapshot, previous);
    onChange(snapshot, previous);
  }

  function go(event: CallEvent, change?: Partial<CallSnapshot>): boolean {
    const state = transition(snapshot.state, event);
    if (state === null) return false;
    publish({ ...change, state });
    return snapshot.state === state;
  }

  return {
    snapshot: () => snapshot,
    recorder: () => recorder,
    start(change) {
      recorder = createCallRecorder(clock, browser);
      return go('start', { ...IDLE_SNAPSHOT, ...change });
    },
    go,
    publish,
    end({ reason, status, retryAfter }) {
      const { state, answeredAt } = snapshot;
      const durationMs = answeredAt === null ? 0 : Math.max(0, clock.now() - answeredAt);
      const outcome = { reason, status, retryAfter, durationMs, early: isPreparing(state) };
      const report = recorder.report(outcome, snapshot);
      return go('end', { outcome, report, ...NOTHING_SAID });
    },
  };
}
