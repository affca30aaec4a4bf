/** How much of the gateway anybody may have, and calls that nobody ends. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../support/until.js';
import {
  call,
  connect,
  createDialog,
  finalOf,
  headerOf,
  inDialog,
  invite,
  OFFER,
  respond,
  type Answer,
  type Client,
} from './support/client.js';
import { playFar } from './support/scenario.js';
import { useGateway, useTelephone } from './support/use-world.js';

const CALL_SECONDS = 6;
const SILENT_SECONDS = 3;
const AWAY_SECONDS = 3;

const telephone = useTelephone(
  { name: 'talk', answer: 'auto' },
  { name: 'desk', answer: 'manual' },
);
const brief = useGateway(() => ({
  aliases: telephone.aliases.map((alias) => ({ ...alias, calls: 3 })),
  settings: {
    LIMIT_CALL_SECONDS: CALL_SECONDS,
    LIMIT_CALLS_ADDRESS: 2,
    LIMIT_CALLS_ALL: 4,
    LIMIT_SOCKETS_ADDRESS: 3,
  },
}));
const patient = useGateway(() => ({
  aliases: telephone.aliases,
  mediaTimeoutSeconds: SILENT_SECONDS,
  settings: { LIMIT_AWAY_SECONDS: AWAY_SECONDS },
}));

const closed = (): number => telephone.events.filter(({ type }) => type === 'CALL_CLOSED').length;

/** Rings until it is given up. */
async function ring(client: Client, alias: string): Promise<() => Promise<void>> {
  const dialog = createDialog(alias);
  client.send(invite(dialog));
  await client.next(new RegExp(`^SIP/2\\.0 183[^]*Call-ID: ${dialog.callId}`));
  return async () => {
    client.send(
      invite(dialog, { same: true })
        .replace(/^INVITE/, 'CANCEL')
        .replace(/^(CSeq: \d+) INVITE/m, '$1 CANCEL')
        .replace(/^(?:X-Call-Pass|Content-Type): .*\r\n/gm, '')
        .replace(/^Content-Length: [^]*/m, 'Content-Length: 0\r\n\r\n'),
    );
    await client.next(new RegExp(`^SIP/2\\.0 487[^]*Call-ID: ${dialog.callId}`));
  };
}

describe('limits', () => {
  it('sockets of one address: the next is refused, and another address is not', async () => {
    const from = '127.0.0.71';
    const clients = await Promise.all([1, 2, 3].map(() => connect(brief, { from })));
    await assert.rejects(connect(brief, { from }), /429/);
    (await connect(brief, { from: '127.0.0.72' })).close();
    for (const client of clients) client.close();
    await until(() =>
      connect(brief, { from }).then(
        (client) => {
          client.close();
          return true;
        },
        () => false,
      ),
    );
  });

  it('calls of one address, of one alias, and of all', async () => {
    const client = await connect(brief, { from: '127.0.0.73' });
    const second = await connect(brief, { from: '127.0.0.74' });
    const third = await connect(brief, { from: '127.0.0.75' });
    const ends = [await ring(client, 'desk'), await ring(client, 'desk')];
    assert.equal((await call(client, 'talk')).status, 486);
    ends.push(await ring(second, 'desk'));
    assert.equal((await call(third, 'desk')).status, 486);
    const talking = await call(third, 'talk');
    assert.equal(talking.status, 200);
    const refused: Answer = await call(second, 'talk');
    assert.equal(refused.status, 503);
    assert.ok(headerOf(refused.message, 'Retry-After'));
    for (const why of ['calls-address', 'calls-alias', 'calls-all']) {
      assert.equal(await brief.counter(`call_gateway_refused_total{why="${why}"}`), 1, why);
    }
    third.send(inDialog('BYE', talking.dialog, talking.message));
    for (const end of ends) await end();
    // and the places are free again
    await until(async () => (await brief.counter('call_gateway_calls')) === 0);
    for (const one of [client, second, third]) one.close();
  });

  it('duration: both sides get a BYE, whatever the caller asks meanwhile', async () => {
    const before = closed();
    const client = await connect(brief);
    const { dialog, message, status } = await call(client, 'talk');
    assert.equal(status, 200);
    const answered = performance.now();
    const asking = setInterval(() => client.send(inDialog('OPTIONS', dialog, message)), 1000);
    const bye = await client.next(/^BYE /, (CALL_SECONDS + 6) * 1000);
    clearInterval(asking);
    client.send(respond(bye, '200 OK'));
    const seconds = (performance.now() - answered) / 1000;
    assert.ok(Math.abs(seconds - CALL_SECONDS) < 2, `${seconds} s`);
    await until(() => closed() > before);
    assert.equal((await brief.callLine(dialog.callId)).end, 'limit');
    client.close();
  });
});

describe('a call that nobody ends', { concurrency: true }, () => {
  it('without media: both sides get a BYE', async () => {
    const far = await playFar(patient, [
      { reply: '200 OK', sdp: 'answer' },
      { receive: 'ACK' },
      { receive: 'BYE' },
      { reply: '200 ok' },
    ]);
    const client = await connect(patient);
    const { dialog, status } = await call(client, 'sipp');
    assert.equal(status, 200);
    const bye = await client.next(/^BYE /, (SILENT_SECONDS + 8) * 1000);
    client.send(respond(bye, '200 OK'));
    await far.done;
    assert.equal((await patient.callLine(dialog.callId)).end, 'media-timeout');
    client.close();
    await far.stop();
  });

  it('goes on where its caller comes back by another socket', async () => {
    const first = await connect(patient);
    const { dialog, message, status } = await call(first, 'talk');
    assert.equal(status, 200);
    first.terminate();
    const second = await connect(patient);
    second.send(inDialog('INVITE', dialog, message, { body: OFFER }));
    assert.equal((await finalOf(second, dialog)).status, 200);
    // twice the time that it had
    const end = performance.now() + 2 * AWAY_SECONDS * 1000;
    await until(async () => {
      second.send(inDialog('OPTIONS', dialog, message));
      await second.next(new RegExp(`^SIP/2\\.0 200[^]*CSeq: ${dialog.cseq} OPTIONS`));
      return performance.now() > end;
    }, 20_000);
    second.send(inDialog('BYE', dialog, message));
    assert.equal((await patient.callLine(dialog.callId)).end, 'caller');
    second.close();
  });

  it('whose caller is lost while it rings: the telephone stops soon', async () => {
    const ringing = (): number =>
      telephone.events.filter(({ type }) => type === 'CALL_INCOMING').length;
    const [rang, before] = [ringing(), closed()];
    const client = await connect(patient);
    const dialog = createDialog('desk');
    client.send(invite(dialog));
    await client.next(/^SIP\/2\.0 183/);
    await until(() => ringing() > rang);
    client.terminate();
    const { end, seconds } = await patient.callLine(dialog.callId);
    assert.deepEqual([end, seconds], ['caller-gone', 0]);
    await until(() => closed() > before);
    // its place is free when nobody acknowledges the 487 any more
    await until(
      async () => !(await patient.gateway.kamailio.rpc('dlg.list')).includes(dialog.callId),
      20_000,
    );
  });

  it('whose caller never comes back, while the telephone goes on speaking', async () => {
    const before = closed();
    const client = await connect(patient);
    const { dialog, status } = await call(client, 'talk');
    assert.equal(status, 200);
    client.terminate();
    const line = until(
      () => patient.lines.find((text) => text.includes(`call {"call_id":"${dialog.callId}"`)),
      20_000,
    );
    assert.match(await line, /"end":"caller-gone"/);
    await until(() => closed() > before);
  });

  it('all of one socket, answered and ringing, whose caller is gone', async () => {
    const client = await connect(patient);
    const calls = [await call(client, 'talk'), await call(client, 'talk')];
    const over = createDialog('talk');
    client.send(invite(over));
    const { message } = await finalOf(client, over);
    client.send(inDialog('BYE', over, message));
    assert.equal((await patient.callLine(over.callId)).end, 'caller');
    const ringing = createDialog('desk');
    client.send(invite(ringing));
    await client.next(new RegExp(`^SIP/2\\.0 183[^]*Call-ID: ${ringing.callId}`));
    client.terminate();
    assert.equal((await patient.callLine(ringing.callId)).end, 'caller-gone');
    for (const { dialog, status } of calls) {
      assert.equal(status, 200);
      assert.equal((await patient.callLine(dialog.callId)).end, 'caller-gone');
    }
  });
});
