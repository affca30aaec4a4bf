import { expect } from 'chai';
import { createTimer } from '../../src/shared/timer.js';
import { createManualClock } from '../support/manual-clock.js';

describe('a timer', () => {
  const setUp = () => {
    const clock = createManualClock();
    const over = new AbortController();
    const rung: string[] = [];
    const timer = createTimer(clock, over.signal);
    return { clock, over, rung, timer };
  };

  it('set again begins anew, with what it is to do then', () => {
    const { clock, rung, timer } = setUp();
    timer.set(100, () => rung.push('first'));
    clock.advance(99);
    timer.set(100, () => rung.push('second'));
    clock.advance(99);
    expect(rung).to.deep.equal([]);
    clock.advance(1);
    expect(rung).to.deep.equal(['second']);
  });

  it('cancelled does nothing, and can be set again', () => {
    const { clock, rung, timer } = setUp();
    timer.cancel();
    timer.set(100, () => rung.push('never'));
    timer.cancel();
    expect(clock.pending).to.equal(0);
    timer.set(100, () => rung.push('once'));
    clock.advance(200);
    expect(rung).to.deep.equal(['once']);
  });

  it('is off with the signal, for good', () => {
    const { clock, over, rung, timer } = setUp();
    timer.set(100, () => rung.push('never'));
    over.abort();
    expect(clock.pending).to.equal(0);
    timer.set(100, () => rung.push('never'));
    expect(clock.pending).to.equal(0);
  });
});
