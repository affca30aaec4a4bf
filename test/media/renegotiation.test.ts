import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import { type DeviceDesk, watchDevices } from '../support/devices.js';
import {
  callPeer,
  closeAll,
  createSession,
  hears,
  inCall,
  NEVER,
  Peer,
  reofferFromPeer,
} from '../support/media.js';
import { rejection } from '../support/rejection.js';
import { until } from '../support/until.js';

const OFFER = { iceRestart: false };
const sections = (sdp: string): string[] => sdp.split(/^m=/m);
const isAudio = (transceiver: RTCRtpTransceiver): boolean =>
  transceiver.receiver.track.kind === 'audio';
const directed =
  (direction: RTCRtpTransceiverDirection) =>
  (transceiver: RTCRtpTransceiver): void => {
    transceiver.direction = direction;
  };

describe('a media session in the call', () => {
  let desk: DeviceDesk;
  beforeEach(() => (desk = watchDevices()));
  afterEach(() => {
    closeAll();
    desk.restore();
  });

  describe('hold', () => {
    for (const direction of ['sendonly', 'inactive'] as const) {
      it(`is what the far end's ${direction} offer means, until it offers sendrecv`, async () => {
        const { session, peer } = await inCall();
        expect(session.report()).to.include({ held: false, remoteAudio: true });
        const answer = await reofferFromPeer(session, peer, directed(direction));
        expect(answer).to.match(direction === 'sendonly' ? /^a=recvonly/m : /^a=inactive/m);
        expect(session.report()).to.include({
          held: true,
          remoteAudio: direction === 'sendonly',
        });
        expect(session.media.sendDtmf('1'), 'digits go by INFO').to.equal(false);
        const resumed = await reofferFromPeer(session, peer, directed('sendrecv'));
        expect(resumed).to.match(/^a=sendrecv/m);
        expect(session.report()).to.include({ held: false, remoteAudio: true });
        expect(session.media.sendDtmf('1')).to.equal(true);
        await hears(peer);
        expect(session.log, 'no drop').to.deep.equal(['connected']);
      });
    }

    it('shows in an answer of the far end as well', async () => {
      const { session, peer } = await inCall();
      await callPeer(session, peer, directed('sendonly'));
      expect(session.report()).to.include({ held: true, remoteAudio: true });
    });

    it('leaves our camera on', async () => {
      const { session, peer } = await inCall({ video: true });
      await reofferFromPeer(session, peer, directed('inactive'));
      expect(session.report()).to.include({ held: true, localVideo: true });
      await reofferFromPeer(session, peer, directed('sendrecv'));
      expect(session.report()).to.include({ held: false, localVideo: true });
      await until(async () => (await peer.received('video', 'framesDecoded')) > 3);
    });

    it('of video alone is none, and the camera goes off', async () => {
      const { session, peer } = await inCall({ video: true });
      await reofferFromPeer(session, peer, (transceiver) => {
        if (!isAudio(transceiver)) transceiver.direction = 'inactive';
      });
      expect(session.report()).to.deep.equal({
        held: false,
        remoteAudio: true,
        remoteVideo: false,
        localVideo: false,
        videoWanted: false,
      });
    });

    it('leaves picture and sound of the far end where they play', async () => {
      const { session, peer } = await inCall({ video: true });
      const video = document.createElement('video');
      video.muted = true;
      video.autoplay = true;
      video.srcObject = session.media.remoteStream;
      const moves = async (): Promise<void> => {
        const from = video.getVideoPlaybackQuality().totalVideoFrames;
        await until(() => video.getVideoPlaybackQuality().totalVideoFrames > from + 3);
      };
      document.body.append(video);
      await moves();
      const tracks = session.media.remoteStream.getTracks();
      expect(tracks).to.have.length(2);
      await reofferFromPeer(session, peer, directed('inactive'));
      expect(session.report()).to.include({ remoteAudio: false, remoteVideo: false });
      await reofferFromPeer(session, peer, directed('sendrecv'));
      expect(session.media.remoteStream.getTracks()).to.have.members(tracks);
      await moves();
      video.remove();
    });
  });

  describe('video of the far end', () => {
    it('is taken in a voice call without opening the camera', async () => {
      const { session, peer } = await inCall();
      const asked = desk.requests.length;
      await peer.send({ video: true });
      const answer = await reofferFromPeer(session, peer);
      expect(sections(answer)[2]).to.match(/^a=recvonly/m);
      expect(session.report()).to.include({
        remoteVideo: true,
        localVideo: false,
        videoWanted: true,
      });
      expect(session.media.remoteStream.getVideoTracks()).to.have.length(1);
      expect(desk.requests).to.have.length(asked);
    });

    it('may be answered with the camera once the visitor agrees', async () => {
      const { session, peer } = await inCall();
      await peer.send({ video: true });
      await session.media.setRemoteDescription({ type: 'offer', sdp: await peer.offer() });
      await session.media.setVideoMuted(false, NEVER);
      const { sdp } = await session.media.createAnswer(NEVER);
      await peer.accept(sdp);
      expect(sections(sdp)[2]).to.match(/^a=sendrecv/m);
      await until(async () => (await peer.received('video', 'framesDecoded')) > 3);
      expect(session.log).to.deep.equal(['connected']);
    });

    it('may be answered with the camera later, by an offer', async () => {
      const { session, peer } = await inCall();
      await peer.send({ video: true });
      await reofferFromPeer(session, peer);
      await session.media.setVideoMuted(false, NEVER);
      expect(session.log).to.deep.equal(['connected', 'offer-needed']);
      await callPeer(session, peer);
      await until(async () => (await peer.received('video', 'framesDecoded')) > 3);
    });

    for (const how of ['rejected', 'inactive', 'sendonly'] as const) {
      it(`answered as ${how}: our camera goes off`, async () => {
        const session = createSession({ video: true });
        await session.media.open({ audio: true, video: true }, NEVER);
        const peer = new Peer();
        await peer.send({ audio: true, video: true });
        const { sdp } = await session.media.createOffer(OFFER, NEVER);
        const answer = await peer.answer(sdp, (transceiver) => {
          if (!isAudio(transceiver)) transceiver.direction = how === 'sendonly' ? how : 'inactive';
        });
        await session.media.setRemoteDescription({
          type: 'answer',
          sdp:
            how === 'rejected'
              ? answer
                  .replace('a=group:BUNDLE 0 1', 'a=group:BUNDLE 0')
                  .replace('m=video 9', 'm=video 0')
              : answer,
        });
        expect(session.report()).to.deep.equal({
          held: false,
          remoteAudio: true,
          remoteVideo: how === 'sendonly',
          localVideo: false,
          videoWanted: false,
        });
        expect(session.media.localStream?.getVideoTracks()).to.have.length(0);
        await session.media.setVideoMuted(false, NEVER);
        expect(session.log).to.include('offer-needed');
        await hears(peer);
      });
    }

    it('asked for and refused by an answer to the new offer: our camera goes off again', async () => {
      const { session, peer } = await inCall({ video: true });
      await callPeer(session, peer, (transceiver) => {
        if (!isAudio(transceiver)) transceiver.direction = 'sendonly';
      });
      expect(session.report()).to.include({ localVideo: false, remoteVideo: true });
      await session.media.setVideoMuted(false, NEVER);
      expect(session.report()?.localVideo).to.equal(true);
      expect(session.log).to.deep.equal(['connected', 'offer-needed']);
      await callPeer(session, peer);
      expect(session.report()?.localVideo).to.equal(false);
      // and by a final response
      await session.media.setVideoMuted(false, NEVER);
      await session.media.createOffer(OFFER, NEVER);
      await session.media.rollback();
      await session.media.setVideoMuted(true, NEVER);
      expect(session.report()?.localVideo).to.equal(false);
    });

    it('taken out of the call: our camera goes off, and the voice goes on', async () => {
      const { session, peer } = await inCall({ video: true });
      expect(session.media.remoteStream.getTracks()).to.have.length(2);
      await reofferFromPeer(session, peer, (transceiver) => {
        if (!isAudio(transceiver)) transceiver.stop();
      });
      expect(session.report()).to.include({ remoteVideo: false, localVideo: false, held: false });
      expect(session.media.remoteStream.getTracks().map(({ kind }) => kind)).to.deep.equal([
        'audio',
      ]);
      await hears(peer);
    });
  });

  describe('offers that come to nothing', () => {
    it('can be rolled back, and the far end may offer then', async () => {
      const { session, peer } = await inCall();
      await session.media.createOffer(OFFER, NEVER);
      expect(session.media.stable).to.equal(false);
      await session.media.rollback();
      expect(session.media.stable).to.equal(true);
      await reofferFromPeer(session, peer, directed('sendonly'));
      expect(session.report()?.held).to.equal(true);
    });

    it('of the far end can be rolled back, with what they would have added', async () => {
      const { session, peer } = await inCall();
      await peer.send({ video: true });
      await session.media.setRemoteDescription({ type: 'offer', sdp: await peer.offer() });
      expect(session.media.stable).to.equal(false);
      await session.media.rollback();
      expect(session.media.stable).to.equal(true);
      expect(session.report()).to.include({ remoteVideo: false, remoteAudio: true });
      await hears(peer);
    });

    it('the first one as well: a new INVITE with other servers goes through', async () => {
      const session = createSession({ video: true });
      await session.media.open({ audio: true, video: true }, NEVER);
      await session.media.createOffer(OFFER, NEVER);
      await session.media.rollback();
      expect(session.report()?.localVideo).to.equal(true);
      session.media.configure({ servers: [{ urls: 'stun:127.0.0.1:9' }], relayOnly: false });
      const peer = new Peer();
      await callPeer(session, peer);
      await hears(peer);
      await until(async () => (await peer.received('video', 'framesDecoded')) > 3);
    });

    it('rollback does nothing where there is nothing to undo', async () => {
      const { session } = await inCall();
      const reports = session.reports.length;
      await session.media.rollback();
      expect(session.media.stable).to.equal(true);
      expect(session.reports).to.have.length(reports);
    });

    it('glare: an offer of ours never becomes an answer by mistake', async () => {
      const { session, peer } = await inCall();
      await session.media.setRemoteDescription({ type: 'offer', sdp: await peer.offer() });
      expect(await rejection(session.media.createOffer(OFFER, NEVER))).to.be.instanceOf(CallError);
      const { type, sdp } = await session.media.createAnswer(NEVER);
      expect(type).to.equal('answer');
      await peer.accept(sdp);
      expect(session.media.stable).to.equal(true);
      await hears(peer);
    });

    it('glare: their offer is taken after ours is rolled back', async () => {
      const { session, peer } = await inCall({ video: true });
      const theirs = await peer.offer(directed('sendonly'));
      await session.media.createOffer(OFFER, NEVER);
      await session.media.rollback();
      await session.media.setRemoteDescription({ type: 'offer', sdp: theirs });
      await peer.accept((await session.media.createAnswer(NEVER)).sdp);
      expect(session.report()).to.include({ held: true, remoteVideo: true });
    });

    it('an answer that no browser takes is "media not supported", and can be rolled back', async () => {
      const { session } = await inCall();
      await session.media.createOffer(OFFER, NEVER);
      const answering = session.media.setRemoteDescription({ type: 'answer', sdp: 'v=0\r\n' });
      expect(await rejection(answering))
        .to.be.instanceOf(CallError)
        .and.include({ reason: 'media-not-supported' });
      await session.media.rollback();
      expect(session.media.stable).to.equal(true);
    });
  });
});
