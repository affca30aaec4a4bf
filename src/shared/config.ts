import type { CaptchaProviderName, IceServer } from './pass.js';

export type MediaKind = 'audio' | 'video';
export type Placement = 'inline' | 'bottom-right' | 'bottom-left';
export type IceWait = 'none' | 'first-usable' | 'complete';

/** What the attributes and properties of one element say, judged and frozen. */
export interface CallConfig {
  /** WebSocket URLs, tried in order; never empty. */
  readonly servers: readonly string[];
  /** Service alias; a full URI only without a gate. */
  readonly target: string;
  /** SIP domain of the target and of From. */
  readonly domain: string;
  readonly gate: string | null;
  readonly captcha: CaptchaProviderName;
  readonly sitekey: string | null;
  /** Origin of the provider's script, vetted; null: the provider's own. */
  readonly captchaHost: string | null;
  readonly media: MediaKind;
  readonly callerName: string;
  readonly ringTimeoutMs: number;
  /** Compact JSON of at most 512 bytes of UTF-8, or null. */
  readonly context: string | null;
  readonly relayOnly: boolean;
  readonly iceWait: IceWait;
  readonly iceServers: readonly IceServer[];
}
