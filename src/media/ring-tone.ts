import type { RingTone } from '../call/phone-ports.js';

/** Hz and the second in which it is struck: a falling arpeggio, twice, as from a piano next door. */
const NOTES: readonly (readonly [hertz: number, at: number])[] = [
  [1318.51, 0],
  [1046.5, 0.16],
  [783.99, 0.32],
  [1046.5, 0.48],
  [1318.51, 0.9],
  [1046.5, 1.06],
  [783.99, 1.22],
  [1046.5, 1.38],
];
const PERIOD_S = 4;
const RATE = 16_000;
/** Seconds in which a struck string falls to a third. */
const DECAY_S = 0.28;
/** Loudness of the harmonics, the ground tone first. */
const HARMONICS = [1, 0.4, 0.15];
const GAIN = 0.22;
const RAMP_S = 0.02;

/** One period of the tone: looped, it needs no timer, and a hidden page does not upset its beat. */
function ringPeriod(context: BaseAudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, PERIOD_S * RATE, RATE);
  const samples = buffer.getChannelData(0);
  for (const [hertz, at] of NOTES) {
    const start = Math.round(at * RATE);
    const length = Math.min(samples.length - start, 6 * DECAY_S * RATE);
    for (let i = 0; i < length; i++) {
      const t = i / RATE;
      let sample = 0;
      HARMONICS.forEach((level, n) => {
        // higher ones die sooner
        sample +=
          level * Math.exp((-t * (n + 1)) / DECAY_S) * Math.sin(2 * Math.PI * hertz * (n + 1) * t);
      });
      samples[start + i] = (samples[start + i] ?? 0) + sample * GAIN * Math.min(1, t / 0.004);
    }
  }
  return buffer;
}

/** Rings by Web Audio. Silent where there is none or the browser blocks it; `start` before `unlock` may be, too. */
export function createRingTone(): RingTone {
  let context: AudioContext | null = null;
  let stopRinging: (() => void) | null = null;

  const unlock = (): void => {
    try {
      context ??= new AudioContext();
      context.resume().catch(() => {});
    } catch {
      // none in this browser, or too many in this page
    }
  };
  const stop = (): void => {
    stopRinging?.();
    stopRinging = null;
  };

  return {
    unlock,
    start() {
      unlock();
      const on = context;
      if (on === null || stopRinging !== null) return;
      const source = new AudioBufferSourceNode(on, { buffer: ringPeriod(on), loop: true });
      const level = new GainNode(on);
      source.connect(level).connect(on.destination);
      source.start();
      stopRinging = () => {
        level.gain.setTargetAtTime(0, on.currentTime, RAMP_S);
        source.stop(on.currentTime + 5 * RAMP_S);
      };
    },
    stop,
    close() {
      stop();
      context?.close().catch(() => {});
      context = null;
    },
  };
}
