/** When something is to be seen and used on a slow line, and how long a press on the button takes to show the form. */
import type { Browser, Page } from 'playwright-core';

/** Chrome's "Slow 4G": 1.6 Mbit/s down less 10 %, 150 ms latency times 3.75. */
const SLOW_4G = { latency: 562.5, downloadThroughput: 1.47e6 / 8, uploadThroughput: 675e3 / 8 };
const THROTTLE = 4;

export interface Paint {
  /** First contentful paint after the document has arrived, ms. */
  readonly firstPaint: number;
  /** A button of the script's own is there and has a size, ms after the document has arrived; `NaN`: none came. */
  readonly usable: number;
}

/** In the page, before anything else: notes when a button has a size; the pages' authors have written none. */
function watchButton(): void {
  const find = (root: Document | ShadowRoot): boolean => {
    for (const element of root.querySelectorAll('*')) {
      if (element.matches('button,[role=button]')) {
        const { width, height } = element.getBoundingClientRect();
        if (width > 0 && height > 0) return true;
      }
      if (element.shadowRoot !== null && find(element.shadowRoot)) return true;
    }
    return false;
  };
  const look = (): void => {
    if (find(document)) Object.assign(globalThis, { usableAt: performance.now() });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function slowPage(browser: Browser, slowNetwork: boolean): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  // tsx names functions by a helper that the page does not have
  await page.addInitScript('globalThis.__name = (value) => value');
  const session = await context.newCDPSession(page);
  await page.addInitScript(watchButton);
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  if (slowNetwork) {
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', { offline: false, ...SLOW_4G });
  }
  return page;
}

async function waitUsable(page: Page): Promise<void> {
  await page.waitForFunction(() => 'usableAt' in globalThis, null, { timeout: 30_000 });
}

/** `button`: the script shows one. */
export async function measurePaint(browser: Browser, url: string, button: boolean): Promise<Paint> {
  const page = await slowPage(browser, true);
  try {
    await page.goto(url, { waitUntil: 'load' });
    if (button) await waitUsable(page).catch(() => {});
    return await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType('navigation');
      const arrived = (navigation as PerformanceNavigationTiming).responseEnd;
      const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN;
      const usableAt = (globalThis as unknown as { usableAt?: number }).usableAt ?? NaN;
      return { firstPaint: paint - arrived, usable: usableAt - arrived };
    });
  } finally {
    await page.context().close();
  }
}

export type Press = 'cold' | 'hovered' | 'warmed';

/**
 * From the press on our button to the form, ms: on the slow line at once, or 300 ms after the pointer came, or with the
 * form loaded before.
 */
export async function measurePress(browser: Browser, url: string, press: Press): Promise<number> {
  const page = await slowPage(browser, true);
  try {
    await page.goto(url, { waitUntil: 'load' });
    await waitUsable(page);
    await page.evaluate(() => {
      const element = document.querySelector('call-button')!;
      const shown = (): boolean => {
        const panel = element.shadowRoot!.lastElementChild?.shadowRoot;
        const name = panel?.querySelector('[part=name-input]');
        return name !== null && name !== undefined && name.getBoundingClientRect().height > 0;
      };
      element.addEventListener('click', () => {
        const pressedAt = performance.now();
        const look = (): void => {
          if (shown()) Object.assign(globalThis, { tookMs: performance.now() - pressedAt });
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }, { capture: true, once: true }); // prettier-ignore
    });
    const button = page.locator('call-button [part=launcher]').first();
    const box = (await button.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    if (press !== 'cold') {
      await page.mouse.move(x, y);
      if (press === 'hovered') await page.waitForTimeout(300);
      // an idle line: the panel's chunk has come, and nothing else is asked for
      else await page.waitForLoadState('networkidle');
    }
    await page.mouse.click(x, y);
    const took = await page.waitForFunction(
      () => (globalThis as unknown as { tookMs?: number }).tookMs,
      null,
      { timeout: 30_000 },
    );
    return (await took.jsonValue())!;
  } finally {
    await page.context().close();
  }
}
