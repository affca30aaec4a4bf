/** Keys that everybody knows open nothing: none at all, and those of the example. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SECRETS } from '../service/sip-client.js';
import { call, connect, createDialog, inDialog, invite, signPass } from './support/client.js';
import { callWithDigest, credentialsFor } from './support/digest.js';
import type { GatewayWorld } from './support/world.js';
import { useGateway, useTelephone } from './support/use-world.js';

const OLD = {
  JWT_KEY_OLD: 'jwt-key-until-yesterday',
  DIGEST_KEY_OLD: 'digest-key-until-yesterday',
};

const telephone = useTelephone({ name: 'talk', answer: 'auto' });
const world = useGateway(() => ({
  aliases: telephone.aliases,
  settings: { JWT_KEY_OLD: '', DIGEST_KEY_OLD: '' },
}));
const changing = useGateway(() => ({
  aliases: telephone.aliases,
  flags: ['WITH_OLD_KEYS'],
  settings: OLD,
}));
/** Whose administrator forgot one. */
const careless = useGateway(() => ({
  aliases: telephone.aliases,
  flags: ['WITH_OLD_KEYS'],
  settings: { ...OLD, DIGEST_KEY_OLD: '' },
}));

/** With a pass as header, and as digest credentials. */
async function attempt(at: GatewayWorld, keys: readonly [string, string]): Promise<number[]> {
  const client = await connect(at);
  const statuses: number[] = [];
  for (const calling of [
    () => call(client, 'talk', { pass: signPass({ alias: 'talk', secret: keys[0] }) }),
    async () => {
      const dialog = createDialog('talk');
      return { ...(await callWithDigest(client, credentialsFor('talk', keys[1]), dialog)), dialog };
    },
  ]) {
    const { status, message, dialog } = await calling();
    if (status === 200) client.send(inDialog('BYE', dialog, message));
    statuses.push(status);
  }
  client.close();
  return statuses;
}

describe('keys of passes', () => {
  it('the old ones are taken while they are changed, and not else', async () => {
    const old = [OLD.JWT_KEY_OLD, OLD.DIGEST_KEY_OLD] as const;
    const now = [SECRETS.jwt, SECRETS.digest] as const;
    assert.deepEqual(await attempt(changing, old), [200, 200]);
    assert.deepEqual(await attempt(changing, now), [200, 200]);
    assert.deepEqual(await attempt(world, old), [403, 407]);
    assert.deepEqual(await attempt(world, now), [200, 200]);
  });

  it('those that everybody knows open nothing', async () => {
    for (const at of [world, changing]) {
      assert.deepEqual(await attempt(at, ['', '']), [403, 407]);
      assert.deepEqual(await attempt(at, ['change-me-jwt', 'change-me-digest']), [403, 407]);
    }
  });

  it('one that is missing lets nobody through, whatever else is right', async () => {
    const client = await connect(careless);
    assert.equal((await call(client, 'talk')).status, 503);
    client.send(invite(createDialog('talk'), { pass: null }));
    await client.next(/^SIP\/2\.0 503/);
    client.close();
    assert.equal(await careless.counter('call_gateway_refused_total{why="keys"}'), 2);
    assert.ok(careless.lines.some((line) => line.includes('a key is missing')));
  });
});
