import { expect } from 'chai';
import {
  CALL_EVENTS,
  CALL_STATES,
  type CallEvent,
  type CallState,
  isInCall,
  isLive,
  isPreparing,
} from '../../src/call/call-state.js';
import { transition } from '../../src/call/transitions.js';

/** Every move that exists, written down a second time: whatever is not here must be refused. */
const MOVES: readonly (readonly [CallState, CallEvent, CallState])[] = [
  ['idle', 'start', 'requesting-media'],
  ['requesting-media', 'verify', 'verifying'],
  ['requesting-media', 'authorize', 'authorizing'],
  ['requesting-media', 'invite', 'connecting'],
  ['requesting-media', 'end', 'ending'],
  ['verifying', 'authorize', 'authorizing'],
  ['verifying', 'end', 'ending'],
  ['authorizing', 'invite', 'connecting'],
  ['authorizing', 'verify', 'verifying'],
  ['authorizing', 'end', 'ending'],
  ['connecting', 'ringing', 'ringing'],
  ['connecting', 'early-media', 'early-media'],
  ['connecting', 'answered', 'established'],
  ['connecting', 'verify', 'verifying'],
  ['connecting', 'end', 'ending'],
  ['ringing', 'early-media', 'early-media'],
  ['ringing', 'answered', 'established'],
  ['ringing', 'verify', 'verifying'],
  ['ringing', 'end', 'ending'],
  ['early-media', 'answered', 'established'],
  ['early-media', 'verify', 'verifying'],
  ['early-media', 'end', 'ending'],
  ['established', 'hold', 'held'],
  ['established', 'lost', 'reconnecting'],
  ['established', 'end', 'ending'],
  ['held', 'retrieve', 'established'],
  ['held', 'lost', 'reconnecting'],
  ['held', 'end', 'ending'],
  ['reconnecting', 'restored', 'established'],
  ['reconnecting', 'end', 'ending'],
  ['ending', 'ended', 'ended'],
  ['ended', 'start', 'requesting-media'],
  ['ended', 'reset', 'idle'],
];

describe('call states', () => {
  for (const state of CALL_STATES) {
    for (const event of CALL_EVENTS) {
      const move = MOVES.find(([from, on]) => from === state && on === event);
      it(`${state} on ${event} ${move ? `becomes ${move[2]}` : 'stays'}`, () => {
        expect(transition(state, event)).to.equal(move?.[2] ?? null);
      });
    }
  }

  it('every live state can be ended, and nothing else', () => {
    for (const state of CALL_STATES) {
      const endable = transition(state, 'end') !== null || state === 'ending';
      expect(isLive(state), state).to.equal(endable);
    }
  });

  it('knows what comes before the INVITE and what after the answer', () => {
    expect(CALL_STATES.filter(isPreparing)).to.deep.equal([
      'requesting-media',
      'verifying',
      'authorizing',
    ]);
    expect(CALL_STATES.filter(isInCall)).to.deep.equal(['established', 'held', 'reconnecting']);
  });
});
