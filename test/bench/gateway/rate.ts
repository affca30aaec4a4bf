/** How many calls a second: signalling alone, each on a new WebSocket, answered and hung up at once. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Summary, summarize } from '../statistics.js';
import { placeCall } from './caller.js';
import { type Usage, usageOfGroup } from './processes.js';
import { startBenchWorld } from './world.js';

/** Calls a second, one row after the other. */
const RATES = [10, 20, 40, 60, 80, 100, 130, 160, 200, 250, 300, 400, 500];
const SECONDS = 4;
/** A visitor notices nothing of it. */
const SET_UP_MS = 500;

export interface Rate {
  /** The highest at which every call was set up in time. */
  readonly perSecond: number;
  readonly end: string | null;
  readonly setUpMs: Summary;
  /** Processor milliseconds of one call: handshake, pass, dialog, media ports, end. */
  readonly kamailioMs: number;
  readonly rtpengineMs: number;
  /** Per cent of one processor that callers take, without the PBX. */
  readonly generatorCpu: number;
}

export async function measureRate(): Promise<Rate> {
  const world = await startBenchWorld({ codec: 'opus', early: false });
  const pids = [world.gateway.kamailio.pid, world.gateway.rtpengine.pid];
  const usages = (): Promise<Usage[]> => Promise.all(pids.map(usageOfGroup));
  let best: Rate | null = null;
  let end: string | null = null;
  try {
    // the first calls of a fresh Kamailio fill its caches
    await (await placeCall(world, null)).hangUp();
    for (const perSecond of RATES) {
      const before = await usages();
      const own = process.cpuUsage();
      const start = performance.now();
      const times: number[] = [];
      const one = async (): Promise<void> => {
        try {
          const call = await placeCall(world, null);
          times.push(call.setUpMs);
          if (call.setUpMs > SET_UP_MS)
            end ??= `a call took ${call.setUpMs.toFixed(0)} ms to set up`;
          await call.hangUp();
        } catch (error) {
          end ??= `a call failed (${error instanceof Error ? error.message.split('\n')[0]! : String(error)})`;
        }
      };
      const calls: Promise<void>[] = [];
      while (calls.length < perSecond * SECONDS && end === null) {
        const due = Math.floor(((performance.now() - start) / 1000) * perSecond) + 1;
        while (calls.length < Math.min(due, perSecond * SECONDS)) calls.push(one());
        await delay(1);
      }
      await Promise.all(calls);
      const seconds = (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(own);
      const [kamailioMs, rtpengineMs] = (await usages()).map(
        (usage, at) => ((usage.seconds - before[at]!.seconds) * 1000) / calls.length,
      );
      console.error(
        `  ${perSecond} a second: ${end ?? `${summarize(times).median.toFixed(0)} ms`}`,
      );
      if (end !== null) break;
      best = {
        perSecond,
        end,
        setUpMs: summarize(times),
        kamailioMs: kamailioMs!,
        rtpengineMs: rtpengineMs!,
        generatorCpu: (user + system) / 10_000 / seconds,
      };
    }
    if (best === null) throw new Error(`calls per second: ${end ?? 'none'}`);
    return { ...best, end };
  } finally {
    await world.close();
  }
}
