/**
 * The states of a phone that is called, and the one table that says how they follow each other. One call at a time.
 *
 * ```
 * idle ─ring→ ringing ─answer→ connecting ─confirmed→ established ⇄ held
 *   connecting ─retry→ ringing            no microphone: the caller still hears it ring
 *   every live state ─end→ ending ─ended→ idle
 * ```
 */
export const PHONE_STATES = [
  'idle',
  'ringing',
  'connecting',
  'established',
  'held',
  'ending',
] as const;

export type PhoneState = (typeof PHONE_STATES)[number];

export const PHONE_EVENTS = [
  'ring',
  'answer',
  'retry',
  'confirmed',
  'hold',
  'retrieve',
  'end',
  'ended',
] as const;

export type PhoneEvent = (typeof PHONE_EVENTS)[number];

const TABLE: Readonly<Record<PhoneState, Readonly<Partial<Record<PhoneEvent, PhoneState>>>>> = {
  idle: { ring: 'ringing' },
  ringing: { answer: 'connecting', end: 'ending' },
  connecting: { retry: 'ringing', confirmed: 'established', end: 'ending' },
  established: { hold: 'held', end: 'ending' },
  held: { retrieve: 'established', end: 'ending' },
  ending: { ended: 'idle' },
};

/** The state that follows, or `null` where the event has no meaning: late reports are dropped, never guessed at. */
export function phoneTransition(state: PhoneState, event: PhoneEvent): PhoneState | null {
  return TABLE[state][event] ?? null;
}

/** Both sides can talk, or could but for a hold. */
export function isTalking(state: PhoneState): boolean {
  return state === 'established' || state === 'held';
}
