/** Many calls one after the other in one page: what is left of each, and what the page's heap does. */
import { type CDPSession, chromium, type Page } from 'playwright-core';
import { BROWSER_FLAGS, findBrowser } from '../support/browser.js';
import { type Counts, most } from './pages/counts.js';
import { slope } from './statistics.js';
import type { World } from './world.js';

export interface SoakResult {
  readonly calls: number;
  /** The most that was left open after any call. */
  readonly left: Counts;
  /** Peer connections that a garbage collection at the end leaves in the heap. */
  readonly uncollected: number;
  /** By least squares, without the first fifth, in which the browser compiles and fills its caches. */
  readonly heapKbPerCall: number;
  readonly heapKb: number;
}

const SAMPLES = 20;

async function heapBytes(session: CDPSession): Promise<number> {
  // twice: what a finalizer lets go of goes with the second
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

/** Instances in the heap; asking collects garbage first. */
async function countInstances(session: CDPSession, type: string): Promise<number> {
  const { result } = await session.send('Runtime.evaluate', { expression: `${type}.prototype` });
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId!,
  });
  const { result: length } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId!,
    functionDeclaration: 'function () { return this.length; }',
  });
  return Number(length.value);
}

async function openForm(world: World, page: Page): Promise<void> {
  const query = new URLSearchParams({
    server: world.sip.url('soak'),
    gate: world.gateUrl,
    target: world.target,
    domain: world.domain,
  });
  await page.goto(`${world.url}soak.html?${query.toString()}`);
  await page.evaluate(() => contender.prepare());
}

export async function measureSoak(world: World, calls: number): Promise<SoakResult> {
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    // compiled code grows for hundreds of calls, and is the browser's to throw away: it would hide what a call leaves
    args: [...BROWSER_FLAGS, '--js-flags=--jitless'],
  });
  try {
    const context = await browser.newContext();
    await context.grantPermissions(['microphone'], { origin: new URL(world.url).origin });
    const page = await context.newPage();
    await openForm(world, page);
    const session = await context.newCDPSession(page);
    await session.send('HeapProfiler.enable');
    const every = Math.max(1, Math.floor(calls / SAMPLES));
    const samples: [number, number][] = [];
    let left = await page.evaluate(() => callMany(1));
    for (let done = 1; done < calls;) {
      const more = Math.min(every, calls - done);
      left = most(left, await page.evaluate((count) => callMany(count), more));
      done += more;
      samples.push([done, (await heapBytes(session)) / 1000]);
    }
    return {
      calls,
      left,
      uncollected: await countInstances(session, 'RTCPeerConnection'),
      heapKbPerCall: slope(samples.slice(Math.floor(samples.length / 5))),
      heapKb: samples.at(-1)![1],
    };
  } finally {
    world.sip.forget('soak');
    await browser.close();
  }
}
