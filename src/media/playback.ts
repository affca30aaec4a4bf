import { isAbort } from '../call/errors.js';
import type { Clock, MediaSessionEvents } from '../call/ports.js';

const RETRY_MS = 300;

export interface Playback {
  /** Call it in a gesture before there is anything to hear, and whenever sound should be there. */
  play(): void;
  /** Adds a track to what is heard; one that is known changes nothing. */
  add(track: MediaStreamTrack): void;
  /** Plays on another device. Rejects where the browser refuses it, or cannot. */
  setSink(id: string): Promise<void>;
  /** How loud it plays, 0 to 1; `null`: the browser leaves that to the keys of the device, as iOS does. */
  volume(): Promise<number | null>;
  /** 0 to 1. Throws beyond. */
  setVolume(volume: number): void;
  close(): void;
}

/** WebKit on iOS takes no volume, and reads back the one that was set for as long as the task lasts. */
async function takesVolume(): Promise<boolean> {
  const probe = new Audio();
  probe.volume = 0.5;
  await new Promise((resolve) => setTimeout(resolve));
  return probe.volume === 0.5;
}

/**
 * Plays far-end sound by an audio element of its own, outside the document: neither a rendering of the panel nor a
 * hidden `<video>` silences it.
 *
 * `play()` in a gesture unlocks the element for good: WebKit lifts its restrictions at the call, with or without
 * anything to play, and Chromium lets the element play from then on. Without a gesture, WebKit plays while the page
 * captures a microphone.
 */
export function createPlayback(
  clock: Clock,
  events: Pick<MediaSessionEvents, 'onPlaybackBlocked' | 'onPlaying'>,
): Playback {
  const audio = new Audio();
  const tracks: MediaStreamTrack[] = [];
  let cancelRetry = (): void => {};
  let latest: Promise<void> | null = null;
  const play = (): void => {
    cancelRetry();
    const attempt = (latest = audio.play());
    attempt.then(
      () => latest === attempt && events.onPlaying?.(),
      (error: unknown) => {
        if (latest !== attempt) return;
        if (error instanceof Error && error.name === 'NotAllowedError') {
          // before there is sound nothing is held back, and a page that has a microphone by then may play
          if (tracks.length > 0) events.onPlaybackBlocked();
        }
        // interrupted, by a phone call for instance: without another try the call would stay silent
        else if (isAbort(error)) cancelRetry = clock.after(RETRY_MS, play);
      },
    );
  };
  audio.autoplay = true;
  // headphones unplugged, or a media key pressed: a call has no pause
  audio.onpause = play;
  return {
    play,
    add(track) {
      if (tracks.includes(track)) return;
      tracks.push(track);
      // a new stream each time: Chromium does not play a far-end track added to a stream that had none
      audio.srcObject = new MediaStream(tracks);
    },
    setSink: (id) => audio.setSinkId(id),
    volume: async () => ((await takesVolume()) ? audio.volume : null),
    setVolume(volume) {
      audio.volume = volume;
    },
    close() {
      latest = null;
      cancelRetry();
      audio.onpause = null;
      audio.pause();
      audio.srcObject = null;
    },
  };
}
