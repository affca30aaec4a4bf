import { expect } from 'chai';
import { type CallProgress, createCallProgress } from '../../src/call/call-progress.js';
import type { CallSnapshot } from '../../src/call/snapshot.js';
import { createManualClock } from '../support/manual-clock.js';

describe('the progress of a call', () => {
  const setUp = (told: (snapshot: CallSnapshot) => void = () => {}) => {
    const clock = createManualClock();
    const snapshots: CallSnapshot[] = [];
    const progress: CallProgress = createCallProgress({ clock, browser: 'Test 1' }, (snapshot) => {
      snapshots.push(snapshot);
      told(snapshot);
    });
    return { clock, snapshots, progress };
  };

  it('goes where the table has it, and nowhere else', () => {
    const { snapshots, progress } = setUp();
    expect(progress.go('answered')).to.equal(false);
    expect(snapshots).to.have.length(0);
    expect(progress.start({ videoOffered: true })).to.equal(true);
    expect(progress.go('invite', { callId: 'id' })).to.equal(true);
    expect(progress.snapshot()).to.include({
      state: 'connecting',
      callId: 'id',
      videoOffered: true,
    });
    expect(Object.isFrozen(progress.snapshot())).to.equal(true);
  });

  it('tells who asked that it was led elsewhere at once', () => {
    const { progress } = setUp(({ state }) => {
      if (state === 'requesting-media') progress.end({ reason: 'cancelled' });
    });
    expect(progress.start({})).to.equal(false);
    expect(progress.snapshot().state).to.equal('ending');
  });

  it('ends with how long it took, what it was about, and nothing more to say', () => {
    const { clock, progress } = setUp();
    progress.start({});
    progress.go('invite', { callId: 'id' });
    progress.go('answered', { answeredAt: clock.now() });
    progress.publish({ notice: 'sound-blocked' });
    clock.advance(3000);
    const end = { reason: 'remote-hung-up', status: 200 } as const;
    expect(progress.end(end)).to.equal(true);
    expect(progress.end(end), 'once').to.equal(false);
    expect(progress.snapshot().outcome).to.deep.equal({
      ...end,
      retryAfter: undefined,
      durationMs: 3000,
      early: false,
    });
    expect(progress.snapshot()).to.include({ notice: null, quality: null });
    expect(progress.snapshot().report).to.include({ reason: 'remote-hung-up', durationMs: 3000 });
  });
});
