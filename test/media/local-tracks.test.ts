import { expect } from 'chai';
import type { DeviceKind } from '../../src/call/ports.js';
import { createLocalTracks } from '../../src/media/local-tracks.js';
import { type DeviceDesk, watchDevices } from '../support/devices.js';
import { closeAll, NEVER, Peer } from '../support/media.js';
import { rejection } from '../support/rejection.js';

const kinds = (stream: MediaStream): string[] => stream.getTracks().map(({ kind }) => kind);

describe('the tracks of the visitor', () => {
  let desk: DeviceDesk;
  beforeEach(() => (desk = watchDevices()));
  afterEach(() => {
    closeAll();
    desk.restore();
  });

  function setUp(video: boolean) {
    const { pc } = new Peer();
    const closer = new AbortController();
    const chosen = new Map<DeviceKind, string>();
    const log: string[] = [];
    const tracks = createLocalTracks({
      pc,
      video,
      addTransceiver: (on, kind, stream) => on.addTransceiver(kind, { streams: [stream] }),
      chosen,
      closing: closer.signal,
      onChange: () => log.push('change'),
      onLost: (kind, replaced) => log.push(`${kind} ${replaced ? 'replaced' : 'lost'}`),
    });
    return { pc, tracks, chosen, closer, log };
  }

  it('go into their lines, and nowhere before they are open', async () => {
    const { pc, tracks, log } = setUp(true);
    const sent = () => pc.getSenders().map(({ track }) => track);
    expect(sent()).to.deep.equal([null, null]);
    expect(await tracks.open({ audio: true, video: true }, NEVER)).to.deep.equal({ video: true });
    expect(sent()).to.deep.equal(tracks.stream.getTracks());
    expect(log).to.deep.equal(['change']);
  });

  it('a camera that came on in a voice call has no line before the next description', async () => {
    const { pc, tracks } = setUp(false);
    await tracks.open({ audio: true, video: false }, NEVER);
    await tracks.setVideoMuted(false, NEVER);
    expect(tracks.videoLine()).to.equal(undefined);
    expect(tracks.takeOfferNeeded(), 'the first offer is to come anyway').to.equal(false);
    await tracks.beforeDescription('offer');
    expect(tracks.videoLine()?.sender.track).to.equal(tracks.camera());
    expect(pc.getTransceivers()).to.have.length(2);
  });

  it('asks once for an offer of the camera, when one can be made', async () => {
    const { pc, tracks } = setUp(false);
    const far = new Peer();
    await tracks.open({ audio: true, video: false }, NEVER);
    const agree = async (): Promise<void> => {
      await pc.setLocalDescription();
      const sdp = await far.answer(pc.localDescription!.sdp, (line) => {
        if (line.receiver.track.kind === 'video') line.direction = 'inactive';
      });
      await pc.setRemoteDescription({ type: 'answer', sdp });
    };
    await agree();
    await tracks.setVideoMuted(false, NEVER);
    expect([tracks.takeOfferNeeded(), tracks.takeOfferNeeded()]).to.deep.equal([true, false]);
    await tracks.beforeDescription('offer');
    await agree();
    await tracks.afterNegotiation();
    expect(kinds(tracks.stream), 'refused: nobody would see it').to.deep.equal(['audio']);
  });

  it('a microphone that is muted stays so when it is changed', async () => {
    const { tracks } = setUp(false);
    await tracks.open({ audio: true, video: false }, NEVER);
    tracks.setAudioMuted(true);
    const [before] = tracks.stream.getAudioTracks();
    await tracks.choose('audioinput', before!.getSettings().deviceId!, NEVER);
    const [after] = tracks.stream.getAudioTracks();
    expect([before!.readyState, after!.enabled]).to.deep.equal(['ended', false]);
  });

  it('another camera is opened when it is on again', async () => {
    const { tracks } = setUp(true);
    await tracks.open({ audio: true, video: false }, NEVER);
    const asked = desk.requests.length;
    await tracks.choose('videoinput', 'other', NEVER);
    expect(desk.requests).to.have.length(asked);
  });

  it('open nothing after the end, and are all stopped by it', async () => {
    const { tracks, closer } = setUp(true);
    await tracks.open({ audio: true, video: true }, NEVER);
    closer.abort();
    tracks.close();
    expect(desk.live()).to.have.length(0);
    const late = rejection(tracks.open({ audio: true, video: true }, NEVER));
    expect(await late).to.have.property('name', 'AbortError');
    expect(desk.live()).to.have.length(0);
  });
});
