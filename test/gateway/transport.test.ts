/** By what an INVITE goes to a PBX, and what a caller is told of one that is not there. */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, afterEach, before, describe, it } from 'node:test';
import { findPort } from '../../demo/gateway/ports.js';
import { until } from '../support/until.js';
import {
  bodyOf,
  connect,
  createDialog,
  finalOf,
  headerOf,
  invite,
  OFFER,
  type Client,
} from './support/client.js';
import { openPbx, pbxReply, type Pbx } from './support/pbx.js';
import { startGatewayWorld, type GatewayWorld } from './support/world.js';

/** With headers above 1300 bytes, and above an Ethernet frame too. */
const LONG_OFFER =
  OFFER + Array.from({ length: 40 }, (_, i) => `a=x-${i}:${'y'.repeat(40)}\r\n`).join('');

let world: GatewayWorld;
/** Its PBX takes no TCP. */
let udpWorld: GatewayWorld;
/** The same port, by TCP and by UDP. */
let pbx: Pbx;
let datagrams: Socket;
const byUdp: string[] = [];
let client: Client;

before(async () => {
  const [port, deaf, nobody] = await Promise.all([findPort(), findPort(), findPort()]);
  pbx = await openPbx(port);
  datagrams = createSocket('udp4').bind(port, '127.0.0.1');
  datagrams.on('message', (data, from) => {
    const text = String(data);
    byUdp.push(text);
    if (text.startsWith('INVITE')) {
      datagrams.send(pbxReply(text, '486 Busy Here'), from.port, from.address);
    }
  });
  await once(datagrams, 'listening');
  const at = (alias: string, where: number, parameters = '') => ({
    alias,
    target: `sip:telephone@127.0.0.1:${where}${parameters}`,
    calls: 1,
  });
  const aliases = [
    at('udp', port),
    at('named-udp', port, ';transport=udp'),
    at('refusing', nobody, ';transport=tcp'),
    at('deaf', deaf),
  ];
  world = await startGatewayWorld({ aliases });
  udpWorld = await startGatewayWorld({ aliases, settings: { LIMIT_UDP_BYTES: 65_535 } });
});
after(async () => {
  await world.close();
  await udpWorld.close();
  datagrams.close();
  await pbx.close();
});
afterEach(() => {
  client.close();
  byUdp.length = 0;
});

const viaOf = (text: string): string => headerOf(text, 'Via')!;

describe('an INVITE to a PBX that is written down without TCP', () => {
  for (const alias of ['udp', 'named-udp']) {
    it(`${alias}: above 1300 bytes goes by TCP, and says so (RFC 3261 section 18.1.1)`, async () => {
      client = await connect(world);
      const dialog = createDialog(alias);
      client.send(invite(dialog, { body: LONG_OFFER }));
      const atPbx = await pbx.next(/^INVITE /);
      assert.ok(bodyOf(atPbx).length > 1300);
      assert.match(viaOf(atPbx), /^SIP\/2\.0\/TCP /);
      pbx.send(pbxReply(atPbx, '486 Busy Here'));
      assert.equal((await finalOf(client, dialog)).status, 486);
      assert.deepEqual(byUdp, []);
    });

    it(`${alias}: below, by UDP`, async () => {
      client = await connect(world);
      const dialog = createDialog(alias);
      const before = pbx.messages.length;
      client.send(invite(dialog));
      assert.equal((await finalOf(client, dialog)).status, 486);
      const [atPbx] = byUdp;
      assert.ok(atPbx!.length < 1300, `${atPbx!.length} bytes`);
      assert.match(viaOf(atPbx!), /^SIP\/2\.0\/UDP /);
      await until(() => byUdp.some((text) => text.startsWith('ACK ')));
      assert.equal(pbx.messages.length, before);
    });
  }

  it('stays with UDP where the site says that the PBX takes nothing else', async () => {
    client = await connect(udpWorld);
    const dialog = createDialog('udp');
    const before = pbx.messages.length;
    client.send(invite(dialog, { body: LONG_OFFER }));
    assert.equal((await finalOf(client, dialog)).status, 486);
    assert.ok(byUdp[0]!.length > 2000);
    assert.equal(pbx.messages.length, before);
  });
});

describe('a PBX that is not there', () => {
  for (const alias of ['refusing', 'deaf']) {
    it(`${alias}: the caller is told soon, there is a line, and no place is taken for good`, async () => {
      client = await connect(world);
      const dialog = createDialog(alias);
      const before = await world.counter('call_gateway_calls_total{end="pbx"}');
      client.send(invite(dialog));
      assert.equal((await finalOf(client, dialog)).status, 503);
      const { status, end, seconds } = await world.callLine(dialog.callId);
      assert.deepEqual([status, end, seconds], [503, 'pbx', 0]);
      assert.equal(await world.counter('call_gateway_calls_total{end="pbx"}'), before + 1);
      await until(async () => (await world.counter('call_gateway_calls')) === 0);
    });
  }
});
