import { expect } from 'chai';
import { fakeSdp } from '../support/fake-media-session.js';
import { expectQuietPage, turn } from '../support/sip-call.js';
import {
  answered,
  createPhoneWorld,
  expectUp,
  grant,
  type PhoneWorld,
} from '../support/sip-phone.js';

const sdp = fakeSdp('caller');

async function pass(world: PhoneWorld, ms: number): Promise<void> {
  await turn();
  world.clock.advance(ms);
  await turn();
}

/** The caller says nothing for 10 s, and is asked. */
async function asked(world: PhoneWorld) {
  await pass(world, 9_999);
  expect(world.peer.unread).to.deep.equal([]);
  await pass(world, 1);
  return world.peer.next('OPTIONS');
}

/** The socket is replaced, and the phone registers over the new one. */
async function renewed(world: PhoneWorld): Promise<void> {
  await pass(world, 5_000);
  await world.event('failed');
  await world.event('transport-lost');
  await pass(world, 250);
  await world.peer.next('OPTIONS');
  grant(world, await world.peer.next('REGISTER'));
  await world.event('registering');
  await world.event('registered');
  await world.event('transport-restored');
}

describe('a silent caller', () => {
  expectQuietPage();

  it('is asked every 10 s by OPTIONS in the dialog, and any response will do', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    for (const status of ['200 OK', '405 Method Not Allowed']) {
      const options = await asked(world);
      expect(options.header('To')).to.include(';tag=caller');
      expect(options.header('Call-ID')).to.equal(caller.callId);
      await pass(world, 4_999);
      world.peer.respond(options, status);
    }
    await expectUp(world, caller);
    expect(world.peer.sockets).to.have.length(1);
  });

  it('costs a new socket after 5 s more, and is there again', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    await asked(world);
    await renewed(world);
    const reinvite = await world.peer.next('INVITE');
    expect(reinvite.socket).to.equal(world.peer.sockets[1]);
    world.peer.respond(reinvite, '200 OK', { sdp });
    await world.peer.next('ACK');
    await expectUp(world, caller);
  });

  it('over a new socket as well is gone 8 s later', async () => {
    const world = createPhoneWorld();
    await answered(world);
    await asked(world);
    await renewed(world);
    await world.peer.next('INVITE');
    await pass(world, 7_999);
    expect(world.ends).to.deep.equal([]);
    await pass(world, 1);
    await world.event('ended');
    expect(world.ends).to.deep.equal(['connection-lost']);
    // told, should it be there after all
    await world.peer.next('BYE');
  });

  it('whose voice arrives all the same is not gone', async () => {
    const world = createPhoneWorld();
    await answered(world);
    await asked(world);
    await renewed(world);
    await world.peer.next('INVITE');
    world.media.packets = 650;
    await pass(world, 8_000);
    expect(world.ends).to.deep.equal([]);
  });

  it('for whom somebody says 481 is asked by an offer: only that ends the call', async () => {
    const world = createPhoneWorld();
    await answered(world);
    world.peer.respond(await asked(world), '481 Call Does Not Exist');
    world.peer.respond(await world.peer.next('INVITE'), '481 Call Does Not Exist');
    await world.peer.next('ACK');
    await world.event('ended');
    expect(world.ends).to.deep.equal(['connection-lost']);
  });

  it('is asked at once when the network may be another, and not after the end', async () => {
    const world = createPhoneWorld();
    const { call, caller } = await answered(world);
    call.check();
    world.peer.respond(await world.peer.next('OPTIONS'), '200 OK');
    await turn();
    caller.send('BYE');
    await world.peer.next('200');
    call.check();
    await pass(world, 20_000);
    expect(world.peer.unread).to.deep.equal([]);
  });
});
