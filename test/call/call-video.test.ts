import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import { admitted, answered, REQUEST, scene, settle } from '../support/call-scene.js';
import { CONFIG, type FakeMedia } from '../support/fake-ports.js';

const VIDEO = { ...CONFIG, media: 'video' } as const;

/** The camera is on, as far as the visitor and the device go. */
async function turnOn(media: FakeMedia): Promise<void> {
  media.report({ localVideo: true });
  media.videoMuting!.resolve(undefined);
  await settle();
}

describe('video that the far end adds to a voice call', () => {
  it('shows at once, and asks before the camera opens', async () => {
    const on = scene();
    const { media } = await answered(on);
    media.report();
    media.report({ remoteVideo: true, videoWanted: true });
    expect(on.call.snapshot).to.include({
      videoRequested: true,
      remoteVideo: true,
      localVideo: false,
    });
    expect(media.calls).not.to.include('video on');
  });

  it('accepted: the camera opens, and the far end is offered its picture', async () => {
    const on = scene();
    const { media, dialog } = await answered(on);
    media.report({ remoteVideo: true, videoWanted: true });
    on.call.answerVideo(true);
    expect(on.call.snapshot.videoRequested).to.equal(false);
    expect(media.calls).to.include('video on');
    media.events.onOfferNeeded!();
    await turnOn(media);
    expect(dialog.reinvites).to.deep.equal([false]);
    expect(on.call.snapshot).to.include({ localVideo: true, videoMuted: false, notice: null });
  });

  it('declined: the camera stays off, and the same offer is not asked about again', async () => {
    const on = scene();
    const { media } = await answered(on);
    media.report({ remoteVideo: true, videoWanted: true });
    on.call.answerVideo(false);
    media.report({ remoteVideo: true, videoWanted: true });
    expect(on.call.snapshot.videoRequested).to.equal(false);
    expect(media.calls).not.to.include('video on');
    on.call.answerVideo(true);
    expect(media.calls, 'nothing was asked').not.to.include('video on');
  });

  it('taken back meanwhile: the question goes', async () => {
    const on = scene();
    const { media } = await answered(on);
    media.report({ remoteVideo: true, videoWanted: true });
    media.report();
    expect(on.call.snapshot.videoRequested).to.equal(false);
    media.report({ remoteVideo: true, videoWanted: true });
    expect(on.call.snapshot.videoRequested, 'asked anew').to.equal(true);
    on.call.end();
    expect(on.call.snapshot.videoRequested).to.equal(false);
  });

  it('that wants no picture of ours asks nothing', async () => {
    const on = scene();
    const { media } = await answered(on);
    media.report({ remoteVideo: true });
    expect(on.call.snapshot).to.include({ videoRequested: false, remoteVideo: true });
  });

  it('in a video call whose camera is off, or comes back from hold, asks nothing', async () => {
    const on = scene();
    const { media } = await answered(on, VIDEO, true);
    media.report({ localVideo: true, videoWanted: true });
    void on.call.setVideoMuted(true);
    media.report({ videoWanted: true });
    media.videoMuting!.resolve(undefined);
    await settle();
    media.report({ held: true });
    media.report({ videoWanted: true });
    expect(on.call.snapshot).to.include({ videoRequested: false, notice: null });
  });
});

describe('a control for the camera', () => {
  const offered = (on: ReturnType<typeof scene>): boolean => on.call.snapshot.videoOffered;

  it('belongs to a video call from its start', () => {
    const on = scene();
    void on.call.start(VIDEO, REQUEST);
    expect(offered(on)).to.equal(true);
  });

  it('belongs to a voice call once the far end asks, though the visitor says no and it sends none', async () => {
    const on = scene();
    const { media } = await answered(on);
    media.report();
    expect(offered(on)).to.equal(false);
    media.report({ videoWanted: true });
    on.call.answerVideo(false);
    media.report();
    expect(offered(on)).to.equal(true);
  });

  it('stays where the camera was on, and is gone with the call', async () => {
    const on = scene();
    const { media, dialog } = await answered(on);
    void on.call.setVideoMuted(false);
    await turnOn(media);
    void on.call.setVideoMuted(true);
    media.report();
    expect(on.call.snapshot).to.include({ videoOffered: true, localVideo: false });
    on.call.end();
    dialog.drained.resolve(undefined);
    await settle();
    void on.call.start(CONFIG, REQUEST);
    expect(offered(on)).to.equal(false);
  });
});

describe('a video call that begins without the camera', () => {
  it('opens the microphone alone, asks nothing of it, and the camera comes when the visitor says so', async () => {
    const on = scene();
    void on.call.start(VIDEO, { ...REQUEST, camera: false });
    await settle();
    const media = on.world.medias[0]!;
    expect(media.calls).to.include('open audio');
    media.opened[0]!.resolve({ video: false });
    await settle();
    expect(on.call.snapshot).to.include({ videoMuted: true, videoOffered: true, notice: null });
    void on.call.setVideoMuted(false);
    expect(media.calls).to.include('video on');
  });
});

describe('video that the visitor adds', () => {
  it('is a new offer, once the call is answered', async () => {
    const on = scene();
    const { media, dialog, sent, events } = await admitted(on);
    sent.resolve(dialog);
    await settle();
    void on.call.setVideoMuted(false);
    media.events.onOfferNeeded!();
    await turnOn(media);
    expect(dialog.reinvites).to.deep.equal([]);
    events.onAnswered();
    expect(dialog.reinvites).to.deep.equal([false]);
  });

  it('refused by the far end: the camera goes off, a notice, and the call goes on', async () => {
    const on = scene();
    const { media, dialog } = await answered(on);
    dialog.answer = () => Promise.reject(new CallError('media-not-supported', '488'));
    void on.call.setVideoMuted(false);
    media.events.onOfferNeeded!();
    await turnOn(media);
    expect(media.calls.at(-1)).to.equal('video muted');
    media.report();
    media.videoMuting!.resolve(undefined);
    await settle();
    expect(on.call.snapshot).to.include({
      state: 'established',
      videoMuted: true,
      notice: 'video-refused',
    });
  });

  it('refused in the answer to the offer: the same', async () => {
    const on = scene();
    const { media } = await answered(on);
    void on.call.setVideoMuted(false);
    media.report({ localVideo: true });
    media.events.onOfferNeeded!();
    // the media session turns off what nobody sees
    media.report();
    media.videoMuting!.resolve(undefined);
    await settle();
    expect(on.call.snapshot).to.include({ videoMuted: true, notice: 'video-refused' });
  });

  it('without a camera that opens: a notice, and nothing is offered', async () => {
    const on = scene();
    const { media, dialog } = await answered(on);
    void on.call.setVideoMuted(false);
    media.videoMuting!.reject(new CallError('internal-error', 'no camera'));
    await settle();
    expect(on.call.snapshot).to.include({ videoMuted: true, notice: 'camera-unavailable' });
    expect(dialog.reinvites).to.deep.equal([]);
  });

  it('taken back at the browser’s question is no failure', async () => {
    const on = scene();
    const { media } = await answered(on);
    void on.call.setVideoMuted(false);
    media.videoMuting!.reject(new DOMException('muted', 'AbortError'));
    await settle();
    expect(on.call.snapshot.notice).to.equal(null);
  });
});

describe('video that the far end takes out', () => {
  it('of the call: a notice says that the camera is off', async () => {
    const on = scene();
    const { media } = await answered(on, VIDEO, true);
    media.report({ localVideo: true, remoteVideo: true, videoWanted: true });
    media.report();
    expect(on.call.snapshot).to.include({ videoMuted: true, notice: 'video-ended' });
  });

  it('of its answer: a notice says that it takes none', async () => {
    const on = scene();
    const { media, dialog, sent, events } = await admitted(on, VIDEO, true);
    sent.resolve(dialog);
    await settle();
    media.report();
    events.onAnswered();
    expect(on.call.snapshot).to.include({ state: 'established', notice: 'video-refused' });
  });
});
