/**
 * What a phone needs from the world: a registered user agent that is called, media that answer, a ring tone.
 * Every promise here rejects with a `CallError`, or with an `AbortError` once its signal is aborted.
 */
import type { IceWait } from '../shared/config.js';
import type { IceServer } from '../shared/pass.js';
import type { Caller } from './caller.js';
import type { EndReason } from './errors.js';
import type { MediaSession } from './ports.js';

/** Who registers where. */
export interface PhoneAccount {
  /** WebSocket URLs, tried in order; never empty. */
  readonly servers: readonly string[];
  /** SIP domain of the address of record. */
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly iceServers: readonly IceServer[];
  readonly relayOnly: boolean;
  readonly iceWait: IceWait;
}

/** `failed` for good only where `retrying` is false: a wrong password is not tried again. */
export type Registration =
  | { readonly state: 'unregistered' | 'registering' | 'registered' }
  | {
      readonly state: 'failed';
      readonly reason: EndReason;
      /** SIP status of the final response. */
      readonly status?: number;
      readonly retrying: boolean;
    };

/**
 * `missed`: the caller gave up; `answered-elsewhere`: another phone took it; `transferred`: the far end took the
 * caller over.
 */
export type PhoneEndReason = EndReason | 'missed' | 'answered-elsewhere' | 'transferred';

/** How a call is refused: 486, 603, 480. */
export type Refusal = 'busy' | 'declined' | 'unavailable';

export interface IncomingCallEvents {
  /** The caller has our answer (ACK). */
  onConfirmed(): void;
  /** One of `0-9 * # A-D`, pressed by the caller: INFO, because browsers do not show RFC 4733 events to a page. */
  onDigit(digit: string): void;
  /** The one and only end, unless `end()` was called. */
  onEnded(reason: PhoneEndReason): void;
  /** The WebSocket is gone / is back; the dialog stays. Only after the answer. */
  onTransportLost(): void;
  onTransportRestored(): void;
}

/** A call that rings here. */
export interface IncomingCall {
  readonly callId: string;
  readonly caller: Caller;
  /** Answers with media whose devices are open. What follows comes by event, failures too. */
  accept(media: MediaSession): void;
  /** New offer to the caller: hold, video, ICE restart. */
  reinvite(options: { iceRestart: boolean }, signal: AbortSignal): Promise<void>;
  /** See `SignallingCall.check`. */
  check(): void;
  /**
   * Asks the far end to connect the caller to a SIP URI (REFER, RFC 3515). Resolves once it has done so, or has
   * promised to and says no more: the call can be ended then.
   */
  transfer(targetUri: string, signal: AbortSignal): Promise<void>;
  /**
   * Refusal or BYE, whatever fits, at once and synchronously as far as the network allows. Resolves when the final
   * response is in, at most 2 s later. Idempotent. No event follows.
   */
  end(refusal: Refusal): Promise<void>;
}

export interface PhoneLineEvents {
  onRegistration(registration: Registration): void;
  /** `null`: busy. */
  onCall(call: IncomingCall): IncomingCallEvents | null;
}

/** A registered user agent with its WebSocket. */
export interface PhoneLine {
  /** Connects and registers, and keeps it so until `close`. */
  open(): void;
  /** Ends the call, unregisters, closes the WebSocket; at most 2 s. Idempotent. */
  close(): Promise<void>;
}

/** Media of a call from the far end. */
export interface AnsweringSession extends MediaSession {
  /** What the next offer asks for, and what an offer of the far end is answered with. */
  setHold(held: boolean): void;
}

export interface RingTone {
  /** In a click: lets it sound later. */
  unlock(): void;
  start(): void;
  stop(): void;
  close(): void;
}
