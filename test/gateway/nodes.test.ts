/** Two nodes of the gateway, each with its own rtpengine, and one Redis. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { loadAssets } from '../../demo/service/media/assets.js';
import { createCallerMedia, type CallerMedia } from '../bench/gateway/media.js';
import { findRedis, startRedis, type RedisServer } from '../support/redis.js';
import { until } from '../support/until.js';
import {
  bodyOf,
  call,
  connect,
  createDialog,
  finalOf,
  inDialog,
  invite,
  signPass,
} from './support/client.js';
import {
  startGatewayWorld,
  startTelephone,
  type GatewayWorld,
  type Telephone,
} from './support/world.js';

let redis: RedisServer;
let telephone: Telephone;
let nodes: readonly [GatewayWorld, GatewayWorld];

before(async () => {
  const program = findRedis();
  assert.ok(program !== null, 'a Redis or Valkey server');
  redis = await startRedis(program);
  telephone = await startTelephone([{ name: 'talk', answer: 'auto' }]);
  const start = (database: number): Promise<GatewayWorld> =>
    startGatewayWorld({
      flags: ['WITH_REDIS'],
      settings: {
        REDIS_SERVER: `addr=127.0.0.1;port=${redis.port}`,
        REDIS_ADDRESS: `127.0.0.1:${redis.port}`,
        NODE_DATABASE: database,
      },
      aliases: telephone.aliases,
    });
  nodes = [await start(1), await start(2)];
});
after(async () => {
  if (process.env['GATEWAY_LOG'] !== undefined) console.error(nodes[0].lines.join('\n'));
  for (const node of nodes) await node.close();
  await telephone.stop();
  await redis.close();
});

/** Calls with one pass, and hangs up where it is let through. */
async function attempt(node: GatewayWorld, pass: string): Promise<number> {
  const client = await connect(node);
  const { status, message, dialog } = await call(client, 'talk', { pass });
  if (status === 200) {
    client.send(inDialog('BYE', dialog, message));
    await client.next(new RegExp(`^SIP/2\\.0 200[^]*CSeq: ${dialog.cseq} BYE`));
  }
  client.close();
  return status;
}

describe('two nodes', () => {
  it('take a pass once: what was used at one is refused at the other', async () => {
    const pass = signPass({ alias: 'talk' });
    assert.equal(await attempt(nodes[0], pass), 200);
    assert.equal(await attempt(nodes[1], pass), 403);
    assert.equal(await attempt(nodes[0], pass), 403);
  });

  it('of ten uses at each of them at the same moment one is let through', async () => {
    const pass = signPass({ alias: 'talk' });
    const turns = Array.from({ length: 20 }, (_, turn) => attempt(nodes[turn % 2]!, pass));
    const statuses = (await Promise.all(turns)).sort();
    assert.deepEqual(statuses, [200, ...Array.from({ length: 19 }, () => 403)]);
  });

  it('let nobody in while Redis is away, and go on by themselves', async () => {
    await redis.kill();
    assert.equal(await attempt(nodes[0], signPass({ alias: 'talk' })), 503);
    assert.equal((await fetch(`${nodes[0].gateway.adminUrl}/health`)).status, 503);
    await redis.start();
    await until(async () => (await attempt(nodes[0], signPass({ alias: 'talk' }))) === 200);
  });
});

describe('a node that is restarted in a call', () => {
  it('loses no media, knows the call again, and takes the caller’s new socket', async () => {
    const [node] = nodes;
    const { greeting } = await loadAssets();
    const media: CallerMedia = await createCallerMedia(greeting.opus);
    const speaking = setInterval(() => media.speak(), 20);
    try {
      const first = await connect(node);
      const dialog = createDialog('talk');
      first.send(invite(dialog, { body: media.offer }));
      const { status, message } = await finalOf(first, dialog);
      assert.equal(status, 200);
      media.accept(bodyOf(message));
      await media.connected;
      await until(() => media.heard().packets > 0);

      media.heard();
      await node.gateway.kamailio.restart();
      await delay(500);
      const { packets, loss } = media.heard();
      assert.ok(packets > 25 && loss < 0.05, `${packets} packets, ${loss} lost`);

      // as the element does it: the same dialog, from a new socket
      const second = await connect(node);
      second.send(inDialog('INVITE', dialog, message, { body: media.offer }));
      assert.equal((await finalOf(second, dialog)).status, 200);
      assert.equal(await node.counter('call_gateway_calls'), 1);
      // and the telephone finds it there
      telephone.command('hangup');
      const bye = await second.next(/^BYE /);
      assert.ok(bye.includes(`Call-ID: ${dialog.callId}`));
      second.close();
      const line = await node.callLine(dialog.callId);
      assert.equal(line.end, 'callee');
      assert.equal(line.alias, 'talk');
    } finally {
      clearInterval(speaking);
      media.close();
    }
  });
});
