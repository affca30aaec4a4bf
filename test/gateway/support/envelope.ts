/** Speech is recognised by the rise and fall of its loudness: codecs, levels and delays leave that alone. */
import { readFile } from 'node:fs/promises';

/** Frames of 20 ms. */
const FRAMES_PER_SECOND = 50;

/** Loudness per frame, of samples between -1 and 1. */
export function envelopeOf(samples: Float32Array, rate: number): number[] {
  const size = Math.floor(rate / FRAMES_PER_SECOND);
  return Array.from({ length: Math.floor(samples.length / size) }, (_, frame) => {
    let power = 0;
    for (let i = 0; i < size; i += 1) power += (samples[frame * size + i] ?? 0) ** 2;
    // below -60 dBFS is silence, with or without noise of comfort
    return Math.max(-60, 10 * Math.log10(power / size + 1e-12));
  });
}

/** Of a 16-bit PCM WAV file, also of one whose header was not finished. */
export async function wavEnvelope(file: string): Promise<number[]> {
  const data = await readFile(file);
  const channels = data.readUInt16LE(22);
  const rate = data.readUInt32LE(24);
  const start = data.indexOf('data') + 8;
  const count = Math.floor((data.length - start) / 2 / channels);
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    samples[i] = data.readInt16LE(start + i * 2 * channels) / 32_768;
  }
  return envelopeOf(samples, rate);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]): number =>
    list.reduce((sum, value) => sum + value, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  a.forEach((value, i) => {
    const [x, y] = [value - meanA, b[i]! - meanB];
    product += x * y;
    squareA += x * x;
    squareB += y * y;
  });
  return squareA === 0 || squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}

/** How well `heard` contains `spoken` somewhere: 1 is the same, 0 has nothing to do with it. */
export function likeness(spoken: readonly number[], heard: readonly number[]): number {
  let best = 0;
  for (let offset = 0; offset + spoken.length <= heard.length; offset += 1) {
    best = Math.max(best, correlation(spoken, heard.slice(offset, offset + spoken.length)));
  }
  return best;
}
