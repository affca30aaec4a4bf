/**
 * Is it the same speech? By the rise and fall of every band of the voice: codecs, levels and delays leave that alone,
 * and other words have another.
 */
import { readFile } from 'node:fs/promises';

export interface Sound {
  /** Between -1 and 1, one channel. */
  readonly samples: Float32Array;
  readonly rate: number;
}

/** Level, dBFS, of each band in one frame of 20 ms. */
type Frame = readonly number[];

const FRAMES_PER_SECOND = 50;
/** Centres, Hz: what G.711 carries too. */
const BANDS = [300, 450, 650, 900, 1200, 1550, 1950, 2400, 2900];
/** Below it is silence, with or without noise of comfort. */
const FLOOR = -65;
/** Frames of speech that are compared as a piece, and by how many a piece may come too early or late. */
const PIECE = 35;
const SLACK = 12;

/** Of a 16-bit PCM WAV file, also of one whose header was not finished; its first channel. */
export async function readWav(file: string): Promise<Sound> {
  const data = await readFile(file);
  const channels = data.readUInt16LE(22);
  const start = data.indexOf('data') + 8;
  const count = Math.floor((data.length - start) / 2 / channels);
  const samples = Float32Array.from(
    { length: count },
    (_, i) => data.readInt16LE(start + i * 2 * channels) / 32_768,
  );
  return { samples, rate: data.readUInt32LE(24) };
}

/** Loudness in frames of 20 ms, dBFS. */
export function loudness({ samples, rate }: Sound): number[] {
  const size = Math.floor(rate / FRAMES_PER_SECOND);
  return Array.from({ length: Math.floor(samples.length / size) }, (_, frame) => {
    let power = 0;
    for (let i = 0; i < size; i += 1) power += (samples[frame * size + i] ?? 0) ** 2;
    return Math.max(FLOOR, 10 * Math.log10(power / size + 1e-12));
  });
}

/** Goertzel's algorithm: the power about one frequency. */
function powerAt(samples: Float32Array, hz: number, rate: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let [last, before] = [0, 0];
  for (const sample of samples) [last, before] = [sample + factor * last - before, last];
  return last * last + before * before - factor * last * before;
}

/** Share of the power in the loudest second that one tone has: 1 is that tone and nothing else. */
export function shareOf({ samples, rate }: Sound, hz: number): number {
  const powerOf = (part: Float32Array): number => part.reduce((sum, x) => sum + x * x, 0);
  let loudest = samples.subarray(0, 0);
  for (let from = 0; from + rate <= samples.length; from += rate / 4) {
    const part = samples.subarray(from, from + rate);
    if (powerOf(part) > powerOf(loudest)) loudest = part;
  }
  const power = powerOf(loudest);
  return power === 0 ? 0 : (2 * powerAt(loudest, hz, rate)) / loudest.length / power;
}

/** At about 8 kHz: the bands are below 4, and a mean is filter enough. */
function thin({ samples, rate }: Sound): Sound {
  const factor = Math.max(1, Math.floor(rate / 8000));
  const fewer = Float32Array.from({ length: Math.floor(samples.length / factor) }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < factor; j += 1) sum += samples[i * factor + j]!;
    return sum / factor;
  });
  return { samples: fewer, rate: rate / factor };
}

function fingerprint(sound: Sound): Frame[] {
  const { samples, rate } = thin(sound);
  const hop = Math.floor(rate / FRAMES_PER_SECOND);
  // short windows have broad bands, which is what is wanted
  const size = Math.floor(rate / 125);
  const count = Math.max(0, Math.floor((samples.length - hop) / hop));
  const window = Float32Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size),
  );
  return Array.from({ length: count }, (_, frame) =>
    BANDS.map((hz) => {
      let power = 0;
      for (let part = 0; part + size <= hop + size / 2; part += size / 2) {
        const from = Math.floor(frame * hop + part);
        const piece = window.map((weight, i) => weight * (samples[from + i] ?? 0));
        power += powerAt(piece, hz, rate) / size ** 2;
      }
      return Math.max(FLOOR, 10 * Math.log10(power + 1e-12));
    }),
  );
}

function correlation(a: readonly Frame[], b: readonly Frame[]): number {
  let [product, squareA, squareB] = [0, 0, 0];
  // each band by itself: the long-term spectrum is the voice's and not the words'
  for (let band = 0; band < BANDS.length; band += 1) {
    const meanOf = (list: readonly Frame[]): number =>
      list.reduce((sum, frame) => sum + frame[band]!, 0) / list.length;
    const [meanA, meanB] = [meanOf(a), meanOf(b)];
    for (let i = 0; i < a.length; i += 1) {
      const [x, y] = [a[i]![band]! - meanA, b[i]![band]! - meanB];
      product += x * y;
      squareA += x * x;
      squareB += y * y;
    }
  }
  return squareA === 0 || squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}

/**
 * How well `heard` contains the first `seconds` of `spoken` somewhere: 1 is the same, below 0.5 are other words. Pieces
 * of it may be displaced a little, since a jitter buffer stretches and skips.
 */
export function likeness(spoken: Sound, heard: Sound, seconds = 2.8): number {
  const words = fingerprint(spoken).slice(0, Math.round(seconds * FRAMES_PER_SECOND));
  const all = fingerprint(heard);
  const pieces = Array.from({ length: Math.floor(words.length / PIECE) }, (_, i) =>
    words.slice(i * PIECE, (i + 1) * PIECE),
  );
  // of every piece at every place
  const scores = pieces.map((piece) =>
    Array.from({ length: Math.max(0, all.length - PIECE + 1) }, (_, at) =>
      correlation(piece, all.slice(at, at + PIECE)),
    ),
  );
  let best = 0;
  for (let start = 0; start + words.length <= all.length; start += 1) {
    let shift = 0;
    let sum = 0;
    scores.forEach((score, i) => {
      const expected = start + i * PIECE + shift;
      let [top, place] = [-1, expected];
      for (let at = Math.max(0, expected - SLACK); at <= expected + SLACK; at += 1) {
        if ((score[at] ?? -1) > top) [top, place] = [score[at]!, at];
      }
      shift += place - expected;
      sum += top;
    });
    best = Math.max(best, sum / pieces.length);
  }
  return best;
}
