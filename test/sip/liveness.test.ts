import { expect } from 'chai';
import { fakeSdp } from '../support/fake-media-session.js';
import {
  createWorld,
  establish,
  expectAlive,
  expectByeEnds,
  expectQuietPage,
  type SipWorld,
  turn,
} from '../support/sip-call.js';

const sdp = fakeSdp('callee');

async function pass(world: SipWorld, ms: number): Promise<void> {
  await turn();
  world.clock.advance(ms);
  await turn();
}

/** The far end says nothing for 10 s, and is asked. */
async function asked(world: SipWorld): Promise<void> {
  await pass(world, 9_999);
  expect(world.peer.unread).to.deep.equal([]);
  await pass(world, 1);
  expect(world.peer.unread.at(-1)).to.match(/^OPTIONS /);
}

/** The socket of `reconnect` is there: what was unanswered comes again. */
async function renewed(world: SipWorld): Promise<void> {
  await world.event('transport-lost');
  await pass(world, 250);
  await world.event('transport-restored');
}

describe('a silent far end', () => {
  expectQuietPage();

  it('is asked every 10 s by OPTIONS in the dialog, and any response will do', async () => {
    const world = createWorld();
    const { dialog, invite } = await establish(world);
    for (const [i, status] of ['200 OK', '405 Method Not Allowed', '404 Not Found'].entries()) {
      await asked(world);
      const options = await world.peer.next('OPTIONS');
      expect(options.start).to.equal('OPTIONS sip:callee@192.0.2.9:5060;transport=ws SIP/2.0');
      expect(options.header('CSeq')).to.equal(`${i + 2} OPTIONS`);
      expect(options.header('To')).to.include(';tag=callee');
      expect(options.header('From')).to.equal(invite.header('From'));
      expect(options.header('Via')).to.match(/^SIP\/2\.0\/WSS \S+\.invalid;branch=z9hG4bK\S+$/);
      expect(options.header('X-Call-Pass')).to.equal('');
      await pass(world, 4_999);
      world.peer.respond(options, status);
    }
    await expectAlive(world, dialog);
    expect(world.peer.sockets).to.have.length(1);
    expect(world.log).to.deep.equal(['answered']);
  });

  it('is not asked while it speaks', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    for (let i = 0; i < 10; i++) {
      await pass(world, 9_000);
      await expectAlive(world, dialog);
    }
  });

  it('costs a new socket after 5 s more, and is there again', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    await asked(world);
    const options = await world.peer.next('OPTIONS');
    await pass(world, 4_999);
    expect(world.log).to.deep.equal(['answered']);
    world.peer.socket.state = 'closed';
    await pass(world, 1);
    await renewed(world);
    const again = await world.peer.next('OPTIONS');
    expect(again.text).to.equal(options.text);
    expect(again.socket).to.equal(world.peer.sockets[1]);
    world.peer.respond(again, '200 OK');
    world.peer.respond(await world.peer.next('INVITE'), '200 OK', { sdp });
    await world.peer.next('ACK');
    await asked(world);
    world.peer.respond(await world.peer.next('OPTIONS'), '200 OK');
    await expectByeEnds(world, dialog);
  });

  it('over a socket that is alive is given a new offer at once, and 8 s', async () => {
    const world = createWorld();
    await establish(world);
    await asked(world);
    await world.peer.next('OPTIONS');
    await pass(world, 1_000);
    world.peer.socket.deliver('\r\n\r\n');
    await pass(world, 4_000);
    const reinvite = await world.peer.next('INVITE');
    world.peer.respond(reinvite, '100 Trying');
    await pass(world, 7_999);
    expect(world.ends).to.deep.equal([]);
    await pass(world, 1);
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'connection-lost' }]);
    expect(world.peer.sockets).to.have.length(1);
    // told, should it be there after all
    await world.peer.next('BYE');
    expect(world.clock.pending).to.equal(0);
  });

  it('over a new socket as well is gone 8 s later', async () => {
    const world = createWorld();
    await establish(world);
    await asked(world);
    await pass(world, 5_000);
    await renewed(world);
    await pass(world, 8_000);
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'connection-lost' }]);
  });

  it('whose voice arrives all the same is not gone', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    await asked(world);
    await pass(world, 5_000);
    await renewed(world);
    world.media.packets = 650;
    await pass(world, 8_000);
    expect(world.ends).to.deep.equal([]);
    await world.peer.next('OPTIONS');
    world.peer.respond(await world.peer.next('OPTIONS'), '200 OK');
    world.peer.respond(await world.peer.next('INVITE'), '200 OK', { sdp });
    await world.peer.next('ACK');
    await expectByeEnds(world, dialog);
  });

  it('that answers offers and no OPTIONS is left in peace from then on', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    await asked(world);
    await world.peer.next('OPTIONS');
    await pass(world, 5_000);
    await renewed(world);
    await world.peer.next('OPTIONS');
    world.peer.respond(await world.peer.next('INVITE'), '200 OK', { sdp });
    await world.peer.next('ACK');
    await pass(world, 600_000);
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.log).to.deep.equal(['answered', 'transport-lost', 'transport-restored']);
    await expectByeEnds(world, dialog);
  });

  for (const status of [481, 408]) {
    it(`for whom somebody says ${status} is asked by an offer: only that ends the call`, async () => {
      const world = createWorld();
      const { dialog } = await establish(world);
      await asked(world);
      world.peer.respond(await world.peer.next('OPTIONS'), `${status} Whatever`);
      world.peer.respond(await world.peer.next('INVITE'), '200 OK', { sdp });
      await world.peer.next('ACK');
      await expectAlive(world, dialog);
      await asked(world);
      world.peer.respond(await world.peer.next('OPTIONS'), `${status} Whatever`);
      world.peer.respond(await world.peer.next('INVITE'), '481 Call Does Not Exist');
      await world.peer.next('ACK');
      await world.event('ended');
      expect(world.ends).to.deep.equal([{ reason: 'connection-lost', status: 481 }]);
    });
  }

  it('behind timers that were held back is asked again before it is judged', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    await asked(world);
    const options = await world.peer.next('OPTIONS');
    // the page slept: the timer fires minutes late, and before the answer that waits in the socket
    world.clock.sleep(300_000);
    await turn();
    world.peer.respond(options, '200 OK');
    world.peer.respond(await world.peer.next('OPTIONS'), '200 OK');
    expect(world.log).to.deep.equal(['answered']);
    await expectByeEnds(world, dialog);
  });

  it('is asked at once when the network may be another', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    call.check();
    call.check();
    world.peer.respond(await world.peer.next('OPTIONS'), '200 OK');
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    // and where the socket is known to be gone, the next one is not waited for
    world.peer.accept = () => 'refuse';
    world.peer.socket.drop();
    for (let i = 0; i < 8; i++) await pass(world, 4_000);
    await world.event('transport-lost');
    world.peer.accept = () => 'open';
    call.check();
    await world.event('transport-restored');
    await world.peer.next('INVITE');
  });

  it('is nobody’s concern after the end', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    const ended = call.end();
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await ended;
    call.check();
    await pass(world, 60_000);
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.clock.pending).to.equal(0);
  });
});

describe('a server behind a new socket', () => {
  expectQuietPage();

  it('that has nothing to say to the call is given 8 s', async () => {
    const world = createWorld();
    await establish(world);
    world.peer.socket.drop();
    await renewed(world);
    await world.peer.next('INVITE');
    await pass(world, 8_000);
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'connection-lost' }]);
  });

  it('counts as silent from when it is there, not before', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    world.peer.accept = () => 'refuse';
    world.peer.socket.drop();
    await world.event('transport-lost');
    for (let i = 0; i < 30; i++) await pass(world, 4_000);
    expect(world.ends).to.deep.equal([]);
    world.peer.accept = () => 'open';
    await pass(world, 4_000);
    await world.event('transport-restored');
    world.peer.respond(await world.peer.next('INVITE'), '200 OK', { sdp });
    await world.peer.next('ACK');
    await expectByeEnds(world, dialog);
  });
});
