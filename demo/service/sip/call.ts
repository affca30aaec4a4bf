import type { MediaPeer, MediaStats } from '../media/peer.js';

/** A call as an alias sees it. Every promise rejects with an `AbortError` once the call is over. */
export interface IncomingCall {
  /** SIP Call-ID. */
  readonly id: string;
  readonly alias: string;
  /** What the gate signed, or empty. */
  readonly callerName: string;
  /** Aborted when the call is over, whoever ended it. */
  readonly signal: AbortSignal;
  /** 180. */
  ring(): Promise<void>;
  waitMs(durationMs: number): Promise<void>;
  /** 200 with media; 488 and a rejection where the offer cannot be answered. */
  answer(): Promise<MediaPeer>;
  /** Final response, 400 to 699. `headers` are whole header lines. */
  reject(status: number, headers?: readonly string[]): Promise<void>;
  hangUp(): Promise<void>;
  onDigit: ((digit: string) => void) | null;
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
