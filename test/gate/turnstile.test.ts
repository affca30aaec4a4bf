import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGate, type GateOptions } from '../../src/gate/index.js';
import {
  ago,
  ALTCHA_KEY,
  createHarness,
  DIGEST_SECRET,
  good,
  JWT_SECRET,
  ORIGIN,
  passOf,
  post,
  problemOf,
  type Context,
} from './support.js';

const SECRET = '0x4AAAAAAAsecret-of-the-widget';
const PASSING_DUMMY = '1x0000000000000000000000000000000AA';

const harnessWith = (turnstile: GateOptions['turnstile'], production = true) =>
  createHarness({
    production,
    ...(turnstile === undefined ? {} : { turnstile }),
    aliases: { sales: { captcha: ['turnstile'] }, support: { captcha: ['turnstile'] } },
  });

/** What the gate says to a token for `sales` when siteverify answers with this. */
async function judge(
  answer: Record<string, unknown>,
  turnstile: GateOptions['turnstile'] = { secret: SECRET },
  production = true,
): Promise<string> {
  const harness = harnessWith(turnstile, production);
  const honest = {
    success: true,
    'error-codes': [],
    hostname: 'shop.example',
    action: 'sales',
    cdata: '',
    challenge_ts: ago(harness, 1000),
  };
  harness.siteverify.answer = () => Response.json({ ...honest, ...answer });
  const response = await post(harness, good({ provider: 'turnstile' }));
  return response.ok ? '200' : problemOf(response);
}

describe('Turnstile', () => {
  it('is asked with everything that it can check', async () => {
    const harness = harnessWith({ secret: SECRET });
    harness.siteverify.answer = () =>
      Response.json({
        success: true,
        hostname: 'shop.example',
        action: 'support',
        challenge_ts: ago(harness, 0),
      });
    const body = good({ provider: 'turnstile', target: 'support', token: '0.token' });
    await passOf(await post(harness, body, { ip: '::ffff:203.0.113.7' }));
    const { asked, urls } = harness.siteverify;
    assert.deepEqual(urls, ['https://challenges.cloudflare.com/turnstile/v0/siteverify']);
    assert.deepEqual(Object.fromEntries(asked[0] ?? []), {
      secret: SECRET,
      response: '0.token',
      remoteip: '203.0.113.7',
    });
  });

  const codes: [code: string, expected: string][] = [
    ['missing-input-secret', '503 captcha-unavailable'],
    ['invalid-input-secret', '503 captcha-unavailable'],
    ['internal-error', '503 captcha-unavailable'],
    ['missing-input-response', '403 captcha-failed'],
    ['invalid-input-response', '403 captcha-failed'],
    ['bad-request', '403 captcha-failed'],
    ['timeout-or-duplicate', '403 captcha-expired'],
    ['a-code-of-next-year', '403 captcha-failed'],
    ['toString', '403 captcha-failed'],
  ];
  for (const [code, expected] of codes) {
    it(`refuses ${code} as ${expected}`, async () => {
      assert.equal(await judge({ success: false, 'error-codes': [code] }), expected);
    });
  }

  it('refuses tokens that were solved for another service', async () => {
    for (const action of ['support', 'SALES', 'sales ', '', null, undefined, ['sales'], {}]) {
      assert.equal(await judge({ action }), '403 captcha-failed', JSON.stringify(action));
    }
    assert.equal(await judge({ action: 'sales' }), '200');
  });

  it('logs whether the host or the service was another', async () => {
    const harness = harnessWith({ secret: SECRET });
    const why = async (answer: Record<string, unknown>) => {
      harness.siteverify.answer = () =>
        Response.json({ success: true, challenge_ts: ago(harness, 0), ...answer });
      await post(harness, good({ provider: 'turnstile' }));
      return harness.log.at(-1)?.reason;
    };
    assert.equal(await why({ hostname: 'evil.example', action: 'sales' }), 'hostname');
    assert.equal(await why({ hostname: 'shop.example', action: 'support' }), 'action');
  });

  it('accepts the host names it is told instead', async () => {
    const turnstile = { secret: SECRET, hostnames: ['landing.example'] };
    assert.equal(await judge({ hostname: 'landing.example' }, turnstile), '200');
    assert.equal(await judge({ hostname: 'shop.example' }, turnstile), '403 captcha-failed');
  });

  it('accepts the answer to its test secret in development, which names no host and no action of ours', async () => {
    const answer = {
      hostname: 'example.com',
      action: undefined,
      metadata: { result_with_testing_key: true },
    };
    assert.equal(await judge(answer, { secret: PASSING_DUMMY }, false), '200');
    assert.equal(await judge(answer, { secret: SECRET }, false), '403 captcha-failed');
  });

  it('is never taken for another provider', async () => {
    const harness = harnessWith({ secret: SECRET });
    const response = await post(harness, good({ provider: 'hcaptcha' }));
    assert.equal(await problemOf(response), '403 captcha-required');
    assert.equal(harness.siteverify.asked.length, 0);
  });

  it('is the default of services where hCaptcha is not configured', async () => {
    const harness = createHarness();
    const gate = createGate<Context>({
      origins: [ORIGIN],
      aliases: { sales: {} },
      jwtSecret: JWT_SECRET,
      digestSecret: DIGEST_SECRET,
      turnstile: { secret: SECRET },
      altcha: { hmacKey: ALTCHA_KEY },
      clientIp: (_request, context) => context?.ip,
      fetch: harness.siteverify.fetch,
    });
    harness.siteverify.answer = () =>
      Response.json({
        success: true,
        hostname: 'shop.example',
        action: 'sales',
        challenge_ts: ago(harness, 0),
      });
    await passOf(await post({ gate }, good({ provider: 'turnstile' })));
    const altcha = await post({ gate }, good({ provider: 'altcha' }));
    assert.equal(await problemOf(altcha), '403 captcha-required');
  });
});
