import { expect } from 'chai';
import { fakeSdp } from '../support/fake-media-session.js';
import { md5 } from '../support/md5.js';
import {
  createWorld,
  establish,
  expectByeEnds,
  expectQuietPage,
  isSettled,
  PASS,
  place,
  turn,
} from '../support/sip-call.js';
import type { Received } from '../support/sip-peer.js';

const CHALLENGE = 'Digest realm="example.com", nonce="f00d", algorithm=MD5, qop="auth", opaque="o"';

/** `name=value` or `name="value"` of a digest header. */
function fields(
  value: string,
): Partial<
  Record<'response' | 'realm' | 'nonce' | 'uri' | 'nc' | 'cnonce' | 'qop' | 'username', string>
> {
  const found = value.matchAll(/(\w+)=(?:"([^"]*)"|([^,\s]+))/g);
  return Object.fromEntries(
    [...found].map(([, name, quoted, bare]) => [name ?? '', quoted ?? bare ?? '']),
  );
}

/** The response of RFC 2617 §3.2.2, computed here. */
function digestOf(request: Received, given: ReturnType<typeof fields>, password: string): string {
  const { realm, nonce, uri, nc, cnonce, qop, username } = given;
  const secret = md5(`${username}:${realm}:${password}`);
  const what = md5(`${request.method}:${uri}`);
  return qop === undefined
    ? md5(`${secret}:${nonce}:${what}`)
    : md5(`${secret}:${nonce}:${nc}:${cnonce}:${qop}:${what}`);
}

describe('MD5 of the tests', () => {
  it('knows the examples of RFC 1321 and of RFC 2617 §3.5', () => {
    expect(md5('')).to.equal('d41d8cd98f00b204e9800998ecf8427e');
    expect(md5('abc')).to.equal('900150983cd24fb0d6963f7d28e17f72');
    expect(md5('1234567890'.repeat(8))).to.equal('57edf4a22be3c955ac49da2e2107b67a');
    expect(md5('Mufasa:testrealm@host.com:Circle Of Life')).to.equal(
      '939e7578ed9e3c518a452acee763bce9',
    );
  });
});

describe('digest challenge', () => {
  expectQuietPage();

  for (const [status, asks, answers] of [
    ['407 Proxy Authentication Required', 'Proxy-Authenticate', 'Proxy-Authorization'],
    ['401 Unauthorized', 'WWW-Authenticate', 'Authorization'],
  ] as const) {
    it(`${status} is answered with the credentials of the pass`, async () => {
      const world = createWorld();
      const { invite } = await place(world);
      world.peer.respond(invite, status, { headers: [`${asks}: ${CHALLENGE}`] });
      await world.peer.next('ACK');
      const again = await world.peer.next('INVITE');
      const given = fields(again.header(answers));

      expect(given).to.include({
        username: PASS.username,
        realm: 'example.com',
        nonce: 'f00d',
        uri: 'sip:sales@example.com',
        qop: 'auth',
        nc: '00000001',
        opaque: 'o',
      });
      expect(given.response).to.equal(digestOf(again, given, PASS.password));
      expect(again.header('CSeq')).to.equal('2 INVITE');
      for (const same of ['Call-ID', 'From', 'To', 'Contact', 'X-Call-Pass']) {
        expect(again.header(same)).to.equal(invite.header(same));
      }
      expect(again.body).to.equal(invite.body);

      world.peer.respond(again, '200 OK', { sdp: fakeSdp('callee') });
      expect((await world.peer.next('ACK')).header('CSeq')).to.equal('2 ACK');
      await world.event('answered');
      await expectByeEnds(world, { invite: again, tag: 'callee', cseq: 0 });
    });
  }

  it('without qop is answered as RFC 2069 did', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '407 No', {
      headers: ['Proxy-Authenticate: Digest realm="r", nonce="n"'],
    });
    await world.peer.next('ACK');
    const again = await world.peer.next('INVITE');
    const given = fields(again.header('Proxy-Authorization'));
    expect(given.qop).to.equal(undefined);
    expect(given.response).to.equal(digestOf(again, given, PASS.password));
  });

  it('is answered once: the second one means that the pass is refused', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    const headers = [`Proxy-Authenticate: ${CHALLENGE}`];
    world.peer.respond(invite, '407 Proxy Authentication Required', { headers });
    await world.peer.next('ACK');
    const again = await world.peer.next('INVITE');
    world.peer.respond(again, '407 Proxy Authentication Required', { headers });
    await world.peer.next('ACK');
    await world.event('ended');
    await turn();
    expect(world.ends).to.deep.equal([{ reason: 'pass-refused', status: 407 }]);
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('that cannot be answered means that the pass is refused', async () => {
    for (const challenge of [
      'Digest realm="r", nonce="n", algorithm=SHA-512-256',
      // SIP.js would drop the response for it
      'Negotiate YII=, Digest realm="r", nonce="n"',
      'Bearer realm="r"',
      'Digest nonce="n"',
    ]) {
      const world = createWorld();
      const { invite } = await place(world);
      world.peer.respond(invite, '401 Unauthorized', {
        headers: [`WWW-Authenticate: ${challenge}`],
      });
      await world.event('ended');
      expect(world.ends, challenge).to.deep.equal([{ reason: 'pass-refused', status: 401 }]);
    }
  });

  it('is not answered without a pass', async () => {
    const world = createWorld({ request: { pass: null } });
    const { invite } = await place(world);
    world.peer.respond(invite, '407 Proxy Authentication Required', {
      headers: [`Proxy-Authenticate: ${CHALLENGE}`],
    });
    await world.peer.next('ACK');
    await world.event('ended');
    await turn();
    expect(world.ends).to.deep.equal([{ reason: 'not-allowed', status: 407 }]);
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('is not answered after the caller has hung up: no phone may ring then', async () => {
    const world = createWorld();
    const { call, invite } = await place(world);
    const ended = call.end();
    world.peer.respond(invite, '407 Proxy Authentication Required', {
      headers: [`Proxy-Authenticate: ${CHALLENGE}`],
    });
    await world.peer.next('ACK');
    await ended;
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.log).to.deep.equal([]);
  });

  it('of a BYE is answered too', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    const ended = call.end();
    const bye = await world.peer.next('BYE');
    world.peer.respond(bye, '407 Proxy Authentication Required', {
      headers: [`Proxy-Authenticate: ${CHALLENGE}`],
    });
    const again = await world.peer.next('BYE');
    const given = fields(again.header('Proxy-Authorization'));
    expect(given.response).to.equal(digestOf(again, given, PASS.password));
    expect(await isSettled(ended)).to.equal(false);
    world.peer.respond(again, '200 OK');
    await ended;
  });

  it('answered, then silence: the gateway is gone, not the pass refused', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '407 Proxy Authentication Required', {
      headers: [`Proxy-Authenticate: ${CHALLENGE}`],
    });
    await world.peer.next('ACK');
    await world.peer.next('INVITE');
    world.clock.advance(6_000);
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'gateway-unreachable' }]);
  });
});
