import type { MediaPeer, MediaStats, Wish } from '../media/peer.js';

/**
 * A call as an alias sees it. Every promise rejects with an `AbortError` once the call is over. An alias may be handed
 * a call that is answered already: what it does before its own answer is left out then.
 */
export interface IncomingCall {
  /** SIP Call-ID. */
  readonly id: string;
  readonly alias: string;
  /** What the gate signed, or empty. */
  readonly callerName: string;
  /** Network address that the caller's WebSocket came from. */
  readonly address: string;
  /** Values of `User-to-User` (RFC 7433), as the caller's browser sent them: never to be trusted. */
  readonly userToUser: readonly string[];
  /** Codecs that we would take, lower case; null: none, or not offered. */
  readonly offered: { readonly audio: string | null; readonly video: string | null };
  /** Aborted when the call is over, whoever ended it. */
  readonly signal: AbortSignal;
  /** Null before the first of `early` and `answer`. */
  readonly media: MediaPeer | null;
  /** 180. */
  ring(): Promise<void>;
  /** 183 with media: the caller hears us before the answer. 488 and a rejection as with `answer`. */
  early(): Promise<MediaPeer>;
  waitMs(durationMs: number): Promise<void>;
  /** 200 with media; 488 and a rejection where the offer cannot be answered. */
  answer(wish?: Partial<Wish>): Promise<MediaPeer>;
  /** A new offer of ours, after the answer; `addVideo`: where there is none yet. Rejects where the caller refuses it. */
  renegotiate(change: Partial<Wish>, addVideo?: boolean): Promise<void>;
  /** Final response, 400 to 699; BYE after the answer. `headers` are whole header lines. */
  reject(status: number, headers?: readonly string[]): Promise<void>;
  hangUp(): Promise<void>;
  onDigit: ((digit: string) => void) | null;
  /** What the caller wants of the media may have changed. */
  onRemote: (() => void) | null;
}

/** What answers under one alias. A rejection ends the call; an `AbortError` is the usual one. */
export type Alias = (call: IncomingCall) => Promise<void>;

/** A call as the service's owner sees it. */
export interface Call {
  readonly id: string;
  readonly alias: string;
  readonly callerName: string;
  readonly state: 'ringing' | 'answering' | 'established' | 'ended';
  /** False while the caller has no WebSocket. */
  readonly reachable: boolean;
  /** Null before the answer. */
  stats(): MediaStats | null;
  /** BYE, or a final response where it still rings. */
  hangUp(): Promise<void>;
  /** re-INVITE: the caller is not heard any more and hears nothing. Rejects where the caller refuses. */
  hold(): Promise<void>;
  retrieve(): Promise<void>;
  sendInfo(contentType: string, body: string): Promise<void>;
}
