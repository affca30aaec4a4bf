import type { Clip } from './assets.js';
import type { Picture } from './ivf.js';
import type { StreamStats } from './meter.js';
import type { Direction, MediaKind } from './sdp.js';
import type { Stream } from './stream.js';

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
  /** What the far end wants may have changed: after each offer and answer of theirs. */
  onRemote?(): void;
}

/** What we want of the far end. */
export interface Wish {
  /** They may listen, to music of ours, but are not heard. */
  readonly hold: boolean;
  /** What we would do with video; null refuses a new one. */
  readonly video: Direction | null;
}

/** What the far end would do, by its last description; null where that kind is not in the call. */
export interface Remote {
  readonly audio: Direction | null;
  readonly video: Direction | null;
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
  /** New offer of ours. Only after the first `answer`. `addVideo`: where there is none yet. */
  offer(wish: Wish, addVideo: boolean): string;
  /** Answer to it. Throws a `MediaError`. */
  accept(answer: string): void;
  /** It was refused. */
  rollback(): void;
  /** Agreed so far, and what answers go by; default: no hold, and video both ways. */
  wish: Wish;
  readonly remote: Remote;
  /** The codec of a kind, lower case; null: not in the call. */
  codec(kind: MediaKind): string | null;
  /** Plays speech instead of whatever the caller heard. Resolves at its end, on abort and on close. */
  say(clip: Clip, signal: AbortSignal): Promise<void>;
  /** The same again and again. */
  loop(clip: Clip, signal: AbortSignal): Promise<void>;
  /** Shows a picture in a loop, as long as nobody else's is there to be seen. Null: no more. */
  show(picture: Picture | null): void;
  /**
   * From now on the far end of the other peer hears what this one's says and, from the next key frame on, sees it;
   * to itself it is an echo. Null: nobody does.
   */
  relay(to: MediaPeer | null): void;
  /** For other peers. */
  stream(kind: MediaKind): Stream | null;
  stats(): MediaStats;
  /** Idempotent; resolves when the native side is gone. */
  close(): Promise<void>;
}

export interface MediaOptions {
  /** Take this audio codec and no other, lower case: packets are relayed as they are. */
  readonly audioCodec?: string;
}

export type CreateMediaPeer = (events: MediaEvents, options?: MediaOptions) => MediaPeer;
