/**
 * The states of a call and the one table that says how they follow each other.
 *
 * ```
 * idle ─start→ requesting-media ─verify→ verifying ─authorize→ authorizing ─invite→ connecting
 *   connecting ─ringing→ ringing ─early-media→ early-media ─answered→ established ⇄ held
 *   established | held ─lost→ reconnecting ─restored→ established
 *   every live state ─end→ ending ─ended→ ended ─start→ … | ─reset→ idle
 *   idle | ended ─disable→ unavailable ─reset→ idle
 * ```
 *
 * Steps that a call does not need are skipped (`captcha="none"` has no `verifying`), and a refused pass leads from
 * `connecting` back to `verifying` once.
 */
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
  'disable',
] as const;

export type CallEvent = (typeof CALL_EVENTS)[number];

const TABLE: Readonly<Record<CallState, Readonly<Partial<Record<CallEvent, CallState>>>>> = {
  idle: { start: 'requesting-media', disable: 'unavailable' },
  'requesting-media': {
    verify: 'verifying',
    authorize: 'authorizing',
    invite: 'connecting',
    end: 'ending',
  },
  verifying: { authorize: 'authorizing', end: 'ending' },
  authorizing: { invite: 'connecting', verify: 'verifying', end: 'ending' },
  connecting: {
    ringing: 'ringing',
    'early-media': 'early-media',
    answered: 'established',
    verify: 'verifying',
    end: 'ending',
  },
  ringing: {
    'early-media': 'early-media',
    answered: 'established',
    verify: 'verifying',
    end: 'ending',
  },
  'early-media': { answered: 'established', verify: 'verifying', end: 'ending' },
  established: { hold: 'held', lost: 'reconnecting', end: 'ending' },
  held: { retrieve: 'established', lost: 'reconnecting', end: 'ending' },
  reconnecting: { restored: 'established', end: 'ending' },
  ending: { ended: 'ended' },
  ended: { start: 'requesting-media', reset: 'idle', disable: 'unavailable' },
  unavailable: { reset: 'idle' },
};

/** The state that follows, or `null` where the event has no meaning: late reports are dropped, never guessed at. */
export function transition(state: CallState, event: CallEvent): CallState | null {
  return TABLE[state][event] ?? null;
}

/** From the press on Call to the end: devices, sockets or timers may be open. */
export function isLive(state: CallState): boolean {
  return state !== 'idle' && state !== 'ended' && state !== 'unavailable';
}

/** The far end has answered and has not been left. */
export function isInCall(state: CallState): boolean {
  return state === 'established' || state === 'held' || state === 'reconnecting';
}

/** The far end can hear digits: announcements before the answer may ask for them (RFC 4733 needs no dialog). */
export function takesDigits(state: CallState): boolean {
  return state === 'early-media' || isInCall(state);
}

/** Nothing has been sent to the far end: the form is still what the visitor looks at. */
export function isPreparing(state: CallState): boolean {
  return state === 'requesting-media' || state === 'verifying' || state === 'authorizing';
}
