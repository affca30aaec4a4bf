import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  BASE,
  createHarness,
  get,
  good,
  ORIGIN,
  passOf,
  post,
  problemOf,
  REDEEM_SECRET,
  type Harness,
} from './support.js';

const ask = ({ gate }: Harness, method: string, path: string, origin: string | null = ORIGIN) =>
  gate(new Request(BASE + path, { method, headers: origin === null ? {} : { Origin: origin } }), {
    ip: '203.0.113.7',
  });

const LOOK_ALIKES = [
  'null',
  'http://shop.example',
  'https://shop.example:8443',
  'https://shop.example/',
  'https://shop.example.evil.example',
  'https://evil-shop.example',
  'https://evil.example/https://shop.example',
  'https://shop.example@evil.example',
  'https://SHOP.example',
  'https://shop.example.',
  'https://shop.exampl',
  'https://sub.shop.example',
  'https://xn--shp-hmc.example',
  'https://shop.example https://evil.example',
  'https://shop.example,https://evil.example',
  'shop.example',
  '*',
  '',
];

describe('origins', () => {
  it('are echoed exactly, for one that is allowed', async () => {
    const harness = createHarness({ origins: [ORIGIN, 'https://www.shop.example'] });
    for (const origin of [ORIGIN, 'https://www.shop.example']) {
      const response = await post(harness, good(), { origin });
      assert.equal(response.headers.get('Access-Control-Allow-Origin'), origin);
      assert.equal(response.headers.get('Vary'), 'Origin');
      assert.equal(response.headers.get('Access-Control-Expose-Headers'), 'Retry-After');
      assert.equal(response.headers.get('Access-Control-Allow-Credentials'), null);
      await passOf(response);
    }
  });

  it('are refused by the server too, and not only by CORS, when they only look alike', async () => {
    const harness = createHarness({ limits: { perIp: { max: 1, seconds: 600 } } });
    for (const origin of LOOK_ALIKES) {
      for (const response of [
        await post(harness, good(), { origin }),
        await get(harness, 'challenge?target=support', { origin }),
        await ask(harness, 'OPTIONS', '/pass', origin),
      ]) {
        assert.equal(response.headers.get('Access-Control-Allow-Origin'), null, origin);
        assert.equal(response.headers.get('Vary'), 'Origin');
        assert.equal(await problemOf(response), '403 origin-not-allowed', origin);
      }
    }
    assert.equal(harness.siteverify.asked.length, 0);
    // none of that counted as an attempt
    await passOf(await post(harness, good()));
  });

  it('must not be missing where passes are issued', async () => {
    const harness = createHarness();
    const response = await post(harness, good(), { origin: null });
    assert.equal(await problemOf(response), '403 origin-not-allowed');
  });

  it('may be missing from a GET, as on a page of the same origin', async () => {
    const response = await get(createHarness(), 'challenge?target=support', { origin: null });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), null);
  });

  it('may not be missing from a GET that another site makes a browser send', async () => {
    for (const [site, status] of [
      ['cross-site', 403],
      ['same-site', 403],
      ['same-origin', 200],
      ['none', 200],
    ] as const) {
      const headers = { 'Sec-Fetch-Site': site };
      const sent = { origin: null, headers };
      const response = await get(createHarness(), 'challenge?target=support', sent);
      assert.equal(response.status, status, site);
    }
  });

  it('get the problem they may read when they are allowed', async () => {
    const response = await post(createHarness(), '{');
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), ORIGIN);
    assert.equal(await problemOf(response), '400 bad-request');
  });
});

describe('a preflight', () => {
  it('is answered for the method and the one header that are needed', async () => {
    for (const [path, method] of [
      ['/pass', 'POST'],
      ['/challenge?target=support', 'GET'],
    ] as const) {
      const response = await ask(createHarness(), 'OPTIONS', path);
      assert.equal(response.status, 204);
      assert.equal(await response.text(), '');
      const { headers } = response;
      assert.equal(headers.get('Access-Control-Allow-Origin'), ORIGIN);
      assert.equal(headers.get('Access-Control-Allow-Methods'), method);
      assert.equal(headers.get('Access-Control-Allow-Headers'), 'Content-Type');
      assert.equal(headers.get('Access-Control-Max-Age'), '7200');
      assert.equal(headers.get('Access-Control-Allow-Credentials'), null);
      assert.equal(headers.get('Vary'), 'Origin');
      assert.equal(headers.get('Cache-Control'), 'no-store');
    }
  });

  it('costs the visitor no attempt', async () => {
    const harness = createHarness({ limits: { perIp: { max: 1, seconds: 600 } } });
    for (let index = 0; index < 5; index++) await ask(harness, 'OPTIONS', '/pass');
    await passOf(await post(harness, good()));
  });

  it('serves a GET and the POST after it: it lists headers', async () => {
    const { headers } = await ask(createHarness(), 'OPTIONS', '/pass');
    assert.equal(headers.get('Access-Control-Allow-Headers'), 'Content-Type');
  });

  it('is not answered for servers', async () => {
    const harness = createHarness({ redeemSecret: REDEEM_SECRET });
    assert.equal(
      await problemOf(await ask(harness, 'OPTIONS', '/redeem')),
      '405 method-not-allowed',
    );
  });
});

describe('routes', () => {
  it('are found under any path by its last segment', async () => {
    const { gate } = createHarness();
    for (const path of ['/pass', '/a/b/c/pass', '//pass', '/call-gate/pass?x=/nothing']) {
      const request = new Request(`https://gate.example${path}`, {
        method: 'POST',
        headers: { Origin: ORIGIN, 'Content-Type': 'application/json' },
        body: JSON.stringify(good()),
      });
      await passOf(await gate(request, { ip: '::1' }));
    }
  });

  it('are no others', async () => {
    const harness = createHarness();
    for (const path of ['', '/', '/pass/', '/PASS', '/passes', '/compass', '/redeem', '/pass/x']) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const response = await ask(harness, method, path);
        assert.equal(await problemOf(response), '404 not-found', `${method} ${path}`);
      }
    }
  });

  it('answer a GET ahead of the POST without a word, an attempt or another origin', async () => {
    const harness = createHarness({ limits: { perIp: { max: 1, seconds: 600 } } });
    for (const origin of [ORIGIN, ORIGIN, null]) {
      const response = await ask(harness, 'GET', '/pass', origin);
      assert.equal(response.status, 204);
      assert.equal(await response.text(), '');
    }
    assert.deepEqual([...new Set(harness.log.map(({ route }) => route))], ['warm-up']);
    const elsewhere = await ask(harness, 'GET', '/pass', 'https://evil.example');
    assert.equal(await problemOf(elsewhere), '403 origin-not-allowed');
    await passOf(await post(harness, good()));
  });

  it('know one method each', async () => {
    const harness = createHarness({ redeemSecret: REDEEM_SECRET });
    const cases: [path: string, methods: string[], allow: string][] = [
      ['/pass', ['HEAD', 'PUT', 'DELETE', 'PATCH'], 'POST, GET, OPTIONS'],
      ['/challenge', ['HEAD', 'POST', 'PUT', 'DELETE'], 'GET, OPTIONS'],
      ['/redeem', ['GET', 'HEAD', 'PUT', 'DELETE'], 'POST'],
    ];
    for (const [path, methods, allow] of cases) {
      for (const method of methods) {
        const response = await ask(harness, method, path);
        assert.equal(response.headers.get('Allow'), allow);
        assert.equal(await problemOf(response), '405 method-not-allowed', `${method} ${path}`);
      }
    }
  });

  it('never let an answer be stored or guessed at', async () => {
    const harness = createHarness();
    for (const response of [
      await post(harness, good()),
      await get(harness, 'challenge?target=support'),
      await ask(harness, 'GET', '/nothing'),
      await ask(harness, 'OPTIONS', '/pass'),
    ]) {
      assert.equal(response.headers.get('Cache-Control'), 'no-store');
      assert.equal(response.headers.get('X-Content-Type-Options'), 'nosniff');
      assert.equal(response.headers.get('Vary'), 'Origin');
    }
  });
});
