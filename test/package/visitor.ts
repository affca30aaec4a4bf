/** Who opens a page that uses the package, and calls from it. */
import type { Page } from 'playwright-core';
import type { Place } from '../support/e2e.js';

export interface Visitor {
  readonly page: Page;
  /** What reached the page as an error, and the console's errors. */
  readonly errors: string[];
  readonly requests: string[];
  call(words?: { readonly name: string; readonly start: RegExp }): Promise<void>;
  hangUp(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a page of the service's folder; `ready` waits for the element, else for the page alone. */
export async function visit(
  { service, browser }: Pick<Place, 'service' | 'browser'>,
  path: string,
  ready = true,
): Promise<Visitor> {
  const context = await browser.newContext();
  await context.grantPermissions(['microphone'], { origin: service.url });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${service.url}${path}`);
  if (ready) await page.waitForFunction(() => customElements.get('call-button') !== undefined);
  const element = page.locator('call-button');
  return {
    page,
    errors,
    requests,
    async call({ name, start } = { name: 'Your name', start: /^Start/ }) {
      await element.locator('[part=launcher]:visible').click();
      await element.getByLabel(name).fill('Ada Lovelace');
      await element.getByRole('button', { name: start }).click();
      await page.locator('call-button:state(established)').waitFor();
    },
    async hangUp() {
      await page.evaluate(() => document.querySelector('call-button')!.hangUp());
      await page.locator('call-button:state(ended)').waitFor();
    },
    close: () => context.close(),
  };
}
