/** The embedded service, or another gateway, behind a network of any round-trip time. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAssets } from '../../demo/service/media/assets.js';
import { prepareScript } from '../../demo/service/script.js';
import { startService } from '../../demo/service/server.js';
import type { PassResponse } from '../../src/shared/pass.js';
import { createCallee, createEarlyCallee } from './aliases.js';
import { createSlowSip, type SlowSip } from './network/slow-sip.js';
import { createSlowTcp } from './network/slow-tcp.js';
import type { BenchOptions } from './options.js';
import { writePages } from './peers.js';
import { startReference } from './reference.js';

export interface World {
  /** Round trips from now on, ms. */
  rttMs: number;
  /** Where the pages are, behind the slow network. */
  readonly url: string;
  readonly gateUrl: string;
  readonly sip: SlowSip;
  readonly domain: string;
  readonly target: string;
  readonly earlyTarget: string;
  /** A pass for one call, as the gate gives it: JSON. */
  fetchPass(target: string): Promise<string>;
  close(): Promise<void>;
}

/** Everybody comes from one address here. */
const LIMITS = {
  perIp: { max: 1e6, seconds: 60 },
  perAlias: { max: 1e6, seconds: 60 },
  overall: { max: 1e6, seconds: 60 },
};

export async function startWorld(options: BenchOptions): Promise<World> {
  const pages = await mkdtemp(join(tmpdir(), 'call-button-bench-'));
  let rttMs = 0;
  const slowPages = await createSlowTcp(() => rttMs);
  const url = `http://127.0.0.1:${slowPages.port}/`;
  const reference =
    options.gateway === 'reference' ? await startReference(new URL(url).origin, LIMITS) : null;
  const gateway = options.gateway === 'reference' ? reference : options.gateway;
  const dist = await prepareScript();
  const assets = await loadAssets();
  await writePages(pages);
  const service = await startService({
    port: 0,
    pages,
    dist: () => Promise.resolve(dist),
    captcha: { provider: 'none' },
    origins: [new URL(url).origin],
    gate: { limits: LIMITS },
    aliases: new Map([
      ['bench', createCallee(assets)],
      ['bench-early', createEarlyCallee(assets)],
    ]),
  });
  slowPages.upstream = { host: '127.0.0.1', port: service.port };
  const origin = gateway?.origin ?? new URL(service.url).origin;
  const gate = gateway?.gate ?? service.gateUrl;
  const sip = await createSlowSip({
    rttMs: () => rttMs,
    server: () => gateway?.url ?? service.sipUrl,
    origin: () => origin,
  });
  return {
    get rttMs() {
      return rttMs;
    },
    set rttMs(next) {
      rttMs = next;
    },
    url,
    // another gate is asked as it is: only its own network lies between
    gateUrl: gateway?.gate ?? `${url}call-gate`,
    sip,
    domain: gateway?.domain ?? '127.0.0.1',
    target: gateway?.target ?? 'bench',
    earlyTarget: gateway?.earlyTarget ?? 'bench-early',
    async fetchPass(target) {
      const response = await fetch(`${gate}/pass`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: origin },
        body: JSON.stringify({ target, provider: 'none', name: 'Ada Lovelace' }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`no pass from ${gate}: ${response.status} ${text}`);
      // where the page finds server and STUN is a matter of the conditions
      const { pass, username, password, expiresAt } = JSON.parse(text) as PassResponse;
      return JSON.stringify({ pass, username, password, expiresAt });
    },
    async close() {
      await Promise.all([sip.close(), slowPages.close()]);
      await service.close();
      await reference?.close();
      await rm(pages, { recursive: true, force: true });
    },
  };
}
