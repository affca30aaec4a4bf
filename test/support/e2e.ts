/**
 * The whole way for end-to-end tests: the embedded service, a real Chromium with fake devices, and a page with one
 * `<call-button>` made of the built script.
 */
import {
  chromium,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
  type Route,
} from 'playwright-core';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareScript } from '../../demo/service/script.js';
import { startService, type Service, type ServiceOptions } from '../../demo/service/server.js';
import { BROWSER_FLAGS, findBrowser } from './browser.js';
import { until } from './until.js';
import { sineWav } from './wav.js';

/** What the fake microphone hears, Hz: between the browser's own beeps and any speech. */
export const MICROPHONE_HZ = 1760;

export interface World {
  /** Folder of the pages that the service serves. */
  readonly pages: string;
  readonly service: Service;
  readonly browser: Browser;
  close(): Promise<void>;
}

export interface BrowserOptions {
  /** Further flags, and those of ours or of Playwright's to be left out, by name. */
  readonly flags?: readonly string[];
  readonly without?: readonly string[];
}

export async function startWorld(
  options: ServiceOptions = {},
  { flags = [], without = [] }: BrowserOptions = {},
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'call-button-'));
  const microphone = join(folder, 'microphone.wav');
  await writeFile(microphone, sineWav(MICROPHONE_HZ, 10));
  const launching = chromium.launch({
    executablePath: findBrowser(),
    ignoreDefaultArgs: [...without],
    args: [
      ...BROWSER_FLAGS.filter((flag) => !without.includes(flag.split('=')[0] ?? '')),
      `--use-file-for-fake-audio-capture=${microphone}`,
      ...flags,
    ],
  });
  const [service, browser] = await Promise.all([
    prepareScript().then((dist) =>
      startService({ port: 0, pages: folder, dist: () => Promise.resolve(dist), ...options }),
    ),
    launching,
  ]).catch(async (error: unknown) => {
    // an open browser keeps the process
    await launching.then((opened) => opened.close());
    throw error;
  });
  return {
    pages: folder,
    service,
    browser,
    async close() {
      await browser.close();
      await service.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Everything a page opened that must be closed again: counted from inside the page. */
export interface Open {
  readonly sockets: number;
  readonly peerConnections: number;
  readonly tracks: number;
  readonly audioContexts: number;
}

export const NOTHING_OPEN: Open = { sockets: 0, peerConnections: 0, tracks: 0, audioContexts: 0 };

export interface CallPage {
  readonly page: Page;
  /** Anything that reached the page as an uncaught error, and the console's errors. */
  readonly errors: string[];
  /** Requests made, by address. */
  readonly requests: string[];
  /** Passes asked for: not the GET ahead, which opens the connection. */
  passes(): number;
  open(): Promise<Open>;
  /** Fills in the name, solves the CAPTCHA and presses Call. */
  dial(name?: string): Promise<void>;
  state(): Promise<string>;
  waitForState(...states: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Runs in the page before anything else: keeps what was opened, so that it can be counted. */
export function keepCount(): void {
  const kept = { sockets: [], peers: [], tracks: [], contexts: [] } as {
    sockets: WebSocket[];
    peers: RTCPeerConnection[];
    tracks: MediaStreamTrack[];
    contexts: AudioContext[];
  };
  Object.assign(globalThis, { kept });
  const record = <T extends abstract new (...values: never[]) => object>(
    type: T,
    list: object[],
  ): T =>
    new Proxy(type, {
      construct(target, values, newTarget) {
        const made = Reflect.construct(target, values, newTarget) as object;
        list.push(made);
        return made;
      },
    });
  globalThis.WebSocket = record(WebSocket, kept.sockets);
  globalThis.RTCPeerConnection = record(RTCPeerConnection, kept.peers);
  globalThis.AudioContext = record(AudioContext, kept.contexts);
  const { mediaDevices } = navigator as Partial<Navigator>;
  // an insecure page has none
  if (mediaDevices === undefined) return;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    kept.tracks.push(...stream.getTracks());
    return stream;
  };
}

declare global {
  var kept: {
    sockets: WebSocket[];
    peers: RTCPeerConnection[];
    tracks: MediaStreamTrack[];
    contexts: AudioContext[];
  };
}

export interface PageOptions {
  readonly attributes?: Readonly<Record<string, string>>;
  /** Inside the element. */
  readonly content?: string;
  /** Around and beside the element. */
  readonly html?: (element: string) => string;
  /** Further attributes of the script tag. */
  readonly script?: string;
  readonly context?: Parameters<Browser['newContext']>[0];
  /** What the visitor has allowed; all else is refused. */
  readonly permissions?: readonly ('microphone' | 'camera')[];
  /** Runs in the page before its own scripts. */
  readonly init?: (() => void) | readonly (() => void)[];
  /** Address of the page's folder, where it is not the service's own. */
  readonly origin?: string;
}

/** What reaches the page as an error, and the count of what it opens. */
export async function instrument(page: Page): Promise<string[]> {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  // tsx names functions by a helper that the page does not have
  await page.addInitScript('globalThis.__name = (value) => value');
  await page.addInitScript(keepCount);
  return errors;
}

/** Runs in the page. */
export const countOpen = (): Open => ({
  sockets: kept.sockets.filter(({ readyState }) => readyState < WebSocket.CLOSING).length,
  peerConnections: kept.peers.filter(({ signalingState }) => signalingState !== 'closed').length,
  tracks: kept.tracks.filter(({ readyState }) => readyState === 'live').length,
  audioContexts: kept.contexts.filter(({ state: current }) => current !== 'closed').length,
});

const escapeAttribute = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** The element as markup, tied to the service. */
export function elementHtml(
  { sipUrl, gateUrl }: Place['service'],
  attributes: Readonly<Record<string, string>> = {},
  content = '<a href="tel:+15550100123">Call us</a>',
): string {
  const all = { server: sipUrl, gate: gateUrl, target: 'echo', captcha: 'altcha', ...attributes };
  const text = Object.entries(all).map(([name, value]) => `${name}="${escapeAttribute(value)}"`);
  return `<call-button ${text.join(' ')}>${content}</call-button>`;
}

/** What a page needs of a service. */
export interface Place {
  readonly pages: string;
  readonly service: Pick<Service, 'url' | 'sipUrl' | 'gateUrl'>;
  readonly browser: Browser;
}

/** Who comes by, and what is done to the page before it begins. */
export type VisitOptions = Pick<PageOptions, 'context' | 'permissions' | 'init'>;

/** A page at any address with one element. */
export async function visitUrl(
  browser: Browser,
  url: string,
  {
    context: contextOptions = {},
    permissions = ['microphone', 'camera'],
    init = [],
  }: VisitOptions = {},
): Promise<CallPage> {
  const context: BrowserContext = await browser.newContext(contextOptions);
  const { protocol, hostname, origin } = new URL(url);
  // to another page without https there is nothing to be granted
  if (protocol === 'https:' || /^(127\..*|localhost|\[::1\])$/.test(hostname)) {
    await context.grantPermissions([...permissions], { origin });
  }
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const requests: string[] = [];
  let passes = 0;
  page.on('request', (request) => {
    requests.push(request.url());
    if (request.method() === 'POST' && request.url().endsWith('/pass')) passes += 1;
  });
  const errors = await instrument(page);
  for (const script of [init].flat()) await page.addInitScript(script);
  await page.goto(url);
  await page.waitForFunction(() => customElements.get('call-button') !== undefined);
  const state = (): Promise<string> =>
    page.evaluate(() => document.querySelector('call-button')!.state.state);
  return {
    page,
    errors,
    requests,
    passes: () => passes,
    state,
    open: () => page.evaluate(countOpen),
    async dial(name = 'Ada Lovelace') {
      const element = page.locator('call-button').first();
      await element.locator('[part=launcher]:visible').click();
      await element.getByLabel('Your name').fill(name);
      await element.getByRole('button', { name: /^Start/ }).click();
    },
    waitForState: async (...states) => {
      await page.waitForFunction(
        (wanted) => wanted.includes(document.querySelector('call-button')!.state.state),
        states,
      );
    },
    close: () => context.close(),
  };
}

/** A page on the service's own origin with one element. */
export async function openPage(
  { pages, service, browser }: Place,
  {
    attributes,
    content,
    html = (element) => element,
    script = '',
    origin = service.url,
    ...options
  }: PageOptions = {},
): Promise<CallPage> {
  const name = `${randomUUID()}.html`;
  await writeFile(
    join(pages, name),
    `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">
<title>e2e</title><script async crossorigin ${script} src="/dist/call-button.js"></script>${html(elementHtml(service, attributes, content))}`,
  );
  return visitUrl(browser, `${origin}${name}`, options);
}

export interface AgentPage {
  readonly page: Page;
  readonly errors: string[];
  open(): Promise<Open>;
  /** By its name, exactly. */
  button(name: string): Locator;
  close(): Promise<void>;
}

/** The page where a person answers, signed in, in a browser context of its own. */
export async function openAgent({ pages, service, browser }: World): Promise<AgentPage> {
  // beside the pages that tests write
  await mkdir(join(pages, 'agent'), { recursive: true });
  for (const file of ['agent/index.html', 'agent/agent.css', 'site.css']) {
    await copyFile(new URL(`../../demo/${file}`, import.meta.url), join(pages, file));
  }
  const context = await browser.newContext();
  await context.grantPermissions(['microphone', 'camera'], { origin: service.url });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors = await instrument(page);
  await page.goto(`${service.url}agent/`);
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  await button('Take calls').click();
  await page.getByRole('heading', { name: 'Waiting for a call.' }).waitFor();
  return {
    page,
    errors,
    open: () => page.evaluate(countOpen),
    button,
    close: () => context.close(),
  };
}

/** The strongest frequency of the far end's sound, Hz, and its level, dBFS, over half a second. */
export async function listen(page: Page): Promise<{ hz: number; level: number }> {
  return page.evaluate(async () => {
    const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
    const track = peer.getReceivers().find(({ track: { kind } }) => kind === 'audio')!.track;
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const bins = new Float32Array(analyser.frequencyBinCount);
    const samples = new Float32Array(analyser.fftSize);
    let best = { hz: 0, level: -Infinity };
    const end = performance.now() + 500;
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame);
      analyser.getFloatFrequencyData(bins);
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      const level = 10 * Math.log10(power);
      if (level <= best.level) continue;
      let top = 0;
      bins.forEach((value, bin) => {
        if (value > bins[top]!) top = bin;
      });
      best = { hz: (top * context.sampleRate) / analyser.fftSize, level };
    }
    await context.close();
    return best;
  });
}

/** Below this nothing is to be heard, dBFS. */
export const SILENCE = -60;

/** The page hears a microphone: the far end's, or its own by an echo. */
export const hearsTone = (page: Page): Promise<unknown> =>
  until(async () => {
    const { hz, level } = await listen(page);
    return Math.abs(hz - MICROPHONE_HZ) < 20 && level > SILENCE;
  }, 15_000);

/** Something is to be heard, and it is no microphone: speech or music of the service. */
export const hearsService = (page: Page): Promise<unknown> =>
  until(async () => {
    const { hz, level } = await listen(page);
    return Math.abs(hz - MICROPHONE_HZ) > 50 && level > SILENCE;
  }, 15_000);

/** Video frames decoded of the far end's picture so far. */
export async function framesDecoded(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
    let frames = 0;
    for (const report of (await peer.getStats()).values() as Iterable<Record<string, unknown>>) {
      if (report['type'] === 'inbound-rtp' && report['kind'] === 'video') {
        frames += Number(report['framesDecoded'] ?? 0);
      }
    }
    return frames;
  });
}

/** Answers for the gate where a pass is asked for; what opens the connection ahead goes through. */
export async function routePasses(
  page: Page,
  answer: (route: Route) => Promise<void> | void,
): Promise<void> {
  await page.route('**/call-gate/pass', (route) =>
    route.request().method() === 'POST' ? answer(route) : route.continue(),
  );
}
