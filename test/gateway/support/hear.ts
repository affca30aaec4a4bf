import type { Page } from 'playwright-core';
import { envelopeOf } from './envelope.js';

interface AudioFrame {
  readonly sampleRate: number;
  readonly numberOfFrames: number;
  copyTo(target: Float32Array, options: { planeIndex: number; format: string }): void;
  close(): void;
}

/** Loudness, in frames of 20 ms, of what the page's far end says in that time. */
export async function hear(page: Page, seconds: number): Promise<number[]> {
  const { samples, rate } = await page.evaluate(async (limit) => {
    const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
    const { track } = peer.getReceivers().find(({ track: { kind } }) => kind === 'audio')!;
    const processor = new (
      globalThis as unknown as {
        MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack }) => {
          readable: ReadableStream<AudioFrame>;
        };
      }
    ).MediaStreamTrackProcessor({ track: track.clone() });
    const reader = processor.readable.getReader();
    const heard: number[] = [];
    let sampleRate = 48_000;
    while (heard.length < limit * sampleRate) {
      const { value, done } = await reader.read();
      if (done) break;
      ({ sampleRate } = value);
      const plane = new Float32Array(value.numberOfFrames);
      value.copyTo(plane, { planeIndex: 0, format: 'f32-planar' });
      value.close();
      heard.push(...plane);
    }
    await reader.cancel();
    const bytes = new Uint8Array(Float32Array.from(heard).buffer);
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) {
      text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    }
    return { samples: btoa(text), rate: sampleRate };
  }, seconds);
  const data = Buffer.from(samples, 'base64');
  return envelopeOf(
    new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length)),
    rate,
  );
}
