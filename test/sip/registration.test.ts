import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import { expectQuietPage, isSettled, turn } from '../support/sip-call.js';
import {
  ACCOUNT,
  CHALLENGE,
  contactOf,
  createPhoneWorld,
  digestFields,
  digestOf,
  grant,
  register,
} from '../support/sip-phone.js';

describe('registration', () => {
  expectQuietPage();

  it('asks the registrar of the domain for its address of record', async () => {
    const world = createPhoneWorld();
    world.line.open();
    const request = await world.peer.next('REGISTER');
    expect(request.start).to.equal('REGISTER sip:example.com SIP/2.0');
    expect(request.header('To')).to.equal('<sip:agent@example.com>');
    expect(request.header('From')).to.match(/^<sip:agent@example\.com>;tag=\S+$/);
    expect(request.header('Contact')).to.match(
      /^<sip:[\da-f-]{36}@[\da-f-]{36}\.invalid;transport=ws>;expires=120$/,
    );
    expect(request.header('Allow')).to.equal(
      'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY',
    );
    expect(request.text).not.to.include(ACCOUNT.password);
    grant(world, request);
    await turn();
    expect(world.log).to.deep.equal(['registering', 'registering', 'registered']);
  });

  for (const [status, asks, answers] of [
    ['401 Unauthorized', 'WWW-Authenticate', 'Authorization'],
    ['407 Proxy Authentication Required', 'Proxy-Authenticate', 'Proxy-Authorization'],
  ] as const) {
    it(`${status} is answered by digest with user and password`, async () => {
      const world = createPhoneWorld();
      world.line.open();
      const first = await world.peer.next('REGISTER');
      world.peer.respond(first, status, { headers: [`${asks}: ${CHALLENGE}`] });
      const second = await world.peer.next('REGISTER');
      const given = digestFields(second.header(answers));
      expect(given).to.include({
        username: 'agent',
        realm: 'call-button',
        uri: 'sip:example.com',
        qop: 'auth',
        nc: '00000001',
      });
      if (answers === 'Authorization') {
        expect(given['response']).to.equal(digestOf(second, ACCOUNT.password));
      }
      expect(second.header('CSeq')).to.equal('2 REGISTER');
      expect(second.header('Call-ID')).to.equal(first.header('Call-ID'));
      expect(contactOf(second)).to.equal(contactOf(first));
      grant(world, second);
      await turn();
      expect(world.log.at(-1)).to.equal('registered');
    });
  }

  it('with a wrong password fails for good: no second guess', async () => {
    const world = createPhoneWorld();
    world.line.open();
    for (let i = 0; i < 2; i++) {
      world.peer.respond(await world.peer.next('REGISTER'), '401 Unauthorized', {
        headers: [`WWW-Authenticate: ${CHALLENGE}`],
      });
    }
    await turn();
    expect(world.registrations.at(-1)).to.deep.equal({
      state: 'failed',
      reason: 'not-allowed',
      status: 401,
      retrying: false,
    });
    expect(world.clock.pending).to.equal(0);
    world.clock.advance(3_600_000);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
  });

  for (const [status, reason] of [
    ['403 Forbidden', 'not-allowed'],
    ['404 Not Found', 'not-found'],
    ['302 Moved Temporarily', 'service-unavailable'],
  ] as const) {
    it(`${status} is not asked again`, async () => {
      const world = createPhoneWorld();
      world.line.open();
      const request = await world.peer.next('REGISTER');
      world.peer.respond(request, status, { contact: 'sip:evil@example.org' });
      await turn();
      expect(world.registrations.at(-1)).to.deep.equal({
        state: 'failed',
        reason,
        status: Number(status.slice(0, 3)),
        retrying: false,
      });
      expect(world.clock.pending).to.equal(0);
      expect(world.peer.unread).to.deep.equal([]);
    });
  }

  it('is tried again after 503, at Retry-After and not before', async () => {
    const world = createPhoneWorld();
    world.line.open();
    const request = await world.peer.next('REGISTER');
    world.peer.respond(request, '503 Service Unavailable', { headers: ['Retry-After: 30'] });
    await turn();
    expect(world.registrations.at(-1)).to.deep.equal({
      state: 'failed',
      reason: 'service-unavailable',
      status: 503,
      retrying: true,
    });
    world.clock.advance(29_999);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    world.clock.advance(1);
    grant(world, await world.peer.next('REGISTER'));
    await turn();
    expect(world.log.at(-1)).to.equal('registered');
  });

  it('is tried again after 500 in growing pauses of at most a minute', async () => {
    const world = createPhoneWorld();
    world.line.open();
    // random() is 0.5 here: three quarters of 2, 4, 8, 16, 32, 60, 60 s
    for (const pause of [1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000]) {
      world.peer.respond(await world.peer.next('REGISTER'), '500 Server Internal Error');
      await turn();
      world.clock.advance(pause - 1);
      await turn();
      expect(world.peer.unread).to.deep.equal([]);
      world.clock.advance(1);
      await turn();
      expect(world.peer.unread).to.have.length(1);
    }
  });

  it('is refreshed at half of what was granted, without a word', async () => {
    const world = createPhoneWorld();
    world.line.open();
    grant(world, await world.peer.next('REGISTER'), 60);
    await turn();
    const log = [...world.log];
    world.clock.advance(29_999);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    world.clock.advance(1);
    const refresh = await world.peer.next('REGISTER');
    expect(refresh.header('CSeq')).to.equal('2 REGISTER');
    expect(refresh.header('Contact')).to.match(/;expires=120$/);
    grant(world, refresh, 60);
    world.clock.advance(30_000);
    expect((await world.peer.next('REGISTER')).header('CSeq')).to.equal('3 REGISTER');
    expect(world.log.filter((entry) => entry !== 'registered')).to.deep.equal(
      log.filter((entry) => entry !== 'registered'),
    );
  });

  const GRANTS: readonly [what: string, headers: (contact: string) => string[], seconds: number][] =
    [
      ['one of several contacts', (contact) => [`Contact: <sip:other@example.org>;expires=9, <${contact}>;q=1;expires=40`], 40],
      ['a contact in a line of its own', (contact) => ['Contact: <sip:other@example.org>;expires=9', `Contact: <${contact}>;expires="50"`], 50],
      ['an Expires header', () => ['Expires: 70'], 70],
      ['nothing', () => [], 120],
      ['a contact without a number', (contact) => [`Contact: <${contact}>;expires=soon`], 120],
      ['zero', (contact) => [`Contact: <${contact}>;expires=0`], 2],
      ['more than an hour', (contact) => [`Contact: <${contact}>;expires=999999999`], 3_600],
    ]; // prettier-ignore
  for (const [what, headers, seconds] of GRANTS) {
    it(`reads the time granted from ${what}`, async () => {
      const world = createPhoneWorld();
      world.line.open();
      const request = await world.peer.next('REGISTER');
      world.peer.respond(request, '200 OK', {
        contact: null,
        headers: headers(contactOf(request)),
      });
      await turn();
      world.clock.advance(seconds * 500 - 1);
      await turn();
      expect(world.peer.unread).to.deep.equal([]);
      world.clock.advance(1);
      await world.peer.next('REGISTER');
    });
  }

  it('asks for as long as the registrar wants at least (423)', async () => {
    const world = createPhoneWorld();
    world.line.open();
    const request = await world.peer.next('REGISTER');
    world.peer.respond(request, '423 Interval Too Brief', { headers: ['Min-Expires: 600'] });
    const again = await world.peer.next('REGISTER');
    expect(again.header('Contact')).to.match(/;expires=600$/);
    grant(world, again, 600);
    await turn();
    expect(world.log.at(-1)).to.equal('registered');
  });

  for (const least of ['60', '86400', 'x', '']) {
    it(`423 that wants ${least || 'nothing'} is a refusal, not a circle`, async () => {
      const world = createPhoneWorld();
      world.line.open();
      const request = await world.peer.next('REGISTER');
      world.peer.respond(request, '423 Interval Too Brief', { headers: [`Min-Expires: ${least}`] });
      await turn();
      expect(world.peer.unread).to.deep.equal([]);
      expect(world.registrations.at(-1)).to.include({ state: 'failed', retrying: false });
    });
  }

  it('goes to the next server when one says nothing for 6 s', async () => {
    const world = createPhoneWorld({ servers: ['wss://a.example/', 'wss://b.example/'] });
    world.line.open();
    await world.peer.next('REGISTER');
    world.clock.advance(5_999);
    expect(world.peer.sockets).to.have.length(1);
    world.clock.advance(1);
    expect(world.registrations.at(-1)).to.deep.equal({
      state: 'failed',
      reason: 'gateway-unreachable',
      retrying: true,
    });
    const again = await world.peer.next('REGISTER');
    expect(again.socket.url).to.equal('wss://b.example/');
    grant(world, again);
    await turn();
    expect(world.log.at(-1)).to.equal('registered');
  });

  it('a challenge that is answered, then silence: the next server', async () => {
    const world = createPhoneWorld({ servers: ['wss://a.example/', 'wss://b.example/'] });
    world.line.open();
    world.clock.advance(0);
    const first = await world.peer.next('REGISTER');
    world.clock.advance(5_000);
    world.peer.respond(first, '401 No', { headers: [`WWW-Authenticate: ${CHALLENGE}`] });
    await world.peer.next('REGISTER');
    world.clock.advance(5_999);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    world.clock.advance(1);
    expect((await world.peer.next('REGISTER')).socket.url).to.equal('wss://b.example/');
  });

  it('comes back by itself when no server takes the WebSocket at first', async () => {
    const world = createPhoneWorld();
    world.peer.accept = () => 'refuse';
    world.line.open();
    await world.event('registering');
    await world.event('failed');
    expect(world.registrations.at(-1)).to.deep.equal({
      state: 'failed',
      reason: 'gateway-unreachable',
      retrying: true,
    });
    for (let i = 0; i < 3; i++) {
      const sockets = world.peer.sockets.length;
      await turn();
      world.clock.advance(30_000);
      await turn();
      expect(world.peer.sockets.length).to.be.greaterThan(sockets);
    }
    world.peer.accept = () => 'open';
    world.clock.advance(30_000);
    grant(world, await world.peer.next('REGISTER'));
    await turn();
    expect(world.log.at(-1)).to.equal('registered');
  });

  it('is made again, once, after the WebSocket was lost', async () => {
    const world = createPhoneWorld();
    const contact = await register(world);
    world.peer.socket.drop();
    expect(world.registrations.at(-1)).to.deep.equal({
      state: 'failed',
      reason: 'connection-lost',
      retrying: true,
    });
    world.clock.advance(250);
    const again = await world.peer.next('REGISTER');
    expect(contactOf(again)).to.equal(contact);
    grant(world, again);
    await turn();
    expect(world.peer.sockets).to.have.length(2);
    expect(world.log.slice(-2)).to.deep.equal(['registering', 'registered']);
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('lost before the response: asked anew, and a late response to the first changes nothing', async () => {
    const world = createPhoneWorld();
    world.line.open();
    const lost = await world.peer.next('REGISTER');
    world.peer.socket.drop();
    world.clock.advance(250);
    // the transport repeats what was not answered
    const repeated = await world.peer.next('REGISTER');
    expect(repeated.text).to.equal(lost.text);
    const fresh = await world.peer.next('REGISTER');
    world.peer.respond(repeated, '403 Forbidden');
    await turn();
    expect(world.registrations.at(-1)).to.deep.equal({ state: 'registering' });
    grant(world, fresh);
    await turn();
    expect(world.log.at(-1)).to.equal('registered');
  });

  it('is taken back on close: at once, and the socket stays until the response', async () => {
    const world = createPhoneWorld();
    const contact = await register(world);
    const closed = world.line.close();
    // synchronous: this may be the page's last moment
    expect(world.peer.unread).to.have.length(1);
    const request = await world.peer.next('REGISTER');
    expect(request.header('Contact')).to.equal(`<${contact}>;expires=0`);
    expect(world.peer.socket.state).to.equal('open');
    expect(await isSettled(closed)).to.equal(false);
    world.peer.respond(request, '200 OK', { contact: null });
    await closed;
    expect(world.peer.socket.state).to.equal('closed');
    expect(world.clock.pending).to.equal(0);
    expect(world.log.at(-1)).to.equal('registered');
  });

  it('on close answers the challenge of the unregistration, too', async () => {
    const world = createPhoneWorld();
    await register(world);
    const closed = world.line.close();
    world.peer.respond(await world.peer.next('REGISTER'), '401 No', {
      headers: [`WWW-Authenticate: ${CHALLENGE}`],
    });
    const again = await world.peer.next('REGISTER');
    expect(digestFields(again.header('Authorization'))['response']).to.equal(
      digestOf(again, ACCOUNT.password),
    );
    expect(await isSettled(closed)).to.equal(false);
    world.peer.respond(again, '200 OK', { contact: null });
    await closed;
    expect(world.clock.pending).to.equal(0);
  });

  it('close waits 2 s at most', async () => {
    const world = createPhoneWorld();
    await register(world);
    const closed = world.line.close();
    await world.peer.next('REGISTER');
    world.clock.advance(1_999);
    expect(await isSettled(closed)).to.equal(false);
    world.clock.advance(1);
    await closed;
    expect(world.peer.socket.state).to.equal('closed');
    expect(world.clock.pending).to.equal(0);
  });

  it('close before anything was open, and twice, is no fault', async () => {
    const world = createPhoneWorld();
    world.peer.accept = () => 'nothing';
    world.line.open();
    await Promise.all([world.line.close(), world.line.close()]);
    world.line.open();
    await turn();
    world.clock.advance(600_000);
    await turn();
    expect(world.peer.received).to.deep.equal([]);
    expect(world.log).to.deep.equal(['registering']);
    expect(world.clock.pending).to.equal(0);
    expect(world.peer.sockets.map(({ state }) => state)).to.deep.equal(['closed']);
  });

  for (const [what, account] of [
    ['user name with a header in it', { user: 'agent"\r\nX-Evil: 1' }],
    ['empty user name', { user: '' }],
    ['domain with a header in it', { domain: 'example.com>\r\nX-Evil: 1' }],
  ] as const) {
    it(`of a ${what} is refused before anything is sent`, () => {
      expect(() => createPhoneWorld(account))
        .to.throw(CallError)
        .and.include({ reason: 'misconfigured' });
    });
  }
});
