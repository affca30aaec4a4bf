/**
 * What an administrator tells the gate.
 */
import type { CaptchaProviderName, IceServer, ProblemType } from '../shared/pass.js';
import type { AltchaOptions } from './altcha.js';
import type { HcaptchaOptions } from './hcaptcha.js';
import type { Limits } from './limits.js';
import type { Store } from './store.js';
import type { TurnstileOptions } from './turnstile.js';

export interface AliasOptions {
  /**
   * CAPTCHA providers that this service accepts; any other is refused, so that nobody can choose the cheapest one.
   * `none` counts only where it stands here. Default: the gate's `captcha` alone.
   */
  readonly captcha?: readonly CaptchaProviderName[];
  /** schema.org `openingHours`, as the element's `hours`; outside them no pass is issued. Default: always open. */
  readonly hours?: string;
  /** IANA name; required with `hours` or `closedOn`. */
  readonly timeZone?: string;
  /** Dates of that zone: `2026-12-25, 2026-12-26`. */
  readonly closedOn?: string;
}

export interface TurnOptions {
  /** `turn:` and `turns:` URLs. */
  readonly urls: readonly string[];
  /** coturn's `static-auth-secret`: 32 bytes or more, used for nothing else. */
  readonly secret: string;
  /** Life of the credentials in seconds, 60 to 86 400, default 3600: an ICE restart late in a call needs them again. */
  readonly seconds?: number;
}

export interface GateOptions<C = unknown> {
  /**
   * Origins of the pages that may ask, exactly as a browser sends them: `https://www.example.com`. Any other gets 403.
   * A missing `Origin` is refused where passes are issued; a challenge may be fetched without, since browsers send
   * none with a GET to their own site, and a challenge alone is worth nothing.
   */
  readonly origins: readonly string[];
  /** The services that may be called, by alias. */
  readonly aliases: Readonly<Record<string, AliasOptions>>;
  /** Signs the JWT of a pass: 32 bytes or more. The gateway has it too. */
  readonly jwtSecret: string;
  /** Makes the digest password of a pass: 32 bytes or more, not the `jwtSecret`. The gateway has it too. */
  readonly digestSecret: string;
  /** Switches `POST …/redeem` on, and is its bearer token: 32 bytes or more. */
  readonly redeemSecret?: string;
  /** Life of a pass in seconds: 10 to 90, default 60. */
  readonly passSeconds?: number;

  /**
   * The visitor's IP address; `null` or `undefined` refuses the request. Only you know where it stands: in the
   * context (`toNodeListener` gives `remoteAddress`), in `CF-Connecting-IP` behind Cloudflare, in the entry of
   * `X-Forwarded-For` that your own proxy appended, and in no header that a visitor could have sent.
   */
  readonly clientIp: (request: Request, context: C | undefined) => string | null | undefined;

  readonly hcaptcha?: HcaptchaOptions;
  readonly turnstile?: TurnstileOptions;
  readonly altcha?: AltchaOptions;
  /** Provider of aliases that list none. Default: the first configured of `hcaptcha`, `turnstile`, `altcha`. */
  readonly captcha?: CaptchaProviderName;

  /** Each limit may be replaced alone; see `Limits` for units and defaults. */
  readonly limits?: Partial<Limits>;
  /** Default: in memory, for one process. For several: `createRedisStore` of `call-button/gate/redis`. */
  readonly store?: Store;

  /** TURN servers, with credentials that are made for each pass. */
  readonly turn?: TurnOptions;
  /** Further ICE servers to hand out with a pass as they are. */
  readonly iceServers?: readonly IceServer[];
  /** WebSocket URLs, space-separated, to use instead of the element's `server`. */
  readonly server?: string;
  /** SIP domain to use instead of the element's `domain`. */
  readonly domain?: string;

  /**
   * Default `true`: refuses test keys of hCaptcha and Turnstile, secrets shorter than 32 bytes, and origins, WebSocket
   * and siteverify URLs without TLS. `false` is for development and tests.
   */
  readonly production?: boolean;
  /** Called once per request, after the answer is decided. What it throws is ignored. */
  readonly log?: (entry: GateLogEntry) => void;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** One request, without secrets, names, tokens or addresses. */
export interface GateLogEntry {
  /** Milliseconds since 1970, at the arrival. */
  readonly time: number;
  readonly durationMs: number;
  readonly route: 'pass' | 'challenge' | 'redeem' | 'preflight' | 'warm-up' | 'unknown';
  /** HTTP status of the answer. */
  readonly status: number;
  readonly problem?: ProblemType;
  /** Why it was refused: a code such as `hostname`, `perIp`, `sitekey-secret-mismatch`. */
  readonly reason?: string;
  /** Name and code of an error of the store or of ours. */
  readonly error?: string;
  /** The refused origin, if it is one at all. */
  readonly origin?: string;
  /** The service asked for, if it exists. */
  readonly alias?: string;
  readonly provider?: CaptchaProviderName;
  /** Identifies the pass in the gateway's logs; of no use without its signature. */
  readonly jti?: string;
  /** Pseudonym of the visitor's network: the same for one UTC day, not to be traced back without the `jwtSecret`. */
  readonly client?: string;
}
