import type { Tones } from '../call/ports.js';

// ITU-T Q.23
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477, 1633];
const KEYS = '123A456B789C*0#D';
const DIGIT_S = 0.12;

// what most of the world hears: ITU-T E.180
const RINGBACK_HZ = 425;
const RINGBACK_ON_S = 1;
const RINGBACK_PERIOD_S = 5;
/** Enough for the tone, and the lowest rate that every browser takes (W3C Web Audio API §1.9). */
const RINGBACK_RATE = 8000;

const RAMP_S = 0.01;
const RINGBACK_GAIN = 0.1;
const DIGIT_GAIN = 0.05;

/** One period of ringback: looped, it needs no timer, and a hidden page does not upset its beat. */
function ringbackPeriod(context: BaseAudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, RINGBACK_PERIOD_S * RINGBACK_RATE, RINGBACK_RATE);
  const samples = buffer.getChannelData(0);
  const length = RINGBACK_ON_S * RINGBACK_RATE;
  const ramp = RAMP_S * RINGBACK_RATE;
  for (let i = 0; i < length; i++) {
    samples[i] =
      Math.min(1, i / ramp, (length - i) / ramp) *
      Math.sin((2 * Math.PI * RINGBACK_HZ * i) / RINGBACK_RATE);
  }
  return buffer;
}

/**
 * Ringback and key tones by one AudioContext, made in `unlock` (browsers start none without a gesture). Silent where
 * there is none or the browser blocks it.
 */
export function createTones(): Tones {
  let context: AudioContext | null = null;
  let stopRinging: (() => void) | null = null;
  let playing = 0;

  /** A context that runs costs a tenth of what a whole audio call does, also where it plays nothing. */
  const rest = (): void => {
    if (playing === 0) context?.suspend().catch(() => {});
  };

  const play = (on: AudioContext, source: AudioScheduledSourceNode, level: GainNode): void => {
    playing += 1;
    source.onended = () => {
      playing -= 1;
      rest();
    };
    source.connect(level);
    source.start();
    on.resume().catch(() => {});
  };

  /** A volume that goes up softly and, at the end, down: a hard edge clicks. */
  const volume = (on: AudioContext, level: number): GainNode => {
    const gain = new GainNode(on);
    gain.gain.setValueAtTime(0, on.currentTime);
    gain.gain.linearRampToValueAtTime(level, on.currentTime + RAMP_S);
    gain.connect(on.destination);
    return gain;
  };

  const stopRingback = (): void => {
    stopRinging?.();
    stopRinging = null;
  };

  return {
    unlock() {
      try {
        context ??= new AudioContext();
        // Safari interrupts it when the microphone opens; a refusal means silence
        context.resume().then(rest, () => {});
      } catch {
        // none in this browser, or too many in this page
      }
    },

    startRingback() {
      const on = context;
      if (on === null || stopRinging !== null) return;
      const source = new AudioBufferSourceNode(on, { buffer: ringbackPeriod(on), loop: true });
      const level = volume(on, RINGBACK_GAIN);
      play(on, source, level);
      stopRinging = () => {
        level.gain.setTargetAtTime(0, on.currentTime, RAMP_S);
        source.stop(on.currentTime + 5 * RAMP_S);
      };
    },

    stopRingback,

    digit(digit) {
      const on = context;
      const key = KEYS.indexOf(digit.toUpperCase());
      if (on === null || key < 0 || digit.length !== 1) return;
      const end = on.currentTime + DIGIT_S;
      const level = volume(on, DIGIT_GAIN);
      level.gain.setValueAtTime(DIGIT_GAIN, end - RAMP_S);
      level.gain.linearRampToValueAtTime(0, end);
      for (const hertz of [ROWS[key >> 2], COLUMNS[key & 3]]) {
        const oscillator = new OscillatorNode(on, { frequency: hertz ?? 0 });
        play(on, oscillator, level);
        oscillator.stop(end);
      }
    },

    setSink(id) {
      // missing in Firefox and Safari
      const on: (AudioContext & { setSinkId?(id: string): Promise<void> }) | null = context;
      on?.setSinkId?.(id).catch(() => {});
    },

    close() {
      stopRingback();
      context?.close().catch(() => {});
      context = null;
    },
  };
}
