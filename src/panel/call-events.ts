import type { CallReport } from '../call/call-report.js';
import type { EndReason } from '../call/errors.js';
import type { QualityReport } from '../call/ports.js';
import type { CallOutcome, CallSnapshot } from '../call/snapshot.js';
import {
  CancelableCallEvent,
  options,
  type CallBeforeOpenEvent,
  type CallErrorEvent,
} from './events.js';
import type { CallConsentEvent } from './extras/consent-event.js';
import type { CallRatingEvent } from './extras/rating-event.js';

/** Before a call starts: after the press on Call, before microphone, pass and INVITE. */
export class CallBeforeStartEvent extends CancelableCallEvent {
  constructor() {
    super('call-before-start');
  }
}

/** After each change of the call's state. */
export class CallStateChangeEvent extends Event {
  readonly snapshot: CallSnapshot;
  readonly previous: CallSnapshot;

  constructor(snapshot: CallSnapshot, previous: CallSnapshot) {
    super('call-state-change', options);
    this.snapshot = snapshot;
    this.previous = previous;
  }
}

/** Each second of an answered call. */
export class CallQualityChangeEvent extends Event {
  readonly quality: QualityReport;

  constructor(quality: QualityReport) {
    super('call-quality-change', options);
    this.quality = quality;
  }
}

/** A call that was at least started is over. */
export class CallEndEvent extends Event {
  /** SIP Call-ID, which the gateway keeps; `null` when no INVITE was sent. */
  readonly callId: string | null;
  /** From the answer to the end, in milliseconds. */
  readonly durationMs: number;
  readonly reason: EndReason;
  /** SIP or HTTP status. */
  readonly status: number | null;

  /** How it went, in figures: nothing private in it. */
  readonly report: CallReport;

  constructor(
    callId: string | null,
    { durationMs, reason, status }: CallOutcome,
    report: CallReport,
  ) {
    super('call-end', options);
    this.report = report;
    this.callId = callId;
    this.durationMs = durationMs;
    this.reason = reason;
    this.status = status ?? null;
  }
}

export interface CallButtonEventMap {
  'call-before-open': CallBeforeOpenEvent;
  'call-before-start': CallBeforeStartEvent;
  'call-state-change': CallStateChangeEvent;
  'call-error': CallErrorEvent;
  'call-quality-change': CallQualityChangeEvent;
  'call-end': CallEndEvent;
  'call-rating': CallRatingEvent;
  'call-consent': CallConsentEvent;
}
