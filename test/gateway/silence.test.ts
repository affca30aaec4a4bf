/** A far end that says nothing for a while sends nothing: it is no bad line, and no end of the call. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { QualityReport } from '../../src/call/ports.js';
import { en } from '../../src/i18n/en.js';
import { until } from '../support/until.js';
import { dialFar, FAREWELL, RINGING, type FarCall } from './support/far-call.js';
import { openSpeaker, type Speaker } from './support/speaker.js';
import {
  launchChromium,
  prepareSpeech,
  startGatewayWorld,
  type GatewayWorld,
  type Speech,
} from './support/world.js';

const MEDIA_TIMEOUT_SECONDS = 3;
/** Longer than the time without media that ends a call. */
const SILENT_MS = 6000;

let world: GatewayWorld;
let speech: Speech;
let browser: Browser;
let speaker: Speaker;
let call: FarCall | null = null;

before(async () => {
  speech = await prepareSpeech();
  world = await startGatewayWorld({ mediaTimeoutSeconds: MEDIA_TIMEOUT_SECONDS });
  browser = await launchChromium(speech);
  speaker = await openSpeaker();
});
after(async () => {
  if (process.env['GATEWAY_LOG'] !== undefined) console.error(world.lines.join('\n'));
  speaker.close();
  await browser.close();
  await world.close();
  await speech.close();
});
afterEach(async () => {
  await call?.close();
  call = null;
});

declare global {
  var reports: QualityReport[];
}

describe('silence in the call', () => {
  for (const [way, steps] of [
    ['passed through', []],
    ['transcoded', [RINGING, { pauseMs: 300 }]],
  ] as const) {
    it(`${way}: the call stays, its quality too, and sound comes again`, async () => {
      speaker.speaks = true;
      call = await dialFar(world, browser, [
        ...steps,
        { reply: '200 OK', sdp: speaker.port },
        { receive: 'ACK' },
        ...FAREWELL,
      ]);
      const { page, waitForState, flows, hangUp, state } = call;
      await waitForState('established');
      await flows();
      await page.evaluate(() => {
        globalThis.reports = [];
        document
          .querySelector('call-button')!
          .addEventListener('call-quality-change', ({ quality }) => reports.push(quality));
      });
      const reported = (): Promise<QualityReport[]> => page.evaluate(() => reports);
      const heard = speaker.heard;
      speaker.speaks = false;
      const began = performance.now();
      await until(() => performance.now() - began > SILENT_MS);
      assert.ok(speaker.heard - heard > SILENT_MS / 25, 'the caller is heard all the time');
      const inSilence = await reported();
      assert.ok(inSilence.length > 3, `${inSilence.length} reports`);
      speaker.speaks = true;
      await flows();
      await until(async () => (await reported()).length > inSilence.length + 2);
      assert.equal(await state(), 'established');
      assert.deepEqual(
        (await reported()).filter(({ loss }) => loss !== null && loss > 0),
        [],
      );
      assert.equal(await page.getByText(en['quality.advice']).count(), 0);
      await hangUp();
    });
  }
});
