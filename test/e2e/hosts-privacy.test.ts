/** What a page with the element sends, stores and asks for: as the browser's own network log and its storage say. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { hearsTone, NOTHING_OPEN } from '../support/e2e.js';
import {
  type HostWorld,
  openHostPage,
  startHostWorld,
  type StrictPage,
} from '../support/host-world.js';
import { until } from '../support/until.js';

/** Runs in the page: whatever could ask for a permission or store something, by name. */
function keepDeeds(): void {
  const deeds: string[] = [];
  Object.assign(globalThis, { deeds });
  const watch = (owner: object | undefined, ...names: string[]): void => {
    for (const name of names) {
      const holder = owner as Record<string, ((...values: unknown[]) => unknown) | undefined>;
      const native = holder?.[name];
      if (native === undefined) continue;
      holder[name] = function (this: unknown, ...values) {
        // of several kinds at once, which
        const kinds = Object.entries(values[0] ?? {}).flatMap(([kind, wanted]) =>
          wanted ? [kind] : [],
        );
        deeds.push(name === 'getUserMedia' ? `${name} ${kinds.join()}` : name);
        return native.apply(this, values);
      };
    }
  };
  const { mediaDevices, permissions, storage, geolocation, serviceWorker, clipboard } = navigator;
  watch(mediaDevices, 'getUserMedia', 'getDisplayMedia', 'enumerateDevices');
  watch(permissions, 'query');
  watch(storage, 'persist', 'getDirectory');
  watch(geolocation, 'getCurrentPosition', 'watchPosition');
  watch(serviceWorker, 'register');
  watch(clipboard, 'readText', 'writeText');
  watch(Notification, 'requestPermission');
  watch(Storage.prototype, 'setItem');
  watch(IDBFactory.prototype, 'open');
  watch(CacheStorage.prototype, 'open');
  watch(Navigator.prototype, 'sendBeacon', 'getBattery');
  watch(document, 'requestStorageAccess');
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')!;
  Object.defineProperty(document, 'cookie', {
    get: () => cookie.get!.call(document) as string,
    set() {
      deeds.push('cookie');
    },
  });
}

const deeds = (on: StrictPage): Promise<string[]> =>
  on.page.evaluate(() => (globalThis as unknown as { deeds: string[] }).deeds);

/** All that the browser keeps of the page, by kind. */
async function stored(on: StrictPage): Promise<unknown> {
  const { cookies, origins } = await on.page.context().storageState();
  const rest = await on.page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    bytes: (await navigator.storage.estimate()).usage,
  }));
  return { cookies, origins, ...rest };
}

const NOTHING_STORED = {
  cookies: [],
  origins: [],
  local: 0,
  session: 0,
  databases: 0,
  caches: 0,
  workers: 0,
  bytes: 0,
};

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly {
    readonly type: number;
    readonly params?: {
      readonly url?: string;
      readonly host?: string;
      readonly initiator?: string;
    };
  }[];
}

/**
 * Addresses asked for and names looked up by whatever belongs to a page, workers, beacons and sockets included. The
 * browser's own errands have no initiator; no more has the navigation to the page.
 */
async function readNetLog(
  file: string,
  page: string,
): Promise<{ urls: string[]; names: string[] }> {
  const { constants, events } = await until(async () => {
    const text = await readFile(file, 'utf8').catch(() => '');
    // complete once the browser is gone
    return text.trimEnd().endsWith('}') && (JSON.parse(text) as NetLog);
  });
  const { URL_REQUEST_START_JOB: start, HOST_RESOLVER_MANAGER_REQUEST: resolve } =
    constants.logEventTypes;
  const requests = events.flatMap(({ type, params }) =>
    type === start && params?.url !== undefined ? [{ ...params, url: params.url }] : [],
  );
  const [own, pages] = [true, false].map((errand) =>
    requests.filter(
      ({ initiator, url }) => (initiator === 'not an origin' && url !== page) === errand,
    ),
  ) as [typeof requests, typeof requests];
  const errands = new Set(own.map(({ url }) => new URL(url).hostname));
  const names = events.flatMap(({ type, params }) =>
    type === resolve && params?.host !== undefined ? [params.host] : [],
  );
  return {
    urls: [...new Set(pages.map(({ url }) => url))].filter((url) => !url.endsWith('/favicon.ico')),
    names: [...new Set(names.map((name) => new URL(name).hostname))].filter(
      (name) => !errands.has(name),
    ),
  };
}

describe('what a page sends, stores and asks for', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'call-button-net-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function start(name: string): Promise<{ world: HostWorld; log: string }> {
    const log = join(folder, `${name}.json`);
    return { world: await startHostWorld({}, { flags: [`--log-net-log=${log}`] }), log };
  }
  const visit = (
    world: HostWorld,
    attributes?: Readonly<Record<string, string>>,
  ): Promise<StrictPage> =>
    openHostPage(world, {
      head: `<script async crossorigin src="${world.script}"></script>`,
      body: world.element({ media: 'audio', ...attributes }),
      init: keepDeeds,
    });

  it('before the form opens: the script, and nothing else', async () => {
    const { world, log } = await start('load');
    let page: string;
    try {
      const on = await visit(world);
      page = on.page.url();
      await on.page.waitForLoadState('networkidle');
      assert.deepEqual(await stored(on), NOTHING_STORED);
      assert.deepEqual(await deeds(on), []);
      assert.deepEqual(await on.open(), NOTHING_OPEN);
    } finally {
      await world.close();
    }
    const { urls, names } = await readNetLog(log, page);
    assert.deepEqual(urls.sort(), [page, world.script].sort());
    assert.deepEqual(names, ['127.0.0.1']);
  });

  it('in a whole call: script, gate and gateway, nothing stored, the microphone asked for', () =>
    callsAndSends('call', false));

  it('with report-url: that address as well', () => callsAndSends('report', true));

  async function callsAndSends(name: string, reports: boolean): Promise<void> {
    const { world, log } = await start(name);
    const reportUrl = `${world.site.origin}/reports`;
    let page: string;
    try {
      const on = await visit(world, reports ? { 'report-url': reportUrl } : {});
      page = on.page.url();
      await on.dial();
      await on.waitForState('established');
      await on.page.evaluate(() => document.querySelector('call-button')!.sendDtmf('1'));
      await hearsTone(on.page);
      const servers = await on.page.evaluate(() =>
        kept.peers.flatMap((peer) => peer.getConfiguration().iceServers ?? []),
      );
      assert.deepEqual(servers, []);
      await on.page.evaluate(() => document.querySelector('call-button')!.hangUp());
      await on.waitForState('ended');
      await until(() => world.site.reports.length === (reports ? 1 : 0));
      assert.deepEqual(await stored(on), NOTHING_STORED);
      const asked = new Set(await deeds(on));
      // a look at the permission, which asks nobody; then the question
      assert.deepEqual([...asked], ['query', 'getUserMedia audio']);
    } finally {
      await world.close();
    }
    const { urls, names } = await readNetLog(log, page);
    const { gateUrl, sipUrl, url: service } = world.service;
    const classes = {
      script: world.script,
      chunks: `${service}dist/chunks/`,
      gate: `${gateUrl}/`,
      server: sipUrl,
      ...(reports && { report: reportUrl }),
    };
    const others = urls.filter(
      (url) => url !== page && !Object.values(classes).some((prefix) => url.startsWith(prefix)),
    );
    assert.deepEqual(others, []);
    for (const [what, prefix] of Object.entries(classes)) {
      assert.ok(
        urls.some((url) => url.startsWith(prefix)),
        what,
      );
    }
    assert.deepEqual(names, ['127.0.0.1']);
  }

  it('what the README says is kept is all that the source keeps', () => {
    const root = new URL('../../', import.meta.url);
    const keeps =
      /\b(localStorage|sessionStorage|indexedDB|cookieStore)\b|document\.cookie|\bcaches\./;
    const sources = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('gate'))
      .map((name) => [name, readFileSync(new URL(`src/${name}`, root), 'utf8')] as const)
      .filter(([, text]) => keeps.test(text));
    assert.deepEqual(
      sources.map(([name]) => name.replaceAll('\\', '/')),
      ['panel/extras/remembered.ts'],
    );
    const [, key] = /const KEY = '(.*)'/.exec(sources[0]![1])!;
    const readme = readFileSync(new URL('README.md', root), 'utf8');
    assert.deepEqual(
      [...readme.matchAll(/`localStorage\["(.*?)"\]`/g)].map(([, name]) => name),
      [key],
    );
  });
});
