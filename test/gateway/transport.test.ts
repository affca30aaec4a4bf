/** By what an INVITE goes to a PBX that is written down without `transport=tcp`. */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, it } from 'node:test';
import { findPort } from '../../demo/gateway/ports.js';
import {
  bodyOf,
  connect,
  createDialog,
  finalOf,
  invite,
  OFFER,
  type Client,
} from './support/client.js';
import { openPbx, pbxReply, type Pbx } from './support/pbx.js';
import { startGatewayWorld, type GatewayWorld } from './support/world.js';

let world: GatewayWorld;
/** The same port, by TCP and by UDP. */
let pbx: Pbx;
let datagrams: Socket;
const byUdp: string[] = [];
let client: Client;

before(async () => {
  const port = await findPort();
  pbx = await openPbx(port);
  datagrams = createSocket('udp4').bind(port, '127.0.0.1');
  datagrams.on('message', (data) => byUdp.push(String(data)));
  await once(datagrams, 'listening');
  world = await startGatewayWorld({
    aliases: [{ alias: 'udp', target: `sip:telephone@127.0.0.1:${port}`, calls: 10 }],
  });
  client = await connect(world);
});
after(async () => {
  client.close();
  await world.close();
  datagrams.close();
  await pbx.close();
});

it('an INVITE above 1300 bytes goes by TCP, and says so (RFC 3261 section 18.1.1)', async () => {
  const dialog = createDialog('udp');
  const lines = Array.from({ length: 40 }, (_, i) => `a=x-${i}:${'y'.repeat(40)}\r\n`).join('');
  client.send(invite(dialog, { body: OFFER + lines }));
  const atPbx = await pbx.next(/^INVITE /);
  assert.ok(bodyOf(atPbx).length > 1300);
  assert.match(/^Via: .*$/m.exec(atPbx)![0], /^Via: SIP\/2\.0\/TCP /);
  pbx.send(pbxReply(atPbx, '486 Busy Here'));
  assert.equal((await finalOf(client, dialog)).status, 486);
  assert.deepEqual(byUdp, []);
});
