import type { Device, DeviceAccess, DeviceKind } from '../call/ports.js';

/** What counts as silence and as full, dB of full scale: the noise of a quiet room, and a loud voice. */
const SILENT_DB = -60;
const FULL_DB = -10;

/** A rising fourth, in Hz; seconds for each. Pleasant, and told apart from any ringing. */
const NOTES = [587, 784];
const NOTE_S = 0.35;
const NOTE_GAIN = 0.15;

export interface DeviceCheck {
  /** Opens the microphone and, if asked, the camera. Rejects as `DeviceAccess.open` does. */
  open(video: boolean): Promise<void>;
  /** The camera's picture, if there is one. */
  readonly picture: MediaStream | null;
  /** Of the microphone right now: 0 (silent) to 1 (as loud as it should get). */
  level(): number;
  /** Never rejects. */
  devices(): Promise<readonly Device[]>;
  /** Uses another one. Rejects where that fails: then nothing has changed. */
  choose(kind: DeviceKind, id: string): Promise<void>;
  /** A short sound on the chosen speaker; resolves when it is over, or closed. Rejects where the browser plays nothing. */
  play(): Promise<void>;
  /** Idempotent. */
  close(): void;
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * Opens devices to be looked at and listened to before a call. Make it in a click: sound is unlocked by that. `chosen`
 * is what to begin with, and is kept up to date. Throws where the browser has no AudioContext left.
 */
export function createDeviceCheck(
  access: DeviceAccess,
  chosen: Map<DeviceKind, string>,
): DeviceCheck {
  const closing = new AbortController();
  const { signal } = closing;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  // through an element: in most browsers only that can play on another speaker
  const speaker = context.createMediaStreamDestination();
  const audio = new Audio();
  audio.srcObject = speaker.stream;
  let microphone: MediaStream | null = null;
  let source: MediaStreamAudioSourceNode | null = null;
  let camera: MediaStream | null = null;

  // Safari interrupts it when a microphone is opened
  const resume = (): Promise<void> => context.resume();
  resume().catch(() => {});

  const setSink = async (): Promise<void> => {
    const id = chosen.get('audiooutput');
    if (id !== undefined && 'setSinkId' in audio) await audio.setSinkId(id);
  };

  function listen(stream: MediaStream): void {
    source?.disconnect();
    stop(microphone);
    microphone = stream;
    source = context.createMediaStreamSource(stream);
    source.connect(analyser);
    resume().catch(() => {});
  }

  function look(stream: MediaStream): void {
    stop(camera);
    camera = stream;
  }

  /** The abort may fall between a stream's arrival and its use. */
  function unlessClosed(stream: MediaStream): MediaStream {
    if (signal.aborted) stop(stream);
    signal.throwIfAborted();
    return stream;
  }

  return {
    async open(video) {
      const wanted = { audio: true, video, preferred: chosen };
      const stream = unlessClosed(await access.open(wanted, signal));
      listen(new MediaStream(stream.getAudioTracks()));
      const pictures = stream.getVideoTracks();
      if (pictures.length > 0) look(new MediaStream(pictures));
      // one that is gone leaves the usual one
      await setSink().catch(() => chosen.delete('audiooutput'));
    },

    get picture() {
      return camera;
    },

    level() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      const level = (10 * Math.log10(power) - SILENT_DB) / (FULL_DB - SILENT_DB);
      return Math.max(0, Math.min(1, level));
    },

    devices: () =>
      access.list(
        chosen,
        [microphone, camera].flatMap((stream) => stream?.getTracks() ?? []),
      ),

    async choose(kind, id) {
      const before = chosen.get(kind);
      chosen.set(kind, id);
      try {
        if (kind === 'audiooutput') await setSink();
        else {
          const audio = kind === 'audioinput';
          const wanted = { audio, video: !audio, chosen };
          const stream = unlessClosed(await access.open(wanted, signal));
          if (audio) listen(stream);
          else look(stream);
        }
      } catch (error) {
        if (before === undefined) chosen.delete(kind);
        else chosen.set(kind, before);
        throw error;
      }
    },

    async play() {
      await Promise.all([resume(), audio.play()]);
      if (signal.aborted) return;
      const gain = context.createGain();
      gain.connect(speaker);
      const start = context.currentTime + 0.05;
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
        NOTES.forEach((hertz, at) => {
          const oscillator = context.createOscillator();
          oscillator.frequency.value = hertz;
          oscillator.connect(gain);
          const from = start + at * NOTE_S;
          // a hard edge clicks
          gain.gain.setValueAtTime(0.001, from);
          gain.gain.exponentialRampToValueAtTime(NOTE_GAIN, from + 0.02);
          gain.gain.exponentialRampToValueAtTime(0.001, from + NOTE_S);
          oscillator.start(from);
          oscillator.stop(from + NOTE_S);
          if (at === NOTES.length - 1) oscillator.onended = () => resolve();
        });
      });
      gain.disconnect();
      audio.pause();
    },

    close() {
      if (signal.aborted) return;
      closing.abort();
      stop(microphone);
      stop(camera);
      audio.pause();
      audio.srcObject = null;
      context.close().catch(() => {});
    },
  };
}
