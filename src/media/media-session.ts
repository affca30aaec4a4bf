/**
 * The one owner of a peer connection. Longer than most files, because tracks, lines and negotiation share its state, and
 * an order of events that is safe can only be read in one place; devices, playback, quality, digits and watches are
 * beside it.
 */
import { CallError, type EndReason } from '../call/errors.js';
import type { Clock, DeviceKind, MediaSession, MediaSessionEvents } from '../call/ports.js';
import { assertNever } from '../shared/assert-never.js';
import type { IceWait } from '../shared/config.js';
import { abortable, abortError } from './abortable.js';
import { systemClock } from '../shared/clock.js';
import { watchConnection } from './connection-watch.js';
import { listDevices } from './device-list.js';
import { openDevices, permissionGranted } from './devices.js';
import { createDtmf } from './dtmf.js';
import { candidatesGathered } from './ice-wait.js';
import { watchFirstPacket } from './first-packet.js';
import { readPath } from './media-path.js';
import { createMutedSpeech } from './muted-speech.js';
import { createPlayback } from './playback.js';
import { createQualityMeter, type Stats } from './quality.js';
import { takesVideo } from './takes-video.js';
import { unchangedAnswer } from './unchanged-answer.js';

export interface MediaSessionOptions {
  readonly events: MediaSessionEvents;
  /** Offer video, whether or not there is a camera. */
  readonly video: boolean;
  readonly iceWait: IceWait;
  readonly clock?: Clock;
  /** Failures that the call survives. */
  readonly logger?: (message: string, cause: unknown) => void;
  readonly addTransceiver?: AddTransceiver;
}

/** Makes the transceiver of a kind, before the first description, sending into `stream`. */
export type AddTransceiver = (
  pc: RTCPeerConnection,
  kind: 'audio' | 'video',
  stream: MediaStream,
) => RTCRtpTransceiver;

const CONFIGURATION: RTCConfiguration = {
  // never a browser default
  iceServers: [],
  // max-bundle ends every call through a gateway that strips a=group:BUNDLE (rtpengine does)
  bundlePolicy: 'balanced',
  rtcpMuxPolicy: 'require',
};

/**
 * One peer connection with the visitor's devices, for one call. Nothing is gathered and no device opened until asked.
 * Throws a `CallError` `webrtc-unsupported` where the browser makes no peer connection.
 *
 * The far end's hold is not answered by changed directions of our own: JSEP intersects them (RFC 8829 §5.3.1), and
 * `currentDirection` tells.
 */
export function createMediaSession({
  events,
  video: videoOffered,
  iceWait,
  clock = systemClock,
  logger,
  addTransceiver = (on, kind, stream) => on.addTransceiver(kind, { streams: [stream] }),
}: MediaSessionOptions): MediaSession {
  let pc: RTCPeerConnection;
  try {
    pc = new RTCPeerConnection(CONFIGURATION);
  } catch (error) {
    throw CallError.from(error, 'webrtc-unsupported');
  }
  // asked ahead: a browser takes up to 20 ms to say, which would be the visitor's
  const granted = permissionGranted({ video: videoOffered });
  const closing = new AbortController();
  const local = new MediaStream();
  const remote = new MediaStream();
  const playback = createPlayback(
    clock,
    () => events.onPlaybackBlocked(),
    () => events.onPlaying?.(),
  );
  const mutedSpeech = createMutedSpeech(clock, () => events.onMutedSpeech?.());
  // one stream for both: its id in a=msid is what lets the far end keep lips and words together
  const audio = addTransceiver(pc, 'audio', local);
  if (videoOffered) addTransceiver(pc, 'video', local);
  let relayOnly = false;
  let audioMuted = false;
  let videoMuted = false;
  let offerNeeded = false;
  // the camera is on and in no m-line
  let unoffered = false;
  // made ahead, and of which lines
  let ahead: Promise<string | null> | null = null;
  const chosen = new Map<DeviceKind, string>();
  let preferred: ReadonlyMap<DeviceKind, string> | undefined;
  let stopMeter: (() => void) | null = null;
  let stopLooking: (() => void) | null = null;

  const stopWatch = watchConnection(pc, clock, {
    onConnected() {
      stopMeter ??= createQualityMeter(
        async () => {
          const stats = (await pc.getStats()) as Stats;
          const path = readPath(stats);
          if (path !== null && !closing.signal.aborted) events.onPath?.(path);
          return stats;
        },
        (report) => events.onQuality(report),
        clock,
      );
      watchMuted();
      events.onConnected();
      stopLooking ??= watchFirstPacket(pc, clock, () => events.onFirstPacket?.());
    },
    onDisconnected: () => events.onDisconnected(),
    isSoundConnecting: () => audio.sender.transport?.state === 'connecting',
  });

  /** The m-line that a camera of ours belongs to; none once the far end has refused it. */
  const videoTransceiver = (): RTCRtpTransceiver | undefined =>
    pc
      .getTransceivers()
      .find(
        ({ receiver, direction }) => receiver.track.kind === 'video' && direction !== 'stopped',
      );

  const camera = (): MediaStreamTrack | undefined => local.getVideoTracks()[0];

  const either = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing.signal]);

  function discard(tracks: readonly MediaStreamTrack[]): void {
    for (const track of tracks) {
      // Chromium keeps the stream of a getUserMedia for minutes: its tracks must not keep this connection
      track.onended = null;
      track.stop();
      local.removeTrack(track);
    }
  }

  /** Checked again where a stream is taken over: the abort may fall between its arrival and that. */
  function refuse(stream: MediaStream): never {
    discard(stream.getTracks());
    throw abortError();
  }

  /** From the first connection on: before it nobody is there to hear. */
  function watchMuted(): void {
    const listening = audioMuted && stopMeter !== null && !closing.signal.aborted;
    mutedSpeech.watch(listening ? local.getAudioTracks()[0] : undefined);
  }

  /** Everything asked of the peer connection ends with its closing, or with the signal given. */
  async function run<T>(
    step: () => Promise<T>,
    signal = closing.signal,
    reason?: EndReason,
  ): Promise<T> {
    try {
      return await abortable(step, signal);
    } catch (error) {
      throw signal.aborted ? abortError() : CallError.from(error, reason);
    }
  }

  /** Agreed that we send nothing. */
  const refused = ({ currentDirection }: RTCRtpTransceiver): boolean =>
    currentDirection?.includes('send') === false;

  /** While the call is on hold nobody can tell. */
  const pictureRefused = (): boolean => {
    const transceiver = videoTransceiver();
    return transceiver === undefined || (refused(transceiver) && !refused(audio));
  };

  function report(): void {
    if (closing.signal.aborted) return;
    watchMuted();
    const receiving = pc
      .getTransceivers()
      .filter(({ currentDirection }) => currentDirection?.includes('recv'))
      .map(({ receiver }) => receiver.track);
    // a track stays through a hold, so that what plays it goes on by itself; a refused m-line ends it
    for (const track of remote.getTracks()) {
      if (track.readyState === 'ended') remote.removeTrack(track);
    }
    for (const track of receiving) {
      remote.addTrack(track);
      if (track.kind === 'audio') playback.add(track);
    }
    const has = (kind: string): boolean => receiving.some((track) => track.kind === kind);
    const remoteAudio = has('audio');
    if (remoteAudio) playback.play();
    events.onReport({
      held: refused(audio),
      remoteAudio,
      remoteVideo: has('video'),
      localVideo: camera() !== undefined,
      videoWanted: takesVideo(pc.remoteDescription?.sdp ?? ''),
    });
    if (offerNeeded && pc.signalingState === 'stable') {
      offerNeeded = false;
      events.onOfferNeeded?.();
    }
  }

  /** Makes this the one track of its kind, sent and shown; what was there before is stopped. */
  async function use(kind: 'audio' | 'video', track?: MediaStreamTrack): Promise<void> {
    const before = local.getTracks().filter((old) => old.kind === kind && old !== track);
    if (track === undefined) {
      discard(before);
    } else {
      for (const old of before) local.removeTrack(old);
      local.addTrack(track);
      // never fired by our own stop()
      track.onended = () => void lose(kind);
    }
    try {
      await send(kind, track);
    } finally {
      // only now, so that there is no gap
      discard(before);
    }
  }

  async function send(kind: 'audio' | 'video', track?: MediaStreamTrack): Promise<void> {
    const line = kind === 'audio' ? audio : videoTransceiver();
    if (kind === 'video') unoffered = track !== undefined && line === undefined;
    if (line === undefined) {
      offerNeeded ||= unoffered && pc.currentRemoteDescription !== null;
      return;
    }
    await run(() => {
      if (track !== undefined && kind === 'video') {
        // an answer of ours asks by itself, and so does the offer that is out, unless that was recvonly
        offerNeeded ||=
          (pc.signalingState === 'stable' && pictureRefused()) ||
          (pc.signalingState === 'have-local-offer' && line.direction === 'recvonly');
        line.direction = 'sendrecv';
      }
      return line.sender.replaceTrack(track ?? null);
    });
  }

  const drop = (kind: 'audio' | 'video'): Promise<void> =>
    use(kind).catch((error: unknown) => logger?.('track not removed', error));

  async function openMicrophone(ended: AbortSignal, choice = chosen): Promise<void> {
    const stream = await openDevices(
      { audio: true, video: false, chosen: choice, preferred },
      ended,
    );
    const [track] = stream.getAudioTracks();
    if (ended.aborted || track === undefined) refuse(stream);
    track.enabled = !audioMuted;
    await use('audio', track);
  }

  async function openCamera(ended: AbortSignal, choice = chosen): Promise<void> {
    const stream = await openDevices(
      { audio: false, video: true, chosen: choice, preferred },
      ended,
    );
    // the flag: muted again while the prompt was open
    if (videoMuted || ended.aborted) refuse(stream);
    await use('video', stream.getVideoTracks()[0]);
  }

  /** Unplugged. Another microphone takes its place at once, another camera only when the visitor says so. */
  async function lose(kind: 'audio' | 'video'): Promise<void> {
    chosen.delete(`${kind}input`);
    await drop(kind);
    const replaced =
      kind === 'audio' &&
      (await openMicrophone(closing.signal).then(
        () => true,
        // there is none, or the visitor would have to be asked
        () => false,
      ));
    if (closing.signal.aborted) return;
    report();
    events.onDeviceLost(kind, replaced);
  }

  /** A camera that nobody sees goes off. */
  async function afterNegotiation(): Promise<void> {
    offerNeeded ||= unoffered;
    if (camera() !== undefined && !offerNeeded && pictureRefused()) await drop('video');
    report();
  }

  /** Gives a camera that came on in a voice call its line: that of their offer, or one of ours. */
  async function offerCamera(type: 'offer' | 'answer'): Promise<void> {
    const track = camera();
    const line = videoTransceiver();
    if (!unoffered || track === undefined || (type === 'answer' && line === undefined)) return;
    unoffered = offerNeeded = false;
    if (line === undefined) pc.addTransceiver(track, { streams: [local] });
    else await use('video', track);
  }

  const setOffer = async (): Promise<void> => pc.setLocalDescription(await pc.createOffer());

  const lines = (): string =>
    pc
      .getTransceivers()
      .map(({ direction }) => direction)
      .join();

  /** What was offered ahead will not do: a line has changed, or the addresses were still withheld (RFC 8828). */
  const outdated = (offered: string | null): boolean => {
    const withheld = /^a=candidate:.*\.local /m.test(pc.localDescription?.sdp ?? '');
    if (withheld) pc.restartIce();
    return withheld || offered !== lines();
  };

  async function describe(
    type: 'offer' | 'answer',
    signal: AbortSignal,
  ): Promise<{ type: 'offer' | 'answer'; sdp: string }> {
    const ended = either(signal);
    return run(async () => {
      await offerCamera(type);
      const offered = await ahead;
      const fit = ahead !== null && !outdated(offered);
      ahead = null;
      // not the implicit form: that would answer where a glaring offer has come first
      if (type === 'answer') await pc.setLocalDescription(await pc.createAnswer());
      else if (!fit) await setOffer();
      if (type === 'answer') await afterNegotiation();
      await candidatesGathered(pc, iceWait, relayOnly, clock, ended);
      return { type, sdp: pc.localDescription?.sdp ?? '' };
    }, ended);
  }

  const { mediaDevices } = navigator as Partial<Navigator>;
  mediaDevices?.addEventListener('devicechange', () => events.onDevicesChanged?.(), {
    signal: closing.signal,
  });

  return {
    async open(wanted, signal) {
      const video = wanted.video && videoTransceiver() !== undefined;
      videoMuted = !video;
      preferred = wanted.preferred;
      const speaker = preferred?.get('audiooutput');
      if (speaker !== undefined) {
        playback.setSink(speaker).then(
          () => chosen.set('audiooutput', speaker),
          // gone, or not to be chosen in this browser: the usual one
          () => {},
        );
      }
      const ended = either(signal);
      const stream = await openDevices({ ...wanted, video }, ended, (error) =>
        logger?.('no camera, audio only', error),
      );
      if (ended.aborted) refuse(stream);
      const [microphone] = stream.getAudioTracks();
      const [picture] = stream.getVideoTracks();
      if (microphone !== undefined) microphone.enabled = !audioMuted;
      const transceiver = videoTransceiver();
      if (picture === undefined && transceiver !== undefined) transceiver.direction = 'recvonly';
      await Promise.all([use('audio', microphone), use('video', picture)]);
      // while the prompt was open
      if (videoMuted) await drop('video');
      report();
      return { video: camera() !== undefined };
    },

    configure(ice) {
      if (closing.signal.aborted) return;
      relayOnly = ice.relayOnly;
      try {
        pc.setConfiguration({
          ...CONFIGURATION,
          iceServers: ice.servers as RTCIceServer[],
          iceTransportPolicy: relayOnly ? 'relay' : 'all',
        });
      } catch (error) {
        throw CallError.from(error, 'misconfigured');
      }
    },

    prepareOffer() {
      if (closing.signal.aborted) return;
      const offered = lines();
      ahead = setOffer().then(
        () => offered,
        () => null,
      );
    },

    createOffer({ iceRestart }, signal) {
      // holds until a restart has been negotiated, so that an offer after a refused one restarts as well
      if (iceRestart) pc.restartIce();
      return describe('offer', signal);
    },

    createAnswer: (signal) => describe('answer', signal),

    async setRemoteDescription(description) {
      await run(() => pc.setRemoteDescription(description), closing.signal, 'media-not-supported');
      if (description.type === 'answer') await afterNegotiation();
    },

    async rollback() {
      const description = { type: 'rollback' } as const;
      if (pc.signalingState === 'have-local-offer') {
        // Chromium (seen with 156) mixes up later lines with one that was taken back: refused here, it is gone for good
        const answer = videoTransceiver()?.currentDirection === null ? unchangedAnswer(pc) : null;
        await run(() =>
          answer === null
            ? pc.setLocalDescription(description)
            : pc.setRemoteDescription({ type: 'answer', sdp: answer }),
        );
        // asked again by the next offer, unless the camera goes off
        unoffered = camera() !== undefined && videoTransceiver() === undefined;
      } else if (pc.signalingState === 'have-remote-offer') {
        await run(() => pc.setRemoteDescription(description));
        if (camera() !== undefined && pictureRefused()) await drop('video');
      } else return;
      report();
    },

    get stable() {
      return pc.signalingState === 'stable';
    },

    setAudioMuted(muted) {
      audioMuted = muted;
      for (const track of local.getAudioTracks()) track.enabled = !muted;
      report();
    },

    async setVideoMuted(muted, signal) {
      videoMuted = muted;
      if (muted) await use('video');
      else if (camera() === undefined) {
        await openCamera(either(signal));
      }
      report();
    },

    async devices() {
      const inUse = new Map<DeviceKind, string>(chosen);
      for (const track of local.getTracks()) {
        const { deviceId } = track.getSettings();
        if (deviceId !== undefined) inUse.set(`${track.kind as 'audio' | 'video'}input`, deviceId);
      }
      try {
        return await listDevices(inUse);
      } catch {
        return [];
      }
    },

    async chooseDevice(kind, id, signal) {
      const ended = either(signal);
      const choice = new Map(chosen).set(kind, id);
      switch (kind) {
        case 'audiooutput':
          await run(() => playback.setSink(id), ended);
          break;
        case 'audioinput':
          await openMicrophone(ended, choice);
          break;
        case 'videoinput':
          if (camera() !== undefined) await openCamera(ended, choice);
          break;
        default:
          assertNever(kind);
      }
      chosen.set(kind, id);
      report();
    },

    sendDtmf: createDtmf(audio.sender),
    play: playback.play,
    volume: playback.volume,
    setVolume: playback.setVolume,

    get localStream() {
      return local.getTracks().length === 0 ? null : local;
    },
    remoteStream: remote,
    async packetsReceived() {
      const report = (await pc.getStats()) as ReadonlyMap<string, RTCInboundRtpStreamStats>;
      return [...report.values()]
        .filter(({ type }) => type === 'inbound-rtp')
        .reduce((sum, { packetsReceived }) => sum + (packetsReceived ?? 0), 0);
    },
    permissionGranted: () => granted,

    close() {
      if (closing.signal.aborted) return;
      closing.abort();
      watchMuted();
      stopWatch();
      stopMeter?.();
      stopLooking?.();
      discard(local.getTracks());
      playback.close();
      pc.close();
    },
  };
}
