import { expect } from 'chai';
import { fakeSdp } from '../support/fake-media-session.js';
import { createWorld, expectQuietPage, place, type SipWorld, turn } from '../support/sip-call.js';

async function pass(world: SipWorld, ms: number): Promise<void> {
  await turn();
  world.clock.advance(ms);
  await turn();
}

/** It rings, and the server is asked for the first time. */
async function ringing() {
  const world = createWorld();
  const { call, invite } = await place(world);
  world.peer.respond(invite, '180 Ringing');
  await world.event('ringing');
  await pass(world, 1_999);
  expect(world.peer.unread).to.deep.equal([]);
  await pass(world, 1);
  return { world, call, invite, question: await world.peer.next('OPTIONS') };
}

describe('a server while it rings', () => {
  expectQuietPage();

  it('is asked outside of the call, and again after 10 s without a word of it', async () => {
    const { world, invite, question } = await ringing();
    expect(question.start).to.equal('OPTIONS sip:example.com SIP/2.0');
    expect(question.header('From')).to.match(/^<sip:anonymous@example\.com>;tag=/);
    expect(question.header('To')).to.equal('<sip:example.com>');
    expect(question.header('Call-ID')).not.to.equal(invite.header('Call-ID'));
    expect(question.header('X-Call-Pass')).to.equal('');
    world.peer.respond(question, '200 OK');
    await pass(world, 9_000);
    world.peer.respond(invite, '180 Ringing');
    await pass(world, 9_999);
    expect(world.peer.unread).to.deep.equal([]);
    await pass(world, 1);
    const again = await world.peer.next('OPTIONS');
    expect(again.header('Call-ID')).to.equal(question.header('Call-ID'));
    expect(again.header('CSeq')).to.equal('2 OPTIONS');
    // any answer will do
    world.peer.respond(again, '403 Forbidden');
    await pass(world, 9_999);
    expect(world.log).to.deep.equal(['ringing', 'ringing']);
    expect(world.peer.sockets).to.have.length(1);
  });

  it('that answered and falls silent costs the socket after 5 s, and CANCEL goes over the next one', async () => {
    const { world, call, invite, question } = await ringing();
    world.peer.respond(question, '200 OK');
    await pass(world, 10_000);
    await world.peer.next('OPTIONS');
    await pass(world, 4_999);
    expect(world.log).to.deep.equal(['ringing']);
    await pass(world, 1);
    await world.event('transport-lost');
    const ended = call.end();
    await pass(world, 250);
    await world.peer.next('OPTIONS');
    const cancel = await world.peer.next('CANCEL');
    expect(cancel.socket).to.equal(world.peer.sockets[1]);
    expect(cancel.header('Via')).to.equal(invite.header('Via'));
    world.peer.respond(cancel, '200 OK');
    world.peer.socket.deliver(world.peer.responseText(invite, '487 Request Terminated'));
    await ended;
    await pass(world, 60_000);
    expect(world.clock.pending).to.equal(0);
  });

  it('that never answered such a question is not doubted, and not asked again', async () => {
    const { world, call } = await ringing();
    await pass(world, 600_000);
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.log).to.deep.equal(['ringing']);
    call.check();
    await world.peer.next('OPTIONS');
    await pass(world, 600_000);
    expect(world.log).to.deep.equal(['ringing']);
  });

  it('that says something else instead is there', async () => {
    const { world, invite, question } = await ringing();
    world.peer.respond(question, '200 OK');
    await pass(world, 10_000);
    await world.peer.next('OPTIONS');
    await pass(world, 3_000);
    world.peer.respond(invite, '180 Ringing');
    await pass(world, 2_000);
    expect(world.peer.sockets).to.have.length(1);
    await pass(world, 10_000);
    await world.peer.next('OPTIONS');
  });

  it('is asked at once when the network may be another', async () => {
    const { world, call, question } = await ringing();
    world.peer.respond(question, '200 OK');
    call.check();
    await world.peer.next('OPTIONS');
    await pass(world, 5_000);
    await world.event('transport-lost');
  });

  it('behind timers that were held back is asked again before it is judged', async () => {
    const { world, question } = await ringing();
    world.peer.respond(question, '200 OK');
    await pass(world, 10_000);
    await world.peer.next('OPTIONS');
    world.clock.sleep(300_000);
    await turn();
    world.peer.respond(await world.peer.next('OPTIONS'), '200 OK');
    await pass(world, 5_000);
    expect(world.log).to.deep.equal(['ringing']);
  });

  it('is not asked once the call is answered, or over', async () => {
    const { world, invite, question } = await ringing();
    world.peer.respond(question, '200 OK');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await pass(world, 10_000);
    // in the dialog
    expect((await world.peer.next('OPTIONS')).header('To')).to.include(';tag=callee');

    const other = await ringing();
    other.world.peer.respond(other.invite, '486 Busy Here');
    await other.world.peer.next('ACK');
    await pass(other.world, 60_000);
    expect(other.world.peer.unread).to.deep.equal([]);
    expect(other.world.clock.pending).to.equal(0);
  });
});
