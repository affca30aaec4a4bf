/** The report of a real call: what is in it, and that nothing private is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collectSecrets } from '../support/secrets.js';
import { until } from '../support/until.js';
import type { CallReport } from '../../src/index.js';
import { useWorld } from '../support/use-world.js';

const { world, openPage } = useWorld({ ringMs: 100 });

const NAME = 'Zacharias Quillfeather';
const SECRET = 'ticket-5b1e88f0';

describe('the report of a call', () => {
  it('says how it went, can be copied, and has no name, token, pass, address or description in it', async () => {
    const call = await openPage({
      attributes: { media: 'video', context: JSON.stringify({ ticket: SECRET }) },
    });
    const { page, dial, waitForState } = call;
    const secrets = collectSecrets(page, [NAME, SECRET]);
    await page.evaluate(() => {
      document
        .querySelector('call-button')!
        .addEventListener('call-end', ({ report }) => Object.assign(globalThis, { report }));
    });
    await dial(NAME);
    await waitForState('established');
    // two readings: a share of lost packets is a difference
    await until(() =>
      page.evaluate(() => document.querySelector('call-button')!.state.quality?.loss != null),
    );
    const { id } = world.service.calls()[0]!;
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await waitForState('ended');
    const report = await page.evaluate(
      () => (globalThis as unknown as { report: CallReport }).report,
    );

    assert.equal(report.callId, id);
    assert.equal(report.reason, 'hung-up');
    assert.equal(report.state, 'established');
    assert.match(report.browser, /^Chromium \d+$/);
    assert.deepEqual(report.sipStatuses, [100, 180, 200]);
    assert.equal(report.path?.protocol, 'udp');
    assert.match(report.path?.local ?? '', /^(?:host|prflx)$/);
    assert.ok(report.path?.codecs.includes('audio/opus'));
    assert.ok(report.roundTrip !== null && report.jitter !== null && report.loss !== null);
    const { timings } = report;
    for (const [earlier, later] of [
      ['media', 'invite'],
      ['captcha', 'pass'],
      ['pass', 'invite'],
      ['invite', 'response'],
      ['response', 'ringing'],
      ['ringing', 'answer'],
      ['connected', 'packet'],
    ] as const) {
      assert.ok(timings[earlier] !== null && timings[later] !== null, `${earlier} and ${later}`);
      assert.ok(
        timings[earlier] <= timings[later],
        `${earlier} before ${later}: ${JSON.stringify(timings)}`,
      );
    }

    const copy = page.getByRole('button', { name: 'Copy technical details' });
    await copy.click();
    await page.getByText('Your browser did not allow copying.').waitFor();
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write'], { origin: world.service.url });
    await copy.click();
    await page.getByText('Technical details copied.').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.deepEqual(JSON.parse(copied), report);
    assert.ok(secrets.size > 20, 'there was something to look for');
    const found = [...secrets].filter((text) => copied.toLowerCase().includes(text.toLowerCase()));
    assert.deepEqual(found, []);
  });
});
