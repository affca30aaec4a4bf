/** What was measured, kept between runs of single parts. */
import { readFile, writeFile } from 'node:fs/promises';
import type { CpuResult } from './cpu.js';
import type { Part } from './options.js';
import type { Timing, Timings } from './set-up.js';
import type { SoakResult } from './soak.js';
import { type Summary, summarize } from './statistics.js';

export type SetUpPart = Exclude<Part, 'soak' | 'cpu'>;
export type Metric = keyof Timing | 'own';
export type SetUpResult = Readonly<Record<string, Partial<Record<Metric, Summary>>>>;

export interface Results {
  readonly setUp: Partial<Record<SetUpPart, SetUpResult>>;
  readonly soak?: SoakResult;
  readonly cpu?: { readonly audio: CpuResult; readonly video: CpuResult };
  /** Browser, processor and system, as far as they say. */
  readonly machine: string;
}

/** What was called; results of the one say nothing of the other. */
export type Callee = 'embedded' | 'reference' | 'other';

/** When the far end is there. */
export interface Arrival {
  readonly title: string;
  readonly metric: Metric;
}

const FIRST_PACKET: Arrival = { title: 'first packet', metric: 'firstRtp' };
// rtpengine begins its ringback before DTLS is done: packets that nobody can read
const CONNECTED: Arrival = { title: 'media connected', metric: 'connected' };
export const ARRIVALS: Readonly<Record<Callee, Arrival>> = {
  embedded: FIRST_PACKET,
  reference: CONNECTED,
  other: CONNECTED,
};

const fileOf = (callee: Callee): URL =>
  new URL(callee === 'embedded' ? 'results.json' : `results-${callee}.json`, import.meta.url);

export async function readResults(callee: Callee): Promise<Results> {
  try {
    return JSON.parse(await readFile(fileOf(callee), 'utf8')) as Results;
  } catch {
    return { setUp: {}, machine: '' };
  }
}

export async function keepResults(callee: Callee, results: Results): Promise<void> {
  await writeFile(fileOf(callee), `${JSON.stringify(results, null, 2)}\n`);
}

/** Our own share of the time to the INVITE: what the browser takes to open the microphone is not in it. */
function own({ invite, asked, devices }: Timing): number | undefined {
  if (invite === undefined || asked === undefined || devices === undefined) return undefined;
  return invite - (devices - asked);
}

export function summarizeSetUp(timings: Timings): SetUpResult {
  return Object.fromEntries(
    [...timings].map(([name, list]) => {
      const all = list.map((timing) => ({ ...timing, own: own(timing) }));
      const metrics = new Set(all.flatMap((timing) => Object.keys(timing) as Metric[]));
      const summaries: Partial<Record<Metric, Summary>> = {};
      for (const metric of metrics) {
        const values = all.map((each) => each[metric]).filter((value) => value !== undefined);
        if (values.length > 0) summaries[metric] = summarize(values);
      }
      return [name, summaries];
    }),
  );
}
