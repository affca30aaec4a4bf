/**
 * What the pass source (browser) and the gate (server) say to each other.
 */

export const CAPTCHA_PROVIDERS = ['hcaptcha', 'altcha', 'turnstile', 'none'] as const;
export type CaptchaProviderName = (typeof CAPTCHA_PROVIDERS)[number];

/** Longest CAPTCHA token the gate reads, in bytes of UTF-8. */
export const CAPTCHA_TOKEN_MAX = 8192;

/** Body of `POST {gate}/pass`. */
export interface PassRequest {
  readonly target: string;
  readonly provider: CaptchaProviderName;
  /** Absent only for provider `none`. */
  readonly token?: string | undefined;
  readonly name: string;
}

export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** Body of a 200 of `POST {gate}/pass`: one grant in two renderings, see DESIGN section 6. */
export interface PassResponse {
  /** HS256 JWT for the `X-Call-Pass` header. */
  readonly pass: string;
  /** Ephemeral digest credentials: `<exp>:<jti>.<alias>` and the base64 of its HMAC-SHA256. */
  readonly username: string;
  readonly password: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly iceServers?: readonly IceServer[];
  /** WebSocket URLs to use instead of the element's, tried in order. */
  readonly server?: string;
  /** SIP domain to use instead of the element's. */
  readonly domain?: string;
}

/**
 * Stable problem types of the gate: RFC 9457 `type` is `PROBLEM_BASE` + one of these.
 * A client must treat an unknown type by its HTTP status.
 */
export const PROBLEM_BASE = 'urn:call-button:problem:';
export const PROBLEM_TYPES = [
  'bad-request', // 400: not JSON, missing or malformed member
  'origin-not-allowed', // 403
  'target-unknown', // 404: no such alias
  'captcha-required', // 403: provider not accepted for this alias (no downgrade)
  'captcha-failed', // 403: the provider or our own check refused the token
  'captcha-expired', // 403: token or challenge too old
  'captcha-replayed', // 403: token or challenge used before
  'captcha-unavailable', // 503: provider could not be asked
  'rate-limited', // 429 with Retry-After
  'closed', // 503 with Retry-After: outside opening hours
  'unauthorized', // 401: redeem without its bearer secret; no page gets this
  'pass-refused', // 403: redeem of a pass that is forged, expired or used by another call; no page gets this
  'not-found', // 404: no such path
  'method-not-allowed', // 405
  'payload-too-large', // 413
  'unsupported-media-type', // 415
  'unavailable', // 503: store or own fault; fails closed
] as const;
export type ProblemType = (typeof PROBLEM_TYPES)[number];

/** RFC 9457 problem details as the gate sends them (`application/problem+json`). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
}
