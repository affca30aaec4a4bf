import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HCAPTCHA_DUMMY_SECRET } from '../../src/gate/hcaptcha.js';
import { ago, createHarness, good, HCAPTCHA, passOf, post, problemOf } from './support.js';

/** What the gate says when siteverify answers with this. */
async function judge(answer: Record<string, unknown>): Promise<string> {
  const harness = createHarness();
  const honest = { success: true, hostname: 'shop.example', challenge_ts: ago(harness, 1000) };
  harness.siteverify.answer = () => Response.json({ ...honest, ...answer });
  const response = await post(harness, good());
  return response.ok ? '200' : problemOf(response);
}

describe('hCaptcha', () => {
  it('is asked with everything that it can check', async () => {
    const harness = createHarness();
    await passOf(await post(harness, good({ token: 'P1_token' }), { ip: '::ffff:203.0.113.7' }));
    const { asked, urls } = harness.siteverify;
    assert.deepEqual(urls, ['https://api.hcaptcha.com/siteverify']);
    assert.deepEqual(Object.fromEntries(asked[0] ?? []), {
      secret: HCAPTCHA.secret,
      response: 'P1_token',
      sitekey: HCAPTCHA.sitekey,
      remoteip: '203.0.113.7',
    });
  });

  const codes: [code: string, expected: string][] = [
    ['missing-input-secret', '503 captcha-unavailable'],
    ['invalid-input-secret', '503 captcha-unavailable'],
    ['missing-remoteip', '503 captcha-unavailable'],
    ['invalid-remoteip', '503 captcha-unavailable'],
    ['missing-input-response', '403 captcha-failed'],
    ['invalid-input-response', '403 captcha-failed'],
    ['expired-input-response', '403 captcha-expired'],
    ['already-seen-response', '403 captcha-replayed'],
    ['invalid-or-already-seen-response', '403 captcha-replayed'],
    ['bad-request', '403 captcha-failed'],
    ['not-using-dummy-passcode', '403 captcha-failed'],
    ['not-using-dummy-secret', '403 captcha-failed'],
    ['sitekey-secret-mismatch', '403 captcha-failed'],
    ['a-code-of-next-year', '403 captcha-failed'],
    ['toString', '403 captcha-failed'],
  ];
  for (const [code, expected] of codes) {
    it(`refuses ${code} as ${expected}`, async () => {
      assert.equal(await judge({ success: false, 'error-codes': [code] }), expected);
    });
  }

  it('accepts the host names it is told instead', async () => {
    const hcaptcha = { ...HCAPTCHA, hostnames: ['landing.example'] };
    for (const [hostname, status] of [
      ['landing.example', 200],
      ['shop.example', 403],
    ] as const) {
      const harness = createHarness({ hcaptcha });
      harness.siteverify.answer = () =>
        Response.json({ success: true, hostname, challenge_ts: ago(harness, 0) });
      assert.equal((await post(harness, good())).status, status);
    }
  });

  it('accepts its test keys in development', async () => {
    const harness = createHarness({
      production: false,
      hcaptcha: {
        secret: HCAPTCHA_DUMMY_SECRET,
        sitekey: '10000000-ffff-ffff-ffff-000000000001',
      },
    });
    harness.siteverify.answer = () =>
      Response.json({
        success: true,
        hostname: 'dummy-key-pass',
        challenge_ts: ago(harness, 0),
      });
    await passOf(await post(harness, good({ token: '10000000-aaaa-bbbb-cccc-000000000001' })));
  });
});
