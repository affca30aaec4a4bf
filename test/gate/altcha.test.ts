import { createChallenge, solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ALTCHA_KEY,
  createHarness,
  encodeToken,
  fetchChallenge,
  get,
  passOf,
  post,
  problemOf,
  solve,
  type Harness,
} from './support.js';

const body = (token: string, target = 'support') => ({
  target,
  provider: 'altcha',
  token,
  name: 'Ada',
});

async function judge(harness: Harness, token: string, target?: string): Promise<string> {
  const response = await post(harness, body(token, target));
  return response.ok ? '200' : problemOf(response);
}

const decode = (token: string) =>
  JSON.parse(atob(token)) as {
    challenge: Challenge;
    solution: { counter: number; derivedKey: string; time: number };
  };

describe('a challenge', () => {
  it('is signed, bound to the alias, and lives five minutes', async () => {
    const harness = createHarness();
    const { parameters, signature } = await fetchChallenge(harness, 'support');
    assert.match(signature ?? '', /^[0-9a-f]{64}$/);
    assert.equal(parameters.algorithm, 'PBKDF2/SHA-256');
    assert.equal(parameters.cost, 1000);
    assert.deepEqual(parameters.data, { target: 'support' });
    assert.equal(parameters.expiresAt, Math.floor(harness.clock.ms / 1000) + 300);
  });

  it('takes between half of the steps and all of them', async () => {
    const harness = createHarness();
    for (let index = 0; index < 12; index++) {
      const challenge = await fetchChallenge(harness, 'support');
      const solution = await solveChallenge({ challenge, deriveKey });
      assert.ok(solution && solution.counter >= 5 && solution.counter <= 10);
    }
  });

  it('is given only for an alias that exists, is open and accepts ALTCHA', async () => {
    const harness = createHarness({
      aliases: {
        support: { captcha: ['altcha'] },
        sales: {},
        night: { captcha: ['altcha'], hours: 'Mo 02:00-03:00', timeZone: 'UTC' },
      },
    });
    harness.clock.ms = Date.parse('2026-11-16T03:00Z');
    const ask = async (path: string) => problemOf(await get(harness, path));
    assert.equal(await ask('challenge'), '400 bad-request');
    assert.equal(await ask('challenge?target='), '404 target-unknown');
    assert.equal(await ask('challenge?target=billing'), '404 target-unknown');
    assert.equal(await ask('challenge?target=sip:a@b'), '404 target-unknown');
    assert.equal(await ask('challenge?target=sales'), '403 captcha-required');
    const closed = await get(harness, 'challenge?target=night');
    assert.equal(closed.headers.get('Retry-After'), String((7 * 24 - 1) * 3600));
    assert.equal(await problemOf(closed), '503 closed');
  });

  it('is limited per network, and does not use up the attempts', async () => {
    const limits = {
      challengesPerIp: { max: 2, seconds: 600 },
      perIp: { max: 1, seconds: 600 },
    };
    const harness = createHarness({ limits });
    const challenge = await fetchChallenge(harness, 'support');
    await fetchChallenge(harness, 'support');
    const response = await get(harness, 'challenge?target=support');
    assert.ok(Number(response.headers.get('Retry-After')) > 0);
    assert.equal(await problemOf(response), '429 rate-limited');
    assert.equal(await judge(harness, await solve(challenge)), '200');
  });
});

describe('ALTCHA', () => {
  it('accepts a solution, and asks nobody', async () => {
    const harness = createHarness();
    const token = await solve(await fetchChallenge(harness, 'support'));
    await passOf(await post(harness, body(token)));
    assert.equal(harness.siteverify.asked.length, 0);
  });

  it('accepts each challenge once, even when 20 use it at the same time', async () => {
    const harness = createHarness();
    const token = await solve(await fetchChallenge(harness, 'support'));
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        post(harness, body(token), { ip: `198.51.100.${index}` }),
      ),
    );
    assert.equal(responses.filter(({ ok }) => ok).length, 1);
    assert.equal(await judge(harness, token), '403 captcha-replayed');
  });

  it('knows a used challenge in every spelling, until it expires', async () => {
    const harness = createHarness();
    const token = await solve(await fetchChallenge(harness, 'support'));
    const { challenge, solution } = decode(token);
    assert.equal(await judge(harness, token), '200');
    const spellings = [
      btoa(JSON.stringify({ solution, challenge }, null, 1)),
      encodeToken(challenge, { ...solution, time: 7, extra: true }),
      encodeToken({ ...challenge, more: 1 }, solution),
      encodeToken({ ...challenge, codeChallenge: {} }, solution),
      token.replace(/=+$/, ''),
    ];
    for (const spelling of spellings) {
      assert.equal(await judge(harness, spelling), '403 captcha-replayed');
    }
    harness.clock.ms += 299_000;
    assert.equal(await judge(harness, token), '403 captcha-replayed');
    harness.clock.ms += 2000;
    assert.equal(await judge(harness, token), '403 captcha-expired');
  });

  it('refuses a challenge of another alias, without spending it', async () => {
    const harness = createHarness();
    const token = await solve(await fetchChallenge(harness, 'either'));
    assert.equal(await judge(harness, token, 'support'), '403 captcha-failed');
    assert.equal(await judge(harness, token, 'either'), '200');
  });

  it('refuses a challenge that has expired, by its own clock and by that of the library', async () => {
    const harness = createHarness();
    const token = await solve(await fetchChallenge(harness, 'support'));
    harness.clock.ms += 300_000;
    assert.equal(await judge(harness, token), '403 captcha-expired');
    harness.clock.ms -= 600_000;
    const old = await solve(await fetchChallenge(harness, 'support'));
    assert.equal(await judge(harness, old), '403 captcha-expired');
  });

  it('refuses every change of what was signed', async () => {
    const harness = createHarness();
    const token = await solve(await fetchChallenge(harness, 'support'));
    const { challenge, solution } = decode(token);
    const { parameters, signature = '' } = challenge;
    const changes: [name: string, challenge: unknown][] = [
      ['target', { parameters: { ...parameters, data: { target: 'either' } }, signature }],
      ['expiry', { parameters: { ...parameters, expiresAt: 9_999_999_999 }, signature }],
      ['no expiry', { parameters: { ...parameters, expiresAt: undefined }, signature }],
      ['cost', { parameters: { ...parameters, cost: 1 }, signature }],
      ['prefix', { parameters: { ...parameters, keyPrefix: '00' }, signature }],
      ['key signature', { parameters: { ...parameters, keySignature: undefined }, signature }],
      ['more', { parameters: { ...parameters, x: 1 }, signature }],
      ['no signature', { parameters }],
      ['empty signature', { parameters, signature: '' }],
      ['null signature', { parameters, signature: null }],
      ['array signature', { parameters, signature: Array.from(signature) }],
      ['upper case', { parameters, signature: signature.toUpperCase() }],
      ['other signature', { parameters, signature: 'f'.repeat(64) }],
    ];
    for (const [name, changed] of changes) {
      const result = await judge(harness, encodeToken(changed, solution));
      assert.equal(result, '403 captcha-failed', name);
    }
    assert.equal(await judge(harness, token), '200');
  });

  it('refuses every solution that is none, without spending the challenge', async () => {
    const harness = createHarness();
    const token = await solve(await fetchChallenge(harness, 'support'));
    const { challenge, solution } = decode(token);
    for (const wrong of [
      null,
      {},
      [],
      'x',
      { ...solution, derivedKey: '00'.repeat(32) },
      { ...solution, derivedKey: solution.derivedKey.slice(2) },
      { ...solution, derivedKey: '' },
      { ...solution, derivedKey: null },
      { ...solution, counter: -1 },
      { ...solution, counter: '3' },
      { ...solution, counter: 1e99 },
    ]) {
      const result = await judge(harness, encodeToken(challenge, wrong));
      assert.equal(result, '403 captcha-failed', JSON.stringify(wrong));
    }
    assert.equal(await judge(harness, token), '200');
  });

  it('refuses challenges that were made elsewhere, unsigned or for nothing of ours', async () => {
    const harness = createHarness();
    const options = {
      algorithm: 'PBKDF2/SHA-256',
      deriveKey,
      cost: 1000,
      counter: 3,
      expiresAt: Math.floor(Date.now() / 1000) + 300,
      data: { target: 'support' },
    };
    const foreign = await createChallenge({ ...options, hmacSignatureSecret: 'another key' });
    const unsigned = await createChallenge(options);
    const untargeted = await createChallenge({
      ...options,
      data: {},
      hmacSignatureSecret: ALTCHA_KEY,
    });
    const { algorithm, cost, data } = options;
    const eternal = await createChallenge({
      algorithm,
      cost,
      data,
      deriveKey,
      hmacSignatureSecret: ALTCHA_KEY,
    });
    assert.equal(await judge(harness, await solve(foreign)), '403 captcha-failed');
    assert.equal(await judge(harness, await solve(unsigned)), '403 captcha-failed');
    assert.equal(await judge(harness, await solve(untargeted)), '403 captcha-failed');
    assert.equal(await judge(harness, await solve(eternal)), '403 captcha-expired');
  });

  it('refuses tokens that are no tokens', async () => {
    const harness = createHarness({ limits: { perIp: { max: 1000, seconds: 60 } } });
    for (const text of ['null', '1', '[]', '{}', '{"challenge":1,"solution":2}', '"x"', '{', '']) {
      assert.equal(await judge(harness, btoa(text) || '='), '403 captcha-failed', text);
    }
    const halves = [
      { challenge: null, solution: {} },
      { challenge: {}, solution: {} },
      { challenge: { parameters: null, signature: 'x' }, solution: {} },
      { challenge: { parameters: {}, signature: 'x' }, solution: null },
      { challenge: { parameters: [], signature: 'x' }, solution: [] },
      { challenge: { parameters: { data: null }, signature: 'x' }, solution: {} },
    ];
    for (const half of halves) {
      const token = btoa(JSON.stringify(half));
      assert.equal(await judge(harness, token), '403 captcha-failed', JSON.stringify(half));
    }
    for (const text of ['!!!', '%%%%', 'x', btoa('\xff\xfe'), '{"challenge":{}}']) {
      assert.equal(await judge(harness, text), '403 captcha-failed', text);
    }
  });
});
