import { expect } from 'chai';
import type { AnsweringSession } from '../../src/call/phone-ports.js';
import { createAnsweringSession } from '../../src/media/answering-session.js';
import { type DeviceDesk, watchDevices } from '../support/devices.js';
import {
  callPeer,
  closeAll,
  createSessionWith,
  hears,
  NEVER,
  Peer,
  reofferFromPeer,
  type TestSession,
} from '../support/media.js';
import { until } from '../support/until.js';

type Answering = TestSession<AnsweringSession>;
const OFFER = { iceRestart: false };
const sections = (sdp: string): string[] => sdp.split(/^m=/m);
const directed =
  (direction: RTCRtpTransceiverDirection) =>
  (transceiver: RTCRtpTransceiver): void => {
    transceiver.direction = direction;
  };

const createAnswering = (video: boolean): Answering =>
  createSessionWith(createAnsweringSession, { video });

/** The peer has called, we have answered, and both can hear each other. */
async function answeredCall({
  offered = { audio: true, video: false },
  video = false,
} = {}): Promise<{ session: Answering; peer: Peer; answer: string }> {
  const session = createAnswering(video);
  await session.media.open({ audio: true, video }, NEVER);
  const peer = new Peer();
  await peer.send(offered);
  const answer = await reofferFromPeer(session, peer);
  await until(() => session.log.includes('connected'));
  return { session, peer, answer };
}

/** Waits until we get what the peer sends. */
async function listens({ media }: Answering): Promise<void> {
  const [track] = media.remoteStream.getAudioTracks();
  const context = new AudioContext();
  try {
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    new MediaStreamAudioSourceNode(context, {
      mediaStream: new MediaStream([track!]),
    }).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    await until(() => {
      analyser.getFloatTimeDomainData(samples);
      return samples.some((sample) => Math.abs(sample) > 0.01);
    });
  } finally {
    await context.close();
  }
}

/** Nothing of ours reaches the peer any more; what was on its way has arrived. */
async function isSilent(peer: Peer): Promise<void> {
  let last = -1;
  let same = 0;
  await until(async () => {
    const now = await peer.received('audio', 'packetsReceived');
    same = now === last ? same + 1 : 0;
    last = now;
    // 50 packets a second would have come
    return same >= 10;
  });
}

describe('a media session that is called', () => {
  let desk: DeviceDesk;
  beforeEach(() => (desk = watchDevices()));
  afterEach(() => {
    closeAll();
    desk.restore();
  });

  it('answers with its microphone in the line that was offered', async () => {
    const { session, peer, answer } = await answeredCall();
    expect(sections(answer)).to.have.length(2);
    expect(answer).to.match(/^a=sendrecv/m);
    expect(answer).to.include(`a=msid:${session.media.localStream!.id} `);
    expect(session.report()).to.deep.equal({
      held: false,
      remoteAudio: true,
      remoteVideo: false,
      localVideo: false,
      videoWanted: false,
    });
    await hears(peer);
    await listens(session);
    expect(session.media.sendDtmf('1')).to.equal(true);
  });

  it('answers video with the camera', async () => {
    const { session, peer, answer } = await answeredCall({
      offered: { audio: true, video: true },
      video: true,
    });
    expect(sections(answer)[2]).to.match(/^a=sendrecv/m);
    expect(session.report()).to.include({ remoteVideo: true, localVideo: true });
    await until(async () => (await peer.received('video', 'framesDecoded')) > 3);
  });

  it('answers video by voice: sees, and opens no camera until asked', async () => {
    const { session, peer, answer } = await answeredCall({
      offered: { audio: true, video: true },
    });
    expect(sections(answer)[2]).to.match(/^a=recvonly/m);
    expect(session.report()).to.include({ remoteVideo: true, localVideo: false });
    expect(desk.requests.map(({ video }) => video)).to.deep.equal([false]);
    await session.media.setVideoMuted(false, NEVER);
    expect(session.log).to.deep.equal(['connected', 'offer-needed']);
    await callPeer(session, peer);
    await until(async () => (await peer.received('video', 'framesDecoded')) > 3);
  });

  it('is asked for an offer: makes one', async () => {
    const session = createAnswering(false);
    await session.media.open({ audio: true, video: false }, NEVER);
    const peer = new Peer();
    await peer.send({ audio: true });
    await callPeer(session, peer);
    await hears(peer);
    expect(session.report()).to.include({ held: false, remoteAudio: true });
  });

  it('leaves nothing behind', async () => {
    const { session } = await answeredCall({ offered: { audio: true, video: true }, video: true });
    session.media.close();
    expect(session.media.localStream).to.equal(null);
    expect(desk.live()).to.deep.equal([]);
  });

  it('holds: neither side sends, and both do again', async () => {
    const { session, peer } = await answeredCall({
      offered: { audio: true, video: true },
      video: true,
    });
    session.media.setHold(true);
    const { sdp } = await session.media.createOffer(OFFER, NEVER);
    expect(
      sections(sdp)
        .slice(1)
        .every((part) => /^a=inactive/m.test(part)),
    ).to.equal(true);
    await session.media.setRemoteDescription({ type: 'answer', sdp: await peer.answer(sdp) });
    expect(session.report()).to.include({ held: true, remoteAudio: false, localVideo: true });
    await isSilent(peer);
    // the caller offers meanwhile: still on hold
    expect(await reofferFromPeer(session, peer)).to.match(/^a=inactive/m);

    session.media.setHold(false);
    await callPeer(session, peer, directed('sendrecv'));
    expect(session.report()).to.include({ held: false, remoteAudio: true, remoteVideo: true });
    await hears(peer);
    await listens(session);
    const frames = await peer.received('video', 'framesDecoded');
    await until(async () => (await peer.received('video', 'framesDecoded')) > frames + 3);
  });

  it('is put on hold, and retrieved', async () => {
    const { session, peer } = await answeredCall();
    await reofferFromPeer(session, peer, directed('sendonly'));
    expect(session.report()).to.include({ held: true });
    await reofferFromPeer(session, peer, directed('sendrecv'));
    await hears(peer);
  });

  describe('whose own offer comes to nothing', () => {
    // without the remedy Chromium sends and plays nothing from there on
    it('goes on as before: a hold that was refused', async () => {
      const { session, peer } = await answeredCall();
      session.media.setHold(true);
      await session.media.createOffer(OFFER, NEVER);
      await session.media.rollback();
      session.media.setHold(false);
      expect(session.media.stable).to.equal(true);
      expect(session.report()).to.include({ held: false, remoteAudio: true });
      await hears(peer);
      await listens(session);
      // and can be asked again
      session.media.setHold(true);
      await callPeer(session, peer);
      await isSilent(peer);
    });

    it('takes theirs in between, and asks again (glare)', async () => {
      const { session, peer } = await answeredCall();
      session.media.setHold(true);
      await session.media.createOffer(OFFER, NEVER);
      await session.media.rollback();
      expect(await reofferFromPeer(session, peer)).to.match(/^a=inactive/m);
      await callPeer(session, peer);
      await isSilent(peer);
      session.media.setHold(false);
      await callPeer(session, peer, directed('sendrecv'));
      await hears(peer);
    });

    it('stays on hold where the end of the hold was refused', async () => {
      const { session, peer } = await answeredCall();
      session.media.setHold(true);
      await callPeer(session, peer);
      await isSilent(peer);
      session.media.setHold(false);
      await session.media.createOffer(OFFER, NEVER);
      await session.media.rollback();
      session.media.setHold(true);
      expect(session.report()).to.include({ held: true });
      session.media.setHold(false);
      await callPeer(session, peer, directed('sendrecv'));
      await hears(peer);
      await listens(session);
    });

    it('keeps its picture, and the camera that was not wanted goes off', async () => {
      const { session, peer } = await answeredCall({
        offered: { audio: true, video: true },
      });
      await session.media.setVideoMuted(false, NEVER);
      expect(session.report()?.localVideo).to.equal(true);
      await session.media.createOffer(OFFER, NEVER);
      await session.media.rollback();
      expect(session.report()).to.include({ localVideo: false, remoteVideo: true });
      await hears(peer);
      await listens(session);
    });

    it('ICE is restarted by the offer after it', async () => {
      const { session, peer } = await answeredCall();
      await session.media.createOffer({ iceRestart: true }, NEVER);
      await session.media.rollback();
      await hears(peer);
      const { sdp } = await session.media.createOffer({ iceRestart: true }, NEVER);
      await session.media.setRemoteDescription({ type: 'answer', sdp: await peer.answer(sdp) });
      await hears(peer);
      await listens(session);
    });

    it('an offer of theirs is rolled back as ever', async () => {
      const { session, peer } = await answeredCall();
      await session.media.setRemoteDescription({ type: 'offer', sdp: await peer.offer() });
      await session.media.rollback();
      expect(session.media.stable).to.equal(true);
      await hears(peer);
      await listens(session);
    });
  });
});
