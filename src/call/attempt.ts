import type { CallConfig } from '../shared/config.js';
import { createTimer } from '../shared/timer.js';
import { type CallDevices, createCallDevices } from './call-devices.js';
import type { CallProgress } from './call-progress.js';
import { type CallRequest, createCallSetup } from './call-setup.js';
import { isInCall, isLive } from './call-state.js';
import { type CallVideo, createCallVideo } from './call-video.js';
import { CallError, type EndReason } from './errors.js';
import type {
  CallEnd,
  CallPorts,
  MediaSession,
  MediaSessionEvents,
  SignallingCall,
  SignallingEvents,
} from './ports.js';
import { createRecovery } from './recovery.js';
import type { CallSnapshot } from './snapshot.js';
import { whileLive } from './while-live.js';

/** Answered, but no media: the call ends (`media-timeout`). */
export const MEDIA_TIMEOUT_MS = 10_000;

/** All that one call holds open, from the form on. */
export interface Attempt {
  readonly config: CallConfig;
  readonly media: MediaSession;
  readonly video: CallVideo;
  readonly devices: CallDevices;
  /** The press on Call is near. */
  warm(): void;
  /** Call it from the visitor's gesture, which unlocks sound. Never rejects: what fails ends the call. */
  start(request: CallRequest): Promise<void>;
  /** RFC 4733 where negotiated, from early media on; else INFO, in an answered call. */
  sendDtmf(digits: string): void;
  /** Devices at once, the WebSocket when the last response is in. No report counts any more. */
  close(): Promise<void>;
}

/**
 * Opens WebSocket and peer connection, and no device. All that its ports report goes to `progress`; the end of the call
 * to `onEnd`, which is to close this. Throws where the browser makes no peer connection; nothing is open then.
 */
export function openAttempt(
  config: CallConfig,
  world: CallPorts,
  progress: CallProgress,
  onEnd: (end: CallEnd) => void,
): Attempt {
  const { clock, tones } = world;
  const { snapshot, recorder, go } = progress;
  const closing = new AbortController();
  const { signal } = closing;
  const answerLimit = createTimer(clock, signal);
  const mediaLimit = createTimer(clock, signal);
  let dialog: SignallingCall | null = null;
  let mediaUp = false;
  let held = false;

  const live = (): boolean => !signal.aborted && isLive(snapshot().state);

  function publish(change: Partial<CallSnapshot>): void {
    if (!signal.aborted) progress.publish(change);
  }

  const endBy = (reason: EndReason) => (): void => onEnd({ reason });

  function awaitAnswer(): void {
    answerLimit.set(config.ringTimeoutMs, endBy('no-answer'));
  }

  /** After an abort the one who aborted has said why. */
  async function dial(dialled: Promise<SignallingCall>): Promise<void> {
    try {
      dialog = await dialled;
    } catch (error) {
      if (!signal.aborted) onEnd(CallError.from(error));
    }
  }

  const mediaEvents: MediaSessionEvents = {
    onReport(report) {
      ({ held } = report);
      video.report(report);
      go(held ? 'hold' : 'retrieve');
    },
    onConnected() {
      mediaUp = true;
      recorder().mark('connected');
      mediaLimit.cancel();
      if (!go('restored')) return;
      recovery.mediaRestored();
      if (held) go('hold');
    },
    onDisconnected() {
      mediaUp = false;
      if (go('lost')) recovery.mediaLost();
    },
    onOfferNeeded: () => video.offer(),
    onQuality: (quality) => publish({ quality }),
    onPath: (path) => (recorder().path = path),
    onFirstPacket: () => recorder().mark('packet'),
    onPlaybackBlocked: () => publish({ notice: 'sound-blocked' }),
    onPlaying() {
      if (snapshot().notice === 'sound-blocked') publish({ notice: null });
    },
    onMutedSpeech() {
      // what is said already matters more
      if (snapshot().notice === null) publish({ notice: 'muted-speaking' });
    },
    onDevicesChanged: () => devices.changed(),
    onDeviceLost(kind, replaced) {
      publish(
        kind === 'video'
          ? { notice: 'camera-lost', videoMuted: true }
          : { notice: replaced ? 'microphone-replaced' : 'microphone-lost' },
      );
    },
  };

  const signallingEvents: SignallingEvents = {
    onResponse: (status) => recorder().response(status),
    onRinging() {
      if (!go('ringing')) return;
      tones.startRingback();
      awaitAnswer();
    },
    onEarlyMedia() {
      if (go('early-media')) tones.stopRingback();
    },
    onAnswered() {
      tones.stopRingback();
      answerLimit.cancel();
      if (!go('answered', { answeredAt: clock.now() })) return;
      if (held) go('hold');
      video.answered();
      if (!mediaUp) mediaLimit.set(MEDIA_TIMEOUT_MS, endBy('media-timeout'));
    },
    onEnded(end) {
      const again = end.reason === 'pass-refused' ? setup.again() : null;
      if (again === null) {
        onEnd(end);
        return;
      }
      dialog = null;
      answerLimit.cancel();
      tones.stopRingback();
      void dial(again);
    },
    onTransportLost() {
      recorder().count('socketLosses');
      // before the answer the far end's responses are lost with the socket: better said at once
      if (isInCall(snapshot().state)) recovery.socketLost();
      else onEnd({ reason: 'connection-lost' });
    },
    onTransportRestored: () => recovery.socketRestored(),
  };

  const media = world.createMedia(config, whileLive(live, mediaEvents));
  const video = createCallVideo({
    media,
    offered: config.media === 'video',
    signal,
    snapshot,
    publish,
    reinvite: () => dialog?.reinvite({ iceRestart: false }, signal),
  });
  const devices = createCallDevices({ media, tones, signal, snapshot, publish });
  const recovery = createRecovery({
    clock,
    signal,
    progress,
    dialog: () => dialog,
    giveUp: endBy('connection-lost'),
  });
  const setup = createCallSetup({
    config,
    world,
    media,
    progress,
    signal,
    events: whileLive(live, signallingEvents),
    onOpened: video.opened,
    onInvite: awaitAnswer,
  });
  const leaveNetwork = world.onNetworkChange(() => {
    if (live()) recovery.networkChanged();
  });

  return {
    config,
    media,
    video,
    devices,
    warm: setup.warm,

    start(request) {
      // the longest way comes first
      const dialled = dial(setup.start(request));
      tones.unlock();
      const speaker = request.devices?.get('audiooutput');
      if (speaker !== undefined) tones.setSink(speaker);
      if (typeof request.volume === 'number') media.setVolume(request.volume);
      media.play();
      return dialled;
    },

    sendDtmf(digits) {
      if (!media.sendDtmf(digits)) dialog?.sendDtmfInfo(digits);
    },

    async close() {
      leaveNetwork();
      tones.close();
      const drained = dialog?.end();
      closing.abort();
      media.close();
      try {
        await drained;
      } finally {
        setup.close();
      }
    },
  };
}
