/** Two nodes of the gateway, each with its own rtpengine, and one Redis. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { Settings } from '../../demo/gateway/kamailio.js';
import { loadAssets } from '../../demo/service/media/assets.js';
import { createCallerMedia, type CallerMedia } from '../bench/gateway/media.js';
import { NOTHING_OPEN, openPage, type CallPage } from '../support/e2e.js';
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
  launchChromium,
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
  const start = (database: number, settings: Settings = {}): Promise<GatewayWorld> =>
    startGatewayWorld({
      flags: ['WITH_REDIS'],
      settings: {
        REDIS_SERVER: `addr=127.0.0.1;port=${redis.port}`,
        REDIS_ADDRESS: `127.0.0.1:${redis.port}`,
        NODE_DATABASE: database,
        ...settings,
      },
      aliases: telephone.aliases,
    });
  nodes = [await start(1), await start(2, { LIMIT_AWAY_SECONDS: 3 })];
});
after(async () => {
  for (const node of nodes) await node.close();
  await telephone.close();
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

const count = (type: string): number =>
  telephone.events.filter((event) => event.type === type).length;

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

interface Flow {
  readonly received: number;
  readonly lost: number;
  /** Page's clock, ms. */
  readonly at: number;
}

/** Of the far end's sound, at the caller. */
const flow = (page: Page): Promise<Flow> =>
  page.evaluate(async () => {
    const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
    const reports = [...(await peer.getStats()).values()] as Record<string, unknown>[];
    // there is none before the first packet
    const sound = reports.find(({ type }) => type === 'inbound-rtp');
    return {
      received: Number(sound?.['packetsReceived'] ?? 0),
      lost: Number(sound?.['packetsLost'] ?? 0),
      at: performance.now(),
    };
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

  it('ends the calls of callers who do not come back, while the telephone goes on speaking', async () => {
    const [, node] = nodes;
    const [answered, before] = [count('CALL_ESTABLISHED'), count('CALL_CLOSED')];
    const client = await connect(node);
    const calls = [await call(client, 'talk'), await call(client, 'talk')];
    assert.deepEqual(
      calls.map(({ status }) => status),
      [200, 200],
    );
    // with the ACK: a call that has none yet does not outlive a restart
    await until(() => count('CALL_ESTABLISHED') === answered + 2);
    client.terminate();
    await node.gateway.kamailio.restart();
    for (const { dialog } of calls) {
      assert.equal((await node.callLine(dialog.callId)).end, 'caller-gone');
    }
    await until(() => count('CALL_CLOSED') === before + 2);
    await until(async () => (await node.counter('call_gateway_calls')) === 0);
  });

  describe('of a real browser', () => {
    let browser: Browser;
    before(async () => {
      browser = await launchChromium(telephone.speech);
    });
    after(() => browser.close());

    it('sounds on, comes back by itself, and can be ended from either side', async () => {
      const [node] = nodes;
      const dial = async (): Promise<CallPage> => {
        const call = await openPage({ ...node, browser }, { attributes: { target: 'talk' } });
        await call.dial();
        await call.waitForState('established');
        await until(async () => (await flow(call.page)).received > 0);
        return call;
      };
      const calls = [await dial(), await dial()] as const;
      const before = await Promise.all(calls.map(({ page }) => flow(page)));
      await node.gateway.kamailio.restart();
      for (const [i, { page, state }] of calls.entries()) {
        const { received, lost, at } = await flow(page);
        const [packets, due] = [received - before[i]!.received, (at - before[i]!.at) / 20];
        assert.ok(packets > due * 0.9, `${packets} packets of ${due}`);
        assert.equal(lost, before[i]!.lost);
        assert.match(await state(), /^(?:established|reconnecting)$/);
        await until(async () => (await page.evaluate(() => kept.sockets.length)) > 1, 15_000);
      }
      for (const { waitForState } of calls) await waitForState('established');
      await until(async () => (await node.counter('call_gateway_calls')) === 2);

      const [first, second] = calls;
      const ids = await Promise.all(
        calls.map(({ page }) =>
          page.evaluate(() => document.querySelector('call-button')!.state.callId!),
        ),
      );
      const ended = count('CALL_CLOSED');
      await first.page.evaluate(() => document.querySelector('call-button')!.hangUp());
      await first.waitForState('ended');
      await until(() => count('CALL_CLOSED') === ended + 1);
      telephone.command('hangup');
      await second.waitForState('ended');
      assert.equal((await node.callLine(ids[0]!)).end, 'caller');
      assert.equal((await node.callLine(ids[1]!)).end, 'callee');
      for (const { open, errors, close } of calls) {
        await until(async () => JSON.stringify(await open()) === JSON.stringify(NOTHING_OPEN));
        // of the attempts while nobody listened
        const others = errors.filter((text) => !text.includes('ERR_CONNECTION_REFUSED'));
        assert.deepEqual(others, []);
        await close();
      }
      await until(async () => (await node.counter('call_gateway_calls')) === 0);
    });
  });
});
