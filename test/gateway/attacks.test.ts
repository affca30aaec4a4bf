/** Each row of the threat table that the gateway answers for, as an attack that fails. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { SECRETS } from '../service/sip-client.js';
import { useBefore } from '../support/hooks.js';
import { until } from '../support/until.js';
import {
  call,
  connect,
  createDialog,
  createJti,
  finalOf,
  headerOf,
  inDialog,
  invite,
  learn,
  OFFER,
  request,
  signPass,
  type Client,
} from './support/client.js';
import { callWithDigest, credentialsFor } from './support/digest.js';
import { useGateway, useTelephone } from './support/use-world.js';

const telephone = useTelephone(
  { name: 'talk', answer: 'auto' },
  { name: 'premium', answer: 'auto' },
  { name: 'desk', answer: 'manual' },
);
const world = useGateway(() => ({
  // "premium" is a number of the PBX, not a service of ours
  aliases: [
    ...telephone.aliases.filter(({ alias }) => alias !== 'premium'),
    { alias: 'closed', target: 'sip:talk@127.0.0.1', calls: 0 },
  ],
}));
let client: Client;
useBefore(async () => {
  client = await connect(world);
});
after(() => client.close());

/** Calls that the PBX saw, by account. */
const reached = (account: string): number =>
  telephone.events.filter(
    ({ type, accountaor }) =>
      (type === 'CALL_REMOTE_SDP' || type === 'CALL_INCOMING') && accountaor?.includes(account),
  ).length;

const status = async (alias: string, options?: Parameters<typeof invite>[1]): Promise<number> =>
  (await call(client, alias, options)).status;

async function hangUp(dialog: ReturnType<typeof createDialog>, answer: string): Promise<void> {
  client.send(inDialog('BYE', dialog, answer));
  await client.next(new RegExp(`^SIP/2\\.0 200[\\s\\S]*CSeq: ${dialog.cseq} BYE`));
}

describe('the pass', () => {
  it('lets one call through, and no second one', async () => {
    const pass = signPass({ alias: 'talk' });
    const first = await call(client, 'talk', { pass });
    assert.equal(first.status, 200);
    await hangUp(first.dialog, first.message);
    const second = await call(client, 'talk', { pass });
    assert.equal(second.status, 403);
    assert.match(second.message, /Pass Already Used/);
  });

  it('is refused when it is forged, expired, for another service, or none', async () => {
    assert.equal(
      await status('talk', { pass: signPass({ alias: 'talk', secret: 'x'.repeat(40) }) }),
      403,
    );
    assert.equal(await status('talk', { pass: signPass({ alias: 'talk', seconds: -1 }) }), 403);
    assert.equal(await status('talk', { pass: signPass({ alias: 'desk' }) }), 403);
    assert.equal(await status('talk', { pass: 'nonsense' }), 403);
    const [head, body] = signPass({ alias: 'talk' }).split('.');
    assert.equal(await status('talk', { pass: `${head}.${body}.` }), 403);
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    assert.equal(await status('talk', { pass: `${none}.${body}.` }), 403);
    assert.equal(await status('talk', { pass: null }), 407);
  });

  it('of twenty uses at the same moment exactly one is let through', async () => {
    const pass = signPass({ alias: 'talk' });
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect(world)));
    const statuses = await Promise.all(
      clients.map(async (one) => {
        const dialog = createDialog('talk');
        one.send(invite(dialog, { pass }));
        const { status: result, message } = await finalOf(one, dialog);
        if (result === 200) one.send(inDialog('BYE', dialog, message));
        return result;
      }),
    );
    assert.deepEqual(statuses.sort(), [200, ...Array.from({ length: 19 }, () => 403)]);
    for (const one of clients) one.close();
  });

  it('is bound to its call: the same Call-ID with another tag is another call', async () => {
    const pass = signPass({ alias: 'desk' });
    const first = createDialog('desk');
    client.send(invite(first, { pass }));
    await client.next(/^SIP\/2\.0 183/);
    const other = createDialog('desk', first.callId);
    client.send(invite(other, { pass }));
    assert.match(await client.next(/^SIP\/2\.0 403/), /Pass Already Used/);
    // and the same tags in a new transaction do not ring a second time
    const again = { ...first };
    client.send(invite(again, { pass }));
    assert.match(await client.next(/^SIP\/2\.0 482/), /Merged/);
    client.send(request('CANCEL', { ...first, cseq: 1 }, { same: true }));
    await client.next(/^SIP\/2\.0 487/);
  });

  it('works as digest credentials, once', async () => {
    const good = credentialsFor('talk', SECRETS.digest);
    assert.equal((await callWithDigest(client, { ...good, password: 'guess' })).status, 407);
    const dialog = createDialog('talk');
    const { status: answered, message } = await callWithDigest(client, good, dialog);
    assert.equal(answered, 200, message);
    await hangUp(dialog, message);
    assert.equal((await callWithDigest(client, good)).status, 403);
  });
});

describe('toll fraud', () => {
  it('no R-URI, To or Route leads anywhere but to the alias’s number', async () => {
    const before = reached('premium');
    const pass = signPass({ alias: 'talk' });
    // a number in place of the alias
    assert.equal(await status('+8835100', { pass: signPass({ alias: 'talk' }) }), 404);
    assert.equal(await status('premium', { pass: signPass({ alias: 'talk' }) }), 403);
    // a signed pass for a name that the table does not have
    assert.equal(await status('premium', { pass: signPass({ alias: 'premium' }) }), 404);
    const dialog = createDialog('talk');
    const port = telephone.aliases[0]!.target.split(':')[2]!.split(';')[0]!;
    client.send(
      invite(dialog, {
        pass,
        headers: [
          `Route: <sip:premium@127.0.0.1:${port};transport=tcp;lr>`,
          'X-Forward-To: premium',
          'P-Asserted-Identity: <sip:boss@example.com>',
        ],
      })
        .replace(/^INVITE \S+/, `INVITE sip:talk@127.0.0.1:${port};transport=tcp`)
        .replace(/^To: .*$/m, 'To: <sip:premium@127.0.0.1>'),
    );
    const answer = await finalOf(client, dialog);
    assert.equal(answer.status, 200);
    await hangUp(dialog, answer.message);
    assert.equal(reached('premium'), before);
  });

  it('a dialog that is made up reaches nobody', async () => {
    for (const method of ['INVITE', 'BYE', 'INFO']) {
      const dialog = createDialog('talk');
      dialog.toTag = 'made-up';
      const port = telephone.aliases[0]!.target.split(':')[2]!.split(';')[0]!;
      const before = reached('premium');
      client.send(
        request(method, dialog, {
          headers: [`Route: <sip:127.0.0.1:${world.gateway.pbxPort};transport=tcp;lr>`],
          ...(method === 'INVITE' ? { body: OFFER } : {}),
        }).replace(/^(\w+) \S+/, `$1 sip:premium@127.0.0.1:${port};transport=tcp`),
      );
      await client.next(new RegExp(`^SIP/2\\.0 481[\\s\\S]*${method}`));
      assert.equal(reached('premium'), before);
    }
  });

  it('a known dialog does not carry requests to another number', async () => {
    const { dialog, message, status: result } = await call(client, 'talk');
    assert.equal(result, 200);
    const before = reached('premium');
    const port = telephone.aliases[0]!.target.split(':')[2]!.split(';')[0]!;
    // same tags and Call-ID, but a target of its own choice, and a Route as well
    client.send(
      inDialog('INVITE', dialog, message, {
        body: OFFER,
        headers: [`Route: <sip:premium@127.0.0.1:${port};transport=tcp;lr>`],
      }).replace(/^INVITE \S+/, `INVITE sip:premium@127.0.0.1:${port};transport=tcp`),
    );
    const outcome = await client.next(
      new RegExp(`^SIP/2\\.0 [2-6][\\s\\S]*CSeq: ${dialog.cseq} INVITE`),
    );
    // it reached the telephone that had answered
    assert.match(outcome, /^SIP\/2\.0 200/);
    client.send(inDialog('ACK', dialog, message));
    assert.equal(reached('premium'), before);
    await hangUp(dialog, message);
  });

  for (const method of ['REFER', 'MESSAGE', 'SUBSCRIBE', 'REGISTER', 'PUBLISH', 'NOTIFY']) {
    it(`${method} is refused, outside a call and in one`, async () => {
      client.send(
        request(method, createDialog('talk'), { headers: ['Refer-To: <sip:premium@127.0.0.1>'] }),
      );
      assert.match(await client.next(/^SIP\/2\.0 405/), /Allow: /);
      if (method !== 'REFER') return;
      const { dialog, message } = await call(client, 'talk');
      client.send(
        inDialog(method, dialog, message, { headers: ['Refer-To: <sip:premium@127.0.0.1>'] }),
      );
      await client.next(/^SIP\/2\.0 405/);
      await hangUp(dialog, message);
    });
  }

  it('digits of a caller are digits: they start no call at the PBX’s side of the gateway', async () => {
    const before = reached('premium');
    const { dialog, message } = await call(client, 'talk');
    for (const digit of ['*', '9', '0', '0', '8', '8', '3', '5']) {
      client.send(
        inDialog('INFO', dialog, message, {
          body: `Signal=${digit}\r\nDuration=160\r\n`,
          contentType: 'application/dtmf-relay',
        }),
      );
      await client.next(new RegExp(`^SIP/2\\.0 [2-6][\\s\\S]*CSeq: ${dialog.cseq} INFO`));
    }
    await hangUp(dialog, message);
    assert.equal(reached('premium'), before);
  });

  it('a service that is closed in the table is closed', async () => {
    const answer = await call(client, 'closed');
    assert.equal(answer.status, 503);
    assert.ok(headerOf(answer.message, 'Retry-After'));
  });
});

describe('the socket', () => {
  it('opens for our pages only', async () => {
    for (const origin of [
      null,
      'null',
      'https://evil.example',
      `${world.service.url.slice(0, -1)}.evil.example`,
      world.service.url,
    ]) {
      await assert.rejects(connect(world, { origin }), /403/, String(origin));
    }
    await assert.rejects(connect(world, { protocols: ['mqtt'] }));
  });

  it('takes no SIP without a WebSocket, and no call from the PBX’s side', async () => {
    const { createConnection } = await import('node:net');
    const said = async (port: number, text: string): Promise<string> => {
      const socket = createConnection(port, '127.0.0.1');
      let heard = '';
      socket.on('data', (data: Buffer) => (heard += data.toString()));
      socket.on('error', () => {});
      socket.write(text);
      // either an answer, or a later one on the other socket shows that this one was dropped
      await call(client, 'closed');
      await until(() => port !== world.gateway.pbxPort || heard !== '');
      socket.destroy();
      return heard;
    };
    const text = invite(createDialog('talk')).replace('SIP/2.0/WS', 'SIP/2.0/TCP');
    const wsPort = Number(new URL(world.service.sipUrl).port);
    assert.equal(await said(wsPort, text), '');
    assert.match(await said(world.gateway.pbxPort, text), /^SIP\/2\.0 (100[\s\S]*SIP\/2\.0 )?403/);
  });

  it('survives what is no SIP', async () => {
    const own = await connect(world);
    for (const text of [
      '',
      '\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      'INVITE',
      '\0'.repeat(2000),
      'A'.repeat(60_000),
    ]) {
      own.send(text);
    }
    own.close();
    assert.equal(await status('closed'), 503);
  });
});

describe('what the PBX gets to know', () => {
  it('neither the caller’s address, nor the pass, nor a name that nobody signed', async () => {
    const hops: string[] = [];
    const { createServer } = await import('node:net');
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data: Buffer) => hops.push(data.toString()));
    }).listen(world.farPort, '127.0.0.1');
    const from = '127.0.0.77';
    const own = await connect(world, { from });
    const dialog = createDialog('sipp');
    own.send(
      invite(dialog, {
        headers: [
          'User-to-User: 7b7d;encoding=hex;purpose=call-button',
          'P-Asserted-Identity: <sip:boss@example.com>',
          'Remote-Party-ID: <sip:boss@example.com>',
          'X-Anything: 1',
          'Diversion: <sip:boss@example.com>',
        ],
      }).replace('"Ada"', '"The Boss"'),
    );
    const text = await until(() => hops.join('').includes('a=rtpmap') && hops.join(''));
    assert.match(text, /^INVITE sip:sipp@127\.0\.0\.1/);
    assert.ok(!text.includes(from), text);
    assert.ok(!text.includes('198.51.100.77'), 'no candidate of the caller');
    assert.ok(!/X-Call-Pass|eyJ|Boss|boss|X-Anything|Diversion|a=candidate|a=ice/.test(text), text);
    assert.match(text, /^From: "Web: Ada" <sip:web@gateway\.example\.com>/m);
    assert.match(text, /^User-to-User: 7b7d;encoding=hex;purpose=call-button\r$/m);
    assert.equal(headerOf(text, 'Call-ID'), dialog.callId);
    own.send(request('CANCEL', dialog, { same: true }));
    own.close();
    server.close();
  });

  it('nothing of a name that would begin a header', async () => {
    const dialog = createDialog('talk');
    const jti = createJti();
    // as a gate with a fault would sign it
    const { createHmac } = await import('node:crypto');
    const encode = (value: unknown): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor(Date.now() / 1000) + 60;
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: 'talk', jti, exp, iat: exp - 60, name: 'Eve" <sip:x@y>\r\nX-Evil: 1' })}`;
    const pass = `${signed}.${createHmac('sha256', SECRETS.jwt).update(signed).digest('base64url')}`;
    client.send(invite(dialog, { pass }));
    const answer = await finalOf(client, dialog);
    assert.equal(answer.status, 200);
    learn(dialog, answer.message);
    await hangUp(dialog, answer.message);
    const names = telephone.events.map(({ peeruri }) => peeruri).filter((uri) => uri !== undefined);
    assert.ok(names.every((uri) => uri === 'sip:web@gateway.example.com'));
  });
});

describe('monitoring', () => {
  it('counts refusals by their reason, and is healthy', async () => {
    assert.ok((await world.counter('call_gateway_refused_total{why="pass-used"}')) >= 20);
    assert.ok((await world.counter('call_gateway_refused_total{why="method"}')) >= 6);
    const health = await fetch(`${world.gateway.adminUrl}/health`);
    assert.equal(health.status, 200);
    // the call before may still be ending
    await until(async () => (await world.counter('call_gateway_calls')) === 0);
  });

  it('writes no pass and no name', () => {
    assert.deepEqual(
      world.lines.filter((line) => /eyJ|Ada|Eve/.test(line)),
      [],
    );
  });
});
