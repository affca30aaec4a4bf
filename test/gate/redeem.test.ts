import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDigestUsername } from '../../src/gate/index.js';
import {
  createHarness,
  good,
  JWT_SECRET,
  passOf,
  post,
  problemOf,
  REDEEM_SECRET,
  type Harness,
} from './support.js';

const harnessWith = () => createHarness({ redeemSecret: REDEEM_SECRET });

function redeem(
  harness: Harness,
  body: unknown,
  authorization: string | null = `Bearer ${REDEEM_SECRET}`,
  type = 'application/json',
): Promise<Response> {
  const headers: Record<string, string> = {};
  if (authorization !== null) headers.Authorization = authorization;
  return post(harness, body, { origin: null, ip: null, type, headers }, 'redeem');
}

const why = async (response: Response) => {
  const { detail } = (await response.clone().json()) as { detail?: string };
  return `${await problemOf(response)}: ${detail}`;
};

describe('POST /redeem', () => {
  it('tells a server what the pass grants, to the first call and to it again', async () => {
    const harness = harnessWith();
    const { pass, expiresAt, username } = await passOf(await post(harness, good()));
    const granted = {
      alias: 'sales',
      name: 'Ada Lovelace',
      jti: parseDigestUsername(username)?.jti,
      expiresAt,
    };
    for (let use = 0; use < 2; use++) {
      const response = await redeem(harness, { pass, callId: 'call@host' });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('Cache-Control'), 'no-store');
      assert.deepEqual(await response.json(), granted);
    }
    const other = await redeem(harness, { pass, callId: 'other@host' });
    assert.equal(await why(other), '403 pass-refused: used');
  });

  it('lets exactly one of 20 calls at the same time have the pass', async () => {
    const harness = harnessWith();
    const { pass } = await passOf(await post(harness, good()));
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => redeem(harness, { pass, callId: `call-${index}` })),
    );
    assert.equal(responses.filter(({ status }) => status === 200).length, 1);
    assert.equal(responses.filter(({ status }) => status === 403).length, 19);
  });

  it('remembers the use for longer than any node accepts the pass', async () => {
    const harness = harnessWith();
    const { pass } = await passOf(await post(harness, good()));
    await redeem(harness, { pass, callId: 'first' });
    harness.clock.ms += 59_000;
    assert.equal(
      await why(await redeem(harness, { pass, callId: 'second' })),
      '403 pass-refused: used',
    );
    harness.clock.ms += 2000;
    assert.equal(
      await why(await redeem(harness, { pass, callId: 'first' })),
      '403 pass-refused: expired',
    );
  });

  it('refuses passes that are forged or no passes', async () => {
    const harness = harnessWith();
    const { pass } = await passOf(await post(harness, good()));
    const forged = `${pass.slice(0, -10)}AAAAAAAAAA`;
    const callId = 'call';
    assert.match(await why(await redeem(harness, { pass: forged, callId })), /forged|malformed/);
    assert.equal(
      await why(await redeem(harness, { pass: ` ${pass}`, callId })),
      '403 pass-refused: malformed',
    );
    // neither of them used the pass up
    assert.equal((await redeem(harness, { pass, callId: 'another' })).status, 200);
  });

  it('is closed to everybody without the secret, before anything is read', async () => {
    const harness = harnessWith();
    for (const authorization of [
      null,
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${REDEEM_SECRET}x`,
      `Bearer ${REDEEM_SECRET.slice(1)}`,
      `Bearer ${JWT_SECRET}`,
      `Bearer x ${REDEEM_SECRET}`,
      `Basic ${REDEEM_SECRET}`,
      REDEEM_SECRET,
    ]) {
      const response = await redeem(harness, 'no JSON', authorization);
      assert.equal(response.headers.get('WWW-Authenticate'), 'Bearer');
      assert.equal(await problemOf(response), '401 unauthorized', String(authorization));
    }
  });

  it('reads JSON with both members and nothing else', async () => {
    const harness = harnessWith();
    const { pass } = await passOf(await post(harness, good()));
    assert.equal(
      await problemOf(await redeem(harness, { pass, callId: 'x' }, undefined, 'text/plain')),
      '415 unsupported-media-type',
    );
    for (const [body, detail] of [
      ['', 'not-json'],
      [{ callId: 'x' }, 'pass'],
      [{ pass: [pass], callId: 'x' }, 'pass'],
      [{ pass }, 'callId'],
      [{ pass, callId: '' }, 'callId'],
      [{ pass, callId: 'a b' }, 'callId'],
      [{ pass, callId: 'a\r\nb' }, 'callId'],
      [{ pass, callId: 'x'.repeat(257) }, 'callId'],
    ] as const) {
      const response = await redeem(harness, body);
      assert.equal(await why(response), `400 bad-request: ${detail}`);
    }
    assert.equal((await redeem(harness, { pass, callId: 'x' })).status, 200);
  });

  it('does not exist without a secret', async () => {
    const response = await redeem(createHarness(), { pass: 'x', callId: 'x' });
    assert.equal(await problemOf(response), '404 not-found');
  });

  it('logs the service and the pass, but no secret', async () => {
    const harness = harnessWith();
    const { pass } = await passOf(await post(harness, good()));
    await redeem(harness, { pass, callId: 'x' });
    await redeem(harness, { pass, callId: 'x' }, 'Bearer wrong');
    const [issued, redeemed, refused] = harness.log;
    assert.deepEqual(
      [redeemed?.route, redeemed?.alias, redeemed?.jti],
      ['redeem', 'sales', issued?.jti],
    );
    assert.deepEqual([refused?.route, refused?.problem], ['redeem', 'unauthorized']);
    assert.ok(!JSON.stringify(harness.log).includes('Ada'));
  });
});
