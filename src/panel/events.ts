import type { CallOutcome } from '../call/snapshot.js';
import type { EndReason } from '../call/errors.js';

/** The events of the form; `call-events.ts` has those of a call. */
export const options = { bubbles: true, composed: true };

/** Can be prevented, and can be held up by promises: a consent manager's answer, a lookup of the page's own. */
export class CancelableCallEvent extends Event {
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
