import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import { fakeSdp } from '../support/fake-media-session.js';
import { rejection } from '../support/rejection.js';
import {
  createWorld,
  establish,
  expectAlive,
  expectByeEnds,
  expectQuietPage,
  place,
  turn,
} from '../support/sip-call.js';

const NEVER = new AbortController().signal;

describe('requests of the far end', () => {
  expectQuietPage();

  const ANSWERS: [method: string, status: string, headers?: string[]][] = [
    ['OPTIONS', '200'],
    ['INFO', '200'],
    ['MESSAGE', '405'],
    ['PRACK', '405'],
    ['SUBSCRIBE', '405', ['Event: dialog']],
    ['PUBLISH', '405'],
    ['WHATEVER', '405'],
    ['NOTIFY', '489', ['Event: talk', 'Subscription-State: active']],
    ['NOTIFY', '489'],
    ['REFER', '603', ['Refer-To: <sip:evil@example.org>']],
    ['REFER', '603', ['Refer-To: <sip:evil@example.org?Replaces=1%0D%0AX-Evil:%201>']],
    ['REFER', '603', ['Refer-To: <tel:+15551234567>']],
    ['REFER', '603'],
    ['INFO', '420', ['Require: nothingSupportsThis, timer', 'Require: norThis']],
    ['INVITE', '420', ['Require: 100rel']],
    // nobody is kept in a call for that
    ['OPTIONS', '200', ['Require: timer']],
  ];
  for (const [method, status, headers = []] of ANSWERS) {
    it(`${[method, ...headers].join(', ')} get ${status}, and the call goes on`, async () => {
      const world = createWorld();
      const { dialog } = await establish(world);
      const text = world.peer.requestText(method, dialog, { headers });
      world.peer.socket.deliver(text);
      const response = await world.peer.next(status);
      for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq']) {
        expect(response.header(name)).to.equal(new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1]);
      }
      if (status === '405') expect(response.header('Allow')).not.to.match(/REFER|MESSAGE|NOTIFY/);
      await expectAlive(world, dialog);
      await expectByeEnds(world, dialog);
      // nothing was followed
      expect(world.peer.unread).to.deep.equal([]);
    });
  }

  it('in the middle of ringing get an answer too', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    const dialog = { invite, tag: 'callee', cseq: 0 };
    world.peer.respond(invite, '180 Ringing');
    world.peer.request('MESSAGE', dialog);
    await world.peer.next('405');
    world.peer.request('OPTIONS', dialog);
    await world.peer.next('200');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await world.event('ringing');
    await world.event('answered');
    await expectByeEnds(world, dialog);
  });

  const STRAYS: [method: string, status: string][] = [
    ['INVITE', '486'],
    ['OPTIONS', '200'],
    ['MESSAGE', '405'],
    ['REFER', '405'],
    ['NOTIFY', '405'],
    ['SUBSCRIBE', '405'],
    ['UPDATE', '405'],
    ['BYE', '481'],
    ['CANCEL', '481'],
  ];
  for (const [method, status] of STRAYS) {
    it(`outside a dialog: ${method} gets ${status}, before and in a call`, async () => {
      const world = createWorld();
      const stray = [
        `${method} sip:sales@example.com SIP/2.0`,
        'Via: SIP/2.0/WSS gateway.example;branch=z9hG4bKone',
        'Via: SIP/2.0/UDP far.example;branch=z9hG4bKtwo;received=192.0.2.3',
        'From: <sip:stranger@example.org>;tag=s',
        'To: <sip:sales@example.com>',
        'Call-ID: stranger',
        `CSeq: 1 ${method}`,
        'Contact: <sip:stranger@example.org>',
        'Replaces: call-1;to-tag=a;from-tag=b',
        '',
        '',
      ].join('\r\n');
      await world.signalling.connect(world.abort.signal);
      world.peer.socket.deliver(stray);
      const response = await world.peer.next(status);
      expect(response.header('To')).to.match(/^<sip:sales@example\.com>;tag=\S+$/);
      expect(
        response.headers.filter(([name]) => name === 'Via').map(([, value]) => value),
      ).to.deep.equal([
        'SIP/2.0/WSS gateway.example;branch=z9hG4bKone',
        'SIP/2.0/UDP far.example;branch=z9hG4bKtwo;received=192.0.2.3',
      ]);
      const { dialog } = await establish(world);
      world.peer.socket.deliver(stray);
      // a retransmission gets the same response, word for word
      expect((await world.peer.next(status)).text).to.equal(response.text);
      await expectAlive(world, dialog);
    });
  }
});

describe('a new offer of the far end', () => {
  expectQuietPage();

  it('is answered: hold, or video', async () => {
    const world = createWorld();
    const { dialog, invite } = await establish(world);
    world.peer.request('INVITE', dialog, { body: fakeSdp('callee', 'sendonly') });
    const answer = await world.peer.next('200');
    expect(answer.body).to.equal(world.media.made[1]?.sdp);
    expect(answer.header('Contact')).to.equal(invite.header('Contact'));
    expect(world.media.applied.at(-1)).to.deep.equal({
      type: 'offer',
      sdp: fakeSdp('callee', 'sendonly'),
    });
    world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    await expectAlive(world, dialog);
  });

  it('may come without a description: we offer, and its ACK answers', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    world.peer.request('INVITE', dialog);
    const offer = await world.peer.next('200');
    expect(world.media.log.at(-1)).to.equal('createOffer');
    expect(offer.body).to.equal(world.media.made[1]?.sdp);
    world.peer.request('ACK', dialog, { cseq: dialog.cseq, body: fakeSdp('callee-again') });
    await turn();
    expect(world.media.applied.at(-1)).to.deep.equal({
      type: 'answer',
      sdp: fakeSdp('callee-again'),
    });
    await expectAlive(world, dialog);
  });

  it('that cannot be applied gets 488, is rolled back, and the call goes on', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    world.media.failNext('createAnswer');
    world.peer.request('INVITE', dialog, { body: fakeSdp('callee', 'sendonly') });
    await world.peer.next('488');
    expect(world.media.log.at(-1)).to.equal('rollback');
    world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    world.peer.request('INVITE', dialog, { body: fakeSdp('callee', 'inactive') });
    await world.peer.next('200');
    world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    await expectAlive(world, dialog);
  });

  it('that comes before our ACK is answered after it', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    const dialog = { invite, tag: 'callee', cseq: 0 };
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    world.peer.request('INVITE', dialog, { body: fakeSdp('callee', 'sendonly') });
    await world.peer.next('ACK');
    await world.event('answered');
    await world.peer.next('200');
    world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    await expectAlive(world, dialog);
  });

  it('of a kind that we do not read gets 415', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    world.peer.request('INVITE', dialog, { body: '<x/>', type: 'application/xml' });
    const refused = await world.peer.next('415');
    // RFC 3261 §21.4.13
    expect(refused.header('Accept')).to.equal('application/sdp');
    await expectAlive(world, dialog);
  });

  it('during an offer of ours gets 491', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    const go = world.media.pauseNext('createOffer');
    const reinviting = call.reinvite({ iceRestart: false }, NEVER);
    await turn();
    // while it is being made
    world.peer.request('INVITE', dialog, { body: fakeSdp('callee') });
    await world.peer.next('491');
    go();
    const reinvite = await world.peer.next('INVITE');
    // and while it waits for its answer
    world.peer.request('INVITE', dialog, { body: fakeSdp('callee') });
    await world.peer.next('491');
    world.peer.respond(reinvite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await reinviting;
    expect(world.media.applied.map(({ type }) => type)).to.deep.equal(['answer', 'answer']);
  });

  it('is not answered after the end', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    const go = world.media.pauseNext('createAnswer');
    world.peer.request('INVITE', dialog, { body: fakeSdp('callee') });
    await turn();
    const ended = call.end();
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await ended;
    go();
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
  });
});

describe('a new offer of ours', () => {
  expectQuietPage();

  it('restarts ICE when asked to, and only then', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    for (const iceRestart of [false, true]) {
      const reinviting = call.reinvite({ iceRestart }, NEVER);
      const reinvite = await world.peer.next('INVITE');
      expect(world.media.log.at(-1)).to.equal(iceRestart ? 'createOffer:restart' : 'createOffer');
      expect(reinvite.headers.filter(([name]) => name === 'Contact')).to.have.length(1);
      expect(reinvite.headers.filter(([name]) => name === 'Allow')).to.have.length(1);
      expect(reinvite.header('X-Call-Pass')).to.equal('');
      world.peer.respond(reinvite, '200 OK', { sdp: fakeSdp('callee') });
      await world.peer.next('ACK');
      await reinviting;
    }
    // an offer that the far end asks for is not a restart either
    world.peer.request('INVITE', dialog);
    await world.peer.next('200');
    expect(world.media.log.at(-1)).to.equal('createOffer');
  });

  it('waits its turn', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    const first = call.reinvite({ iceRestart: false }, NEVER);
    const second = call.reinvite({ iceRestart: true }, NEVER);
    const one = await world.peer.next('INVITE');
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    world.peer.respond(one, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await first;
    const two = await world.peer.next('INVITE');
    world.peer.respond(two, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await second;
  });

  it('is made again 2.1 to 4 s after 491', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    const reinviting = call.reinvite({ iceRestart: true }, NEVER);
    world.peer.respond(await world.peer.next('INVITE'), '491 Request Pending');
    await world.peer.next('ACK');
    await turn();
    expect(world.media.log.at(-1)).to.equal('rollback');
    // random() is 0.5 here
    world.clock.advance(3_049);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    world.clock.advance(1);
    const again = await world.peer.next('INVITE');
    expect(world.media.log.at(-1)).to.equal('createOffer:restart');
    world.peer.respond(again, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await reinviting;
  });

  it('is given up after five times 491', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    const reinviting = rejection(call.reinvite({ iceRestart: false }, NEVER));
    for (let i = 0; i < 5; i++) {
      world.peer.respond(await world.peer.next('INVITE'), '491 Request Pending');
      await world.peer.next('ACK');
      await turn();
      world.clock.advance(4_000);
    }
    expect(await reinviting).to.be.instanceOf(CallError);
    await expectAlive(world, dialog);
  });

  it('waits for the end of one of theirs', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    world.peer.request('INVITE', dialog, { body: fakeSdp('callee') });
    await world.peer.next('200');
    const reinviting = call.reinvite({ iceRestart: false }, NEVER);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    world.clock.advance(4_000);
    world.peer.respond(await world.peer.next('INVITE'), '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await reinviting;
  });

  for (const [status, reason] of [
    ['488 Not Acceptable Here', 'media-not-supported'],
    ['302 Moved Temporarily', 'media-not-supported'],
    ['503 Service Unavailable', 'service-unavailable'],
    ['403 Forbidden', 'not-allowed'],
  ] as const) {
    it(`refused with ${status} is rolled back, and the call goes on`, async () => {
      const world = createWorld();
      const { call, dialog } = await establish(world);
      const reinviting = rejection(call.reinvite({ iceRestart: false }, NEVER));
      world.peer.respond(await world.peer.next('INVITE'), status);
      await world.peer.next('ACK');
      expect(((await reinviting) as CallError).reason).to.equal(reason);
      expect(world.media.stable).to.equal(true);
      expect(world.media.log.at(-1)).to.equal('rollback');
      await expectAlive(world, dialog);
      const again = call.reinvite({ iceRestart: false }, NEVER);
      world.peer.respond(await world.peer.next('INVITE'), '200 OK', { sdp: fakeSdp('callee') });
      await world.peer.next('ACK');
      await again;
    });
  }

  for (const status of [481, 408]) {
    it(`that gets ${status} shows that the call is gone`, async () => {
      const world = createWorld();
      const { call } = await establish(world);
      const reinviting = rejection(call.reinvite({ iceRestart: false }, NEVER));
      world.peer.respond(await world.peer.next('INVITE'), `${status} Gone`);
      await world.peer.next('ACK');
      await world.peer.next('BYE');
      await reinviting;
      await world.event('ended');
      expect(world.ends).to.deep.equal([{ reason: 'connection-lost', status }]);
    });
  }

  it('whose answer cannot be applied ends the call', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    const reinviting = rejection(call.reinvite({ iceRestart: false }, NEVER));
    const reinvite = await world.peer.next('INVITE');
    world.media.failNext('setRemoteDescription');
    world.peer.respond(reinvite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await world.peer.next('BYE');
    await world.event('ended');
    expect(await reinviting).to.be.instanceOf(Error);
    expect(world.ends).to.deep.equal([{ reason: 'media-not-supported' }]);
  });

  it('that cannot be made leaves the call as it was', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    world.media.failNext('createOffer', new CallError('internal-error', 'no offer'));
    const error = await rejection(call.reinvite({ iceRestart: false }, NEVER));
    expect((error as CallError).reason).to.equal('internal-error');
    expect(world.media.log.at(-1)).to.equal('rollback');
    await expectAlive(world, dialog);
    const again = call.reinvite({ iceRestart: false }, NEVER);
    world.peer.respond(await world.peer.next('INVITE'), '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await again;
  });

  it('rejects on abort, before the answer, and at the end of the call', async () => {
    const world = createWorld();
    const { call, invite, dialog } = await establish(world);
    const abort = new AbortController();
    const aborted = rejection(call.reinvite({ iceRestart: false }, abort.signal));
    const reinvite = await world.peer.next('INVITE');
    abort.abort();
    expect(((await aborted) as Error).name).to.equal('AbortError');
    world.peer.respond(reinvite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    const ended = rejection(call.reinvite({ iceRestart: false }, NEVER));
    await world.peer.next('INVITE');
    world.peer.request('BYE', dialog);
    await world.peer.next('200');
    expect(((await ended) as Error).name).to.equal('AbortError');
    expect(invite.method).to.equal('INVITE');
  });
});

describe('digits by INFO', () => {
  expectQuietPage();

  it('go one by one, each after the response to the one before and after its tone', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    call.sendDtmfInfo('5x');
    call.sendDtmfInfo('#a\r\n');
    for (const [i, digit] of ['5', '#', 'A'].entries()) {
      const info = await world.peer.next('INFO');
      expect(info.header('Content-Type')).to.equal('application/dtmf-relay');
      expect(info.body).to.equal(`Signal=${digit}\r\nDuration=160\r\n`);
      expect(info.header('CSeq')).to.equal(`${i + 2} INFO`);
      // tone and gap have passed, and no response came; or the other way round
      if (i === 0) world.clock.advance(230);
      await turn();
      expect(world.peer.unread).to.deep.equal([]);
      // a far end that does not know INFO is no reason to stop
      world.peer.respond(info, i === 1 ? '415 Unsupported Media Type' : '200 OK');
      await turn();
      if (i === 0) continue;
      world.clock.advance(229);
      await turn();
      expect(world.peer.unread).to.deep.equal([]);
      world.clock.advance(1);
    }
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.log).to.deep.equal(['answered']);
  });

  it('pause 2 s at a comma', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    call.sendDtmfInfo('1,2');
    world.peer.respond(await world.peer.next('INFO'), '200 OK');
    await turn();
    world.clock.advance(230);
    await turn();
    world.clock.advance(1_999);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    world.clock.advance(1);
    expect((await world.peer.next('INFO')).body).to.match(/^Signal=2\r\n/);
  });

  it('are swallowed before the answer and after the end', async () => {
    const world = createWorld();
    const { call, invite } = await place(world);
    call.sendDtmfInfo('1');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    const ended = call.end();
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await ended;
    call.sendDtmfInfo('2,3');
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.clock.pending).to.equal(0);
  });
});
