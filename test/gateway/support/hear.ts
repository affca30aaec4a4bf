import type { Page } from 'playwright-core';
import type { Sound } from './speech.js';

interface AudioFrame {
  readonly sampleRate: number;
  readonly numberOfFrames: number;
  /** µs */
  readonly timestamp: number;
  copyTo(target: Float32Array, options: { planeIndex: number; format: string }): void;
  close(): void;
}

/** What the page's far end says in that time. */
export async function hear(page: Page, seconds: number): Promise<Sound> {
  const { samples, rate } = await page.evaluate(async (limit) => {
    const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
    const { track } = peer.getReceivers().find(({ track: { kind } }) => kind === 'audio')!;
    const processor = new (
      globalThis as unknown as {
        MediaStreamTrackProcessor: new (init: {
          track: MediaStreamTrack;
          maxBufferSize: number;
        }) => {
          readable: ReadableStream<AudioFrame>;
        };
      }
    ).MediaStreamTrackProcessor({
      track: track.clone(),
      // by default ten frames: a page that is busy for 100 ms loses sound that the call did not lose
      maxBufferSize: 100 * (limit + 1),
    });
    const reader = processor.readable.getReader();
    let heard = new Float32Array(0);
    let sampleRate = 0;
    let start = 0;
    let end = 0;
    while (sampleRate === 0 || end < heard.length) {
      const { value, done } = await reader.read();
      if (done) break;
      if (sampleRate === 0) {
        ({ sampleRate, timestamp: start } = value);
        heard = new Float32Array(limit * sampleRate);
      }
      const plane = new Float32Array(value.numberOfFrames);
      value.copyTo(plane, { planeIndex: 0, format: 'f32-planar' });
      // where it belongs in time: what is lost nevertheless is silence, and moves nothing
      const at = Math.max(0, Math.round(((value.timestamp - start) * sampleRate) / 1e6));
      value.close();
      end = at + plane.length;
      if (at < heard.length) heard.set(plane.subarray(0, heard.length - at), at);
    }
    await reader.cancel();
    const bytes = new Uint8Array(heard.buffer);
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) {
      text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    }
    return { samples: btoa(text), rate: sampleRate };
  }, seconds);
  const data = Buffer.from(samples, 'base64');
  return {
    samples: new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length)),
    rate,
  };
}
