/** A recipe for another PBX in use: page and gate, the PBX, a telephone behind it and a trunk. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { Daemon } from '../../../demo/gateway/daemon.js';
import { findPort } from '../../../demo/gateway/ports.js';
import { findPrograms } from '../../../demo/gateway/programs.js';
import { openPageServer } from '../../../demo/gateway/site.js';
import { prepareScript } from '../../../demo/service/script.js';
import { SECRETS } from '../../service/sip-client.js';
import type { Place } from '../../support/e2e.js';
import { openPbx, type Pbx } from './pbx.js';
import { launchChromium, startTelephone, type Telephone } from './world.js';

export const RECIPES = fileURLToPath(new URL('../../../demo/gateway/recipes/', import.meta.url));

export interface RecipeOptions {
  readonly program: string;
  readonly openssl: string;
  readonly folder: string;
  readonly gateUrl: string;
  readonly redeemSecret: string;
  /** Of a caller who has vanished. */
  readonly mediaTimeoutSeconds: number;
  readonly pictures: boolean;
  /** Port of the telephone 100, and of the trunk that nobody may reach. */
  readonly telephonePort: number;
  readonly trunkPort: number;
  readonly onLine: (line: string) => void;
  readonly onExit: (why: string) => void;
}

export interface RecipePbx extends Daemon {
  /** `wss://127.0.0.1:8089/ws` */
  readonly sipUrl: string;
  /** Its certificate. */
  readonly ca: Buffer;
}

/** Puts in what differs from site to site; throws where the recipe does not have it. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the recipe has no ${from}`);
    return before.split(from).join(to);
  }, text);
}

export interface RecipeWorld extends Place {
  readonly browser: Browser;
  readonly pbx: RecipePbx;
  readonly telephone: Telephone;
  /** Where the PBX's trunk leads. */
  readonly outside: Pbx;
  /** The page's server, and the gate with it. */
  closeGate(): Promise<void>;
  close(): Promise<void>;
}

export async function startRecipeWorld(
  program: string,
  start: (options: RecipeOptions) => Promise<RecipePbx>,
  { pictures }: Pick<RecipeOptions, 'pictures'>,
): Promise<RecipeWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'call-recipe-'));
  const pages = join(folder, 'pages');
  await mkdir(pages);
  const failures: string[] = [];
  const redeemSecret = 'redeem-secret-of-the-tests-0123456789abcdef';
  const trunkPort = await findPort();
  const [telephone, outside, site] = await Promise.all([
    startTelephone([{ name: '100', answer: 'auto', video: pictures }]),
    openPbx(trunkPort),
    openPageServer({ host: '127.0.0.1', port: 0 }),
  ]);
  const pbx = await start({
    program,
    openssl: findPrograms(['openssl']).openssl,
    folder,
    gateUrl: site.gateUrl,
    redeemSecret,
    mediaTimeoutSeconds: 3,
    pictures,
    telephonePort: telephone.port,
    trunkPort,
    onLine: () => {},
    onExit: (why) => failures.push(why),
  });
  site.serve({
    sipUrl: pbx.sipUrl,
    aliases: ['sales', 'support'],
    captcha: { provider: 'altcha' },
    secrets: SECRETS,
    gate: { redeemSecret },
    pages,
    dist: prepareScript,
    onFault: (error) => failures.push(String(error)),
  });
  const browser = await launchChromium(telephone.speech);
  let gateOpen = true;
  async function closeGate(): Promise<void> {
    if (gateOpen) await site.close();
    gateOpen = false;
  }
  return {
    pages,
    service: { url: site.url, sipUrl: pbx.sipUrl, gateUrl: site.gateUrl },
    browser,
    pbx,
    telephone,
    outside,
    closeGate,
    async close() {
      await browser.close();
      await pbx.stop();
      await closeGate();
      await outside.close();
      await telephone.close();
      await rm(folder, { recursive: true, force: true });
      assert.deepEqual(failures, []);
    },
  };
}
