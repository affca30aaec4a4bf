/** What holds for every provider that is asked by siteverify. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GateOptions } from '../../src/gate/index.js';
import { ago, createHarness, good, HCAPTCHA, post, problemOf, type Harness } from './support.js';

interface Provider {
  readonly name: 'hcaptcha' | 'turnstile';
  /** Life of a token in seconds. */
  readonly life: number;
  readonly options: (timeoutMs: number) => Pick<GateOptions, 'hcaptcha' | 'turnstile'>;
  readonly expiredCode: string;
}

const PROVIDERS: readonly Provider[] = [
  {
    name: 'hcaptcha',
    life: 120,
    options: (timeoutMs) => ({ hcaptcha: { ...HCAPTCHA, timeoutMs } }),
    expiredCode: 'expired-input-response',
  },
  {
    name: 'turnstile',
    life: 300,
    options: (timeoutMs) => ({ turnstile: { secret: '0x4AAA', timeoutMs } }),
    expiredCode: 'timeout-or-duplicate',
  },
];

for (const { name, life, options, expiredCode } of PROVIDERS) {
  const harnessWith = (timeoutMs = 5000): Harness =>
    createHarness({
      ...options(timeoutMs),
      aliases: { sales: { captcha: [name] }, other: { captcha: [name] } },
    });
  const body = () => good({ provider: name });

  /** What the gate says when siteverify answers with this. */
  async function judge(answer: Record<string, unknown>): Promise<string> {
    const harness = harnessWith();
    const honest = {
      success: true,
      hostname: 'shop.example',
      action: 'sales',
      challenge_ts: ago(harness, 1000),
    };
    harness.siteverify.answer = () => Response.json({ ...honest, ...answer });
    const response = await post(harness, body());
    return response.ok ? '200' : problemOf(response);
  }

  describe(`siteverify of ${name}`, () => {
    it('refuses without codes, with several, and with codes of no known shape', async () => {
      for (const value of [undefined, null, [], expiredCode, {}, [7, null]]) {
        assert.equal(await judge({ success: false, 'error-codes': value }), '403 captcha-failed');
      }
      const several = ['something-new', expiredCode];
      assert.equal(await judge({ success: false, 'error-codes': several }), '403 captcha-expired');
    });

    it('logs the code that counts, and no more of one that is too long', async () => {
      const harness = harnessWith();
      const why = async (...codes: string[]) => {
        harness.siteverify.answer = () => Response.json({ success: false, 'error-codes': codes });
        await post(harness, body());
        return harness.log.at(-1)?.reason;
      };
      assert.equal(await why('x', 'invalid-input-secret', expiredCode), 'invalid-input-secret');
      assert.equal(await why('y'.repeat(1000)), 'y'.repeat(64));
      assert.equal(await why(), 'no-code');
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
        'example.com',
        '',
        null,
        undefined,
        ['shop.example'],
      ]) {
        assert.equal(await judge({ hostname }), '403 captcha-failed', String(hostname));
      }
    });

    it('refuses challenges that are too old or from the future', async () => {
      const at = (seconds: number) =>
        judge({ challenge_ts: new Date(Date.now() - seconds * 1000).toISOString() });
      assert.equal(await at(0), '200');
      assert.equal(await at(life - 1), '200');
      assert.equal(await at(life + 25), '200');
      assert.equal(await at(life + 35), '403 captcha-expired');
      assert.equal(await at(86_400), '403 captcha-expired');
      assert.equal(await at(-25), '200');
      assert.equal(await at(-35), '403 captcha-failed');
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

    it('is asked about a token once, even when 20 use it at the same time', async () => {
      const harness = harnessWith();
      harness.siteverify.answer = () =>
        Response.json({
          success: true,
          hostname: 'shop.example',
          action: 'sales',
          challenge_ts: ago(harness, 1000),
        });
      const same = body();
      const responses = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          post(harness, same, { ip: `198.51.100.${index}` }),
        ),
      );
      assert.equal(responses.filter(({ ok }) => ok).length, 1);
      for (const response of responses) {
        if (!response.ok) assert.equal(await problemOf(response), '403 captcha-replayed');
      }
      assert.equal(harness.siteverify.asked.length, 1);
      assert.equal(await problemOf(await post(harness, same)), '403 captcha-replayed');
      const elsewhere = { ...same, target: 'other' };
      assert.equal(await problemOf(await post(harness, elsewhere)), '403 captcha-replayed');
    });

    const faults: [what: string, answer: () => Response | Promise<Response>][] = [
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
    for (const [what, answer] of faults) {
      it(`is unavailable: ${what}`, async () => {
        const harness = harnessWith();
        harness.siteverify.answer = answer;
        assert.equal(await problemOf(await post(harness, body())), '503 captcha-unavailable');
        // the token is spent with the first question
        assert.equal(harness.siteverify.asked.length, 1);
        assert.equal(harness.log[0]?.reason, 'no-answer');
      });
    }

    const hangs: [what: string, answer: (signal: AbortSignal) => Promise<Response>][] = [
      ['before the answer', () => new Promise(() => {})],
      ['in the body', () => Promise.resolve(new Response(new ReadableStream({})))],
      [
        'until it is aborted',
        (signal) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error()))),
      ],
    ];
    for (const [what, answer] of hangs) {
      it(`is given up when it hangs ${what}`, async () => {
        const harness = harnessWith(100);
        let signal: AbortSignal | undefined;
        harness.siteverify.answer = (_form, given) => answer((signal = given));
        assert.equal(await problemOf(await post(harness, body())), '503 captcha-unavailable');
        assert.equal(signal?.aborted, true);
      });
    }

    it('is given up when the visitor leaves', { timeout: 10_000 }, async () => {
      const harness = harnessWith(30_000);
      const visitor = new AbortController();
      harness.siteverify.answer = () => {
        visitor.abort();
        return new Promise(() => {});
      };
      const response = await post(harness, body(), { signal: visitor.signal });
      assert.equal(await problemOf(response), '503 captcha-unavailable');
    });
  });
}
