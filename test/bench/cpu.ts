/**
 * Processor time of a call in `<call-button>` beside the same call in a page with a peer connection and nothing else
 * (`pages/bare.ts`): same service, same codecs, pictures of the same size. The two take turns.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { BROWSER_FLAGS, findBrowser } from '../support/browser.js';
import { until } from '../support/until.js';
import { type Summary, summarize } from './statistics.js';
import type { World } from './world.js';

export interface CpuResult {
  /** Per cent of one processor, of the page's process. */
  readonly element: Summary;
  readonly bare: Summary;
  /** What the element takes more than the bare page, per cent of what that takes, pair by pair. */
  readonly more: Summary;
}

/** Until the encoder has found its bit rate. */
const SETTLE_MS = 5_000;

interface Size {
  readonly width: number;
  readonly height: number;
}
type Sizes = Readonly<Record<'remote' | 'own', Size>>;

/** Seconds that each renderer process has been running so far. */
async function rendererSeconds(browser: Browser): Promise<Map<number, number>> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return new Map(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]),
  );
}

const pictureSizes = (page: Page): Promise<Sizes> =>
  page.evaluate(() => {
    const panel = document.querySelector('call-button')!.shadowRoot!.lastElementChild!.shadowRoot!;
    const size = (part: string): Size => {
      const { width, height } = panel.querySelector(`[part=${part}]`)!.getBoundingClientRect();
      return { width, height };
    };
    return { remote: size('remote-video'), own: size('self-view') };
  });

async function measure(
  world: World,
  browser: Browser,
  name: 'element' | 'bare',
  video: boolean,
  seconds: number,
  sizes: Sizes | null,
): Promise<{ load: number; sizes: Sizes | null }> {
  const call = randomUUID();
  const context = await browser.newContext();
  try {
    const origin = new URL(world.url).origin;
    await context.grantPermissions(['microphone', 'camera'], { origin });
    const page = await context.newPage();
    // tsx names functions by a helper that the page does not have
    await page.addInitScript('globalThis.__name = (value) => value');
    const query = new URLSearchParams({
      server: world.sip.url(call),
      gate: name === 'element' ? world.gateUrl : '',
      target: world.target,
      domain: world.domain,
      pass: await world.fetchPass(world.target),
      ...(video && { video: '' }),
    });
    await page.goto(`${world.url}${name}-plain.html?${query.toString()}`);
    if (sizes !== null && name === 'bare') {
      const { remote, own } = sizes;
      await page.addStyleTag({
        content: `.remote{width:${remote.width}px;height:${remote.height}px}
          .own{width:${own.width}px;height:${own.height}px}`,
      });
    }
    await page.evaluate(() => contender.prepare());
    await page.locator('#call, call-button [part=call-action]').click();
    await until(() => world.sip.media(call).firstRtpAt !== null);
    await delay(SETTLE_MS);
    const seen = video && name === 'element' ? await pictureSizes(page) : sizes;
    const before = await rendererSeconds(browser);
    const start = performance.now();
    await delay(seconds * 1000);
    const after = await rendererSeconds(browser);
    const wallSeconds = (performance.now() - start) / 1000;
    let used = 0;
    for (const [id, time] of after) used += time - (before.get(id) ?? time);
    await page.evaluate(() => contender.hangUp());
    return { load: (used / wallSeconds) * 100, sizes: seen };
  } finally {
    world.sip.forget(call);
    await context.close();
  }
}

export async function measureCpu(
  world: World,
  video: boolean,
  rounds: number,
  seconds: number,
): Promise<CpuResult> {
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: [...BROWSER_FLAGS],
  });
  try {
    const element: number[] = [];
    const bare: number[] = [];
    let sizes: Sizes | null = null;
    for (let round = 0; round < rounds; round += 1) {
      const ours = await measure(world, browser, 'element', video, seconds, sizes);
      ({ sizes } = ours);
      element.push(ours.load);
      bare.push((await measure(world, browser, 'bare', video, seconds, sizes)).load);
    }
    return {
      element: summarize(element),
      bare: summarize(bare),
      more: summarize(element.map((load, round) => (load / bare[round]! - 1) * 100)),
    };
  } finally {
    await browser.close();
  }
}
