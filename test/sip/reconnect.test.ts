import { expect } from 'chai';
import { fakeSdp } from '../support/fake-media-session.js';
import {
  createWorld,
  establish,
  expectByeEnds,
  expectQuietPage,
  place,
  type SipWorld,
  turn,
} from '../support/sip-call.js';

const NEVER = new AbortController().signal;

/** Lets the first round of reconnecting come: it waits 125 to 250 ms. */
async function reconnect(world: SipWorld): Promise<void> {
  await turn();
  world.clock.advance(250);
  await turn();
}

describe('a socket lost in a call', () => {
  expectQuietPage();

  it('is opened again, and a new offer shows the far end the way', async () => {
    const world = createWorld();
    const { invite, dialog } = await establish(world);
    world.peer.socket.drop();
    await world.event('transport-lost');
    expect(world.peer.sockets).to.have.length(1);
    await reconnect(world);
    await world.event('transport-restored');
    const reinvite = await world.peer.next('INVITE');
    expect(reinvite.socket).to.equal(world.peer.sockets[1]);
    expect(reinvite.header('To')).to.include(';tag=callee');
    expect(reinvite.header('Contact')).to.equal(invite.header('Contact'));
    expect(world.media.log.at(-1)).to.equal('createOffer');
    world.peer.respond(reinvite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await expectByeEnds(world, dialog);
  });

  it('and back lets the far end hang up through the new one', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    world.peer.socket.drop();
    await reconnect(world);
    await world.peer.next('INVITE');
    world.peer.request('BYE', dialog);
    expect((await world.peer.next('200')).socket).to.equal(world.peer.sockets[1]);
    await world.event('transport-lost');
    await world.event('transport-restored');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'remote-hung-up' }]);
  });

  it('delays BYE until it is back', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    world.peer.socket.drop();
    await world.event('transport-lost');
    const ended = call.end();
    await reconnect(world);
    const bye = await world.peer.next('BYE');
    expect(bye.socket).to.equal(world.peer.sockets[1]);
    world.peer.respond(bye, '200 OK');
    await ended;
    expect(world.log).to.deep.equal(['answered', 'transport-lost']);
  });

  it('and not back delays the end 2 s, and nothing is tried after close()', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    world.peer.accept = () => 'refuse';
    world.peer.socket.drop();
    await world.event('transport-lost');
    const ended = call.end();
    world.clock.advance(2_000);
    await ended;
    world.signalling.close();
    await turn();
    const tried = world.peer.sockets.length;
    world.clock.advance(60_000);
    await turn();
    expect(world.peer.sockets).to.have.length(tried);
    expect(world.clock.pending).to.equal(0);
  });

  it('is tried with growing pauses, over all servers, without an end', async () => {
    const servers = ['wss://one.example.com', 'wss://two.example.com'];
    const world = createWorld({ servers });
    await establish(world);
    world.peer.accept = () => 'refuse';
    world.peer.socket.drop();
    await world.event('transport-lost');
    // three quarters of 250, 500, 1000, … 4000 ms: random() is 0.5 here
    for (const pause of [187, 375, 750, 1_500, 3_000, 3_000, 3_000]) {
      const before = world.peer.sockets.length;
      await turn();
      world.clock.advance(pause - 1);
      await turn();
      expect(world.peer.sockets.length, `before ${pause}`).to.equal(before);
      world.clock.advance(2);
      await turn();
      const urls = world.peer.sockets.slice(before).map(({ url }) => url);
      expect(urls, `after ${pause}`).to.deep.equal(servers.map((url) => url));
    }
    world.peer.accept = () => 'open';
    world.clock.advance(4_000);
    await world.event('transport-restored');
    await world.peer.next('INVITE');
    expect(world.log.filter((name) => name === 'transport-lost')).to.have.length(1);
  });

  it('has its unanswered requests sent again, word for word, and answered ones not', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    call.sendDtmfInfo('12');
    world.peer.respond(await world.peer.next('INFO'), '200 OK');
    await turn();
    world.clock.advance(230);
    const info = await world.peer.next('INFO');
    const reinviting = call.reinvite({ iceRestart: true }, NEVER);
    const reinvite = await world.peer.next('INVITE');
    world.peer.socket.drop();
    await reconnect(world);
    const infoAgain = await world.peer.next('INFO');
    const reinviteAgain = await world.peer.next('INVITE');
    expect(infoAgain.text).to.equal(info.text);
    expect(reinviteAgain.text).to.equal(reinvite.text);
    expect(reinviteAgain.socket).to.equal(world.peer.sockets[1]);
    world.peer.respond(infoAgain, '200 OK');
    world.peer.respond(reinviteAgain, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await reinviting;
    // the way is shown already
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    await world.event('transport-lost');
    await world.event('transport-restored');
    await expectByeEnds(world, dialog);
  });

  it('twice is reported and mended twice', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    for (let i = 1; i <= 2; i++) {
      world.peer.socket.drop();
      await world.event('transport-lost');
      await reconnect(world);
      await world.event('transport-restored');
      const reinvite = await world.peer.next('INVITE');
      world.peer.respond(reinvite, '200 OK', { sdp: fakeSdp('callee') });
      await world.peer.next('ACK');
      await turn();
    }
    await expectByeEnds(world, dialog);
  });

  it('is a new way to a server that has forgotten the call: it ends', async () => {
    const world = createWorld();
    await establish(world);
    world.peer.socket.drop();
    await world.event('transport-lost');
    await reconnect(world);
    await world.event('transport-restored');
    world.peer.respond(await world.peer.next('INVITE'), '481 Call/Transaction Does Not Exist');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'connection-lost', status: 481 }]);
  });
});

describe('a socket lost while it rings', () => {
  expectQuietPage();

  it('is reported, and CANCEL goes through the next one', async () => {
    const world = createWorld();
    const { call, invite } = await place(world);
    world.peer.respond(invite, '180 Ringing');
    await world.event('ringing');
    world.peer.socket.drop();
    await world.event('transport-lost');
    const ended = call.end();
    await reconnect(world);
    const cancel = await world.peer.next('CANCEL');
    expect(cancel.socket).to.equal(world.peer.sockets[1]);
    expect(cancel.header('Via')).to.equal(invite.header('Via'));
    world.peer.respond(cancel, '481 Call/Transaction Does Not Exist');
    world.clock.advance(2_000);
    await ended;
    // the first INVITE itself is not repeated: it could ring a second phone
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('and back may still bring the answer', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '180 Ringing');
    await world.event('ringing');
    world.peer.socket.drop();
    await world.event('transport-lost');
    await reconnect(world);
    await world.event('transport-restored');
    world.peer.socket.deliver(
      world.peer.responseText(invite, '200 OK', { sdp: fakeSdp('callee') }),
    );
    await world.peer.next('ACK');
    await world.event('answered');
  });
});
