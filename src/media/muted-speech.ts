import type { Clock } from '../call/ports.js';

/** Between two looks at the level, ms. */
export const LOOK_MS = 100;
/** Looks, more loud ones than quiet ones, that make it speech: no cough, no key, no door. */
const ENOUGH = 6;
/** Root mean square of full scale: about -34 dBFS, between a quiet voice and the noise of a room. */
const SPEECH_LEVEL = 0.02;

export interface MutedSpeech {
  /** The muted microphone, or none: unmuted, or not in a call. The same one again changes nothing. */
  watch(track: MediaStreamTrack | undefined): void;
}

/**
 * Tells once for each muting that somebody speaks into the muted microphone. A disabled track is silent for everyone,
 * so it listens to a clone, which is sent to nobody. Costs nothing while nothing is watched, nor once it has told.
 */
export function createMutedSpeech(clock: Clock, onSpeech: () => void): MutedSpeech {
  let watched: MediaStreamTrack | undefined;
  let stop = (): void => {};
  let told = false;

  function listen(track: MediaStreamTrack): () => void {
    const context = new AudioContext();
    const clone = track.clone();
    clone.enabled = true;
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(new MediaStream([clone])).connect(analyser);
    // without a gesture so far it may be suspended: then nothing is heard, and nothing said
    context.resume().catch(() => {});
    const samples = new Float32Array(analyser.fftSize);
    let loud = 0;
    let cancel = (): void => {};
    const end = (): void => {
      cancel();
      clone.stop();
      context.close().catch(() => {});
    };
    const look = (): void => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      loud = Math.max(0, loud + (Math.sqrt(power) > SPEECH_LEVEL ? 1 : -1));
      if (loud < ENOUGH) {
        cancel = clock.after(LOOK_MS, look);
        return;
      }
      told = true;
      stop();
      onSpeech();
    };
    cancel = clock.after(LOOK_MS, look);
    return end;
  }

  return {
    watch(track) {
      if (track === watched) return;
      watched = track;
      stop();
      stop = () => {};
      if (track === undefined) told = false;
      else if (!told) {
        try {
          stop = listen(track);
        } catch {
          // no AudioContext to be had: a hint less
        }
      }
    },
  };
}
