/**
 * Why a call ended. Every reason has a sentence in the dictionary of each language (`i18n/messages.ts`).
 */
export const END_REASONS = [
  // ordinary ends
  'hung-up', // the visitor hung up
  'remote-hung-up', // BYE from the far end
  'cancelled', // the visitor gave up before the answer, or 487
  'removed', // the element left the document, or the page is going away
  // the far end's final responses
  'busy', // 486, 600
  'no-answer', // 480, 408, ring timeout
  'declined', // 603
  'not-allowed', // 403 and no pass left to try
  'not-found', // 404, 410, 484, 604
  'media-not-supported', // 488, 606, 415
  'service-unavailable', // 503, 500 and other 4xx to 6xx
  'closed', // the gate says: outside opening hours
  // getting there
  'gateway-unreachable', // no WebSocket to any server, or silence
  'connection-lost', // signalling or media lost in the call
  'media-timeout', // answered, but no media within 10 s
  'gate-unreachable',
  'gate-error', // the gate answered, but not as a gate does
  'rate-limited',
  'pass-refused',
  'captcha-unavailable', // script blocked, unreachable or timed out
  'captcha-failed', // solved, but the server refused it
  'captcha-closed', // the visitor closed the challenge
  'captcha-expired',
  // devices and browser
  'microphone-denied',
  'microphone-missing',
  'microphone-busy',
  'permissions-policy', // an iframe without allow="microphone"
  'insecure-context',
  'webrtc-unsupported',
  'another-call', // another element of this page is in a call
  'misconfigured',
  'internal-error',
] as const;

export type EndReason = (typeof END_REASONS)[number];

export interface CallErrorDetails {
  /** SIP or HTTP status that led here. */
  readonly status?: number;
  /** Seconds after which another try makes sense (`Retry-After`). */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** The only error that ports throw or reject with, apart from `AbortError`. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly reason: EndReason;
  readonly status: number | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(reason: EndReason, message: string, details: CallErrorDetails = {}) {
    super(message, details);
    this.reason = reason;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
  }

  /** Wraps whatever was thrown; a `CallError` comes back as it is. */
  static from(error: unknown, reason: EndReason = 'internal-error'): CallError {
    if (error instanceof CallError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new CallError(reason, message, { cause: error });
  }
}

/** True for the rejection of an aborted signal. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
