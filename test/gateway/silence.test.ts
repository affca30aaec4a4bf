/** A far end that says nothing for a while sends nothing: it is no bad line, and no end of the call. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { QualityReport } from '../../src/call/ports.js';
import { en } from '../../src/i18n/en.js';
import { useBefore } from '../support/hooks.js';
import { until } from '../support/until.js';
import { FAREWELL, RINGING } from './support/far-call.js';
import { openSpeaker, type Speaker } from './support/speaker.js';
import { useCaller, useGateway } from './support/use-world.js';

const MEDIA_TIMEOUT_SECONDS = 3;
/** Longer than the time without media that ends a call. */
const SILENT_MS = 6000;

const world = useGateway({ mediaTimeoutSeconds: MEDIA_TIMEOUT_SECONDS });
const { dial } = useCaller(world);
let speaker: Speaker;
useBefore(async () => {
  speaker = await openSpeaker();
});
after(() => speaker.close());

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
      const call = await dial([
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
