/** How many passes the gate issues, beside a server that answers with nothing: both in one process of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Challenge } from 'altcha-lib';
import { solve } from '../../gate/support.js';
import { quantile } from '../statistics.js';

export const GATE_ALIAS = 'bench';
export const GATE_ORIGIN = 'http://bench.example';
const SERVER = fileURLToPath(new URL('gate-server.ts', import.meta.url));

/** Requests under way at the same time. */
const AT_A_TIME = 16;
const WARM_UP = 500;
const REQUESTS = 8_000;
/** Each of them has to be solved first. */
const SOLVED = 1_500;

export type GatePorts = Readonly<Record<'empty' | 'none' | 'altcha', number>>;

export interface Throughput {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export type GateResult = Readonly<Record<keyof GatePorts, Throughput>>;

const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });

function post(port: number, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ port, host: '127.0.0.1', path: '/call-gate/pass', method: 'POST', agent },
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          Origin: GATE_ORIGIN,
        },
      },
      (response) => {
        response.resume().once('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`the gate answers ${response.statusCode}`));
        });
      },
    );
    sent.once('error', reject).end(body);
  });
}

async function measure(port: number, bodies: readonly string[]): Promise<Throughput> {
  const times: number[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const start = performance.now();
      await post(port, body);
      times.push(performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_A_TIME }, caller));
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  return {
    perSecond: bodies.length / seconds,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}

async function solveOne(port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}/call-gate/challenge?target=${GATE_ALIAS}`;
  const response = await fetch(url, { headers: { Origin: GATE_ORIGIN } });
  return solve((await response.json()) as Challenge);
}

export async function measureGate(): Promise<GateResult> {
  const child = spawn(process.execPath, ['--import', 'tsx', SERVER], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const ports = JSON.parse(line.toString()) as GatePorts;
    const body = (more: object): string =>
      JSON.stringify({ target: GATE_ALIAS, name: 'Ada Lovelace', ...more });
    const plain = body({ provider: 'none' });
    const many = (count: number): string[] => Array<string>(count).fill(plain);
    for (const port of [ports.empty, ports.none]) await measure(port, many(WARM_UP));
    const tokens: string[] = [];
    while (tokens.length < SOLVED) tokens.push(await solveOne(ports.altcha));
    const solved = tokens.map((token) => body({ provider: 'altcha', token }));
    return {
      empty: await measure(ports.empty, many(REQUESTS)),
      none: await measure(ports.none, many(REQUESTS)),
      altcha: await measure(ports.altcha, solved),
    };
  } finally {
    child.kill();
    agent.destroy();
  }
}
