import { expect } from 'chai';
import { fakeSdp } from '../support/fake-media-session.js';
import {
  createWorld,
  establish,
  expectAlive,
  expectByeEnds,
  expectQuietPage,
  place,
  turn,
} from '../support/sip-call.js';

describe('before the answer', () => {
  expectQuietPage();

  it('reports 180, 181, 182 and 183 without a description as ringing, but not 100 and 199', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    for (const status of ['100 Trying', '199 Early Dialog Terminated']) {
      world.peer.respond(invite, status);
      await turn();
    }
    expect(world.log).to.deep.equal([]);
    for (const status of ['180 Ringing', '181 Forwarded', '182 Queued', '183 Session Progress']) {
      world.peer.respond(invite, status);
      await world.event('ringing');
    }
  });

  it('reports ringing without a To tag or a Contact', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '180 Ringing', { toTag: null });
    await world.event('ringing');
    world.peer.respond(invite, '180 Ringing', { contact: null });
    await world.event('ringing');
    world.peer.respond(invite, '180 Ringing', { toTag: null, contact: null });
    await world.event('ringing');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await world.event('answered');
  });

  it('applies the description of a 183 at once, and the answer of the same dialog not again', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '183 Session Progress', { sdp: fakeSdp('a'), toTag: 'A' });
    await world.event('early-media');
    world.peer.respond(invite, '183 Session Progress', { sdp: fakeSdp('a'), toTag: 'A' });
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('a-changed'), toTag: 'A' });
    await world.peer.next('ACK');
    await world.event('answered');
    expect(world.media.applied).to.deep.equal([{ type: 'answer', sdp: fakeSdp('a') }]);
    await expectByeEnds(world, { invite, tag: 'A', cseq: 0 });
  });

  it('knows the dialog by its To tag, also where SIP.js has not seen the 183', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    const early = { sdp: fakeSdp('a'), toTag: 'A', contact: null };
    world.peer.respond(invite, '183 Session Progress', early);
    await world.event('early-media');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('a-changed'), toTag: 'A' });
    await world.peer.next('ACK');
    await world.event('answered');
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.media.applied).to.have.length(1);
  });

  it('accepts a 200 without a description after early media', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '183 Session Progress', { sdp: fakeSdp('a'), toTag: 'A' });
    await world.event('early-media');
    world.peer.respond(invite, '200 OK', { toTag: 'A' });
    await world.peer.next('ACK');
    await world.event('answered');
  });

  it('hears early media from a 183 without a Contact', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '183 Session Progress', { sdp: fakeSdp('a'), contact: null });
    await world.event('early-media');
  });

  it('takes an early description that cannot be applied for ringing, and the answer still counts', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.media.failNext('setRemoteDescription');
    world.peer.respond(invite, '183 Session Progress', { sdp: fakeSdp('a'), toTag: 'A' });
    await world.event('ringing');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('b'), toTag: 'B' });
    await world.peer.next('ACK');
    await world.event('answered');
    expect(world.media.applied).to.deep.equal([{ type: 'answer', sdp: fakeSdp('b') }]);
  });

  it('waits for the early description before it judges the answer', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    const go = world.media.pauseNext('setRemoteDescription');
    world.peer.respond(invite, '183 Session Progress', { sdp: fakeSdp('a'), toTag: 'A' });
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('a'), toTag: 'A' });
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    go();
    await world.peer.next('ACK');
    await world.event('early-media');
    await world.event('answered');
    expect(world.media.applied).to.have.length(1);
  });

  it('does not acknowledge provisional responses, and one that demands it is no obstacle', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    expect(invite.header('Supported')).not.to.include('100rel');
    world.peer.respond(invite, '180 Ringing', { headers: ['Require: 100rel', 'RSeq: 7'] });
    await world.event('ringing');
    const prack = await world.peer.next('PRACK');
    expect(prack.header('RAck')).to.equal('7 1 INVITE');
    world.peer.respond(prack, '200 OK');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await world.event('answered');
  });
});

describe('a far end that goes away before the answer', () => {
  expectQuietPage();

  // RFC 3261 §15: only a caller may say BYE in an early dialog
  it('by BYE is answered, and the final response is what ends the call', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    const dialog = { invite, tag: 'callee', cseq: 0 };
    world.peer.respond(invite, '180 Ringing');
    await world.event('ringing');
    world.peer.request('BYE', dialog);
    expect((await world.peer.next('200')).header('CSeq')).to.equal('1 BYE');
    expect(world.ends).to.deep.equal([]);
    world.peer.respond(invite, '480 Temporarily Unavailable');
    await world.peer.next('ACK');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'no-answer', status: 480 }]);
  });

  it('by BYE on one branch leaves the other one ringing, and its answer counts', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '180 Ringing', { toTag: 'A' });
    world.peer.respond(invite, '180 Ringing', { toTag: 'B' });
    world.peer.request('BYE', { invite, tag: 'A', cseq: 0 });
    await world.peer.next('200');
    world.peer.respond(invite, '200 OK', { toTag: 'B', sdp: fakeSdp('b') });
    await world.peer.next('ACK');
    await world.event('ringing');
    await world.event('ringing');
    await world.event('answered');
    await expectByeEnds(world, { invite, tag: 'B', cseq: 0 });
  });

  it('by BYE, and answers all the same: what was said last counts', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    const dialog = { invite, tag: 'callee', cseq: 0 };
    world.peer.respond(invite, '180 Ringing');
    world.peer.request('BYE', dialog);
    await world.peer.next('200');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await world.event('ringing');
    await world.event('answered');
    await expectByeEnds(world, dialog);
  });
});

describe('a call that forks', () => {
  expectQuietPage();

  it('is answered by the branch that sends 200', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '180 Ringing', { toTag: 'A' });
    await world.event('ringing');
    world.peer.respond(invite, '180 Ringing', { toTag: 'B' });
    await world.event('ringing');
    world.peer.respond(invite, '200 OK', { toTag: 'B', sdp: fakeSdp('b') });
    expect((await world.peer.next('ACK')).header('To')).to.include(';tag=B');
    await world.event('answered');
    expect(world.media.applied).to.deep.equal([{ type: 'answer', sdp: fakeSdp('b') }]);
    await expectByeEnds(world, { invite, tag: 'B', cseq: 0 });
  });

  it('reaches a branch other than that of the early media by a new offer', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '183 Session Progress', { toTag: 'A', sdp: fakeSdp('a') });
    await world.event('early-media');
    world.peer.respond(invite, '200 OK', { toTag: 'B', sdp: fakeSdp('b') });
    expect((await world.peer.next('ACK')).header('To')).to.include(';tag=B');
    await world.event('answered');

    const reinvite = await world.peer.next('INVITE');
    expect(reinvite.header('To')).to.include(';tag=B');
    expect(world.media.log.at(-1)).to.equal('createOffer:restart');
    expect(reinvite.body).to.equal(world.media.made[1]?.sdp);
    world.peer.respond(reinvite, '200 OK', { sdp: fakeSdp('b-again') });
    await world.peer.next('ACK');
    await turn();
    expect(world.media.applied.map(({ sdp }) => sdp)).to.deep.equal([
      fakeSdp('a'),
      fakeSdp('b-again'),
    ]);
    await expectAlive(world, { invite, tag: 'B', cseq: 0 });
  });

  it('needs no new offer where both branches gave the same description', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '183 Session Progress', { toTag: 'A', sdp: fakeSdp('relay') });
    await world.event('early-media');
    world.peer.respond(invite, '200 OK', { toTag: 'B', sdp: fakeSdp('relay') });
    await world.peer.next('ACK');
    await world.event('answered');
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('ends with BYE where that branch refuses the new offer', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '183 Session Progress', { toTag: 'A', sdp: fakeSdp('a') });
    await world.event('early-media');
    world.peer.respond(invite, '200 OK', { toTag: 'B', sdp: fakeSdp('b') });
    await world.peer.next('ACK');
    await world.event('answered');
    world.peer.respond(await world.peer.next('INVITE'), '488 Not Acceptable Here');
    await world.peer.next('ACK');
    await world.peer.next('BYE');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'media-not-supported' }]);
  });

  it('hangs up on a second branch that answers, and stays with the first', async () => {
    const world = createWorld();
    const { invite, dialog } = await establish(world, { toTag: 'A' });
    world.peer.respond(invite, '200 OK', { toTag: 'B', sdp: fakeSdp('b') });
    expect((await world.peer.next('ACK')).header('To')).to.include(';tag=B');
    const bye = await world.peer.next('BYE');
    expect(bye.header('To')).to.include(';tag=B');
    world.peer.respond(bye, '200 OK');
    await expectAlive(world, dialog);
    await expectByeEnds(world, dialog);
  });
});

describe('the answer', () => {
  expectQuietPage();

  it('is reported after the ACK has left', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    expect(world.log).to.deep.equal([]);
    const ack = await world.peer.next('ACK');
    await world.event('answered');
    expect(ack.start).to.equal('ACK sip:callee@192.0.2.9:5060;transport=ws SIP/2.0');
    expect(ack.header('CSeq')).to.equal('1 ACK');
  });

  it('is acknowledged again each time it comes', async () => {
    const world = createWorld();
    const { invite, ack } = await establish(world);
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    expect((await world.peer.next('ACK')).text).to.equal(ack.text);
    expect(world.log).to.deep.equal(['answered']);
  });

  it('follows the recorded route', async () => {
    const world = createWorld();
    const { ack } = await establish(world, {
      headers: ['Record-Route: <sip:edge.example;lr>', 'Record-Route: <sip:ws.example;lr;x=1>'],
    });
    expect(
      ack.headers.filter(([name]) => name === 'Route').map(([, value]) => value),
    ).to.deep.equal(['<sip:ws.example;lr;x=1>', '<sip:edge.example;lr>']);
  });

  it('that cannot be applied is acknowledged and ended', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.media.failNext('setRemoteDescription');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await world.peer.next('BYE');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'media-not-supported' }]);
    expect(world.log).to.deep.equal(['ended']);
  });

  it('without a description is acknowledged and ended', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '200 OK');
    await world.peer.next('ACK');
    await world.peer.next('BYE');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'media-not-supported' }]);
  });

  for (const [title, options] of [
    ['without a Contact', { contact: null }],
    ['without a To tag', { toTag: null }],
    ['with a Contact that is no SIP address', { contact: 'tel:+15551234567' }],
    ['with a Contact that cannot be decoded', { contact: 'sip:%ff%fe@192.0.2.9' }],
  ] as const) {
    it(`${title} ends the call instead of hanging`, async () => {
      const world = createWorld();
      const { invite } = await place(world);
      world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee'), ...options });
      await world.event('ended');
      expect(world.ends).to.deep.equal([{ reason: 'service-unavailable', status: 200 }]);
    });
  }

  it('holds what the far end sends before our ACK, and handles it in order afterwards', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    const dialog = { invite, tag: 'callee', cseq: 0 };
    const go = world.media.pauseNext('setRemoteDescription');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    world.peer.request('INFO', dialog, { body: 'Signal=1\r\n', type: 'application/dtmf-relay' });
    world.peer.request('BYE', dialog);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    go();
    await world.peer.next('ACK');
    expect((await world.peer.next('200')).header('CSeq')).to.equal('1 INFO');
    expect((await world.peer.next('200')).header('CSeq')).to.equal('2 BYE');
    await world.event('answered');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'remote-hung-up' }]);
  });

  it('answers a held BYE too when our answer fails', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.media.failNext('setRemoteDescription');
    const go = world.media.pauseNext('setRemoteDescription');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    world.peer.request('BYE', { invite, tag: 'callee', cseq: 0 });
    go();
    await world.peer.next('ACK');
    await world.peer.next('BYE');
    await world.peer.next('481');
    await world.event('ended');
    expect(world.ends).to.have.length(1);
  });
});
