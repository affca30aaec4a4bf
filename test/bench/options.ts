import { parseArgs } from 'node:util';

export const PARTS = ['loopback', 'slow', 'stun', 'sound', 'early', 'soak', 'cpu'] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: readonly Part[];
  /** Calls of each contender under each condition. */
  readonly calls: number;
  /** Calls one after the other in one page. */
  readonly soak: number;
  /** Pairs of calls whose CPU is measured, and seconds of each. */
  readonly rounds: number;
  readonly seconds: number;
  /** Another gateway than the embedded service, or the reference gateway, started here; null: the embedded service. */
  readonly gateway: Gateway | 'reference' | null;
  readonly write: boolean;
}

export interface Gateway {
  readonly url: string;
  readonly gate: string;
  readonly origin: string;
  readonly domain: string;
  /** What answers at once with sound, and what is heard before it answers. */
  readonly target: string;
  readonly earlyTarget: string;
}

export const USAGE = `npm run bench -- [options]

  --only PARTS      some of ${PARTS.join(',')}
  --calls N         calls of each contender under each condition (10)
  --soak N          calls one after the other in one page (200)
  --rounds N        pairs of calls whose CPU is measured (4)
  --seconds N       seconds of each of them (10)
  --write           put the table into README.md: needs results of every part, of this run or of earlier ones
  --gateway         the reference gateway (demo/gateway) instead of the embedded service; it is started here
  --url WSS         another gateway than the embedded service
  --gate URL        its gate, which must take calls without a CAPTCHA
  --origin ORIGIN   what gate and gateway are to believe the page's origin is (the gate's)
  --domain NAME     its SIP domain (host name of --url)
  --target ALIAS    what answers at once, with sound (bench)
  --early ALIAS     what is heard before it answers (bench-early)
`;

function count(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} needs a number from 1 on`);
  return value;
}

/** Throws with what is wrong with the arguments. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: PARTS.join(',') },
      calls: { type: 'string', default: '10' },
      soak: { type: 'string', default: '200' },
      rounds: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '10' },
      write: { type: 'boolean', default: false },
      gateway: { type: 'boolean', default: false },
      url: { type: 'string' },
      gate: { type: 'string' },
      origin: { type: 'string' },
      domain: { type: 'string' },
      target: { type: 'string', default: 'bench' },
      early: { type: 'string', default: 'bench-early' },
    },
  });
  const { url, gate } = values;
  if ((url === undefined) !== (gate === undefined)) throw new Error('--url and --gate go together');
  if (values.gateway && url !== undefined) throw new Error('--gateway and --url are two gateways');
  const parts = values.only.split(',').map((name) => {
    const found = PARTS.find((part) => part === name);
    if (found === undefined) throw new Error(`--only: there is no "${name}"`);
    return found;
  });
  return {
    parts,
    calls: count(values.calls, 'calls'),
    soak: count(values.soak, 'soak'),
    rounds: count(values.rounds, 'rounds'),
    seconds: count(values.seconds, 'seconds'),
    write: values.write,
    gateway: values.gateway
      ? 'reference'
      : url === undefined || gate === undefined
        ? null
        : {
            url,
            gate,
            origin: values.origin ?? new URL(gate).origin,
            domain: values.domain ?? new URL(url).hostname,
            target: values.target,
            earlyTarget: values.early,
          },
  };
}
