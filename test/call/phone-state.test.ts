import { expect } from 'chai';
import {
  isTalking,
  PHONE_EVENTS,
  PHONE_STATES,
  type PhoneEvent,
  type PhoneState,
  phoneTransition,
} from '../../src/call/phone-state.js';

/** Every move that exists, written down a second time: whatever is not here must be refused. */
const MOVES: readonly (readonly [PhoneState, PhoneEvent, PhoneState])[] = [
  ['idle', 'ring', 'ringing'],
  ['ringing', 'answer', 'connecting'],
  ['ringing', 'end', 'ending'],
  ['connecting', 'retry', 'ringing'],
  ['connecting', 'confirmed', 'established'],
  ['connecting', 'end', 'ending'],
  ['established', 'hold', 'held'],
  ['established', 'end', 'ending'],
  ['held', 'retrieve', 'established'],
  ['held', 'end', 'ending'],
  ['ending', 'ended', 'idle'],
];

describe('phone states', () => {
  for (const state of PHONE_STATES) {
    for (const event of PHONE_EVENTS) {
      const move = MOVES.find(([from, on]) => from === state && on === event);
      it(`${state} on ${event} ${move ? `becomes ${move[2]}` : 'stays'}`, () => {
        expect(phoneTransition(state, event)).to.equal(move?.[2] ?? null);
      });
    }
  }

  it('rings only where there is no other call', () => {
    expect(PHONE_STATES.filter((state) => phoneTransition(state, 'ring') !== null)).to.deep.equal([
      'idle',
    ]);
  });

  it('knows when two people can talk', () => {
    expect(PHONE_STATES.filter(isTalking)).to.deep.equal(['established', 'held']);
  });
});
