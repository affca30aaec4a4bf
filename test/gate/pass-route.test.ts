import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryStore, verifyPass } from '../../src/gate/index.js';
import { createHarness, get, good, JWT_SECRET, passOf, post, problemOf } from './support.js';

const nameIn = async (response: Response) => {
  const verdict = await verifyPass((await passOf(response)).pass, { secret: JWT_SECRET });
  return verdict.ok ? verdict.name : verdict.reason;
};

describe('POST /pass', () => {
  describe('reads', () => {
    it('JSON and nothing else', async () => {
      const harness = createHarness();
      const body = JSON.stringify(good());
      for (const type of [
        null,
        'text/plain',
        'text/plain;application/json',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/jsonx',
        'application/json, text/plain',
      ]) {
        const bytes = new TextEncoder().encode(body);
        const response = await post(harness, bytes, { type });
        assert.equal(await problemOf(response), '415 unsupported-media-type', String(type));
      }
      for (const type of ['application/json', 'Application/JSON ; charset=utf-8']) {
        await passOf(await post(harness, good(), { type }));
      }
    });

    it('no form, even with a JSON body in it', async () => {
      const harness = createHarness();
      const form = `{"target":"sales","provider":"hcaptcha","token":"t","name":"Eve","x":"="}`;
      const response = await post(harness, form, { type: 'text/plain' });
      assert.equal(await problemOf(response), '415 unsupported-media-type');
      assert.equal(harness.siteverify.asked.length, 0);
    });

    const bad: [name: string, body: unknown, detail: string][] = [
      ['nothing', '', 'not-json'],
      ['half an object', '{"target":"sales"', 'not-json'],
      ['an array', [], 'not-an-object'],
      ['null', 'null', 'not-an-object'],
      ['a string', '"sales"', 'not-an-object'],
      ['no target', good({ target: undefined }), 'target'],
      ['a URI as target', good({ target: 'sip:+19005550000@sip.example' }), 'target'],
      ['a number as target', good({ target: '+19005550000' }), 'target'],
      ['several targets', good({ target: ['sales', 'support'] }), 'target'],
      ['a target with a line break', good({ target: 'sales\n' }), 'target'],
      ['no provider', good({ provider: undefined }), 'provider'],
      ['an unknown provider', good({ provider: 'recaptcha' }), 'provider'],
      ['a provider of Object.prototype', good({ provider: 'constructor' }), 'provider'],
      ['no token', good({ token: undefined }), 'token'],
      ['an empty token', good({ token: '' }), 'token'],
      ['a token that is no string', good({ token: { length: 3 } }), 'token'],
      ['a token with spaces', good({ token: 'a b' }), 'token'],
      ['a token with a line break', good({ token: 'a\r\nb' }), 'token'],
      ['a token beyond ASCII', good({ token: 'tökén' }), 'token'],
      ['a token of more than 8 KB', good({ token: 'x'.repeat(8193) }), 'token'],
      ['no name', good({ name: undefined }), 'name'],
      ['a name that is no string', good({ name: ['Ada'] }), 'name'],
      ['a name of nothing but signs', good({ name: ' "<>\r\n ' }), 'name'],
      ['a name that is too long', good({ name: 'x'.repeat(65) }), 'name'],
    ];
    for (const [name, body, detail] of bad) {
      it(`not: ${name}`, async () => {
        const harness = createHarness();
        const response = await post(harness, body);
        const problem = (await response.clone().json()) as { detail?: string };
        assert.equal(await problemOf(response), '400 bad-request');
        assert.equal(problem.detail, detail);
        assert.equal(harness.siteverify.asked.length, 0);
      });
    }

    it('no bytes that are not UTF-8', async () => {
      const bytes = Buffer.from(JSON.stringify(good({ name: 'A\u00ff' })), 'latin1');
      assert.equal(await problemOf(await post(createHarness(), bytes)), '400 bad-request');
    });

    it('tokens of up to 8 KB', async () => {
      await passOf(await post(createHarness(), good({ token: 'x'.repeat(8192) })));
    });

    it('no more than 16 KB, by the length that is claimed', async () => {
      const response = await post(createHarness(), good(), {
        headers: { 'Content-Length': '16385' },
      });
      assert.equal(await problemOf(response), '413 payload-too-large');
    });

    it('no more than 16 KB, by the length that arrives', async () => {
      const { gate } = createHarness();
      const seen = { sent: 0, cancelled: false };
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          seen.sent += 1000;
          controller.enqueue(new Uint8Array(1000).fill(0x20));
        },
        cancel() {
          seen.cancelled = true;
        },
      });
      const request = new Request('https://gate.example/pass', {
        method: 'POST',
        headers: { Origin: 'https://shop.example', 'Content-Type': 'application/json' },
        body,
        duplex: 'half',
      } as RequestInit);
      const response = await gate(request, { ip: '203.0.113.7' });
      assert.equal(await problemOf(response), '413 payload-too-large');
      assert.ok(seen.cancelled);
      assert.ok(seen.sent <= 20_000, `${seen.sent} bytes were read`);
      // 16 KB of white space around a request are read
      const padded = JSON.stringify(good()).padEnd(16_384);
      await passOf(await post(createHarness(), padded));
      const tooMuch = await post(createHarness(), `${padded} `);
      assert.equal(await problemOf(tooMuch), '413 payload-too-large');
    });

    it('an end to a body that breaks off', async () => {
      const { gate } = createHarness();
      const body = new ReadableStream({
        pull: (controller) => controller.error(new Error('gone')),
      });
      const request = new Request('https://gate.example/pass', {
        method: 'POST',
        headers: { Origin: 'https://shop.example', 'Content-Type': 'application/json' },
        body,
        duplex: 'half',
      } as RequestInit);
      assert.equal(await problemOf(await gate(request, { ip: '::1' })), '400 bad-request');
    });
  });

  it('signs the name as the callee may see it', async () => {
    const harness = createHarness();
    const name = ' Eve\u202e"\r\nX-Evil: 1 <sip:a@b>\u0000 ';
    assert.equal(
      await nameIn(await post(harness, good({ name }))),
      'Eve\u2033 X-Evil: 1 \u2039sip:a@b\u203a',
    );
    assert.equal(await nameIn(await post(harness, good({ name: '李' }))), '李');
  });

  describe('knows', () => {
    it('only its own aliases', async () => {
      const harness = createHarness();
      for (const target of ['billing', 'constructor', 'valueof', 'sales2']) {
        const response = await post(harness, good({ target }));
        assert.equal(await problemOf(response), '404 target-unknown', target);
      }
      assert.equal(harness.siteverify.asked.length, 0);
    });

    it('which CAPTCHA each alias accepts, so that nobody can choose a cheaper one', async () => {
      const harness = createHarness();
      const refused: [target: string, provider: string][] = [
        ['sales', 'altcha'],
        ['sales', 'none'],
        ['sales', 'turnstile'],
        ['support', 'hcaptcha'],
        ['support', 'none'],
        ['lobby', 'hcaptcha'],
        ['either', 'none'],
      ];
      for (const [target, provider] of refused) {
        const response = await post(harness, good({ target, provider }));
        assert.equal(await problemOf(response), '403 captcha-required', `${target} ${provider}`);
      }
      assert.equal(harness.siteverify.asked.length, 0);
      await passOf(await post(harness, good({ target: 'either' })));
      const none = { target: 'lobby', provider: 'none', name: 'Ada' };
      await passOf(await post(harness, none));
    });

    it('the default provider it was given', async () => {
      const harness = createHarness({ captcha: 'altcha' });
      assert.equal(await problemOf(await post(harness, good())), '403 captcha-required');
    });
  });

  describe('keeps hours', () => {
    const aliases = {
      sales: {
        hours: 'Mo-Fr 09:00-17:00',
        timeZone: 'Europe/Berlin',
        closedOn: '2026-12-25',
      },
    };

    it('and says when it opens again, without spending a token', async () => {
      const harness = createHarness({ aliases });
      // a Friday evening; it opens on Monday at 08:00 UTC
      harness.clock.ms = Date.parse('2026-11-20T17:00:00.500Z');
      const body = good();
      const response = await post(harness, body);
      assert.equal(response.headers.get('Retry-After'), String(63 * 3600));
      assert.equal(await problemOf(response), '503 closed');
      assert.equal(harness.siteverify.asked.length, 0);
      harness.clock.ms += 63 * 3_600_000;
      await passOf(await post(harness, body));
    });

    it('on closed dates too', async () => {
      const harness = createHarness({ aliases });
      harness.clock.ms = Date.parse('2026-12-25T12:00Z');
      const response = await post(harness, good());
      // on Monday the 28th at 08:00 UTC
      assert.equal(response.headers.get('Retry-After'), String((2 * 24 + 20) * 3600));
      assert.equal(await problemOf(response), '503 closed');
    });
  });

  describe('limits', () => {
    const retryAfter = (response: Response) => Number(response.headers.get('Retry-After'));

    it('attempts per address, good and bad ones, until the window ends', async () => {
      const harness = createHarness({ limits: { perIp: { max: 3, seconds: 600 } } });
      harness.clock.ms = 1_800_000_000_000 + 100_000;
      await passOf(await post(harness, good()));
      assert.equal(await problemOf(await post(harness, 'no JSON')), '400 bad-request');
      assert.equal(
        await problemOf(await post(harness, good({ target: 'x' }))),
        '404 target-unknown',
      );
      const response = await post(harness, good());
      assert.equal(retryAfter(response), 500);
      assert.equal(await problemOf(response), '429 rate-limited');
      assert.equal(harness.siteverify.asked.length, 1);
      await passOf(await post(harness, good(), { ip: '203.0.113.8' }));
      harness.clock.ms += 499_999;
      assert.equal(retryAfter(await post(harness, good())), 1);
      harness.clock.ms += 1;
      await passOf(await post(harness, good()));
    });

    it('an IPv6 customer by the /64, and a mapped address as the IPv4 one', async () => {
      const harness = createHarness({ limits: { perIp: { max: 1, seconds: 600 } } });
      await passOf(await post(harness, good(), { ip: '2001:db8:1:2::1' }));
      const neighbour = await post(harness, good(), { ip: '2001:db8:1:2:ffff::9' });
      assert.equal(await problemOf(neighbour), '429 rate-limited');
      await passOf(await post(harness, good(), { ip: '2001:db8:1:3::1' }));
      await passOf(await post(harness, good(), { ip: '203.0.113.9' }));
      const mapped = await post(harness, good(), { ip: '::ffff:203.0.113.9' });
      assert.equal(await problemOf(mapped), '429 rate-limited');
    });

    it('passes per alias, in which attempts do not count', async () => {
      const harness = createHarness({ limits: { perAlias: { max: 2, seconds: 60 } } });
      harness.clock.ms = 1_800_000_000_000;
      harness.siteverify.answer = () => Response.json({ success: false, 'error-codes': [] });
      for (let attempt = 0; attempt < 10; attempt++) {
        assert.equal(await problemOf(await post(harness, good())), '403 captcha-failed');
      }
      harness.siteverify.answer = null;
      await passOf(await post(harness, good()));
      await passOf(await post(harness, good(), { ip: '198.51.100.1' }));
      const response = await post(harness, good(), { ip: '198.51.100.2' });
      assert.equal(retryAfter(response), 60);
      assert.equal(await problemOf(response), '429 rate-limited');
      await passOf(await post(harness, good({ target: 'either' })));
      harness.clock.ms += 60_000;
      await passOf(await post(harness, good()));
    });

    it('passes over all, and one busy alias cannot use up the share of the others', async () => {
      const harness = createHarness({
        limits: { perAlias: { max: 2, seconds: 60 }, overall: { max: 3, seconds: 60 } },
      });
      const statuses: number[] = [];
      for (let index = 0; index < 6; index++) {
        statuses.push((await post(harness, good())).status);
      }
      assert.deepEqual(statuses, [200, 200, 429, 429, 429, 429]);
      await passOf(await post(harness, good({ target: 'either' })));
      const response = await post(harness, { target: 'lobby', provider: 'none', name: 'Ada' });
      assert.equal(await problemOf(response), '429 rate-limited');
    });

    it('exactly, under 30 requests at once', async () => {
      const harness = createHarness({ limits: { overall: { max: 7, seconds: 60 } } });
      const responses = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          post(harness, good(), { ip: `198.51.100.${index}` }),
        ),
      );
      assert.equal(responses.filter(({ status }) => status === 200).length, 7);
    });
  });

  describe('fails closed', () => {
    it('when the store does, in whichever operation', async () => {
      for (let broken = 1; broken <= 4; broken++) {
        const memory = createMemoryStore();
        let operation = 0;
        const step = <T>(run: () => Promise<T>) =>
          ++operation === broken
            ? Promise.reject(Object.assign(new Error('redis://u:secret@h'), { code: 'ECONNRESET' }))
            : run();
        const harness = createHarness({
          store: {
            incr: (key, ttl) => step(() => memory.incr(key, ttl)),
            once: (key, ttl) => step(() => memory.once(key, ttl)),
          },
        });
        assert.equal(await problemOf(await post(harness, good())), '503 unavailable');
        assert.equal(harness.log[0]?.error, 'Error ECONNRESET');
        assert.equal(operation, broken);
        await passOf(await post(harness, good()));
      }
    });

    it('without an address of the visitor', async () => {
      for (const ip of [null, '', 'unknown', '203.0.113.7, 10.0.0.1']) {
        const harness = createHarness();
        assert.equal(await problemOf(await post(harness, good(), { ip })), '503 unavailable');
        assert.equal(
          await problemOf(await get(harness, 'challenge?target=support', { ip })),
          '503 unavailable',
        );
      }
      const harness = createHarness({
        clientIp: () => {
          throw new Error('no header');
        },
      });
      assert.equal(await problemOf(await post(harness, good())), '503 unavailable');
    });
  });

  describe('logs', () => {
    it('what happened, but no secret, name, token or address', async () => {
      const harness = createHarness();
      const ips = ['203.0.113.77', '2001:db8:77::77'];
      for (const ip of ips) {
        await post(harness, good({ token: 'secret-token-1', name: 'Grace Hopper' }), { ip });
        await post(harness, good({ token: 'secret-token-2', name: 'Grace Hopper' }), {
          ip,
          origin: 'https://evil.example',
        });
        await post(harness, '{"name":"Grace Hopper', { ip });
        await post(harness, good({ target: 'gracehopper' }), { ip });
      }
      const text = JSON.stringify(harness.log);
      for (const secret of [
        'Grace',
        'gracehopper',
        'secret-token',
        'ES_0123456789',
        ...ips,
        'db8',
        JWT_SECRET,
        'eyJ',
      ]) {
        assert.ok(!text.includes(secret), `${secret} in ${text}`);
      }
      const [granted, foreign, unread, unknown] = harness.log;
      assert.equal(granted?.route, 'pass');
      assert.equal(granted.status, 200);
      assert.equal(granted.alias, 'sales');
      assert.equal(granted.provider, 'hcaptcha');
      assert.match(granted.jti ?? '', /^[0-9a-f]{32}$/);
      assert.match(granted.client ?? '', /^[0-9a-f]{32}$/);
      assert.deepEqual(
        [foreign?.problem, foreign?.origin, foreign?.client],
        ['origin-not-allowed', 'https://evil.example', undefined],
      );
      assert.deepEqual([unread?.problem, unread?.reason], ['bad-request', 'not-json']);
      assert.deepEqual([unknown?.problem, unknown?.alias], ['target-unknown', undefined]);
    });

    it('a pseudonym per network that changes from day to day', async () => {
      const harness = createHarness();
      harness.clock.ms = Date.parse('2026-11-20T12:00Z');
      const pseudonym = async (ip: string) => {
        await post(harness, good(), { ip });
        return harness.log.at(-1)?.client;
      };
      const first = await pseudonym('203.0.113.7');
      assert.equal(await pseudonym('203.0.113.7'), first);
      assert.notEqual(await pseudonym('203.0.113.8'), first);
      harness.clock.ms += 86_400_000;
      assert.notEqual(await pseudonym('203.0.113.7'), first);
    });

    it('into nothing that could decide over calls', async () => {
      const harness = createHarness({
        log: () => {
          throw new Error('disk full');
        },
      });
      await passOf(await post(harness, good()));
    });
  });
});
