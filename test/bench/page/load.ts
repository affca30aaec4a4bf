/** What loading a page costs: main thread, memory, requests, elements. One fresh context for each measurement. */
import type { Browser, CDPSession, Page } from 'playwright-core';

/** Of a whole page; what the script adds is the difference to the blank page of the same round. */
export interface Load {
  /** CPU time of the main thread, ms, unthrottled. */
  readonly cpu: number;
  /** Time in scripts at 4 times slowed CPU, ms. */
  readonly script: number;
  /** Total blocking time at 4 times slowed CPU, ms: of each long task what is above 50 ms (web.dev/tbt). */
  readonly blocking: number;
  /** Long tasks (W3C Long Tasks: 50 ms and more) at 4 times slowed CPU. */
  readonly longTasks: number;
  /** JavaScript heap after garbage collection, kB. */
  readonly heap: number;
  /** Beside the document. */
  readonly requests: number;
  /** Of them to other hosts, whose names do not resolve here. */
  readonly foreign: number;
  /** Elements, those in shadow roots included. */
  readonly elements: number;
}

const THROTTLE = 4;
/** After `load`, for what a script does by timers and when idle, ms. */
const QUIET_MS = 1_500;

type Metrics = Readonly<Record<string, number>>;

async function metrics(session: CDPSession): Promise<Metrics> {
  const { metrics: list } = await session.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

interface Visit {
  readonly page: Page;
  readonly session: CDPSession;
  readonly requests: readonly string[];
  /** Seconds of a metric since the page was asked for. */
  spent(name: string): Promise<number>;
}

/** Opens the page in a process that has shown another one of the site before: starting it is not the page's doing. */
async function visit<T>(
  browser: Browser,
  blank: string,
  url: string,
  rate: number,
  look: (visit: Visit) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    // tsx names functions by a helper that the page does not have
    await page.addInitScript('globalThis.__name = (value) => value');
    await page.addInitScript(() => {
      const tasks: number[] = [];
      Object.assign(globalThis, { longTasks: tasks });
      new PerformanceObserver((list) => {
        tasks.push(...list.getEntries().map(({ duration }) => duration));
      }).observe({ type: 'longtask', buffered: true });
    });
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', {
      timeDomain: rate === 1 ? 'threadTicks' : 'timeTicks',
    });
    await page.goto(blank);
    if (rate !== 1) await session.send('Emulation.setCPUThrottlingRate', { rate });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const before = await metrics(session);
    await page.goto(url, { waitUntil: 'load' });
    await page.waitForTimeout(QUIET_MS);
    return await look({
      page,
      session,
      requests: requests.filter((each) => each !== url && !each.startsWith('data:')),
      spent: async (name) => {
        const after = await metrics(session);
        return (after[name] ?? NaN) - (before[name] ?? NaN);
      },
    });
  } finally {
    await context.close();
  }
}

export async function measureLoad(browser: Browser, blank: string, url: string): Promise<Load> {
  const free = await visit(browser, blank, url, 1, async ({ page, session, requests, spent }) => {
    const cpu = (await spent('TaskDuration')) * 1000;
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const elements = await page.evaluate(() => {
      const count = (root: Document | ShadowRoot): number =>
        [...root.querySelectorAll('*')].reduce(
          (sum, { shadowRoot }) => sum + 1 + (shadowRoot === null ? 0 : count(shadowRoot)),
          0,
        );
      return count(document);
    });
    const foreign = requests.filter((each) => new URL(each).hostname !== '127.0.0.1').length;
    return { cpu, heap: usedSize / 1000, elements, requests: requests.length, foreign };
  });
  const slow = await visit(browser, blank, url, THROTTLE, async ({ page, spent }) => {
    const tasks = await page.evaluate(
      () => (globalThis as unknown as { longTasks: number[] }).longTasks,
    );
    return {
      script: (await spent('ScriptDuration')) * 1000,
      blocking: tasks.reduce((sum, duration) => sum + duration - 50, 0),
      longTasks: tasks.length,
    };
  });
  return { ...free, ...slow };
}
