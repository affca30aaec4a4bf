import type { CallEvent, CallState } from './call-state.js';

/**
 * The one table that says how the states of a call follow each other. Apart from them, as the form has no use for it.
 *
 * ```
 * idle ─start→ requesting-media ─verify→ verifying ─authorize→ authorizing ─invite→ connecting
 *   connecting ─ringing→ ringing ─early-media→ early-media ─answered→ established ⇄ held
 *   established | held ─lost→ reconnecting ─restored→ established
 *   every live state ─end→ ending ─ended→ ended ─start→ … | ─reset→ idle
 * ```
 *
 * Steps that a call does not need are skipped (`captcha="none"` has no `verifying`), and a refused pass leads from
 * `connecting` back to `verifying` once. `unavailable` is the launcher's: where it is said there is no call.
 */
const TABLE: Readonly<Record<CallState, Readonly<Partial<Record<CallEvent, CallState>>>>> = {
  idle: { start: 'requesting-media' },
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
  ended: { start: 'requesting-media', reset: 'idle' },
  unavailable: {},
};

/** The state that follows, or `null` where the event has no meaning: late reports are dropped, never guessed at. */
export function transition(state: CallState, event: CallEvent): CallState | null {
  return TABLE[state][event] ?? null;
}
