/** Somebody who floods the gateway is cut off; everybody else is heard. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../support/until.js';
import { call, connect, createDialog, invite, signPass } from './support/client.js';
import { useGateway } from './support/use-world.js';

const FLOODER = '127.0.0.66';
/** In two seconds. */
const LIMIT = 60;

const world = useGateway({
  settings: { LIMIT_MESSAGES: LIMIT },
  aliases: [{ alias: 'closed', target: 'sip:nobody@127.0.0.1', calls: 0 }],
});

describe('a flood of invalid passes', () => {
  it('ends with a closed socket, no new one for its address, and a place for everybody else', async () => {
    const flooder = await connect(world, { from: FLOODER });
    const pass = signPass({ alias: 'closed', secret: 'x'.repeat(40) });
    for (let sent = 0; sent < 3 * LIMIT; sent += 1) {
      flooder.send(invite(createDialog('closed'), { pass }));
    }
    await flooder.closed;
    await assert.rejects(connect(world, { from: FLOODER }), /hang up/);
    assert.equal(await world.counter('call_gateway_refused_total{why="flood"}'), 1);

    const honest = await connect(world, { from: '127.0.0.67' });
    assert.equal((await call(honest, 'closed')).status, 503);
    honest.close();
    // nothing is left that would count against the address when its minute is over
    await until(
      async () => !(await world.gateway.kamailio.rpc('htable.dump', 'sockets')).includes(FLOODER),
    );
  });
});
