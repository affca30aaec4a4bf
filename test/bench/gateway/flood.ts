/** A good call while others flood the gateway with invalid passes, as fast as one processor can send them. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Summary, summarize } from '../statistics.js';
import { placeCall } from './caller.js';
import type { Flooded, FloodOrder } from './flood-sender.js';
import { ALIAS, startBenchWorld } from './world.js';

const SENDER = fileURLToPath(new URL('flood-sender.ts', import.meta.url));
/** Of the loopback network: the gateway's limits are per address. */
const addresses = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `127.9.0.${at + 1}`);
const CALLS = 40;

export interface FloodResult {
  /** From opening the socket to the 200. */
  readonly callMs: Summary;
  readonly failed: number;
  readonly flooded: Flooded | null;
}

export interface Flood {
  readonly quiet: FloodResult;
  /** From 50 addresses as fast as they can: each is cut off. */
  readonly greedy: FloodResult;
  /** From 100 addresses that stay just below the limit: each of their passes is looked at and refused. */
  readonly patient: FloodResult;
}

type Sender = Pick<FloodOrder, 'from' | 'perSecond'>;
const GREEDY: Sender = { from: addresses(50), perSecond: null };
// 120 in two seconds are allowed
const PATIENT: Sender = { from: addresses(100), perSecond: 55 };

type World = Awaited<ReturnType<typeof startBenchWorld>>;

async function startSender(world: World, sender: Sender): Promise<() => Promise<Flooded>> {
  const order: FloodOrder = {
    sipUrl: world.service.sipUrl,
    origin: world.service.url.slice(0, -1),
    alias: ALIAS,
    ...sender,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', SENDER, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the flood ended by itself');
    return line.value;
  };
  await next();
  return async () => {
    child.kill('SIGTERM');
    return JSON.parse(await next()) as Flooded;
  };
}

/** A gateway as it is shipped, without what earlier floods left of it. */
async function measure(sender: Sender | null): Promise<FloodResult> {
  const world = await startBenchWorld({ codec: 'opus', early: false, limits: {} });
  try {
    await (await placeCall(world, null)).hangUp();
    const stop = sender === null ? null : await startSender(world, sender);
    const times: number[] = [];
    let failed = 0;
    for (let turn = 0; turn < CALLS; turn += 1) {
      try {
        const call = await placeCall(world, null);
        times.push(call.totalMs);
        await call.hangUp();
      } catch {
        failed += 1;
      }
    }
    return { callMs: summarize(times), failed, flooded: (await stop?.()) ?? null };
  } finally {
    await world.close();
  }
}

export async function measureFlood(): Promise<Flood> {
  return {
    quiet: await measure(null),
    greedy: await measure(GREEDY),
    patient: await measure(PATIENT),
  };
}
