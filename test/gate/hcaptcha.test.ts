import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HCAPTCHA_DUMMY_SECRET } from '../../src/gate/hcaptcha.js';
import { createHarness, good, HCAPTCHA, passOf, post, problemOf } from './support.js';

const ago = (harness: { clock: { ms: number } }, ms: number) =>
  new Date(harness.clock.ms - ms).toISOString();

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

  it('refuses without codes, with several, and with codes of no known shape', async () => {
    for (const value of [undefined, null, [], 'expired-input-response', {}, [7, null]]) {
      assert.equal(await judge({ success: false, 'error-codes': value }), '403 captcha-failed');
    }
    const several = ['something-new', 'expired-input-response'];
    assert.equal(await judge({ success: false, 'error-codes': several }), '403 captcha-expired');
  });

  it('takes nothing but `true` for a yes', async () => {
    for (const success of ['true', 1, {}, [], null, undefined, false]) {
      assert.equal(await judge({ success }), '403 captcha-failed', JSON.stringify(success));
    }
    assert.equal(await judge({ success: true }), '200');
  });

  it('refuses tokens that were solved on other sites', async () => {
    for (const hostname of [
      'evil.example',
      'shop.example.evil.example',
      'www.shop.example',
      'SHOP.example',
      'not-provided',
      'dummy-key-pass',
      '',
      null,
      undefined,
      ['shop.example'],
    ]) {
      assert.equal(await judge({ hostname }), '403 captcha-failed', String(hostname));
    }
  });

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

  it('refuses challenges that are too old or from the future', async () => {
    const at = (ms: number) => judge({ challenge_ts: new Date(Date.now() - ms).toISOString() });
    assert.equal(await at(0), '200');
    assert.equal(await at(119_000), '200');
    assert.equal(await at(145_000), '200');
    assert.equal(await at(155_000), '403 captcha-expired');
    assert.equal(await at(86_400_000), '403 captcha-expired');
    assert.equal(await at(-25_000), '200');
    assert.equal(await at(-35_000), '403 captcha-failed');
  });

  it('refuses challenges of no known time', async () => {
    for (const challenge_ts of [
      undefined,
      null,
      '',
      'now',
      1_800_000_000,
      '2026-02-31T99:00:00Z',
    ]) {
      assert.equal(await judge({ challenge_ts }), '403 captcha-failed', String(challenge_ts));
    }
  });

  it('reads times with microseconds, with an offset, and in UTC without a zone', async (t) => {
    const { TZ = 'UTC' } = process.env;
    t.after(() => (process.env.TZ = TZ));
    process.env.TZ = 'America/New_York';
    const iso = new Date().toISOString();
    for (const challenge_ts of [
      iso.replace(/\.\d+Z$/, '.000000Z'),
      iso.replace(/\.\d+Z$/, '+00:00'),
      iso.replace(/\.\d+Z$/, '+0000'),
      iso.replace(/\.\d+Z$/, ''),
    ]) {
      assert.equal(await judge({ challenge_ts }), '200', challenge_ts);
    }
  });

  describe('that cannot be asked', () => {
    const faults: [name: string, answer: () => Response | Promise<Response>][] = [
      ['500', () => new Response('{"success":true}', { status: 500 })],
      ['a redirect', () => Response.redirect('https://evil.example/', 307)],
      ['HTML', () => new Response('<html>maintenance</html>')],
      ['nothing', () => new Response('')],
      ['null', () => new Response('null')],
      ['a string', () => Response.json('success')],
      ['a network error', () => Promise.reject(new TypeError('fetch failed'))],
      [
        'a body that breaks off',
        () =>
          new Response(
            new ReadableStream({
              start(controller) {
                controller.enqueue(new TextEncoder().encode('{"success":'));
                controller.error(new Error('reset'));
              },
            }),
          ),
      ],
    ];
    for (const [name, answer] of faults) {
      it(`is unavailable: ${name}`, async () => {
        const harness = createHarness();
        harness.siteverify.answer = answer;
        assert.equal(await problemOf(await post(harness, good())), '503 captcha-unavailable');
        // the token is spent with the first question
        assert.equal(harness.siteverify.asked.length, 1);
        assert.equal(harness.log[0]?.reason, 'no-answer');
      });
    }

    const hangs: [name: string, answer: (signal: AbortSignal) => Promise<Response>][] = [
      ['before the answer', () => new Promise(() => {})],
      ['in the body', () => Promise.resolve(new Response(new ReadableStream({})))],
      [
        'until it is aborted',
        (signal) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error()))),
      ],
    ];
    for (const [name, answer] of hangs) {
      it(`is given up when it hangs ${name}`, async () => {
        const harness = createHarness({ hcaptcha: { ...HCAPTCHA, timeoutMs: 100 } });
        let signal: AbortSignal | undefined;
        harness.siteverify.answer = (_form, given) => answer((signal = given));
        assert.equal(await problemOf(await post(harness, good())), '503 captcha-unavailable');
        assert.equal(signal?.aborted, true);
      });
    }

    it('is given up when the visitor leaves', { timeout: 10_000 }, async () => {
      const harness = createHarness({ hcaptcha: { ...HCAPTCHA, timeoutMs: 30_000 } });
      const visitor = new AbortController();
      harness.siteverify.answer = () => {
        visitor.abort();
        return new Promise(() => {});
      };
      const response = await post(harness, good(), { signal: visitor.signal });
      assert.equal(await problemOf(response), '503 captcha-unavailable');
    });
  });

  it('accepts a token once, even when 20 use it at the same time', async () => {
    const harness = createHarness();
    const body = good();
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => post(harness, body, { ip: `198.51.100.${index}` })),
    );
    const granted = responses.filter(({ ok }) => ok);
    assert.equal(granted.length, 1);
    for (const response of responses) {
      if (!response.ok) assert.equal(await problemOf(response), '403 captcha-replayed');
    }
    assert.equal(harness.siteverify.asked.length, 1);
    assert.equal(await problemOf(await post(harness, body)), '403 captcha-replayed');
    const other = { ...body, target: 'either' };
    assert.equal(await problemOf(await post(harness, other)), '403 captcha-replayed');
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
