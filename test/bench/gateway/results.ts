/** What was measured, kept between runs of single parts, and the tables that say it. */
import { readFile, writeFile } from 'node:fs/promises';
import { table } from '../report.js';
import type { Capacity } from './capacity.js';
import type { Flood, FloodResult } from './flood.js';
import type { GateResult } from './gate.js';
import type { Rate } from './rate.js';

export interface Results {
  readonly relay?: Capacity;
  readonly transcoding?: Capacity;
  readonly rate?: Rate;
  readonly flood?: Flood;
  readonly gate?: GateResult;
  readonly machine: string;
}

const FILE = new URL('results.json', import.meta.url);

export async function readResults(): Promise<Results> {
  try {
    return JSON.parse(await readFile(FILE, 'utf8')) as Results;
  } catch {
    return { machine: '' };
  }
}

export async function keepResults(results: Results): Promise<void> {
  await writeFile(FILE, `${JSON.stringify(results, null, 2)}\n`);
}

/** Two processors, of which a fifth is left for what nobody foresaw. */
const FULL_CPU = 160;

function capacityRow(what: string, measured: Capacity | undefined): string[] {
  if (measured === undefined) return [what, ...Array<string>(6).fill('–')];
  const { calls, end, kamailio, rtpengine, gatewayCpu, generatorCpu } = measured;
  // the larger one: where processors are full, rtpengine takes more packets at a time and one more call seems cheap
  const cost = Math.max(kamailio.cpu + rtpengine.cpu, gatewayCpu / calls);
  return [
    what,
    `**${calls}**${end === null ? ' (no more were tried)' : ''}`,
    `${gatewayCpu.toFixed(0)} % / ${generatorCpu.toFixed(0)} %`,
    `${cost.toFixed(2)} %`,
    `${kamailio.mb.toFixed(2)} MB`,
    `${rtpengine.mb.toFixed(2)} MB`,
    (Math.floor(FULL_CPU / cost / 10) * 10).toFixed(0),
  ];
}

function floodRow(what: string, result: FloodResult | undefined): string[] {
  if (result === undefined) return [what, ...Array<string>(4).fill('–')];
  const { callMs, failed, flooded } = result;
  return [
    what,
    flooded === null ? '0' : flooded.sentPerSecond.toFixed(0),
    flooded === null ? '0' : flooded.refusedPerSecond.toFixed(0),
    `**${callMs.median.toFixed(1)}** ${callMs.low.toFixed(1)}–${callMs.high.toFixed(1)}`,
    failed === 0 ? `all ${callMs.count}` : `${callMs.count} of ${callMs.count + failed}`,
  ];
}

/** All tables, in Markdown: what is not measured shows as a dash. */
export function report({ relay, transcoding, rate, flood, gate, machine }: Results): string {
  const capacity = table(
    [
      'calls at a time, all with media',
      'good',
      'processor: gateway / callers',
      'a call',
      'Kamailio',
      'rtpengine',
      'gateway alone on 2, computed',
    ],
    [
      capacityRow('Opus passed through', relay),
      capacityRow('early answer, Opus ↔ G.711', transcoding),
    ],
  );
  const perSecond = table(
    ['calls a second, signalling alone', 'good', 'INVITE to 200, ms', 'Kamailio', 'rtpengine'],
    [
      [
        'new WebSocket, answer, hang up',
        ...(rate === undefined
          ? Array<string>(4).fill('–')
          : [
              `**${rate.perSecond}**`,
              `**${rate.setUpMs.median.toFixed(1)}** ${rate.setUpMs.low.toFixed(1)}–${rate.setUpMs.high.toFixed(1)}`,
              `${rate.kamailioMs.toFixed(1)} ms a call`,
              `${rate.rtpengineMs.toFixed(1)} ms a call`,
            ]),
      ],
    ],
  );
  const floods = table(
    ['invalid passes', 'sent a second', 'refused a second', 'a good call, ms', 'set up'],
    [
      floodRow('none', flood?.quiet),
      floodRow('from 50 addresses, as fast as they can', flood?.greedy),
      floodRow('from 100 addresses, just below the limit', flood?.patient),
    ],
  );
  const gates = table(
    ['the gate, 16 requests at a time', 'a second', 'p50', 'p99'],
    (
      [
        ['empty `http` server', gate?.empty],
        ['passes without a CAPTCHA', gate?.none],
        ['passes for ALTCHA solutions', gate?.altcha],
      ] as const
    ).map(([what, result]) => [
      what,
      ...(result === undefined
        ? ['–', '–', '–']
        : [
            result.perSecond.toFixed(0),
            `${result.p50Ms.toFixed(1)} ms`,
            `${result.p99Ms.toFixed(1)} ms`,
          ]),
    ]),
  );
  return [capacity, perSecond, floods, gates, machine].filter((part) => part !== '').join('\n\n');
}

/** Names of the parts that `results` lacks. */
export const missing = (results: Results): string[] =>
  (['relay', 'transcoding', 'rate', 'flood', 'gate'] as const).filter(
    (part) => results[part] === undefined,
  );
