import { type CallState, isInCall } from './call-state.js';

/** The far end can hear digits: announcements before the answer may ask for them (RFC 4733 needs no dialog). */
export function takesDigits(state: CallState): boolean {
  return state === 'early-media' || isInCall(state);
}
