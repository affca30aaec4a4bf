import { CancelableCallEvent } from '../events.js';

/** The visitor agrees; prevented or held up where a consent manager asks in its own way. */
export class CallConsentEvent extends CancelableCallEvent {
  constructor() {
    super('call-consent');
  }
}
