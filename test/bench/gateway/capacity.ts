/** How many calls at a time: more and more of them, all with media, until one fails or is not good any more. */
import { setTimeout as delay } from 'node:timers/promises';
import { loadAssets } from '../../../demo/service/media/assets.js';
import { slope } from '../statistics.js';
import { type Call, placeCall } from './caller.js';
import { type CallerMedia, createCallerMedia } from './media.js';
import { load, type Usage, usageOfGroup } from './processes.js';
import { type BenchWorld, type Codec, startBenchWorld } from './world.js';

/** Worse than "medium" of the element's own scale, where a visitor begins to hear it. */
const LOSS = 0.01;
const JITTER_MS = 20;
const SET_UP_MS = 1_000;

const CALLS_PER_SECOND = 16;
const SETTLE_MS = 1_500;
const WINDOW_MS = 3_000;
const PACKET_MS = 20;
/** Callers speak at four different moments of 20 ms: all at once would be a load that no network has. */
const PHASES = 4;

export interface Cost {
  /** Per cent of one processor. */
  readonly cpu: number;
  readonly mb: number;
}

export interface Capacity {
  /** Calls at a time with nothing wrong in any of them. */
  readonly calls: number;
  /** What ended it; null: as many as were asked for. */
  readonly end: string | null;
  /** By one call more, a straight line through all steps. */
  readonly kamailio: Cost;
  readonly rtpengine: Cost;
  /** Processor time at the last good step, per cent of one processor: callers and PBX share the machine. */
  readonly gatewayCpu: number;
  readonly generatorCpu: number;
}

interface Step {
  readonly calls: number;
  readonly kamailio: Cost;
  readonly rtpengine: Cost;
  readonly generatorCpu: number;
}

interface Live {
  readonly call: Call;
  readonly media: CallerMedia;
}

/** What is wrong with one of the calls, or null. */
function judge(live: readonly Live[]): string | null {
  const heard = live.map(({ media }) => media.heard());
  const loss = Math.max(...heard.map((each) => each.loss));
  if (loss > LOSS) return `a call lost ${(loss * 100).toFixed(1)} % of its packets`;
  const jitter = Math.max(...heard.map((each) => each.jitterMs));
  return jitter > JITTER_MS ? `jitter of ${jitter.toFixed(0)} ms in a call` : null;
}

async function measureStep(
  world: BenchWorld,
  live: readonly Live[],
): Promise<[Step, string | null]> {
  const pids = [world.gateway.kamailio.pid, world.gateway.rtpengine.pid];
  const usages = (): Promise<Usage[]> => Promise.all(pids.map(usageOfGroup));
  for (const { media } of live) media.heard();
  const own = process.cpuUsage();
  const start = performance.now();
  const before = await usages();
  await delay(WINDOW_MS);
  const after = await usages();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(own);
  const [kamailio, rtpengine] = after.map((usage, at) => ({
    cpu: load(before[at]!, usage, seconds),
    mb: usage.mb,
  }));
  const step = {
    calls: live.length,
    kamailio: kamailio!,
    rtpengine: rtpengine!,
    generatorCpu: (user + system) / 10_000 / seconds,
  };
  return [step, judge(live)];
}

/** Adds calls, one after the other. Returns what went wrong. */
async function addCalls(
  world: BenchWorld,
  live: Live[],
  create: () => Promise<CallerMedia>,
  count: number,
): Promise<string | null> {
  for (let added = 0; added < count; added += 1) {
    const paced = delay(1000 / CALLS_PER_SECOND);
    const media = await create();
    try {
      const call = await placeCall(world, media);
      live.push({ call, media });
      await media.connected;
      if (call.setUpMs > SET_UP_MS) return `a call took ${call.setUpMs.toFixed(0)} ms to set up`;
    } catch (error) {
      console.error(world.lines.join('\n'));
      media.close();
      return `a call failed (${error instanceof Error ? error.message : String(error)})`;
    }
    await paced;
  }
  return null;
}

function perCall(steps: readonly Step[], of: 'kamailio' | 'rtpengine'): Cost {
  const line = (what: keyof Cost): number =>
    slope(steps.map((step) => [step.calls, step[of][what]] as const));
  return { cpu: line('cpu'), mb: line('mb') };
}

/** Fails with fewer than two good steps: there is nothing to say then. */
export async function measureCapacity(
  codec: Codec,
  early: boolean,
  most: number,
  stepSize: number,
): Promise<Capacity> {
  const { greeting } = await loadAssets();
  const world = await startBenchWorld({ codec, early });
  const live: Live[] = [];
  let tick = 0;
  const timer = setInterval(() => {
    for (let at = tick % PHASES; at < live.length; at += PHASES) live[at]!.media.speak();
    tick += 1;
  }, PACKET_MS / PHASES);
  const steps: Step[] = [];
  let end: string | null = null;
  try {
    while (end === null && live.length < most) {
      end = await addCalls(world, live, () => createCallerMedia(greeting.opus), stepSize);
      if (end !== null) break;
      await delay(SETTLE_MS);
      const [step, wrong] = await measureStep(world, live);
      end = wrong;
      if (wrong === null) steps.push(step);
      console.error(
        `  ${step.calls} calls: Kamailio ${step.kamailio.cpu.toFixed(0)} %, rtpengine ${step.rtpengine.cpu.toFixed(0)} %, callers ${step.generatorCpu.toFixed(0)} %${wrong === null ? '' : `; ${wrong}`}`,
      );
    }
    const last = steps.at(-1);
    if (last === undefined || steps.length < 2)
      throw new Error(`capacity: ${end ?? 'too few calls'}`);
    return {
      calls: last.calls,
      end,
      kamailio: perCall(steps, 'kamailio'),
      rtpengine: perCall(steps, 'rtpengine'),
      gatewayCpu: last.kamailio.cpu + last.rtpengine.cpu,
      generatorCpu: last.generatorCpu,
    };
  } finally {
    clearInterval(timer);
    for (const { call, media } of live) {
      await call.hangUp().catch(() => {}); // a gateway that is too busy for it is ended all the same
      media.close();
    }
    await world.close();
  }
}
