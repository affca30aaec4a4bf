/** The embedded service, a browser, and a site on another origin that uses the service as a customer's would. */
import { randomUUID } from 'node:crypto';
import type { ServiceOptions } from '../../demo/service/server.js';
import {
  type BrowserOptions,
  type CallPage,
  elementHtml,
  startWorld,
  type VisitOptions,
  visitUrl,
  type World,
} from './e2e.js';
import { type HostSite, startHostSite } from './host-site.js';

export interface HostWorld extends World {
  readonly site: HostSite;
  /** Address of the script, on the service's origin. */
  readonly script: string;
  /** The element, tied to the service. */
  element(attributes?: Readonly<Record<string, string>>, content?: string): string;
}

export async function startHostWorld(
  options: ServiceOptions = {},
  browser: BrowserOptions = {},
): Promise<HostWorld> {
  const site = await startHostSite();
  const world = await startWorld({ ringMs: 50, origins: [site.origin], ...options }, browser);
  return {
    ...world,
    site,
    script: `${world.service.url}dist/call-button.js`,
    element: (attributes, content) => elementHtml(world.service, attributes, content),
    async close() {
      await world.close();
      await site.close();
    },
  };
}

export interface HostPage extends VisitOptions {
  /** Of the page, in their order; the directives of a policy are joined by the caller. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly head: string;
  readonly body: string;
}

export interface StrictPage extends CallPage {
  /** Violations of the page's policies, as the page and as the browser's reports say. */
  violations(): Promise<readonly string[]>;
}

/** Runs in the page. */
function keepViolations(): void {
  const violations: string[] = [];
  Object.assign(globalThis, { violations });
  addEventListener('securitypolicyviolation', (event) => {
    violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
  });
}

/** Publishes the page at an address of its own and visits it. */
export async function openHostPage(
  { site, browser }: HostWorld,
  { headers = {}, head, body, init = [], ...options }: HostPage,
): Promise<StrictPage> {
  const url = site.put(`/${randomUUID()}.html`, {
    headers,
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>host</title>${head}</head><body>${body}</body></html>`,
  });
  site.reports.length = 0;
  const page = await visitUrl(browser, url, {
    ...options,
    init: [keepViolations, ...[init].flat()],
  });
  return {
    ...page,
    async violations() {
      const seen = await page.page.evaluate(
        () => (globalThis as unknown as { violations: string[] }).violations,
      );
      return [...seen, ...site.reports.map((report) => JSON.stringify(report))];
    },
  };
}
