import { CallError } from '../call/errors.js';
import type { Clock, DeviceKind, MediaSession, MediaSessionEvents } from '../call/ports.js';
import { systemClock } from '../shared/clock.js';
import type { IceWait } from '../shared/config.js';
import { run } from './abortable.js';
import { watchConnection } from './connection-watch.js';
import { listDevices, permissionGranted } from './devices.js';
import { createDtmf } from './dtmf.js';
import { watchFirstPacket } from './first-packet.js';
import { type AddTransceiver, createLocalTracks } from './local-tracks.js';
import { readPath } from './media-path.js';
import type { MutedSpeech } from './muted-speech.js';
import { CONFIGURATION, createNegotiation } from './negotiation.js';
import { createPlayback } from './playback.js';
import { createQualityMeter, type Stats } from './quality.js';
import { takesVideo } from './takes-video.js';

export interface MediaSessionOptions {
  readonly events: MediaSessionEvents;
  /** Offer video, whether or not there is a camera. */
  readonly video: boolean;
  readonly iceWait: IceWait;
  readonly clock?: Clock;
  readonly addTransceiver?: AddTransceiver;
}

/**
 * One peer connection with the visitor's devices, for one call. Nothing is gathered and no device opened until asked.
 * Throws a `CallError` `webrtc-unsupported` where the browser makes no peer connection.
 *
 * The far end's hold is not answered by changed directions of our own: JSEP intersects them (RFC 8829 §5.3.1), and
 * `currentDirection` tells.
 */
export function createMediaSession({
  events,
  video,
  iceWait,
  clock = systemClock,
  addTransceiver = (on, kind, stream) => on.addTransceiver(kind, { streams: [stream] }),
}: MediaSessionOptions): MediaSession {
  let pc: RTCPeerConnection;
  try {
    pc = new RTCPeerConnection(CONFIGURATION);
  } catch (error) {
    throw CallError.from(error, 'webrtc-unsupported');
  }
  // asked ahead: a browser takes up to 20 ms to say, which would be the visitor's
  const granted = permissionGranted({ video });
  const closer = new AbortController();
  const { signal: closing } = closer;
  const chosen = new Map<DeviceKind, string>();
  const remote = new MediaStream();
  const playback = createPlayback(clock, events);
  let connected = false;
  let mutedSpeech: Promise<MutedSpeech | null> | null = null;

  const tracks = createLocalTracks({
    pc,
    video,
    addTransceiver,
    chosen,
    closing,
    onChange: report,
    onLost: (kind, replaced) => events.onDeviceLost(kind, replaced),
  });
  const local = tracks.stream;
  const negotiation = createNegotiation({ pc, tracks, iceWait, clock, closing, onChange: report });

  /** From the first connection on: before it nobody is there to hear. What listens comes with the first muting. */
  function watchMuted(): void {
    const [microphone] = local.getAudioTracks();
    const muted = connected && microphone?.enabled === false ? microphone : undefined;
    if (mutedSpeech === null && muted === undefined) return;
    mutedSpeech ??= import('./muted-speech.js').then(
      ({ createMutedSpeech }) => createMutedSpeech(clock, () => events.onMutedSpeech?.()),
      // a hint less
      () => null,
    );
    void mutedSpeech.then((speech) => speech?.watch(closing.aborted ? undefined : muted));
  }

  async function readStats(): Promise<Stats> {
    const stats = (await pc.getStats()) as Stats;
    const path = readPath(stats);
    if (path !== null && !closing.aborted) events.onPath?.(path);
    return stats;
  }

  watchConnection(pc, clock, closing, {
    onConnected() {
      const first = !connected;
      connected = true;
      if (first)
        createQualityMeter(readStats, (report) => events.onQuality(report), clock, closing);
      watchMuted();
      events.onConnected();
      if (first) watchFirstPacket(pc, clock, closing, () => events.onFirstPacket?.());
    },
    onDisconnected: () => events.onDisconnected(),
    isSoundConnecting: () => tracks.audio.sender.transport?.state === 'connecting',
  });

  function report(): void {
    if (closing.aborted) return;
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
      held: tracks.held(),
      remoteAudio,
      remoteVideo: has('video'),
      localVideo: tracks.camera() !== undefined,
      videoWanted: takesVideo(pc.remoteDescription?.sdp ?? ''),
    });
    if (tracks.takeOfferNeeded()) events.onOfferNeeded?.();
  }

  const { mediaDevices } = navigator as Partial<Navigator>;
  mediaDevices?.addEventListener('devicechange', () => events.onDevicesChanged?.(), {
    signal: closing,
  });

  return {
    ...negotiation,

    async open(wanted, signal) {
      const speaker = wanted.preferred?.get('audiooutput');
      if (speaker !== undefined) {
        playback.setSink(speaker).then(
          () => chosen.set('audiooutput', speaker),
          // gone, or not to be chosen in this browser: the usual one
          () => {},
        );
      }
      return tracks.open(wanted, signal);
    },

    get stable() {
      return pc.signalingState === 'stable';
    },

    setAudioMuted: tracks.setAudioMuted,
    setVideoMuted: tracks.setVideoMuted,
    devices: () => listDevices(chosen, local.getTracks()),

    async chooseDevice(kind, id, signal) {
      if (kind === 'audiooutput') await run(() => playback.setSink(id), signal);
      else await tracks.choose(kind, id, signal);
      chosen.set(kind, id);
      report();
    },

    sendDtmf: createDtmf(tracks.audio.sender),
    play: playback.play,
    volume: playback.volume,
    setVolume: playback.setVolume,

    get localStream() {
      return local.active ? local : null;
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
      if (closing.aborted) return;
      closer.abort();
      watchMuted();
      tracks.close();
      playback.close();
      pc.close();
    },
  };
}
