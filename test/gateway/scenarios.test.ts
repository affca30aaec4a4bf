/** What an ordinary PBX may do with a call, played by SIPp; the caller is a real Chromium. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { NOTHING_OPEN, openPage, type CallPage } from '../support/e2e.js';
import { until } from '../support/until.js';
import { playFar, type Far, type Step } from './support/scenario.js';
import {
  launchChromium,
  prepareSpeech,
  startGatewayWorld,
  type GatewayWorld,
  type Speech,
} from './support/world.js';

let world: GatewayWorld;
let speech: Speech;
let browser: Browser;
let page: CallPage | null = null;
let far: Far | null = null;

before(async () => {
  speech = await prepareSpeech();
  world = await startGatewayWorld({ mediaTimeoutSeconds: 6 });
  browser = await launchChromium(speech);
});
after(async () => {
  if (process.env['GATEWAY_LOG'] !== undefined) console.error(world.lines.join('\n'));
  await browser.close();
  await world.close();
  await speech.close();
});
afterEach(async () => {
  await page?.close();
  page = null;
  await far?.stop();
  far = null;
});

const RINGING: Step = { reply: '180 Ringing' };
const ANSWER: readonly Step[] = [{ reply: '200 OK', sdp: 'answer' }, { receive: 'ACK' }];
const FAREWELL: readonly Step[] = [{ receive: 'BYE' }, { reply: '200 ok' }];

async function dial(
  steps: readonly Step[],
  attributes: Readonly<Record<string, string>> = {},
): Promise<CallPage> {
  far = await playFar(world, steps);
  page = await openPage({ ...world, browser }, { attributes: { target: 'sipp', ...attributes } });
  await page.page.evaluate(() => {
    const kept: unknown[] = [];
    Object.assign(globalThis, { failures: kept });
    document.querySelector('call-button')!.addEventListener('call-error', (event) => {
      kept.push(event.reason);
    });
  });
  await page.dial();
  return page;
}

const failures = (): Promise<unknown[]> =>
  page!.page.evaluate(() => (globalThis as unknown as { failures: unknown[] }).failures);

async function hangUp(): Promise<void> {
  await page!.page.evaluate(() => document.querySelector('call-button')!.hangUp());
  await page!.waitForState('ended');
  await far!.done;
}

/** Packets that came to the caller so far. */
const received = (): Promise<number> =>
  page!.page.evaluate(async () => {
    let packets = 0;
    for (const peer of kept.peers) {
      for (const report of (await peer.getStats()).values() as Iterable<Record<string, unknown>>) {
        if (report['type'] === 'inbound-rtp') packets += Number(report['packetsReceived']);
      }
    }
    return packets;
  });

async function flows(): Promise<void> {
  const before = await received();
  await until(async () => (await received()) > before + 20);
}

describe('a PBX that refuses', () => {
  const refusals = [
    ['486 Busy Here', [], 'busy'],
    ['480 Temporarily Unavailable', [], 'no-answer'],
    ['603 Decline', [], 'declined'],
    ['404 Not Found', [], 'not-found'],
    // neither where to, nor for whom a challenge is, is the caller's business
    ['302 Moved Temporarily', ['Contact: <sip:+8835100@evil.example>'], 'no-answer'],
  ] as const;
  for (const [status, headers, reason] of refusals) {
    it(`${status}: is told to the caller`, async () => {
      await dial([{ reply: status, headers }, { receive: 'ACK' }]);
      await page!.waitForState('ended');
      assert.deepEqual(await failures(), [reason]);
      assert.deepEqual(await page!.open(), NOTHING_OPEN);
      await far!.done;
    });
  }

  it('nobody answers: the caller gives up, and the PBX is told', async () => {
    await dial([RINGING, { receive: 'CANCEL' }, { reply: '200 ok' }], { 'ring-timeout': '2' });
    await page!.waitForState('ended');
    await page!.page.getByText('Nobody answered.').waitFor();
  });
});

describe('a PBX that answers', () => {
  it('183 with a description: its announcement is heard before the answer', async () => {
    await dial([
      { reply: '183 Session Progress', sdp: 'answer' },
      { pauseMs: 2500 },
      ...ANSWER,
      ...FAREWELL,
    ]);
    await page!.waitForState('early-media');
    await flows();
    await page!.waitForState('established');
    await flows();
    await hangUp();
  });

  it('180, and 200 after seconds', async () => {
    await dial([RINGING, { pauseMs: 2500 }, ...ANSWER, ...FAREWELL]);
    await page!.waitForState('early-media');
    await page!.waitForState('established');
    await flows();
    await hangUp();
  });
});
