import type { Caller } from './caller.js';
import type { EndReason } from './errors.js';
import type { PhoneEndReason, Registration } from './phone-ports.js';
import type { PhoneState } from './phone-state.js';
import type { QualityReport } from './ports.js';
import type { CallNotice } from './snapshot.js';

export type PhoneNotice =
  | CallNotice
  | 'hold-refused'
  | 'transfer-failed'
  /** The answer failed before the caller heard of it: it rings on. */
  | { readonly unanswered: EndReason };

export interface LastCall {
  readonly reason: PhoneEndReason;
  readonly caller: Caller;
  /** From the answer to the end, milliseconds; 0 where it was not answered. */
  readonly durationMs: number;
}

/** All that a view says of a phone, at one moment. */
export interface PhoneSnapshot {
  readonly registration: Registration;
  readonly state: PhoneState;
  readonly caller: Caller | null;
  /** `Date.now()` of the answer. */
  readonly answeredAt: number | null;
  readonly audioMuted: boolean;
  readonly remoteVideo: boolean;
  /** Our camera is on. */
  readonly localVideo: boolean;
  /** There is or was video in the call: the camera may be turned on. */
  readonly videoPossible: boolean;
  /** On hold by us; by the caller, which cannot be told while it is by us. */
  readonly holding: boolean;
  readonly heldByCaller: boolean;
  /** A hold, a retrieval or a transfer is on its way. */
  readonly busyWith: 'hold' | 'transfer' | null;
  /** Media or signalling are lost and may come back. */
  readonly reconnecting: boolean;
  /** What the caller pressed, the latest last; at most `DIGITS_MAX`. */
  readonly digits: string;
  readonly quality: QualityReport | null;
  readonly notice: PhoneNotice | null;
  /** The last call of this phone, once it is over. */
  readonly last: LastCall | null;
}

/** What a call leaves behind: nothing. */
export const NO_CALL = {
  caller: null,
  answeredAt: null,
  audioMuted: false,
  remoteVideo: false,
  localVideo: false,
  videoPossible: false,
  holding: false,
  heldByCaller: false,
  busyWith: null,
  reconnecting: false,
  digits: '',
  quality: null,
  notice: null,
} as const;

export const IDLE_PHONE: PhoneSnapshot = Object.freeze({
  ...NO_CALL,
  registration: { state: 'unregistered' },
  state: 'idle',
  last: null,
} satisfies PhoneSnapshot);
