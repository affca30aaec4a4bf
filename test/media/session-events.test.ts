import { expect } from 'chai';
import { createManualClock } from '../support/manual-clock.js';
import { callPeer, closeAll, createSession, inCall, NEVER, Peer } from '../support/media.js';
import { until } from '../support/until.js';

describe('what a media session reports', () => {
  afterEach(closeAll);

  it('quality, each second, from both ways', async () => {
    const { session } = await inCall();
    const known = await until(() =>
      session.qualities.find(
        ({ loss, jitter, delay }) => loss !== null && jitter !== null && delay !== null,
      ),
    );
    expect(known.level).to.be.oneOf(['good', 'medium', 'poor', 'bad']);
    expect(known.loss).to.be.within(0, 1);
    expect(known.jitter).to.be.within(0, 1000);
    expect(known.delay).to.be.within(0, 1000);
  });

  it('nothing after close, and no timer goes on', async () => {
    const clock = createManualClock();
    const session = createSession({ clock });
    await session.media.open({ audio: true, video: false }, NEVER);
    const peer = new Peer();
    await peer.send({ audio: true });
    await callPeer(session, peer);
    // the first reading of the quality is done, the next is due
    await until(() => session.log.includes('connected') && clock.pending > 0);
    session.media.close();
    expect(clock.pending).to.equal(0);
    await until(() => peer.pc.connectionState !== 'connected');
    expect(session.log).to.deep.equal(['connected']);
  });

  it('loss of the far end', async () => {
    const clock = createManualClock();
    const session = createSession({ clock });
    await session.media.open({ audio: true, video: false }, NEVER);
    const peer = new Peer();
    await callPeer(session, peer);
    await until(() => session.log.includes('connected'));
    peer.close();
    // Chromium says "disconnected" or "failed", by how it learned of the end; either becomes a loss
    await until(() => {
      clock.advance(1000);
      return session.log.includes('disconnected');
    });
    expect(session.log).to.deep.equal(['connected', 'disconnected']);
  });

  it('sound of the far end is played by the session itself', async () => {
    const { play } = HTMLMediaElement.prototype;
    const elements = new Set<HTMLMediaElement>();
    HTMLMediaElement.prototype.play = function () {
      elements.add(this);
      return play.call(this);
    };
    try {
      const session = createSession({ video: true });
      session.media.play();
      expect(elements.size).to.equal(1);
      const [element] = elements;
      expect(document.contains(element!), 'outside the document').to.equal(false);
      await session.media.open({ audio: true, video: true }, NEVER);
      const peer = new Peer();
      await peer.send({ audio: true, video: true });
      await callPeer(session, peer);
      await until(() => !element!.paused && element!.currentTime > 0);
      expect(elements.size).to.equal(1);
      const stream = element?.srcObject as MediaStream;
      expect(stream.getTracks()).to.deep.equal(session.media.remoteStream.getAudioTracks());
      session.media.close();
      expect(element?.srcObject).to.equal(null);
    } finally {
      HTMLMediaElement.prototype.play = play;
    }
  });

  it('sound that the browser holds back, once there is sound to play', async () => {
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = () =>
      Promise.reject(new DOMException('gesture', 'NotAllowedError'));
    try {
      const session = createSession();
      await session.media.open({ audio: true, video: false }, NEVER);
      expect(session.log).to.deep.equal([]);
      const peer = new Peer();
      await peer.send({ audio: true });
      await callPeer(session, peer);
      await until(() => session.log.includes('playback-blocked'));
    } finally {
      HTMLMediaElement.prototype.play = play;
    }
  });
});
