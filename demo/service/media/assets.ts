import { readFile } from 'node:fs/promises';
import { parseIvf, type Picture } from './ivf.js';
import { parseOggOpus, type OpusPacket } from './ogg.js';

/** Speech in every codec that a caller may ask for: nothing is encoded at run time. */
export interface Clip {
  readonly opus: readonly OpusPacket[];
  /** G.711 µ-law, 20 ms each. */
  readonly pcmu: readonly OpusPacket[];
}

export const PROMPTS = [
  'menu',
  'hold',
  'back',
  'goodbye',
  'picture',
  'no-picture',
  'early-next',
  'early',
  'connecting',
  'nobody',
  'person-busy',
  'unknown',
] as const;

/** What the services say, beside greeting and digits. */
export type Prompt = (typeof PROMPTS)[number];

export interface Assets {
  readonly greeting: Clip;
  readonly prompts: Readonly<Record<Prompt, Clip>>;
  /** For whoever waits; its end fits its beginning. */
  readonly music: Clip;
  /** By digit: 0 to 9, `*` and `#`. */
  readonly digits: ReadonlyMap<string, Clip>;
  readonly picture: Picture;
}

const PCMU_FRAME = 160;
const FRAME_MS = 20;
const SILENCE = 0xff;

/** 20 ms packets; the last is filled up with silence. */
export function splitPcmu(samples: Buffer): OpusPacket[] {
  const packets: OpusPacket[] = [];
  for (let at = 0; at < samples.length; at += PCMU_FRAME) {
    const data = Buffer.alloc(PCMU_FRAME, SILENCE);
    samples.copy(data, 0, at, at + PCMU_FRAME);
    packets.push({ data, durationMs: FRAME_MS });
  }
  return packets;
}

const read = (name: string): Promise<Buffer> =>
  readFile(new URL(`../assets/${name}`, import.meta.url));

async function readClip(name: string): Promise<Clip> {
  const [opus, pcmu] = await Promise.all([read(`${name}.opus`), read(`${name}.ulaw`)]);
  return { opus: parseOggOpus(opus), pcmu: splitPcmu(pcmu) };
}

export async function loadAssets(): Promise<Assets> {
  const names = Array.from({ length: 10 }, (_, digit) => [String(digit), String(digit)]);
  names.push(['*', 'star'], ['#', 'hash']);
  const [greeting, music, prompts, picture, digits] = await Promise.all([
    readClip('greeting'),
    readClip('music'),
    Promise.all(PROMPTS.map(async (name) => [name, await readClip(name)] as const)),
    read('moving-picture.ivf').then(parseIvf),
    Promise.all(
      names.map(async ([digit, name]) => [digit!, await readClip(`digit-${name!}`)] as const),
    ),
  ]);
  return {
    greeting,
    prompts: Object.fromEntries(prompts) as Record<Prompt, Clip>,
    music,
    picture,
    digits: new Map(digits),
  };
}
