/** The visitor has rated a call that was answered: once for each call. */
export class CallRatingEvent extends Event {
  /** SIP Call-ID, as in `call-end`. */
  readonly callId: string;
  /** 1 to `max` stars; of thumbs 0 (down) or 1 (up). */
  readonly score: number;
  /** 5 for stars, 1 for thumbs. */
  readonly max: number;

  constructor(callId: string, score: number, max: number) {
    super('call-rating', { bubbles: true, composed: true });
    this.callId = callId;
    this.score = score;
    this.max = max;
  }
}
