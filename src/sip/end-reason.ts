import type { EndReason } from '../call/errors.js';
import type { CallEnd } from '../call/ports.js';

/** Longest believed `Retry-After`, seconds: one day. */
const RETRY_AFTER_MAX = 86_400;

/** `withPass`: a pass was sent, so a refusal is the pass's and a new one may help (DESIGN section 6). */
export function endReason(status: number, withPass: boolean): EndReason {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 408:
    case 480:
      return 'no-answer';
    case 603:
    case 607: // RFC 8197: unwanted
    case 608: // RFC 8688: rejected on the way
      return 'declined';
    // a 401 or 407 was answered once before it comes here
    case 401:
    case 403:
    case 407:
      return withPass ? 'pass-refused' : 'not-allowed';
    case 404:
    case 410:
    case 484:
    case 604:
      return 'not-found';
    case 415:
    case 488:
    case 606:
      return 'media-not-supported';
    case 487:
      return 'cancelled';
    default:
      return 'service-unavailable';
  }
}

/**
 * Seconds of a `Retry-After` header, 0 to 86400; comment and parameters are ignored (RFC 3261 §20.33), a date as
 * in HTTP is not understood.
 */
export function parseRetryAfter(value: string | undefined): number | undefined {
  const seconds = /^\s*(\d+)\s*(?:[;(]|$)/.exec(value ?? '')?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), RETRY_AFTER_MAX);
}

/** How a call ends with this final response (300 to 699). Redirections are never followed. */
export function endOf(status: number, retryAfter: string | undefined, withPass: boolean): CallEnd {
  const seconds = parseRetryAfter(retryAfter);
  return {
    reason: endReason(status, withPass),
    status,
    ...(seconds !== undefined && { retryAfter: seconds }),
  };
}
