import type { CallReport } from './call-report.js';
import type { CallState } from './call-state.js';
import type { CallEnd, Device, QualityReport } from './ports.js';

export type CallNotice =
  | 'camera-unavailable'
  | 'microphone-lost'
  // another one is in use
  | 'microphone-replaced'
  | 'muted-speaking'
  | 'device-unavailable'
  | 'camera-lost'
  | 'sound-blocked'
  // the far end takes no picture of ours, or not any more
  | 'video-refused'
  | 'video-ended';

/** How a call ended. */
export interface CallOutcome extends CallEnd {
  /** From the answer to the end, milliseconds; 0 where nobody answered. */
  readonly durationMs: number;
  /** Nothing was sent to the far end: the visitor is still at the form. */
  readonly early: boolean;
}

/** All that a view, a custom state or an event says of a call, at one moment. */
export interface CallSnapshot {
  readonly state: CallState;
  /** SIP Call-ID of the current or last call; `null` before the INVITE. */
  readonly callId: string | null;
  /** `Date.now()` of the answer. */
  readonly answeredAt: number | null;
  readonly audioMuted: boolean;
  /** The camera is off: by choice, or because there is none. */
  readonly videoMuted: boolean;
  /** Pictures of the far end are to be expected. */
  readonly remoteVideo: boolean;
  /** The camera's picture is being sent. */
  readonly localVideo: boolean;
  /** Pictures have been offered, from either side: a control for the camera makes sense from then on. */
  readonly videoOffered: boolean;
  /** The far end has offered video and would take ours: the visitor is asked, and the camera stays off until then. */
  readonly videoRequested: boolean;
  readonly quality: QualityReport | null;
  /** What to choose from in the call; empty until somebody asks. */
  readonly devices: readonly Device[];
  /** How loud the far end plays here, 0 to 1; `null` until somebody asks for `devices`, and where it cannot be set. */
  readonly volume: number | null;
  readonly notice: CallNotice | null;
  /** In `ending` and `ended` only. */
  readonly outcome: CallOutcome | null;
  /** As `outcome`. */
  readonly report: CallReport | null;
}

export const IDLE_SNAPSHOT: CallSnapshot = Object.freeze({
  state: 'idle',
  callId: null,
  answeredAt: null,
  audioMuted: false,
  videoMuted: false,
  remoteVideo: false,
  localVideo: false,
  videoOffered: false,
  videoRequested: false,
  quality: null,
  devices: [],
  volume: null,
  notice: null,
  outcome: null,
  report: null,
});
