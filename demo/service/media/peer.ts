import type { Clip } from './assets.js';
import type { Picture } from './ivf.js';
import type { StreamStats } from './meter.js';

export type MediaState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

export interface MediaStats {
  readonly state: MediaState;
  readonly audio: KindStats | null;
  readonly video: KindStats | null;
}

export interface KindStats {
  /** Lower case: `opus`, `pcmu`, `vp8`. */
  readonly codec: string;
  readonly received: StreamStats;
  readonly sent: { readonly packets: number; readonly bytes: number };
  /** What comes in goes out again. */
  readonly mirrored: boolean;
}

export interface MediaEvents {
  onDigit(digit: string): void;
  onState(state: MediaState): void;
}

/** The description cannot be answered: SIP 488. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
}

/**
 * Media of one call, whatever library carries it. All methods but `answer`, `offer` and `accept` may be called at any
 * time and do nothing once closed.
 */
export interface MediaPeer {
  /** First and later offers. Rejects with `MediaError`; the call then goes on as it was. */
  answer(offer: string): Promise<string>;
  /** New offer of ours: with `hold` the caller may listen but is not heard. Only after the first `answer`. */
  offer(hold: boolean): string;
  /** Answer to it. */
  accept(answer: string): void;
  /** It was refused. */
  rollback(): void;
  readonly video: boolean;
  /** Plays speech instead of whatever the caller heard. Resolves at its end, on abort and on close. */
  say(clip: Clip, signal: AbortSignal): Promise<void>;
  /** Shows a picture in a loop, until `mirror`. */
  show(picture: Picture): void;
  /** From now on the caller hears itself and, from its next key frame on, sees itself. */
  mirror(): void;
  stats(): MediaStats;
  /** Idempotent; resolves when the native side is gone. */
  close(): Promise<void>;
}

export type CreateMediaPeer = (events: MediaEvents) => MediaPeer;
