import type { CallState } from './call-state.js';
import type { EndReason } from './errors.js';
import type { Clock, MediaPath, QualityLevel, QualityReport } from './ports.js';
import type { CallOutcome, CallSnapshot } from './snapshot.js';

/** Steps of a call in their usual order. */
export const CALL_STEPS = [
  'media', // microphone, and camera if wanted, are open
  'captcha', // solved
  'pass', // handed out by the gate
  'invite', // INVITE sent
  'response', // first response of any kind
  'ringing',
  'early-media',
  'answer',
  'connected', // ICE and DTLS are up
  'packet', // first packet of the far end's sound or picture
] as const;

export type CallStep = (typeof CALL_STEPS)[number];

/** What was measured last, and the worst of the call. */
export interface Measure {
  readonly last: number;
  readonly worst: number;
}

/**
 * How a call went, for whoever has to find out why it went wrong. Plain JSON, and nothing private in it: no names,
 * tokens, passes, addresses or descriptions, of neither side.
 */
export interface CallReport {
  /** SIP Call-ID, which the gateway keeps as well; `null` where no INVITE was sent. */
  readonly callId: string | null;
  readonly reason: EndReason;
  /** SIP or HTTP status that ended it. */
  readonly status: number | null;
  /** The state that it ended in. */
  readonly state: CallState;
  /** From the answer to the end, milliseconds. */
  readonly durationMs: number;
  /** Family and major version: `Chromium 140`. */
  readonly browser: string;
  /** Milliseconds since the press on Call; `null`: not reached, or not needed. */
  readonly timings: Readonly<Record<CallStep, number | null>>;
  /** Statuses of SIP responses in the order they came, each as often as it was new. */
  readonly sipStatuses: readonly number[];
  /** How media went, as known last; `null` where they never did. */
  readonly path: MediaPath | null;
  readonly worstQuality: QualityLevel | null;
  /** Share of packets lost, 0 to 1; `null`, here and below: not known. */
  readonly loss: Measure | null;
  /** Milliseconds. */
  readonly jitter: Measure | null;
  /** Milliseconds. */
  readonly roundTrip: Measure | null;
  /** How often media were lost. */
  readonly mediaLosses: number;
  /** How often the WebSocket was lost in the call. */
  readonly socketLosses: number;
  readonly iceRestarts: number;
}

/** Enough for every honest call; a far end may send without an end. */
const STATUSES_MAX = 32;

const LEVELS: readonly QualityLevel[] = ['good', 'medium', 'poor', 'bad'];

function worse(measure: Measure | null, value: number | null): Measure | null {
  if (value === null) return measure;
  return { last: value, worst: Math.max(value, measure?.worst ?? value) };
}

/** Takes down one call, from the press on Call on. */
export interface CallRecorder {
  mark(step: CallStep): void;
  /** Each change of the call's snapshot: most steps show there. */
  observe(snapshot: CallSnapshot, previous: CallSnapshot): void;
  /** Status of a SIP response. */
  response(status: number): void;
  /** How media go, as known last. */
  path: MediaPath | null;
  count(what: 'socketLosses' | 'iceRestarts'): void;
  report(outcome: CallOutcome, snapshot: CallSnapshot): CallReport;
}

export function createCallRecorder(clock: Clock, browser: string): CallRecorder {
  const start = clock.now();
  const timings = Object.fromEntries(CALL_STEPS.map((step) => [step, null])) as Record<
    CallStep,
    number | null
  >;
  const statuses: number[] = [];
  const counts = { mediaLosses: 0, socketLosses: 0, iceRestarts: 0 };
  let worst = -1;
  let loss: Measure | null = null;
  let jitter: Measure | null = null;
  let roundTrip: Measure | null = null;

  function mark(step: CallStep): void {
    timings[step] ??= Math.max(0, clock.now() - start);
  }

  function measure(quality: QualityReport): void {
    worst = Math.max(worst, LEVELS.indexOf(quality.level));
    loss = worse(loss, quality.loss);
    jitter = worse(jitter, quality.jitter);
    roundTrip = worse(roundTrip, quality.delay === null ? null : quality.delay * 2);
  }

  return {
    mark,

    observe({ state, quality }, previous) {
      if (quality !== null && quality !== previous.quality) measure(quality);
      if (state === previous.state) return;
      if (state === 'reconnecting') counts.mediaLosses += 1;
      if (previous.state === 'verifying' && state === 'authorizing') mark('captcha');
      if (state === 'ringing' || state === 'early-media') mark(state);
      if (state === 'established') mark('answer');
    },

    response(status) {
      mark('response');
      if (status !== statuses.at(-1) && statuses.length < STATUSES_MAX) statuses.push(status);
    },

    path: null,

    count: (what) => (counts[what] += 1),

    report({ reason, status = null, durationMs }, { callId, state }) {
      return {
        callId,
        reason,
        status,
        state,
        durationMs,
        browser,
        timings: { ...timings },
        sipStatuses: [...statuses],
        path: this.path,
        worstQuality: LEVELS[worst] ?? null,
        loss,
        jitter,
        roundTrip,
        ...counts,
      };
    },
  };
}
