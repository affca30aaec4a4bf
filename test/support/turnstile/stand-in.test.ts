import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CaptchaStandIn } from '../captcha-stand-in.js';
import { TEST_SECRETS, TEST_TOKEN } from './scenarios.js';
import { createTurnstileStandIn } from './stand-in.js';

const SITE = { sitekey: 'scenario-pass', secret: 'secret of the site' };
const OTHER = { sitekey: 'scenario-interactive', secret: 'secret of another site' };

describe('Turnstile stand-in', () => {
  let time = Date.parse('2026-01-05T12:00:00Z');
  let standIn: CaptchaStandIn;
  let server: Awaited<ReturnType<CaptchaStandIn['start']>>;

  before(async () => {
    standIn = createTurnstileStandIn({ sites: [SITE, OTHER], now: () => time });
    server = await standIn.start();
  });
  after(() => server.close());

  const post = async (body: BodyInit, type?: string): Promise<Record<string, unknown>> => {
    const response = await fetch(`${server.origin}/turnstile/v0/siteverify`, {
      method: 'POST',
      body,
      ...(type === undefined ? {} : { headers: { 'Content-Type': type } }),
    });
    return (await response.json()) as Record<string, unknown>;
  };
  const verify = (form: Record<string, string>) => post(new URLSearchParams(form));
  const codes = async (form: Record<string, string>): Promise<unknown> => {
    const verdict = await verify(form);
    assert.equal(verdict.success, false);
    return verdict['error-codes'];
  };

  it('accepts a token once, and tells where and what it was solved for', async () => {
    const response = standIn.issue({ ...SITE, host: 'shop.example', action: 'sales' });
    const form = { secret: SITE.secret, response, remoteip: '192.0.2.1' };
    assert.deepEqual(await verify(form), {
      success: true,
      challenge_ts: '2026-01-05T12:00:00.000Z',
      hostname: 'shop.example',
      'error-codes': [],
      action: 'sales',
      cdata: '',
    });
    assert.deepEqual(standIn.verifications.at(-1), form);
    assert.deepEqual(await codes(form), ['timeout-or-duplicate']);
  });

  it('accepts a token for 300 s', async () => {
    const [early, late] = [0, 1].map(() => standIn.issue(SITE));
    const start = time;
    time = start + 300_000;
    assert.equal((await verify({ secret: SITE.secret, response: early! })).success, true);
    time = start + 300_001;
    const tooLate = { secret: SITE.secret, response: late! };
    assert.deepEqual(await codes(tooLate), ['timeout-or-duplicate']);
  });

  it('reads JSON too, and nothing else', async () => {
    const body = () => JSON.stringify({ secret: SITE.secret, response: standIn.issue(SITE) });
    assert.equal((await post(body(), 'application/json')).success, true);
    assert.deepEqual((await post(body(), 'text/plain'))['error-codes'], ['bad-request']);
  });

  it('refuses by the codes of Cloudflare', async () => {
    const { secret } = SITE;
    const response = standIn.issue(SITE);
    assert.deepEqual(await codes({ response }), ['missing-input-secret']);
    assert.deepEqual(await codes({ secret }), ['missing-input-response']);
    assert.deepEqual(await codes({ secret: 'wrong', response }), ['invalid-input-secret']);
    for (const wrong of ['P1_e30.0', `${response}0`, TEST_TOKEN]) {
      assert.deepEqual(await codes({ secret, response: wrong }), ['invalid-input-response']);
    }
    assert.deepEqual(await codes({ secret: OTHER.secret, response }), ['invalid-input-response']);
    // none of these has used it up
    assert.equal((await verify({ secret, response })).success, true);
  });

  it('knows the public test secrets', async () => {
    const response = TEST_TOKEN;
    for (let use = 0; use < 2; use++) {
      const verdict = await verify({ secret: TEST_SECRETS.passes, response });
      assert.deepEqual([verdict.success, verdict.hostname], [true, 'example.com']);
    }
    assert.deepEqual(await codes({ secret: TEST_SECRETS.passes, response: standIn.issue(SITE) }), [
      'invalid-input-response',
    ]);
    assert.deepEqual(await codes({ secret: TEST_SECRETS.fails, response }), [
      'invalid-input-response',
    ]);
    assert.deepEqual(await codes({ secret: TEST_SECRETS.spent, response }), [
      'timeout-or-duplicate',
    ]);
  });

  it('serves its script to any origin', async () => {
    const response = await fetch(`${server.origin}/turnstile/v0/api.js?render=explicit`);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.match(await response.text(), /window\.turnstile = /);
  });
});
