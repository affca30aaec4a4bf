import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import { fakeSdp } from '../support/fake-media-session.js';
import { rejection } from '../support/rejection.js';
import {
  createWorld,
  expectAlive,
  expectByeEnds,
  expectQuietPage,
  place,
  turn,
} from '../support/sip-call.js';

const ONE = 'wss://one.example.com/ws';
const TWO = 'wss://two.example.com/ws';
const THREE = 'wss://three.example.com/ws';

describe('silence', () => {
  expectQuietPage();

  it('of 6 s after the INVITE ends the call where there is one server', async () => {
    const world = createWorld();
    await place(world);
    world.clock.advance(5_999);
    await turn();
    expect(world.ends).to.deep.equal([]);
    world.clock.advance(1);
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'gateway-unreachable' }]);
    expect(world.peer.socket.state).to.equal('closed');
  });

  it('of 6 s brings the same INVITE to the next server, but for the branch', async () => {
    const world = createWorld({ servers: [ONE, TWO] });
    const { invite } = await place(world);
    expect(invite.socket.url).to.equal(ONE);
    world.clock.advance(6_000);
    const again = await world.peer.next('INVITE');
    expect(again.socket.url).to.equal(TWO);
    expect(world.peer.sockets[0]?.state).to.equal('closed');
    const without = (text: string): string => text.replace(/branch=[^\r]*/, '');
    expect(without(again.text)).to.equal(without(invite.text));
    expect(again.header('Via')).not.to.equal(invite.header('Via'));
    expect(world.media.log).to.deep.equal(['createOffer']);

    world.peer.respond(again, '180 Ringing');
    await world.event('ringing');
    world.peer.respond(again, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await world.event('answered');
    await expectByeEnds(world, { invite: again, tag: 'callee', cseq: 0 });
  });

  it('of every server ends the call', async () => {
    const world = createWorld({ servers: [ONE, TWO, THREE] });
    await place(world);
    world.clock.advance(6_000);
    expect((await world.peer.next('INVITE')).socket.url).to.equal(TWO);
    world.clock.advance(6_000);
    expect((await world.peer.next('INVITE')).socket.url).to.equal(THREE);
    world.clock.advance(6_000);
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'gateway-unreachable' }]);
  });

  it('skips a server that does not take the socket', async () => {
    const world = createWorld({ servers: [ONE, TWO, THREE] });
    world.peer.accept = (url) => (url === TWO ? 'refuse' : 'open');
    await place(world);
    world.clock.advance(6_000);
    expect((await world.peer.next('INVITE')).socket.url).to.equal(THREE);
  });

  it('after 100 is the far end taking its time', async () => {
    const world = createWorld({ servers: [ONE, TWO] });
    const { call, invite } = await place(world);
    world.peer.respond(invite, '100 Trying', { toTag: null, contact: null });
    world.clock.advance(120_000);
    await turn();
    expect(world.log).to.deep.equal([]);
    // whether the server is there, not whether it hurries
    await world.peer.next('OPTIONS');
    expect(world.peer.unread).to.deep.equal([]);
    const ended = call.end();
    world.peer.respond(await world.peer.next('CANCEL'), '200 OK');
    world.peer.respond(invite, '487 Request Terminated');
    await world.peer.next('ACK');
    await ended;
  });

  it('of a socket that has long been quiet costs a new socket to the same server', async () => {
    const world = createWorld();
    await world.signalling.connect(world.abort.signal);
    world.clock.advance(31_000);
    await place(world);
    world.clock.advance(6_000);
    const again = await world.peer.next('INVITE');
    expect(world.peer.sockets).to.have.length(2);
    expect(again.socket).to.equal(world.peer.sockets[1]);
    world.clock.advance(6_000);
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'gateway-unreachable' }]);
  });

  it('is broken off by hanging up, while the next server is dialled', async () => {
    const world = createWorld({ servers: [ONE, TWO] });
    world.peer.accept = (url) => (url === TWO ? 'nothing' : 'open');
    const { call } = await place(world);
    world.clock.advance(6_000);
    await turn();
    expect(world.peer.socket.url).to.equal(TWO);
    await call.end();
    world.peer.socket.open();
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.log).to.deep.equal([]);
  });
});

describe('a socket that closes before the first response', () => {
  expectQuietPage();

  it('brings the INVITE to the next server at once', async () => {
    const world = createWorld({ servers: [ONE, TWO] });
    const { invite } = await place(world);
    world.peer.socket.drop();
    const again = await world.peer.next('INVITE');
    expect(again.socket.url).to.equal(TWO);
    expect(again.header('Call-ID')).to.equal(invite.header('Call-ID'));
    expect(again.header('From')).to.equal(invite.header('From'));
    world.peer.respond(again, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await world.event('answered');
    await expectAlive(world, { invite: again, tag: 'callee', cseq: 0 });
    expect(world.log).to.deep.equal(['answered']);
  });

  it('ends the call after the last server', async () => {
    const world = createWorld();
    await place(world);
    world.peer.socket.drop();
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'gateway-unreachable' }]);
    expect(world.log).to.deep.equal(['ended']);
  });
});

describe('connecting', () => {
  expectQuietPage();

  it('tries the servers in order and stays with the first that takes the socket', async () => {
    const world = createWorld({ servers: [ONE, TWO, THREE] });
    world.peer.accept = (url) => (url === ONE ? 'refuse' : 'open');
    await world.signalling.connect(world.abort.signal);
    expect(world.peer.sockets.map(({ url }) => url)).to.deep.equal([ONE, TWO]);
    const { invite } = await place(world);
    expect(invite.socket.url).to.equal(TWO);
  });

  it('gives a server 5 s', async () => {
    const world = createWorld({ servers: [ONE, TWO] });
    world.peer.accept = (url) => (url === ONE ? 'nothing' : 'open');
    const connecting = world.signalling.connect(world.abort.signal);
    world.clock.advance(4_999);
    await turn();
    expect(world.peer.sockets).to.have.length(1);
    world.clock.advance(1);
    await connecting;
    expect(world.peer.sockets.map(({ url, state }) => [url, state])).to.deep.equal([
      [ONE, 'closed'],
      [TWO, 'open'],
    ]);
    expect(world.clock.pending).to.equal(0);
  });

  it('rejects when no server takes it, and may be tried again', async () => {
    const world = createWorld({ servers: [ONE, 'not a url'] });
    world.peer.accept = () => 'refuse';
    const error = await rejection(world.signalling.connect(world.abort.signal));
    expect(error).to.be.instanceOf(CallError);
    expect((error as CallError).reason).to.equal('gateway-unreachable');
    world.peer.accept = () => 'open';
    const { invite } = await place(world);
    expect(invite.socket.url).to.equal(ONE);
    expect(world.log).to.deep.equal([]);
  });

  it('rejects an INVITE as well when no server takes the socket', async () => {
    const world = createWorld();
    world.peer.accept = () => 'refuse';
    const error = await rejection(world.invite());
    expect((error as CallError).reason).to.equal('gateway-unreachable');
    expect(world.log).to.deep.equal([]);
  });

  it('is shared by all who wait for it', async () => {
    const world = createWorld();
    await Promise.all([
      world.signalling.connect(world.abort.signal),
      world.signalling.connect(world.abort.signal),
      place(world),
    ]);
    expect(world.peer.sockets).to.have.length(1);
  });

  it('is given up at once on abort', async () => {
    const world = createWorld();
    world.peer.accept = () => 'nothing';
    const connecting = rejection(world.signalling.connect(world.abort.signal));
    world.abort.abort();
    expect(((await connecting) as Error).name).to.equal('AbortError');
    world.signalling.close();
    await turn();
    expect(world.peer.socket.state).to.equal('closed');
    expect(world.clock.pending).to.equal(0);
  });

  it('opens the socket again for the INVITE when it was lost meanwhile', async () => {
    const world = createWorld();
    await world.signalling.connect(world.abort.signal);
    world.peer.socket.drop();
    await turn();
    expect(world.peer.sockets).to.have.length(1);
    await place(world);
    expect(world.peer.sockets).to.have.length(2);
    expect(world.log).to.deep.equal([]);
  });

  it('goes to the servers of the pass, and stays where they are the same', async () => {
    const world = createWorld({ servers: [ONE] });
    await world.signalling.connect(world.abort.signal);
    world.signalling.useServers([ONE]);
    expect(world.peer.socket.state).to.equal('open');
    world.signalling.useServers([TWO]);
    expect(world.peer.socket.state).to.equal('closed');
    const { invite } = await place(world);
    expect(invite.socket.url).to.equal(TWO);
  });
});
