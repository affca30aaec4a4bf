/** The states of a call, and what each means to others. `transitions.ts` has how they follow each other. */
export const CALL_STATES = [
  'idle',
  'requesting-media',
  'verifying',
  'authorizing',
  'connecting',
  'ringing',
  'early-media',
  'established',
  'held',
  'reconnecting',
  'ending',
  'ended',
  'unavailable',
] as const;

export type CallState = (typeof CALL_STATES)[number];

export const CALL_EVENTS = [
  'start',
  'verify',
  'authorize',
  'invite',
  'ringing',
  'early-media',
  'answered',
  'hold',
  'retrieve',
  'lost',
  'restored',
  'end',
  'ended',
  'reset',
] as const;

export type CallEvent = (typeof CALL_EVENTS)[number];

/** From the press on Call to the end: devices, sockets or timers may be open. */
export function isLive(state: CallState): boolean {
  return state !== 'idle' && state !== 'ended' && state !== 'unavailable';
}

/** The far end has answered and has not been left. */
export function isInCall(state: CallState): boolean {
  return state === 'established' || state === 'held' || state === 'reconnecting';
}

/** Nothing has been sent to the far end: the form is still what the visitor looks at. */
export function isPreparing(state: CallState): boolean {
  return state === 'requesting-media' || state === 'verifying' || state === 'authorizing';
}
