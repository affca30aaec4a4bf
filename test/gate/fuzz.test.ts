import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHarness, get, passOf, post, problemOf, REDEEM_SECRET } from './support.js';

/** The same numbers in every run (mulberry32). */
function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(list: readonly T[]) => list[below(list.length)] as T;
  return { below, pick };
}

type Random = ReturnType<typeof createRandom>;

const STRINGS = [
  '',
  'sales',
  'support',
  'either',
  'lobby',
  'hcaptcha',
  'altcha',
  'none',
  'token',
  '__proto__',
  'constructor',
  '\0',
  '\ud800',
  '\u202e',
  '"\r\nX: y',
  '😀'.repeat(40),
  'x'.repeat(9000),
  btoa('{"challenge":{"parameters":{},"signature":"x"},"solution":{}}'),
  btoa('{"challenge":{"parameters":{"expiresAt":9e99},"signature":"x"},"solution":null}'),
  btoa(`${'{"challenge":'.repeat(300)}1${'}'.repeat(300)}`),
];
const KEYS = ['target', 'provider', 'token', 'name', '__proto__', 'toString', 'pass', 'callId'];

function value({ below, pick }: Random, depth: number): unknown {
  switch (below(depth > 0 ? 8 : 6)) {
    case 0:
      return pick([null, true, false]);
    case 1:
      return pick([0, -1, 1e308, 0.1, Number.MAX_SAFE_INTEGER]);
    case 6:
      return Array.from({ length: below(4) }, () => value({ below, pick }, depth - 1));
    case 7:
      return Object.fromEntries(
        Array.from({ length: below(5) }, () => [pick(KEYS), value({ below, pick }, depth - 1)]),
      );
    default:
      return pick(STRINGS);
  }
}

function body(random: Random): Uint8Array {
  const { below, pick } = random;
  const likely = {
    target: pick(['sales', 'support', 'either', 'lobby']),
    provider: pick(['hcaptcha', 'altcha', 'none']),
    token: pick(STRINGS),
    name: 'Ada',
  };
  const base = below(3) === 0 ? value(random, 3) : { ...likely, [pick(KEYS)]: value(random, 2) };
  const bytes = new TextEncoder().encode(JSON.stringify(base));
  // some of them broken
  for (let cuts = below(3); cuts > 0 && bytes.length > 0; cuts--) {
    bytes[below(bytes.length)] = below(256);
  }
  return below(8) === 0 ? bytes.slice(0, below(bytes.length + 1)) : bytes;
}

describe('whatever is sent', () => {
  it('to /pass gets a pass or a problem', async () => {
    const limits = { perIp: { max: 1_000_000, seconds: 86_400 } };
    const harness = createHarness({ limits });
    const random = createRandom(1);
    const seen = new Map<string, number>();
    for (let round = 0; round < 4000; round++) {
      const bytes = body(random);
      const response = await post(harness, bytes);
      const outcome = response.ok ? '200' : await problemOf(response);
      // a fault of our own would be one of these
      assert.notEqual(outcome, '503 unavailable', new TextDecoder().decode(bytes));
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
    // it went deep enough to mean something
    for (const outcome of [
      '200',
      '400 bad-request',
      '403 captcha-failed',
      '403 captcha-replayed',
      '403 captcha-required',
      '404 target-unknown',
    ]) {
      assert.ok(seen.has(outcome), `${outcome} in ${JSON.stringify([...seen])}`);
    }
    assert.ok(harness.log.every(({ error }) => error === undefined));
  });

  it('to /redeem gets a problem', async () => {
    const harness = createHarness({ redeemSecret: REDEEM_SECRET });
    const random = createRandom(2);
    const headers = { Authorization: `Bearer ${REDEEM_SECRET}` };
    for (let round = 0; round < 1000; round++) {
      const response = await post(harness, body(random), { headers }, 'redeem');
      assert.match(
        await problemOf(response),
        /^4\d\d (bad-request|pass-refused|payload-too-large)$/,
      );
    }
  });

  it('to /challenge gets a challenge or a problem', async () => {
    const harness = createHarness();
    const random = createRandom(3);
    for (let round = 0; round < 300; round++) {
      const query = encodeURIComponent(random.pick(STRINGS).replace(/[\ud800-\udfff]/gu, '?'));
      const ip = `198.51.${round >> 8}.${round & 255}`;
      const response = await get(harness, `challenge?target=${query}`, { ip });
      if (!response.ok) assert.match(await problemOf(response), /^(403|404) /);
    }
  });

  it('in headers gets a problem', async () => {
    const harness = createHarness({ redeemSecret: REDEEM_SECRET });
    const good = { target: 'lobby', provider: 'none', name: 'Ada' };
    for (const type of [
      '',
      ';',
      ',',
      'application',
      '/',
      'application/json\u00ff',
      ';application/json',
    ]) {
      assert.equal(
        await problemOf(await post(harness, good, { type })),
        '415 unsupported-media-type',
      );
    }
    for (const length of ['-1', 'x', '1e3', '0x10', '']) {
      await passOf(await post(harness, good, { headers: { 'Content-Length': length } }));
    }
    for (const authorization of ['Bearer \u00ff', 'Bearer  ', 'bearer,x', 'Bearer x, Bearer y']) {
      const headers = { Authorization: authorization };
      const response = await post(harness, {}, { headers }, 'redeem');
      assert.equal(await problemOf(response), '401 unauthorized');
    }
  });
});
