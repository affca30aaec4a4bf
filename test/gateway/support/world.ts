/** The reference gateway for tests: page and gate, Kamailio, rtpengine and a telephone, all on ports of their own. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { startBaresip, type Account, type Baresip } from '../../../demo/gateway/baresip.js';
import { startGateway, type Gateway, type GatewayOptions } from '../../../demo/gateway/gateway.js';
import type { Alias } from '../../../demo/gateway/kamailio.js';
import { findPort } from '../../../demo/gateway/ports.js';
import { findPrograms } from '../../../demo/gateway/programs.js';
import { openPageServer } from '../../../demo/gateway/site.js';
import { speak } from '../../../demo/gateway/speech.js';
import type { GateOverrides } from '../../../demo/service/gate.js';
import { prepareScript } from '../../../demo/service/script.js';
import { SECRETS } from '../../service/sip-client.js';
import { BROWSER_FLAGS, findBrowser } from '../../support/browser.js';
import { until } from '../../support/until.js';

export const NEAR_WORDS = 'The quick brown fox jumps over the lazy dog, and then it goes home.';
export const FAR_WORDS = 'Good morning. Your piano needs new strings, and we can begin on Monday.';

/** What the gateway writes about a call. */
export interface CallLine {
  readonly call_id: string;
  readonly alias: string;
  readonly seconds: number;
  readonly status: number;
  readonly end: string;
}

export interface GatewayWorld {
  readonly folder: string;
  /** Folder of the pages. */
  readonly pages: string;
  readonly service: { readonly url: string; readonly sipUrl: string; readonly gateUrl: string };
  readonly gateway: Gateway;
  readonly programs: ReturnType<typeof findAll>;
  /** Ports of the aliases `sipp` and `second`, where scenarios listen. */
  readonly farPort: number;
  /** Everything the daemons wrote. */
  readonly lines: readonly string[];
  callLine(callId: string): Promise<CallLine>;
  /** Value of a counter; 0 where it was never counted. */
  counter(name: string): Promise<number>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly settings?: GatewayOptions['settings'];
  readonly flags?: readonly string[];
  readonly mediaTimeoutSeconds?: number;
  readonly aliases?: readonly Alias[];
  readonly gate?: GateOverrides;
}

const findAll = () =>
  findPrograms(['kamailio', 'rtpengine', 'openssl', 'baresip', 'sipp', 'espeak-ng', 'sox']);

/** All tests come from one address. */
const ROOMY = {
  LIMIT_MESSAGES: 20_000,
  LIMIT_CALLS_ADDRESS: 200,
  LIMIT_CALLS_ALL: 200,
  LIMIT_SOCKETS_ADDRESS: 500,
};

export async function startGatewayWorld(options: WorldOptions = {}): Promise<GatewayWorld> {
  const programs = findAll();
  const folder = await mkdtemp(join(tmpdir(), 'call-gateway-test-'));
  const pages = join(folder, 'pages');
  await mkdir(pages);
  const lines: string[] = [];
  const failures: string[] = [];
  const site = await openPageServer({ host: '127.0.0.1', port: 0 });
  const farPort = await findPort();
  const secrets = { ...SECRETS, topology: 'topology-key-of-the-tests' };
  const aliases = [
    { alias: 'sipp', target: `sip:sipp@127.0.0.1:${farPort};transport=tcp`, calls: 100 },
    ...(options.aliases ?? []),
  ];
  const gateway = await startGateway({
    programs,
    folder,
    aliases,
    origins: site.origins.list,
    secrets,
    settings: { ...ROOMY, ...options.settings },
    ...(options.flags === undefined ? {} : { flags: options.flags }),
    mediaTimeoutSeconds: options.mediaTimeoutSeconds ?? 30,
    onLine: (_from, line) => lines.push(line),
    onExit: (why) => failures.push(why),
  });
  site.serve({
    sipUrl: gateway.sipUrl,
    aliases: aliases.map(({ alias }) => alias),
    captcha: { provider: 'altcha' },
    secrets,
    gate: options.gate ?? {},
    pages,
    dist: prepareScript,
    onFault: (error) => failures.push(String(error)),
  });
  return {
    folder,
    pages,
    service: { url: site.url, sipUrl: gateway.sipUrl, gateUrl: site.gateUrl },
    gateway,
    programs,
    farPort,
    lines,
    async callLine(callId) {
      const line = await until(() =>
        lines.find((text) => text.includes(`call {"call_id":"${callId}"`)),
      );
      return JSON.parse(line.slice(line.indexOf('{'))) as CallLine;
    },
    async counter(name) {
      const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
      return Number(line?.split(' ')[1] ?? 0);
    },
    async close() {
      if (process.env['GATEWAY_LOG'] !== undefined) console.error(lines.join('\n'));
      await site.close();
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
      if (failures.length > 0) throw new Error(failures.join('\n'));
    },
  };
}

export interface Telephone extends Omit<Baresip, 'stop'> {
  readonly port: number;
  readonly aliases: readonly Alias[];
  /** What both sides say. */
  readonly speech: Speech;
  close(): Promise<void>;
}

/**
 * A baresip of the test's own, whose accounts all say the far end's words; its aliases still have to be told to the
 * gateway. `close` takes the words along.
 */
export async function startTelephone(
  accounts: readonly Omit<Account, 'says'>[],
): Promise<Telephone> {
  const [speech, port, controlPort] = await Promise.all([prepareSpeech(), findPort(), findPort()]);
  const folder = join(speech.folder, 'telephone');
  await mkdir(folder, { recursive: true });
  const baresip = await startBaresip({
    program: findAll().baresip,
    folder,
    port,
    controlPort,
    accounts: accounts.map((account) => ({ ...account, says: speech.far })),
    // what a test can see of it are its events
    onLine: () => {},
    onExit: () => {},
  });
  return {
    ...baresip,
    port,
    speech,
    aliases: accounts.map(({ name }) => ({
      alias: name,
      target: `sip:${name}@127.0.0.1:${port};transport=tcp`,
      calls: 100,
    })),
    async close() {
      await baresip.stop();
      await speech.close();
    },
  };
}

export interface Speech {
  readonly folder: string;
  readonly near: string;
  readonly far: string;
  close(): Promise<void>;
}

/** Both sides' words as WAV. */
export async function prepareSpeech(): Promise<Speech> {
  const programs = findAll();
  const folder = await mkdtemp(join(tmpdir(), 'call-gateway-speech-'));
  const near = join(folder, 'near.wav');
  const far = join(folder, 'far.wav');
  await Promise.all([
    speak(programs, near, NEAR_WORDS, 0.5),
    // a telephone hangs up at the end of its file
    speak(programs, far, FAR_WORDS, 0.5, 12),
  ]);
  return { folder, near, far, close: () => rm(folder, { recursive: true, force: true }) };
}

export async function launchChromium(speech: Speech): Promise<Browser> {
  // built before a page waits for it
  await prepareScript();
  return chromium.launch({
    executablePath: findBrowser(),
    args: [...BROWSER_FLAGS, `--use-file-for-fake-audio-capture=${speech.near}`],
  });
}
