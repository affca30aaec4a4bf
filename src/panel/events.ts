import type { CallReport } from '../call/call-report.js';
import type { CallSnapshot, CallOutcome } from '../call/snapshot.js';
import type { EndReason } from '../call/errors.js';
import type { QualityReport } from '../call/ports.js';

const options = { bubbles: true, composed: true };

/** Can be prevented, and can be held up by promises: a consent manager's answer, a lookup of the page's own. */
class CancelableCallEvent extends Event {
  readonly #pending: Promise<unknown>[] = [];

  constructor(type: string) {
    super(type, { ...options, cancelable: true });
  }

  /** Waits for the promise before going on; its rejection or its `false` cancels. Only while dispatching. */
  waitUntil(promise: Promise<unknown>): void {
    this.#pending.push(promise);
  }

  /** Dispatches it and tells whether to go on: at once where nobody waits, so that a gesture stays a gesture. */
  ask(target: EventTarget): boolean | Promise<boolean> {
    if (!target.dispatchEvent(this)) return false;
    if (this.#pending.length === 0) return true;
    return Promise.all(this.#pending).then(
      (answers) => !answers.includes(false),
      () => false,
    );
  }
}

/** Before the form opens: CAPTCHA and WebSocket start with it, so this is where consent is asked. */
export class CallBeforeOpenEvent extends CancelableCallEvent {
  constructor() {
    super('call-before-open');
  }
}

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

/** A call failed, or could not be started: everything but an ordinary end. */
export class CallErrorEvent extends Event {
  readonly reason: EndReason;
  /** SIP or HTTP status. */
  readonly status: number | null;
  /** Seconds. */
  readonly retryAfter: number | null;

  constructor({
    reason,
    status,
    retryAfter,
  }: Pick<CallOutcome, 'reason' | 'status' | 'retryAfter'>) {
    super('call-error', options);
    this.reason = reason;
    this.status = status ?? null;
    this.retryAfter = retryAfter ?? null;
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
}
