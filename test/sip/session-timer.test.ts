import { expect } from 'chai';
import { fakeSdp } from '../support/fake-media-session.js';
import {
  createWorld,
  establish,
  expectAlive,
  expectQuietPage,
  place,
  type SipWorld,
  turn,
} from '../support/sip-call.js';
import type { PeerDialog, Received } from '../support/sip-peer.js';

const SUPPORTED = 'Supported: timer';
const sdp = fakeSdp('callee');

/** Lets time pass in steps, as long as the far end answers what we ask it meanwhile. */
async function live(world: SipWorld, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await turn();
    world.clock.advance(1_000);
    await turn();
    while (world.peer.unread[0]?.startsWith('OPTIONS')) {
      world.peer.respond(await world.peer.next('OPTIONS'), '200 OK');
    }
  }
}

async function accept(world: SipWorld, ...headers: string[]): Promise<Received> {
  const invite = await world.peer.next('INVITE');
  world.peer.respond(invite, '200 OK', { sdp, headers });
  await world.peer.next('ACK');
  await turn();
  return invite;
}

async function expectExpired(world: SipWorld): Promise<void> {
  await world.peer.next('BYE');
  await world.event('ended');
  expect(world.ends).to.deep.equal([{ reason: 'connection-lost' }]);
}

describe('a session timer', () => {
  expectQuietPage();

  it('is offered, and nothing is asked of a far end that has none', async () => {
    const world = createWorld();
    const { invite, dialog } = await establish(world);
    expect(invite.header('Supported')).to.match(/\btimer\b/);
    expect(invite.header('Session-Expires')).to.equal('');
    await live(world, 4_000);
    expect(world.peer.unread).to.deep.equal([]);
    await expectAlive(world, dialog);
  });

  it('that is ours to refresh is refreshed at half its time by a new offer, again and again', async () => {
    const world = createWorld();
    const agreed = 'Session-Expires: 120;refresher=uac';
    const { dialog } = await establish(world, { headers: ['Require: timer', agreed] });
    for (let i = 0; i < 3; i++) {
      await live(world, 59);
      expect(world.peer.unread).to.deep.equal([]);
      await live(world, 1);
      const refresh = await accept(world, agreed);
      expect(refresh.header('Session-Expires')).to.equal('120;refresher=uac');
      expect(refresh.header('Supported')).to.match(/\btimer\b/);
      expect(world.media.log).not.to.include('createOffer:restart');
    }
    await expectAlive(world, dialog);
  });

  it('ends with a refresh that is accepted without one', async () => {
    const world = createWorld();
    const { dialog } = await establish(world, { headers: ['Session-Expires: 90;refresher=uac'] });
    await live(world, 45);
    await accept(world);
    await live(world, 300);
    expect(world.peer.unread).to.deep.equal([]);
    await expectAlive(world, dialog);
  });

  it('is refreshed again 10 s after a failure, and the call is over before it runs out', async () => {
    const world = createWorld();
    await establish(world, { headers: ['Session-Expires: 90;refresher=uac'] });
    await live(world, 45);
    world.peer.respond(await world.peer.next('INVITE'), '500 Server Internal Error');
    await world.peer.next('ACK');
    await live(world, 9);
    expect(world.peer.unread).to.deep.equal([]);
    await live(world, 1);
    world.peer.respond(await world.peer.next('INVITE'), '488 Not Acceptable Here');
    await world.peer.next('ACK');
    // a third of 90 s before its end
    await live(world, 5);
    await expectExpired(world);
  });

  for (const status of [481, 408]) {
    it(`whose refresh gets ${status} ends the call`, async () => {
      const world = createWorld();
      await establish(world, { headers: ['Session-Expires: 90;refresher=uac'] });
      await live(world, 45);
      world.peer.respond(await world.peer.next('INVITE'), `${status} Gone`);
      await world.peer.next('ACK');
      await world.peer.next('BYE');
      await world.event('ended');
      expect(world.ends).to.deep.equal([{ reason: 'connection-lost', status }]);
    });
  }

  it('that is theirs to refresh and is not ends the call 32 s before its end', async () => {
    const world = createWorld();
    await establish(world, { headers: ['Session-Expires: 1800;refresher=uas'] });
    await live(world, 1_767);
    expect(world.peer.unread).to.deep.equal([]);
    await live(world, 1);
    await expectExpired(world);
  });

  it('begins anew with each of their offers, whose answer says what was agreed', async () => {
    const world = createWorld();
    const { dialog } = await establish(world, { headers: ['Session-Expires: 90;refresher=uas'] });
    for (let i = 0; i < 3; i++) {
      await live(world, 55);
      world.peer.request('INVITE', dialog, {
        body: sdp,
        headers: [SUPPORTED, 'x: 90 ;refresher=uac'],
      });
      const ok = await world.peer.next('200');
      expect(ok.header('Session-Expires')).to.equal('90;refresher=uac');
      expect(ok.header('Require')).to.equal('timer');
      expect(ok.body).to.include('v=0');
      world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    }
    await live(world, 60);
    await expectExpired(world);
  });

  it('keeps its roles in an offer of ours for another reason', async () => {
    const world = createWorld();
    const { call } = await establish(world, { headers: ['Session-Expires: 300;refresher=uas'] });
    const reinviting = call.reinvite({ iceRestart: true }, world.abort.signal);
    const reinvite = await accept(world, 'Session-Expires: 300;refresher=uas');
    expect(reinvite.header('Session-Expires')).to.equal('300;refresher=uas');
    await reinviting;
  });

  it('may be given to us by their offer', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    world.peer.request('INVITE', dialog, {
      body: sdp,
      headers: [SUPPORTED, 'Session-Expires: 100;refresher=uas', 'Require: timer'],
    });
    const ok = await world.peer.next('200');
    expect(ok.header('Session-Expires')).to.equal('100;refresher=uas');
    world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    await live(world, 50);
    await accept(world, 'Session-Expires: 100;refresher=uac');
  });

  it('that a proxy wants for a far end without one is ours to refresh', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    // too short a time cannot be refused to who would not understand it
    world.peer.request('INVITE', dialog, { body: sdp, headers: ['Session-Expires: 60'] });
    const ok = await world.peer.next('200');
    expect(ok.header('Session-Expires')).to.equal('90;refresher=uas');
    expect(ok.header('Require')).to.equal('');
    world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    await live(world, 45);
    await accept(world);
  });

  it('too short is refused with 422, and what was agreed before goes on', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    for (const method of ['INVITE', 'UPDATE']) {
      const headers = [SUPPORTED, 'Session-Expires: 89;refresher=uac'];
      world.peer.request(method, dialog, { body: sdp, headers });
      expect((await world.peer.next('422')).header('Min-SE')).to.equal('90');
      if (method === 'INVITE') world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    }
    expect(world.media.made).to.have.length(1);
    await live(world, 600);
    await expectAlive(world, dialog);
  });

  it('of nonsense is none', async () => {
    for (const value of ['', 'soon', '-90', '1e9;refresher=uac', '9999999999;refresher=uac']) {
      const world = createWorld();
      const { dialog } = await establish(world, { headers: [`Session-Expires: ${value}`] });
      await live(world, 120);
      expect(world.peer.unread).to.deep.equal([]);
      await expectAlive(world, dialog);
    }
  });

  it('of no time at all is no reason for a flood of offers', async () => {
    const world = createWorld();
    await establish(world, { headers: ['Session-Expires: 0;refresher=uac'] });
    await live(world, 4);
    expect(world.peer.unread).to.deep.equal([]);
    await live(world, 1);
    await accept(world);
  });

  it('of a second branch that answers is of no account', async () => {
    const world = createWorld();
    const { invite, dialog } = await establish(world, { toTag: 'A' });
    const headers = ['Session-Expires: 90;refresher=uac'];
    world.peer.respond(invite, '200 OK', { toTag: 'B', sdp, headers });
    await world.peer.next('ACK');
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await live(world, 120);
    expect(world.peer.unread).to.deep.equal([]);
    await expectAlive(world, dialog);
  });

  it('does not outlive the call', async () => {
    const world = createWorld();
    const { call } = await establish(world, { headers: ['Session-Expires: 90;refresher=uac'] });
    const ended = call.end();
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await ended;
    expect(world.clock.pending).to.equal(0);
  });
});

describe('422 Session Interval Too Small', () => {
  expectQuietPage();

  it('brings the same INVITE with more time and the next number, and the answer counts', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '422 Session Interval Too Small', { headers: ['Min-SE: 3600'] });
    expect((await world.peer.next('ACK')).header('CSeq')).to.equal('1 ACK');
    const again = await world.peer.next('INVITE');
    expect(again.header('CSeq')).to.equal('2 INVITE');
    expect(again.header('Session-Expires')).to.equal('3600');
    expect(again.header('Min-SE')).to.equal('3600');
    expect(again.header('X-Call-Pass')).to.equal(invite.header('X-Call-Pass'));
    for (const name of ['From', 'To', 'Call-ID', 'Contact']) {
      expect(again.header(name), name).to.equal(invite.header(name));
    }
    expect(again.body).to.equal(invite.body);
    const headers = ['Session-Expires: 3600;refresher=uac'];
    world.peer.respond(again, '200 OK', { sdp, headers });
    await world.peer.next('ACK');
    await world.event('answered');
    const dialog: PeerDialog = { invite: again, tag: 'callee', cseq: 0 };
    await expectAlive(world, dialog);
    await live(world, 1_800);
    const refresh = await accept(world, ...headers);
    expect(refresh.header('CSeq')).to.match(/^\d+ INVITE/);
    expect(refresh.header('Min-SE')).to.equal('3600');
  });

  it('again and again, or without a time, ends the call', async () => {
    for (const headers of [[], ['Min-SE: 0'], ['Min-SE: x'], ['Min-SE: 99999999']]) {
      const world = createWorld();
      const { invite } = await place(world);
      world.peer.respond(invite, '422 Session Interval Too Small', { headers });
      await world.peer.next('ACK');
      await world.event('ended');
      expect(world.ends).to.deep.equal([{ reason: 'service-unavailable', status: 422 }]);
    }
    const world = createWorld();
    let { invite } = await place(world);
    for (let seconds = 100; seconds <= 400; seconds += 100) {
      world.peer.respond(invite, '422 Session Interval Too Small', {
        headers: [`Min-SE: ${seconds}`],
      });
      await world.peer.next('ACK');
      if (seconds < 400) invite = await world.peer.next('INVITE');
    }
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'service-unavailable', status: 422 }]);
  });

  it('to a new offer brings another at once', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    const reinviting = call.reinvite({ iceRestart: true }, world.abort.signal);
    world.peer.respond(await world.peer.next('INVITE'), '422 Session Interval Too Small', {
      headers: ['Min-SE: 240'],
    });
    await world.peer.next('ACK');
    const again = await accept(world, 'Session-Expires: 1800;refresher=uas');
    expect(again.header('Session-Expires')).to.equal('1800');
    expect(again.header('Min-SE')).to.equal('240');
    expect(world.media.log.slice(-3)).to.deep.equal([
      'rollback',
      'createOffer:restart',
      'setRemoteDescription:answer',
    ]);
    await reinviting;
    await expectAlive(world, dialog);
  });
});

describe('UPDATE', () => {
  expectQuietPage();

  it('without a description is a refresh', async () => {
    const world = createWorld();
    const { dialog, invite } = await establish(world, {
      headers: ['Session-Expires: 90;refresher=uas'],
    });
    for (let i = 0; i < 3; i++) {
      await live(world, 55);
      world.peer.request('UPDATE', dialog, {
        headers: [SUPPORTED, 'Session-Expires: 90;refresher=uac'],
      });
      const ok = await world.peer.next('200');
      expect(ok.header('CSeq')).to.equal(`${dialog.cseq} UPDATE`);
      expect(ok.header('Session-Expires')).to.equal('90;refresher=uac');
      expect(ok.header('Require')).to.equal('timer');
      expect(ok.header('Contact')).to.include(/sip:[^;>]+/.exec(invite.header('Contact'))?.[0]);
      expect(ok.body).to.equal('');
    }
    await live(world, 60);
    await expectExpired(world);
  });

  it('with an offer is answered: hold and retrieve', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    for (const direction of ['sendonly', 'sendrecv']) {
      const offer = fakeSdp('callee', direction);
      world.peer.request('UPDATE', dialog, { body: offer });
      const ok = await world.peer.next('200');
      expect(ok.header('Content-Type')).to.equal('application/sdp');
      expect(ok.body).to.equal(world.media.made.at(-1)?.sdp);
      expect(world.media.applied.at(-1)).to.deep.equal({ type: 'offer', sdp: offer });
    }
    await expectAlive(world, dialog);
  });

  it('that cannot be answered gets 488, is rolled back, and the next one counts', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    world.media.failNext('createAnswer');
    world.peer.request('UPDATE', dialog, { body: sdp });
    await world.peer.next('488');
    expect(world.media.log.at(-1)).to.equal('rollback');
    world.peer.request('UPDATE', dialog, { body: '<x/>', type: 'application/xml' });
    await world.peer.next('415');
    world.peer.request('UPDATE', dialog, { body: sdp });
    await world.peer.next('200');
    await expectAlive(world, dialog);
  });

  it('that meets an offer of ours gets 491, before the answer too', async () => {
    const world = createWorld();
    const { call, invite } = await place(world);
    const dialog = { invite, tag: 'callee', cseq: 0 };
    world.peer.respond(invite, '180 Ringing');
    world.peer.request('UPDATE', dialog, { body: sdp });
    await world.peer.next('491');
    world.peer.request('UPDATE', dialog);
    await world.peer.next('200');
    world.peer.respond(invite, '200 OK', { sdp });
    await world.peer.next('ACK');
    await world.event('ringing');
    await world.event('answered');
    const reinviting = call.reinvite({ iceRestart: false }, world.abort.signal);
    const reinvite = await world.peer.next('INVITE');
    world.peer.request('UPDATE', dialog, { body: sdp });
    await world.peer.next('491');
    world.peer.respond(reinvite, '200 OK', { sdp });
    await world.peer.next('ACK');
    await reinviting;
    await expectAlive(world, dialog);
  });

  it('that meets another offer of theirs gets 500 and a time to come back, and so the other way round', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    const go = world.media.pauseNext('createAnswer');
    world.peer.request('UPDATE', dialog, { body: sdp });
    await turn();
    for (const method of ['UPDATE', 'INVITE']) {
      world.peer.request(method, dialog, { body: sdp });
      expect((await world.peer.next('500')).header('Retry-After')).to.equal('5');
      if (method === 'INVITE') world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    }
    go();
    expect((await world.peer.next('200')).header('CSeq')).to.equal('1 UPDATE');
    world.peer.request('INVITE', dialog, { body: sdp });
    await world.peer.next('200');
    // its ACK is not here yet
    world.peer.request('UPDATE', dialog, { body: sdp });
    await world.peer.next('500');
    world.peer.request('ACK', dialog, { cseq: 4 });
    await expectAlive(world, dialog);
  });

  it('that comes again gets the same response, word for word, and an old one none of its own', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    const text = world.peer.requestText('UPDATE', dialog, { body: sdp });
    world.peer.socket.deliver(text);
    const response = await world.peer.next('200');
    world.peer.socket.deliver(text);
    expect((await world.peer.next('200')).text).to.equal(response.text);
    expect(world.media.made).to.have.length(2);
    world.peer.request('UPDATE', dialog, { cseq: 0 });
    await world.peer.next('500');
    await expectAlive(world, dialog);
  });

  it('may move the far end to another address', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    for (const contact of ['nonsense', '<tel:1>', '<sip:%ff@x>', 'sip:moved@192.0.2.77;ob']) {
      world.peer.request('UPDATE', dialog, { headers: [`Contact: ${contact}`] });
      await world.peer.next('200');
    }
    void call.end();
    expect((await world.peer.next('BYE')).start).to.equal('BYE sip:moved@192.0.2.77 SIP/2.0');
  });

  it('after the end is nobody’s', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    void call.end();
    await world.peer.next('BYE');
    world.peer.request('UPDATE', dialog);
    await world.peer.next('481');
  });
});
