import { expect } from 'chai';
import { HICCUP_MS, watchConnection } from '../../src/media/connection-watch.js';
import { createManualClock } from '../support/manual-clock.js';

function watched(): {
  go(...states: RTCPeerConnectionState[]): void;
  log: string[];
  /** The sound's own transport is not there yet. */
  sound: { connecting: boolean };
  clock: ReturnType<typeof createManualClock>;
  stop: () => void;
} {
  const clock = createManualClock();
  const log: string[] = [];
  const pc = {
    connectionState: 'new' as RTCPeerConnectionState,
    onconnectionstatechange: null as RTCPeerConnection['onconnectionstatechange'],
  };
  const sound = { connecting: false };
  const closing = new AbortController();
  const stop = (): void => closing.abort();
  watchConnection(pc, clock, closing.signal, {
    onConnected: () => log.push('connected'),
    onDisconnected: () => log.push('disconnected'),
    isSoundConnecting: () => sound.connecting,
  });
  const go = (...states: RTCPeerConnectionState[]): void => {
    for (const state of states) {
      pc.connectionState = state;
      pc.onconnectionstatechange?.call(pc as RTCPeerConnection, new Event('connectionstatechange'));
    }
  };
  return { go, log, sound, clock, stop };
}

describe('watchConnection', () => {
  it('tells the first connection once', () => {
    const { go, log } = watched();
    go('connecting');
    expect(log).to.deep.equal([]);
    go('connected');
    expect(log).to.deep.equal(['connected']);
  });

  it('sees no drop in what Firefox does at each renegotiation', () => {
    const { go, log, clock } = watched();
    go('connecting', 'connected', 'connecting');
    clock.advance(10 * HICCUP_MS);
    go('connected');
    expect(log).to.deep.equal(['connected']);
  });

  it('tells that the sound does not come up again, 3 s after it went', () => {
    const { go, log, sound, clock } = watched();
    sound.connecting = true;
    go('connecting');
    clock.advance(10 * HICCUP_MS);
    expect(log, 'the first connection has a limit of its own').to.deep.equal([]);
    go('connected', 'connecting');
    clock.advance(2999);
    expect(log).to.deep.equal(['connected']);
    clock.advance(1);
    go('connecting', 'connected');
    expect(log).to.deep.equal(['connected', 'disconnected', 'connected']);
    expect(clock.pending).to.equal(0);
  });

  it('passes over a hiccup of less than 3 s', () => {
    const { go, log, clock } = watched();
    go('connected', 'disconnected');
    clock.advance(2999);
    go('connected');
    clock.advance(HICCUP_MS);
    expect(log).to.deep.equal(['connected']);
    expect(clock.pending).to.equal(0);
  });

  it('tells a loss after 3 s, once, and the return', () => {
    const { go, log, clock } = watched();
    go('connected', 'disconnected');
    clock.advance(3000);
    expect(log).to.deep.equal(['connected', 'disconnected']);
    go('failed', 'connecting', 'connected');
    expect(log).to.deep.equal(['connected', 'disconnected', 'connected']);
  });

  it('does not start the 3 s anew when the state flickers', () => {
    const { go, log, clock } = watched();
    go('connected', 'disconnected');
    clock.advance(2000);
    go('connecting', 'disconnected');
    clock.advance(1000);
    expect(log).to.deep.equal(['connected', 'disconnected']);
  });

  it('forgets every hiccup of a flicker once it is over', () => {
    const { go, log, clock } = watched();
    go('connected', 'disconnected', 'connecting', 'disconnected', 'connected');
    expect(clock.pending).to.equal(0);
    clock.advance(HICCUP_MS);
    expect(log).to.deep.equal(['connected']);
  });

  it('tells a failure at once, also one before any connection', () => {
    const up = watched();
    up.go('connected', 'disconnected', 'failed');
    expect(up.log).to.deep.equal(['connected', 'disconnected']);
    expect(up.clock.pending).to.equal(0);
    const never = watched();
    never.go('connecting', 'failed');
    expect(never.log).to.deep.equal(['disconnected']);
  });

  it('leaves no timer behind', () => {
    const { go, log, clock, stop } = watched();
    go('connected', 'disconnected');
    stop();
    clock.advance(HICCUP_MS);
    expect(log).to.deep.equal(['connected']);
    expect(clock.pending).to.equal(0);
  });
});
