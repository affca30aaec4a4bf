import type { Clip } from './assets.js';
import type { Picture } from './ivf.js';
import type { Stream } from './stream.js';
import { packetizeVp8 } from './vp8.js';

/** Calls back at `index * intervalMs`, catching up after a busy event loop, until `step` returns false. */
function pace(
  intervalMs: number,
  signal: AbortSignal,
  step: (index: number) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const start = performance.now();
    let index = 0;
    const timer = setInterval(tick, Math.max(5, intervalMs / 2));
    const stop = (): void => {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
      resolve();
    };
    function tick(): void {
      for (; performance.now() - start >= index * intervalMs; index += 1) {
        if (!step(index)) {
          stop();
          return;
        }
      }
    }
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    else tick();
  });
}

/** Plays speech before everything else on the stream, or music again and again. Resolves at its end or on abort. */
export async function playClip(
  stream: Stream,
  clip: Clip,
  signal: AbortSignal,
  { loop = false } = {},
): Promise<void> {
  const packets = stream.line.codec.name === 'opus' ? clip.opus : clip.pcmu;
  const durationMs = packets[0]?.durationMs ?? 20;
  const ticks = (durationMs * stream.line.codec.clockRate) / 1000;
  const source = {};
  stream.prefer(source);
  try {
    await pace(durationMs, signal, (index) => {
      const packet = packets[loop ? index % packets.length : index];
      if (packet === undefined) return false;
      stream.send(source, {
        sequence: index & 0xffff,
        timestamp: index * ticks,
        marker: index === 0,
        payload: packet.data,
      });
      return true;
    });
  } finally {
    stream.release(source);
  }
}

export interface PicturePlayer {
  /** Goes on at the next key frame of the clip at once. */
  keyframe(): void;
}

const KEYFRAME_INTERVAL_MS = 500;

/** Shows a picture in a loop until the signal aborts. */
export function playPicture(stream: Stream, picture: Picture, signal: AbortSignal): PicturePlayer {
  const { frames, frameMs } = picture;
  const source = {};
  const ticks = (frameMs * stream.line.codec.clockRate) / 1000;
  let at = 0;
  let sequence = 0;
  let lastJumpMs = 0;
  void pace(frameMs, signal, (index) => {
    if (stream.fed) return true;
    const payloads = packetizeVp8(frames[at % frames.length]!.data, index);
    at += 1;
    payloads.forEach((payload, part) => {
      stream.send(source, {
        sequence: sequence & 0xffff,
        timestamp: index * ticks,
        marker: part === payloads.length - 1,
        payload,
      });
      sequence += 1;
    });
    return true;
  });
  return {
    keyframe() {
      const now = performance.now();
      if (now - lastJumpMs < KEYFRAME_INTERVAL_MS) return;
      lastJumpMs = now;
      while (!frames[at % frames.length]!.key) at += 1;
    },
  };
}
