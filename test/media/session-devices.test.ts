import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import type { Device, DeviceKind } from '../../src/call/ports.js';
import { type DeviceDesk, prompt, watchDevices } from '../support/devices.js';
import {
  callPeer,
  closeAll,
  createSession,
  hears,
  inCall,
  NEVER,
  Peer,
  reofferFromPeer,
  type TestSession,
} from '../support/media.js';
import { rejection } from '../support/rejection.js';
import { until } from '../support/until.js';

const BOTH = { audio: true, video: true };
const VOICE = { audio: true, video: false };

describe('devices of a media session', () => {
  let desk: DeviceDesk;
  beforeEach(() => (desk = watchDevices()));
  afterEach(() => {
    closeAll();
    desk.restore();
  });

  const kinds = ({ media }: TestSession): string[] =>
    (media.localStream?.getTracks() ?? []).map(({ kind }) => kind).sort();

  /** A camera that is not there. */
  function unplugCamera(): void {
    desk.answer((constraints, real) =>
      constraints.video === false
        ? real(constraints)
        : Promise.reject(new DOMException('none', 'NotFoundError')),
    );
  }

  const grows = async (counter: () => Promise<number>, by = 1): Promise<void> => {
    const before = await counter();
    await until(async () => (await counter()) >= before + by);
  };

  describe('open', () => {
    it('touches no device before it is called', async () => {
      const session = createSession({ video: true });
      await session.media.createOffer({ iceRestart: false }, NEVER);
      expect(desk.requests).to.have.length(0);
      expect(session.media.localStream).to.equal(null);
    });

    it('opens both, and tells', async () => {
      const session = createSession({ video: true });
      expect(await session.media.open(BOTH, NEVER)).to.deep.equal({ video: true });
      expect(kinds(session)).to.deep.equal(['audio', 'video']);
      expect(session.report()).to.deep.equal({
        held: false,
        remoteAudio: false,
        remoteVideo: false,
        localVideo: true,
        videoWanted: false,
      });
    });

    it('goes on with sound alone where there is no camera, and still receives video', async () => {
      unplugCamera();
      const session = createSession({ video: true });
      expect(await session.media.open(BOTH, NEVER)).to.deep.equal({ video: false });
      expect(kinds(session)).to.deep.equal(['audio']);
      expect(session.report()?.localVideo).to.equal(false);
      const { sdp } = await session.media.createOffer({ iceRestart: false }, NEVER);
      const [, audio = '', video = ''] = sdp.split(/^m=/m);
      expect(audio).to.match(/^a=sendrecv/m);
      expect(video).to.match(/^a=recvonly/m);
    });

    it('opens no camera in a session that does not offer video', async () => {
      const session = createSession({ video: false });
      expect(await session.media.open(BOTH, NEVER)).to.deep.equal({ video: false });
      expect(desk.requests.map(({ video }) => video)).to.deep.equal([false]);
    });

    it('can be tried again after a refusal', async () => {
      desk.answer(() => Promise.reject(new DOMException('no', 'NotAllowedError')));
      const session = createSession();
      const error = await rejection(session.media.open(VOICE, NEVER));
      expect(error).to.be.instanceOf(CallError).and.include({ reason: 'microphone-denied' });
      desk.answer((constraints, real) => real(constraints));
      await session.media.open(VOICE, NEVER);
      expect(kinds(session)).to.deep.equal(['audio']);
    });

    it('replaces and stops what was open before', async () => {
      const { session, peer } = await inCall({ video: true });
      await session.media.open(BOTH, NEVER);
      expect(desk.tracks).to.have.length(4);
      expect(desk.live()).to.have.members(session.media.localStream?.getTracks() ?? []);
      expect(desk.live()).to.have.length(2);
      await grows(() => peer.received('video', 'framesDecoded'), 3);
      await hears(peer);
    });

    it('keeps a microphone muted that comes later', async () => {
      const session = createSession();
      session.media.setAudioMuted(true);
      await session.media.open(VOICE, NEVER);
      expect(session.media.localStream?.getAudioTracks()[0]?.enabled).to.equal(false);
    });

    it('rejects at once when it is aborted, and stops what the visitor allows too late', async () => {
      const session = createSession({ video: true });
      const question = prompt(desk);
      const abort = new AbortController();
      const opening = rejection(session.media.open(BOTH, abort.signal));
      await until(() => question.asked());
      abort.abort();
      expect(await opening).to.have.property('name', 'AbortError');
      question.allow();
      await until(() => desk.tracks.length === 2 && desk.live().length === 0);
      expect(session.media.localStream).to.equal(null);
    });

    it('stops what arrives after close', async () => {
      const session = createSession({ video: true });
      const question = prompt(desk);
      const opening = rejection(session.media.open(BOTH, NEVER));
      await until(() => question.asked());
      session.media.close();
      expect(await opening).to.have.property('name', 'AbortError');
      question.allow();
      await until(() => desk.tracks.length === 2 && desk.live().length === 0);
      expect(session.reports).to.have.length(0);
    });

    it('leaves the camera off that was muted in the permission prompt', async () => {
      const session = createSession({ video: true });
      const question = prompt(desk);
      const opening = session.media.open(BOTH, NEVER);
      await until(() => question.asked());
      await session.media.setVideoMuted(true, NEVER);
      question.allow();
      expect(await opening).to.deep.equal({ video: false });
      expect(desk.live().map(({ kind }) => kind)).to.deep.equal(['audio']);
      const { sdp } = await session.media.createOffer({ iceRestart: false }, NEVER);
      expect(sdp.split(/^m=/m)[2]).to.match(/^a=sendrecv/m);
    });

    it('tells of a device that goes away, and lets it be replaced', async () => {
      const { session, peer } = await inCall({ video: true });
      const [camera] = session.media.localStream?.getVideoTracks() ?? [];
      const [microphone] = session.media.localStream?.getAudioTracks() ?? [];
      // what the browser does when a device is unplugged
      camera?.dispatchEvent(new Event('ended'));
      await until(() => session.log.includes('video-lost'));
      expect(session.report()?.localVideo).to.equal(false);
      expect(kinds(session)).to.deep.equal(['audio']);
      desk.answer(() => Promise.reject(new DOMException('none', 'NotFoundError')));
      microphone?.dispatchEvent(new Event('ended'));
      await until(() => session.log.includes('audio-lost'));
      expect(session.media.localStream).to.equal(null);
      desk.answer((constraints, real) => real(constraints));
      await session.media.open(BOTH, NEVER);
      await hears(peer);
      await grows(() => peer.received('video', 'framesDecoded'), 3);
    });
  });

  describe('devices that were chosen before the call', () => {
    const idsInUse = async ({ media }: TestSession): Promise<string[]> =>
      (await media.devices()).filter(({ selected }) => selected).map(({ id }) => id);

    it('are used, a camera that is turned on later too', async () => {
      const { session: finder } = await inCall({ video: true });
      const others = (await finder.media.devices()).filter(({ selected }) => !selected);
      const preferred = new Map(others.map(({ kind, id }) => [kind, id]));
      const session = createSession({ video: true });
      await session.media.open({ ...VOICE, preferred }, NEVER);
      await session.media.setVideoMuted(false, NEVER);
      await until(async () => {
        const used = await idsInUse(session);
        return [...preferred.values()].every((id) => used.includes(id));
      });
    });

    it('that are gone leave those which are there', async () => {
      const session = createSession({ video: true });
      const gone = 'f'.repeat(64);
      const preferred = new Map(
        (['audioinput', 'audiooutput', 'videoinput'] as const).map((kind) => [kind, gone]),
      );
      expect(await session.media.open({ ...BOTH, preferred }, NEVER)).to.deep.equal({
        video: true,
      });
      expect(await idsInUse(session))
        .to.have.length(3)
        .and.not.include(gone);
    });
  });

  describe('a microphone that is unplugged', () => {
    it('is replaced by another one, muted as it was', async () => {
      const { session, peer } = await inCall();
      session.media.setAudioMuted(true);
      const [gone] = session.media.localStream?.getAudioTracks() ?? [];
      gone?.dispatchEvent(new Event('ended'));
      await until(() => session.log.includes('audio-replaced'));
      const [next] = session.media.localStream?.getAudioTracks() ?? [];
      expect(next).not.to.equal(gone);
      expect(next?.enabled).to.equal(false);
      session.media.setAudioMuted(false);
      await hears(peer);
      expect(desk.live()).to.have.length(1);
    });

    it('is not replaced by one that comes after the call', async () => {
      const { session } = await inCall();
      const opening = prompt(desk);
      const [gone] = session.media.localStream?.getAudioTracks() ?? [];
      gone?.dispatchEvent(new Event('ended'));
      await until(() => opening.asked());
      session.media.close();
      opening.allow();
      await until(() => desk.live().length === 0);
      expect(session.log).not.to.include('audio-replaced');
    });
  });

  describe('chooseDevice', () => {
    const listed = async (session: TestSession, kind: DeviceKind): Promise<readonly Device[]> =>
      (await session.media.devices()).filter((device) => device.kind === kind);

    it('takes another microphone without a new offer, and closes the one before', async () => {
      const { session, peer } = await inCall();
      const [before] = session.media.localStream?.getAudioTracks() ?? [];
      const other = (await listed(session, 'audioinput')).find(({ selected }) => !selected);
      await session.media.chooseDevice('audioinput', other?.id ?? '', NEVER);
      expect(before?.readyState).to.equal('ended');
      const selected = (await listed(session, 'audioinput')).filter((device) => device.selected);
      expect(selected.map(({ id }) => id)).to.deep.equal([other?.id]);
      await hears(peer);
      expect(session.log).not.to.include('offer-needed');
    });

    it('takes another camera, and opens that one the next time too', async () => {
      const { session, peer } = await inCall({ video: true });
      const cameras = await listed(session, 'videoinput');
      expect(cameras.map(({ selected }) => selected)).to.deep.equal([true, false, false]);
      const other = cameras[2]?.id ?? '';
      await session.media.chooseDevice('videoinput', other, NEVER);
      const idOf = (): string | undefined =>
        session.media.localStream?.getVideoTracks()[0]?.getSettings().deviceId;
      expect(idOf()).to.equal(other);
      await grows(() => peer.received('video', 'framesDecoded'), 3);
      await session.media.setVideoMuted(true, NEVER);
      await session.media.setVideoMuted(false, NEVER);
      expect(idOf()).to.equal(other);
    });

    it('remembers a camera that is chosen while it is off', async () => {
      const { session } = await inCall({ video: true });
      const other = (await listed(session, 'videoinput')).find(({ selected }) => !selected)?.id;
      await session.media.setVideoMuted(true, NEVER);
      await session.media.chooseDevice('videoinput', other ?? '', NEVER);
      expect(kinds(session)).to.deep.equal(['audio']);
      await session.media.setVideoMuted(false, NEVER);
      const [camera] = session.media.localStream?.getVideoTracks() ?? [];
      expect(camera?.getSettings().deviceId).to.equal(other);
    });

    it('plays on another speaker', async () => {
      const { session } = await inCall();
      const speakers = await listed(session, 'audiooutput');
      const other = speakers.find(({ selected }) => !selected)?.id ?? '';
      await session.media.chooseDevice('audiooutput', other, NEVER);
      const now = (await listed(session, 'audiooutput')).filter(({ selected }) => selected);
      expect(now.map(({ id }) => id)).to.deep.equal([other]);
    });

    for (const kind of ['audioinput', 'videoinput', 'audiooutput'] as const) {
      it(`${kind} that is not there: nothing changes`, async () => {
        const { session, peer } = await inCall({ video: true });
        const before = await session.media.devices();
        expect(
          await rejection(session.media.chooseDevice(kind, 'f'.repeat(64), NEVER)),
        ).to.be.instanceOf(CallError);
        expect(await session.media.devices()).to.deep.equal(before);
        await hears(peer);
      });
    }

    it('stops what comes after the abort', async () => {
      const { session } = await inCall();
      const opening = prompt(desk);
      const abort = new AbortController();
      const choosing = session.media.chooseDevice('audioinput', 'default', abort.signal);
      await until(() => opening.asked());
      abort.abort();
      expect(await rejection(choosing)).to.have.property('name', 'AbortError');
      opening.allow();
      await until(() => desk.live().length === 1);
    });

    it('tells when there are others to choose from, until the end', async () => {
      const { session } = await inCall();
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      expect(session.log.filter((line) => line === 'devices-changed')).to.have.length(1);
      session.media.close();
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      expect(session.log.filter((line) => line === 'devices-changed')).to.have.length(1);
    });
  });

  describe('setAudioMuted', () => {
    it('silences the far end, and packets go on', async () => {
      const { session, peer } = await inCall();
      const energy = (): Promise<number> => peer.received('audio', 'totalAudioEnergy');
      const seconds = (): Promise<number> => peer.received('audio', 'totalSamplesDuration');
      await hears(peer);
      const reports = session.reports.length;
      session.media.setAudioMuted(true);
      expect(session.reports).to.have.length(reports + 1);
      // over 1.2 s each: the fake microphone beeps every second, and what is under way may still be heard
      const heardIn = async (): Promise<number> => {
        const [before, from] = [await energy(), await seconds()];
        await until(async () => (await seconds()) > from + 1.2);
        return (await energy()) - before;
      };
      const packets = await peer.received('audio', 'packetsReceived');
      // noise of the codec is about 1e-9 a second, a beep 0.1
      await until(async () => (await heardIn()) < 1e-7);
      expect(await heardIn()).to.be.below(1e-7);
      expect(await peer.received('audio', 'packetsReceived')).to.be.greaterThan(packets + 50);
      session.media.setAudioMuted(false);
      await hears(peer);
    });
  });

  it('tells once that somebody speaks into the muted microphone of a call', async () => {
    const context = new AudioContext();
    const out = new MediaStreamAudioDestinationNode(context);
    const voice = new OscillatorNode(context, { frequency: 200 });
    voice.connect(out);
    voice.start();
    desk.answer(() => Promise.resolve(out.stream));
    const { session } = await inCall();
    session.media.setAudioMuted(true);
    await until(() => session.log.includes('muted-speech'));
    session.media.setAudioMuted(false);
    session.media.setAudioMuted(true);
    await until(() => session.log.filter((line) => line === 'muted-speech').length === 2);
    session.media.close();
    await context.close();
  });

  describe('setVideoMuted', () => {
    it('switches the camera off, and on again with frames for the far end', async () => {
      const { session, peer } = await inCall({ video: true });
      const frames = (): Promise<number> => peer.received('video', 'framesDecoded');
      await grows(frames, 3);
      const [camera] = session.media.localStream?.getVideoTracks() ?? [];
      await session.media.setVideoMuted(true, NEVER);
      expect(camera?.readyState).to.equal('ended');
      expect(desk.live().map(({ kind }) => kind)).to.deep.equal(['audio']);
      expect(kinds(session)).to.deep.equal(['audio']);
      expect(session.report()?.localVideo).to.equal(false);
      await session.media.setVideoMuted(false, NEVER);
      expect(kinds(session)).to.deep.equal(['audio', 'video']);
      expect(session.report()?.localVideo).to.equal(true);
      await grows(frames, 3);
      expect(session.log, 'nothing to negotiate, and no device lost').to.deep.equal(['connected']);
    });

    it('opens the camera once however often it is asked', async () => {
      const { session } = await inCall({ video: true });
      await session.media.setVideoMuted(false, NEVER);
      expect(desk.requests).to.have.length(1);
      await session.media.setVideoMuted(true, NEVER);
      await session.media.setVideoMuted(true, NEVER);
      await Promise.all([
        session.media.setVideoMuted(false, NEVER),
        session.media.setVideoMuted(false, NEVER),
      ]);
      expect(desk.live().map(({ kind }) => kind)).to.have.members(['audio', 'video']);
    });

    it('leaves the camera off when muted again before it came', async () => {
      const { session } = await inCall({ video: true });
      await session.media.setVideoMuted(true, NEVER);
      const question = prompt(desk);
      const unmuting = rejection(session.media.setVideoMuted(false, NEVER));
      await until(() => question.asked());
      await session.media.setVideoMuted(true, NEVER);
      question.allow();
      expect(await unmuting).to.have.property('name', 'AbortError');
      expect(desk.live().map(({ kind }) => kind)).to.deep.equal(['audio']);
      expect(session.report()?.localVideo).to.equal(false);
    });

    it('rejects where the camera cannot be had, and the call goes on', async () => {
      const { session, peer } = await inCall({ video: true });
      await session.media.setVideoMuted(true, NEVER);
      unplugCamera();
      expect(await rejection(session.media.setVideoMuted(false, NEVER))).to.be.instanceOf(
        CallError,
      );
      expect(session.report()?.localVideo).to.equal(false);
      await hears(peer);
    });

    it('adds video to a voice call: an offer with a line for it', async () => {
      const { session, peer } = await inCall();
      await session.media.setVideoMuted(false, NEVER);
      expect(session.log).to.deep.equal(['connected', 'offer-needed']);
      await callPeer(session, peer);
      expect(session.report()).to.include({ localVideo: true, videoWanted: true });
      await grows(() => peer.received('video', 'framesDecoded'), 3);
      await hears(peer);
    });

    it('adds video that the far end refuses: no later offer asks for it again, another try does', async () => {
      const { session, peer } = await inCall();
      await session.media.setVideoMuted(false, NEVER);
      await session.media.createOffer({ iceRestart: false }, NEVER);
      await session.media.rollback();
      expect(session.report()?.localVideo, 'glare is no refusal').to.equal(true);
      await session.media.setVideoMuted(true, NEVER);
      expect(desk.live().map(({ kind }) => kind)).to.deep.equal(['audio']);
      const { sdp } = await session.media.createOffer({ iceRestart: false }, NEVER);
      expect(sdp).not.to.match(/^m=video [1-9]/m);
      await session.media.setRemoteDescription({ type: 'answer', sdp: await peer.answer(sdp) });
      await session.media.setVideoMuted(false, NEVER);
      await callPeer(session, peer);
      await grows(() => peer.received('video', 'framesDecoded'), 3);
      expect(session.log.filter((name) => name === 'offer-needed')).to.have.length(2);
    });

    it('adds video while an offer is out, or while theirs is: by one more offer', async () => {
      const { session, peer } = await inCall();
      const { sdp } = await session.media.createOffer({ iceRestart: false }, NEVER);
      await session.media.setVideoMuted(false, NEVER);
      expect(session.log).to.deep.equal(['connected']);
      await session.media.setRemoteDescription({ type: 'answer', sdp: await peer.answer(sdp) });
      expect(session.log).to.deep.equal(['connected', 'offer-needed']);
      await callPeer(session, peer);
      await grows(() => peer.received('video', 'framesDecoded'), 3);
    });

    it('shares the line where the far end adds video at the same time', async () => {
      const { session, peer } = await inCall();
      await session.media.setVideoMuted(false, NEVER);
      await session.media.createOffer({ iceRestart: false }, NEVER);
      await session.media.rollback();
      await peer.send({ video: true });
      const answer = await reofferFromPeer(session, peer);
      expect(answer.match(/^m=video/gm)).to.have.length(1);
      expect(session.report()).to.include({ localVideo: true, remoteVideo: true });
      await grows(() => peer.received('video', 'framesDecoded'), 3);
    });

    it('asks for a new offer when the camera comes after a start without one', async () => {
      unplugCamera();
      const { session, peer } = await inCall({ video: true });
      desk.answer((constraints, real) => real(constraints));
      await session.media.setVideoMuted(false, NEVER);
      expect(session.log).to.deep.equal(['connected', 'offer-needed']);
      await callPeer(session, peer);
      await grows(() => peer.received('video', 'framesDecoded'), 3);
      expect(session.log).to.deep.equal(['connected', 'offer-needed']);
    });

    it('waits with that for the answer to an offer that is out', async () => {
      unplugCamera();
      const session = createSession({ video: true });
      await session.media.open(BOTH, NEVER);
      const { sdp } = await session.media.createOffer({ iceRestart: false }, NEVER);
      desk.answer((constraints, real) => real(constraints));
      await session.media.setVideoMuted(false, NEVER);
      expect(session.log).to.deep.equal([]);
      const peer = new Peer();
      await session.media.setRemoteDescription({ type: 'answer', sdp: await peer.answer(sdp) });
      expect(session.log).to.deep.equal(['offer-needed']);
      expect(session.report()?.localVideo, 'still on').to.equal(true);
    });
  });

  describe('close', () => {
    it('stops every track at once, and can be called again', async () => {
      const { session, peer } = await inCall({ video: true });
      const reports = session.reports.length;
      const remote = session.media.remoteStream.getTracks();
      expect(desk.live()).to.have.length(2);
      expect(remote).not.to.have.length(0);
      session.media.close();
      expect(desk.live()).to.have.length(0);
      expect(session.media.localStream).to.equal(null);
      session.media.close();
      await until(() => remote.every(({ readyState }) => readyState === 'ended'));
      await until(() => peer.pc.connectionState !== 'connected');
      expect(session.reports).to.have.length(reports);
      expect(session.log).to.deep.equal(['connected']);
    });

    it('lets go of tracks: browsers keep them for a while, and must not keep the connection with them', async () => {
      const { session } = await inCall({ video: true });
      const tracks = session.media.localStream?.getTracks() ?? [];
      expect(tracks).to.have.length(2);
      session.media.close();
      expect(tracks.every(({ onended }) => onended === null)).to.equal(true);
    });

    it('leaves nothing that could open a device or hang afterwards', async () => {
      const { session } = await inCall({ video: true });
      session.media.close();
      const asked = desk.requests.length;
      for (const late of [
        session.media.open(BOTH, NEVER),
        session.media.createOffer({ iceRestart: true }, NEVER),
        session.media.createAnswer(NEVER),
        session.media.setRemoteDescription({ type: 'answer', sdp: '' }),
      ]) {
        expect(await rejection(late)).to.have.property('name', 'AbortError');
      }
      await rejection(session.media.setVideoMuted(false, NEVER));
      await session.media.rollback();
      session.media.configure({ servers: [], relayOnly: false });
      session.media.setAudioMuted(true);
      expect(session.media.sendDtmf('1')).to.equal(false);
      expect(desk.requests).to.have.length(asked);
    });
  });
});
