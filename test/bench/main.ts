/**
 * `npm run bench`: how fast `<call-button>` sets up a call, beside SIP.js and JsSIP in the same run, what it leaves
 * behind, and what it costs the processor. Missed goals are said and are no failure; a call that does not come about is.
 *
 * The network is one of user space (`network/`), since a kernel's delays need root and a module: TCP and UDP go through
 * forwarders of half a round trip each way, a connection's SYN is accounted for, and the candidates in the SDP name the
 * UDP forwarder. At 0 ms everything goes the same way, without delay. TLS is left out: it would cost those one more
 * round trip who open their socket by the click.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { cpus, networkInterfaces } from 'node:os';
import { chromium } from 'playwright-core';
import { findBrowser } from '../support/browser.js';
import { AS_USED, CONTENDERS, type Contender, ELEMENT, OPENED_BEFORE } from './contenders.js';
import { measureCpu } from './cpu.js';
import { SLOW_RTT_MS } from './goals.js';
import { type BenchOptions, readOptions, USAGE } from './options.js';
import { installPeers } from './peers.js';
import { report, writeReadme } from './report.js';
import {
  keepResults,
  readResults,
  type Results,
  type SetUpPart,
  summarizeSetUp,
} from './results.js';
import { type Condition, measureSetUp } from './set-up.js';
import { measureSoak } from './soak.js';
import { traceTable } from './trace.js';
import { startWorld, type World } from './world.js';

const PLAIN: Condition = { rttMs: 0, stun: '', sound: false, early: false };
const SLOW: Condition = { ...PLAIN, rttMs: SLOW_RTT_MS };
const LISTENERS = [ELEMENT, ...OPENED_BEFORE];

/** A STUN server that takes every question and answers none. */
async function silentStun(): Promise<{ url: string; close: () => void }> {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const host = own.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  const socket = createSocket('udp4').bind(0, host ?? '127.0.0.1');
  await once(socket, 'listening');
  const { address, port } = socket.address();
  return { url: `stun:${address}:${port}`, close: () => socket.close() };
}

async function runSetUp(world: World, part: SetUpPart, calls: number): Promise<Results['setUp']> {
  const stun = part === 'stun' ? await silentStun() : null;
  const plans: Record<SetUpPart, [Condition, readonly Contender[]]> = {
    loopback: [PLAIN, CONTENDERS],
    slow: [SLOW, CONTENDERS],
    stun: [{ ...PLAIN, stun: stun?.url ?? '' }, [ELEMENT, ...AS_USED]],
    sound: [{ ...SLOW, sound: true }, LISTENERS],
    early: [{ ...SLOW, sound: true, early: true }, LISTENERS],
  };
  const [condition, contenders] = plans[part];
  // the peers wait up to 40 s for a dead server
  const together = (contender: Contender): boolean => stun !== null && contender !== ELEMENT;
  const timings = await measureSetUp(world, condition, calls, together, contenders);
  stun?.close();
  console.error(`\n${part}\n\n${traceTable(timings)}`);
  return { [part]: summarizeSetUp(timings) };
}

async function run(world: World, options: BenchOptions, before: Results): Promise<Results> {
  const { parts, calls, rounds, seconds } = options;
  let results = before;
  for (const part of parts) {
    console.error(`${new Date().toISOString()} ${part} …`);
    if (part === 'soak') {
      results = { ...results, soak: await measureSoak(world, options.soak) };
    } else if (part === 'cpu') {
      const audio = await measureCpu(world, false, rounds, seconds);
      results = {
        ...results,
        cpu: { audio, video: await measureCpu(world, true, rounds, seconds) },
      };
    } else {
      const setUp = { ...results.setUp, ...(await runSetUp(world, part, calls)) };
      results = { ...results, setUp };
    }
  }
  return results;
}

async function describeMachine(): Promise<string> {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  const version = browser.version();
  await browser.close();
  return `Chromium ${version.split('.')[0]!}, Node.js ${process.versions.node}, ${cpus().length} processors, ${process.platform}.`;
}

if (process.argv.includes('--help')) {
  console.log(USAGE);
} else {
  const options = readOptions(process.argv.slice(2));
  const callee =
    options.gateway === null ? 'embedded' : options.gateway === 'reference' ? 'reference' : 'other';
  installPeers();
  const world = await startWorld(options);
  try {
    const machine = await describeMachine();
    const results = await run(world, options, { ...(await readResults(callee)), machine });
    await keepResults(callee, results);
    console.log(report(results, callee));
    if (options.write) await writeReadme(callee, results);
  } finally {
    await world.close();
  }
}
