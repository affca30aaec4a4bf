/**
 * How long a call takes to be set up. Each call has a page of its own in one browser; the contenders take turns, so
 * that a busy machine is busy for all of them.
 *
 * Steps are timed in the page (`pages/probe.ts`), the first RTP packet where the slow network hands it to the browser.
 */
import { randomUUID } from 'node:crypto';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { BROWSER_FLAGS, findBrowser } from '../support/browser.js';
import { until } from '../support/until.js';
import { CONTENDERS, type Contender } from './contenders.js';
import type { Step } from './pages/contender.js';
import type { World } from './world.js';

export interface Condition {
  readonly rttMs: number;
  /** STUN server, or empty. */
  readonly stun: string;
  /** Listen for the first sound. */
  readonly sound: boolean;
  /** The far end is heard before it answers. */
  readonly early: boolean;
}

/** One call: ms since the click, or since the answer for `sound`. */
export type Timing = Partial<Record<Exclude<Step, 'click'> | 'firstRtp' | 'answerToSound', number>>;
export type Timings = ReadonlyMap<string, readonly Timing[]>;

/** Longest that any contender waits for candidates, with some more. */
const CALL_LIMIT_MS = 60_000;

/** Milliseconds that the page's clock is behind ours. */
async function clockOffset(page: Page): Promise<number> {
  let best = { trip: Infinity, offset: 0 };
  for (let turn = 0; turn < 5; turn += 1) {
    const before = performance.now();
    const theirs = await page.evaluate(() => performance.now());
    const trip = performance.now() - before;
    if (trip < best.trip) best = { trip, offset: before + trip / 2 - theirs };
  }
  return best.offset;
}

async function measure(
  world: World,
  context: BrowserContext,
  contender: Contender,
  condition: Condition,
): Promise<Timing> {
  const call = randomUUID();
  const target = condition.early ? world.earlyTarget : world.target;
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  try {
    const query = new URLSearchParams({
      server: world.sip.url(call),
      gate: contender.page === 'element' ? world.gateUrl : '',
      target,
      domain: world.domain,
      pass: contender.pass ? await world.fetchPass(target) : '',
      stun: condition.stun,
      ...(contender.early && { early: '' }),
      ...(condition.sound && { sound: '' }),
    });
    await page.goto(`${world.url}${contender.page}.html?${query.toString()}`);
    world.rttMs = condition.rttMs;
    await page.evaluate(() => earReady);
    await page.evaluate(() => globalThis.contender.prepare());
    const offset = await clockOffset(page);
    await page.locator('#call, call-button [part=call-action]').click();
    const media = world.sip.media(call);
    // from the click to the first packet the page is left alone: a question to it costs its main thread milliseconds
    await until(() => {
      if (errors.length > 0) throw new Error(`${contender.name}: ${errors.join('; ')}`);
      return media.firstRtpAt !== null;
    }, CALL_LIMIT_MS);
    await page.waitForFunction(
      (sound) =>
        steps.answer !== undefined &&
        steps.connected !== undefined &&
        (!sound || steps.sound !== undefined),
      condition.sound,
    );
    await page.evaluate(() => globalThis.contender.hangUp());
    await page.waitForFunction(() => steps.bye !== undefined);
    const { click = NaN, answer = NaN, sound, ...rest } = await page.evaluate(() => steps);
    const since = Object.fromEntries(
      Object.entries({ ...rest, answer }).map(([step, at]) => [step, at - click]),
    );
    return {
      ...since,
      firstRtp: media.firstRtpAt! - offset - click,
      ...(sound !== undefined && { answerToSound: sound - answer }),
    };
  } finally {
    world.rttMs = 0;
    world.sip.forget(call);
    await page.close();
  }
}

/**
 * `together`: the calls of one contender at the same time, for what takes most of a minute of waiting and next to no
 * work.
 */
export async function measureSetUp(
  world: World,
  condition: Condition,
  calls: number,
  together: (contender: Contender) => boolean,
  contenders: readonly Contender[] = CONTENDERS,
): Promise<Timings> {
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: [...BROWSER_FLAGS],
  });
  const timings = new Map<string, Timing[]>(contenders.map(({ name }) => [name, []]));
  try {
    const context = await browser.newContext();
    await context.grantPermissions(['microphone'], { origin: new URL(world.url).origin });
    const one = async (contender: Contender): Promise<void> => {
      timings.get(contender.name)!.push(await measure(world, context, contender, condition));
    };
    // the first use of a device in a browser takes longer than every later one
    for (const contender of contenders.filter(({ page }) => page === 'element')) {
      await measure(world, context, contender, { ...condition, stun: '' });
    }
    const inTurn = contenders.filter((contender) => !together(contender));
    for (let turn = 0; turn < calls; turn += 1) {
      for (const contender of inTurn) await one(contender);
    }
    for (const contender of contenders.filter(together)) {
      await Promise.all(Array.from({ length: calls }, () => one(contender)));
    }
  } finally {
    await browser.close();
  }
  return timings;
}
