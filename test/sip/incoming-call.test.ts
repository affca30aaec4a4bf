import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import { fakeSdp } from '../support/fake-media-session.js';
import { rejection } from '../support/rejection.js';
import { expectQuietPage, isSettled, turn } from '../support/sip-call.js';
import {
  ACCOUNT,
  answered,
  Caller,
  CHALLENGE,
  contactOf,
  createPhoneWorld,
  digestFields,
  digestOf,
  expectUp,
  grant,
  register,
  ring,
} from '../support/sip-phone.js';

const NEVER = new AbortController().signal;
const hex = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');

describe('an incoming call', () => {
  expectQuietPage();

  it('rings: 100, then 180 with a tag and our Contact', async () => {
    const world = createPhoneWorld();
    const contact = await register(world);
    const caller = new Caller(world, contact);
    caller.invite();
    await world.peer.next('100');
    const ringing = await caller.response('180');
    expect(caller.toTag).not.to.equal('');
    expect(contactOf(ringing)).to.equal(contact);
    expect(ringing.header('Content-Length')).to.equal('0');
    expect(world.calls.map(({ callId }) => callId)).to.deep.equal([caller.callId]);
    expect(world.media.log).to.deep.equal([]);
  });

  it('tells who calls, and what the page sent along', async () => {
    const world = createPhoneWorld();
    const context = '{"page":"https://example.com/preis?für=<b>","product":"Flügel"}';
    const { call } = await ring(world, {
      from: '"Zoë \\"Z\\" O\'Neil" <sip:anonymous@example.com>',
      headers: [`User-to-User: ${hex(context)};encoding=hex;purpose=call-button`],
      sdp: `${fakeSdp('caller')}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`,
    });
    expect(call.caller).to.deep.equal({
      name: "Zoë \u2033Z\u2033 O'Neil",
      address: 'sip:anonymous@example.com',
      context,
      video: true,
    });
  });

  it('of a caller without name and context is one, too', async () => {
    const world = createPhoneWorld();
    const { call } = await ring(world, { from: '<sip:anonymous@example.com>' });
    expect(call.caller).to.deep.equal({
      name: '',
      address: 'sip:anonymous@example.com',
      context: null,
      video: false,
    });
  });

  it('does not believe an oversize or odd context, and rings all the same', async () => {
    for (const value of [
      `${hex('x'.repeat(513))};encoding=hex`,
      `${hex('x'.repeat(4_200))};encoding=hex`,
      'not hex;encoding=hex',
      'c3;encoding=hex', // half a character
      `${hex('other')};encoding=hex;purpose=isdn-uui`,
      'abc;encoding=hex',
      ';',
      '',
    ]) {
      const world = createPhoneWorld();
      const { call } = await ring(world, { headers: [`User-to-User: ${value}`] });
      expect(call.caller.context, value).to.equal(null);
    }
  });

  it('is answered with our description', async () => {
    const world = createPhoneWorld();
    const { ok, caller } = await answered(world);
    expect(world.media.log).to.deep.equal(['setRemoteDescription:offer', 'createAnswer']);
    expect(world.media.applied[0]?.sdp).to.equal(fakeSdp('caller'));
    expect(ok.body).to.equal(world.media.made[0]?.sdp);
    expect(ok.header('Content-Type')).to.equal('application/sdp');
    expect(ok.header('Allow')).to.equal('INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY');
    await expectUp(world, caller);
  });

  it('without an offer tells by its feature tags whether there will be video', async () => {
    for (const [features, video] of [
      [';audio;video', true],
      [';audio', false],
      [';audio;video="FALSE"', false],
      ['', null],
    ] as const) {
      const world = createPhoneWorld();
      const { call } = await ring(world, { sdp: '', features });
      expect(call.caller.video, features).to.equal(video);
    }
  });

  it('without an offer gets ours, and its ACK answers', async () => {
    const world = createPhoneWorld();
    const { call, ok, caller } = await answered(world, { sdp: '' });
    expect(call.caller.video).to.equal(null);
    expect(ok.body).to.equal(world.media.made[0]?.sdp);
    await turn();
    expect(world.media.log).to.deep.equal(['createOffer', 'setRemoteDescription:answer']);
    await expectUp(world, caller);
  });

  it('without an offer, and no answer in the ACK either, ends with BYE', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world, { sdp: '' });
    call.accept(world.media);
    await caller.response('200');
    caller.ack();
    const bye = await world.peer.next('BYE');
    world.peer.respond(bye, '200 OK');
    await turn();
    expect(world.ends).to.deep.equal(['media-not-supported']);
  });

  it('whose description no browser takes gets 488', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    world.media.failNext('setRemoteDescription');
    call.accept(world.media);
    await caller.response('488');
    await world.event('ended');
    caller.ackRefusal();
    expect(world.ends).to.deep.equal(['media-not-supported']);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
  });

  for (const [how, status] of [
    ['busy', '486'],
    ['declined', '603'],
    ['unavailable', '480'],
  ] as const) {
    it(`refused as ${how} gets ${status}, and the next one rings`, async () => {
      const world = createPhoneWorld();
      const { caller, call } = await ring(world);
      await call.end(how);
      await caller.response(status);
      caller.ackRefusal();
      const next = new Caller(world, contactOf(world.peer.received[0]!));
      next.invite();
      await next.response('100');
      await next.response('180');
      expect(world.calls).to.have.length(2);
      expect(world.ends).to.deep.equal([]);
    });
  }

  it('that nobody answers in three minutes gets 480', async () => {
    const world = createPhoneWorld();
    const { caller } = await ring(world);
    const { clock } = world;
    // the registration is refreshed meanwhile
    for (let i = 0; i < 2; i++) {
      clock.advance(60_000);
      grant(world, await world.peer.next('REGISTER'));
      await turn();
    }
    clock.advance(59_999);
    await turn();
    expect(world.ends).to.deep.equal([]);
    clock.advance(1);
    await caller.response('480');
    expect(world.ends).to.deep.equal(['no-answer']);
  });

  it('cancelled by the caller is missed: 200 and 487', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    caller.cancel();
    await world.peer.next('200');
    await caller.response('487');
    caller.ackRefusal();
    await world.event('ended');
    expect(world.ends).to.deep.equal(['missed']);
    await call.end('declined');
    call.accept(world.media);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.media.log).to.deep.equal([]);
  });

  it('taken by another phone is not missed', async () => {
    const world = createPhoneWorld();
    const { caller } = await ring(world);
    caller.cancel(['Reason: SIP;cause=200;text="Call completed elsewhere"']);
    await world.event('ended');
    expect(world.ends).to.deep.equal(['answered-elsewhere']);
  });

  it('cancelled while the answer is being made: 487, and no 200 afterwards', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    const go = world.media.pauseNext('createAnswer');
    call.accept(world.media);
    await turn();
    caller.cancel();
    await world.peer.next('200');
    expect((await world.peer.next('487')).header('CSeq')).to.equal('1 INVITE');
    await world.event('ended');
    go();
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.ends).to.deep.equal(['missed']);
  });

  it('cancelled too late goes on until its BYE', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    call.accept(world.media);
    await caller.response('200');
    caller.cancel();
    await world.peer.next('200');
    caller.ack();
    await world.event('confirmed');
    caller.send('BYE');
    await world.peer.next('200');
    expect(world.ends).to.deep.equal(['remote-hung-up']);
  });

  it('whose caller says BYE before the answer is missed, and no zombie', async () => {
    for (const answering of [false, true]) {
      const world = createPhoneWorld();
      const { caller, call } = await ring(world);
      if (answering) {
        world.media.pauseNext('createAnswer');
        call.accept(world.media);
        await turn();
      }
      caller.send('BYE');
      expect((await world.peer.next('200')).header('CSeq')).to.equal('2 BYE');
      expect((await world.peer.next('487')).header('CSeq')).to.equal('1 INVITE');
      expect(world.ends).to.deep.equal(['missed']);
      await turn();
      expect(world.peer.unread).to.deep.equal([]);
    }
  });

  it('whose caller says BYE before the ACK ends', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    call.accept(world.media);
    await caller.response('200');
    caller.send('BYE');
    await world.peer.next('200');
    await world.event('ended');
    expect(world.ends).to.deep.equal(['remote-hung-up']);
  });

  it('refused while the answer is being made', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    const go = world.media.pauseNext('createAnswer');
    call.accept(world.media);
    await turn();
    await call.end('declined');
    await caller.response('603');
    go();
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.ends).to.deep.equal([]);
  });

  it('hung up before the ACK says BYE after it', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    call.accept(world.media);
    await caller.response('200');
    const ended = call.end('unavailable');
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    caller.ack();
    const bye = await world.peer.next('BYE');
    expect(await isSettled(ended)).to.equal(false);
    world.peer.respond(bye, '200 OK');
    await ended;
    expect(world.ends).to.deep.equal([]);
  });

  it('is hung up by us: BYE, and the end with its response', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await answered(world);
    const ended = call.end('unavailable');
    // synchronous: this may be the page's last moment
    expect(world.peer.unread).to.have.length(1);
    const bye = await world.peer.next('BYE');
    expect(bye.start).to.equal('BYE sip:service@192.0.2.9;transport=ws SIP/2.0');
    expect(bye.header('To')).to.include(';tag=caller');
    expect(bye.header('From')).to.include(`;tag=${caller.toTag}`);
    expect(await isSettled(ended)).to.equal(false);
    world.peer.respond(bye, '200 OK');
    await ended;
    caller.send('OPTIONS');
    await world.peer.next('481');
    expect(world.log.includes('ended')).to.equal(false);
  });

  it('both hang up at once: each BYE is answered', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await answered(world);
    const ended = call.end('unavailable');
    const bye = await world.peer.next('BYE');
    caller.send('BYE');
    await world.peer.next('200');
    world.peer.respond(bye, '481 Call/Transaction Does Not Exist');
    await ended;
  });

  it('BYE that is answered with a challenge is sent again with credentials', async () => {
    const world = createPhoneWorld();
    const { call } = await answered(world);
    const ended = call.end('unavailable');
    world.peer.respond(await world.peer.next('BYE'), '401 Unauthorized', {
      headers: [`WWW-Authenticate: ${CHALLENGE}`],
    });
    const again = await world.peer.next('BYE');
    expect(digestFields(again.header('Authorization'))['response']).to.equal(
      digestOf(again, ACCOUNT.password),
    );
    expect(await isSettled(ended)).to.equal(false);
    world.peer.respond(again, '200 OK');
    await ended;
  });

  it('a second one gets 486 while one rings, is answered, and is up', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    const contact = contactOf(world.peer.received[0]!);
    const second = async (): Promise<void> => {
      const other = new Caller(world, contact);
      other.invite();
      await other.response('486');
      other.ackRefusal();
      await turn();
      expect(world.peer.unread).to.deep.equal([]);
    };
    await second();
    const go = world.media.pauseNext('createAnswer');
    call.accept(world.media);
    await turn();
    await second();
    go();
    await caller.response('200');
    caller.ack();
    await world.event('confirmed');
    await second();
    expect(world.calls).to.have.length(1);
    await expectUp(world, caller);
  });

  it('that the phone is too busy for gets 486', async () => {
    const world = createPhoneWorld();
    const contact = await register(world);
    world.busy = true;
    const caller = new Caller(world, contact);
    caller.invite();
    await caller.response('100');
    await caller.response('486');
    caller.ackRefusal();
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
  });

  const ODD: readonly [
    what: string,
    status: string,
    change: (invite: string) => string,
    extra?: RegExp,
  ][] = [
    ['an unknown requirement', '420', (text) => text.replace('Max-Forwards', 'Require: 100rel, timer\r\nMax-Forwards'), /^Unsupported: 100rel$/m],
    ['a body that is no SDP', '415', (text) => text.replace('application/sdp', 'text/html')],
    ['no Contact', '400', (text) => text.replace(/Contact: .*\r\n/, '')],
    ['a Contact for everything', '400', (text) => text.replace(/Contact: .*/, 'Contact: *')],
    ['a Contact that cannot be read', '400', (text) => text.replace(/Contact: .*/, 'Contact: <sip:%zz@x>')],
    ['a From that cannot be read', '400', (text) => text.replace(/From: .*/, 'From: "A" <sip:a b c>;tag=caller')],
  ]; // prettier-ignore
  for (const [what, status, change, extra] of ODD) {
    it(`with ${what} gets ${status}, and nobody rings`, async () => {
      const world = createPhoneWorld();
      const contact = await register(world);
      const caller = new Caller(world, contact);
      const text = caller.text('INVITE', { body: fakeSdp('caller'), toTag: '' });
      world.peer.socket.deliver(change(text));
      const response = await world.peer.next(status);
      if (extra) expect(response.text).to.match(extra);
      await turn();
      expect(world.peer.unread).to.deep.equal([]);
      expect(world.calls).to.deep.equal([]);
      // and the phone is not the worse for it
      const next = new Caller(world, contact);
      next.invite();
      await next.response('100');
      await next.response('180');
    });
  }

  it('sent twice rings once', async () => {
    const world = createPhoneWorld();
    const { caller } = await ring(world);
    caller.invite();
    await caller.response('180');
    await turn();
    expect(world.calls).to.have.length(1);
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('on another way at the same time (merged) gets 482', async () => {
    const world = createPhoneWorld();
    const { caller } = await ring(world);
    caller.send('INVITE', { cseq: 1, branch: 'z9hG4bKother', toTag: '', body: fakeSdp('caller') });
    await world.peer.next('482');
    expect(world.calls).to.have.length(1);
    expect(world.ends).to.deep.equal([]);
  });
});

describe('digits of the caller', () => {
  expectQuietPage();

  it('come by INFO, one by one', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    const bodies = [
      ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
      ['application/dtmf-relay', 'Signal= *\nDuration=160', '*'],
      ['application/dtmf-relay; charset=x', 'duration=1\r\nsignal=#', '#'],
      ['Application/DTMF', 'd', 'D'],
    ] as const;
    for (const [type, body, digit] of bodies) {
      caller.send('INFO', { type, body });
      await world.peer.next('200');
      await world.event(`digit ${digit}`);
    }
  });

  it('300 at once are 300', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    for (let i = 0; i < 300; i++) {
      caller.send('INFO', { type: 'application/dtmf-relay', body: `Signal=${i % 10}\r\n` });
    }
    for (let i = 0; i < 300; i++) {
      await world.peer.next('200');
      await world.event(`digit ${i % 10}`);
    }
  });

  const MALFORMED = [
    'Signal=\r\n',
    'Signal=12\r\n',
    'Signal=X\r\n',
    'Duration=160\r\n',
    '5',
    `${'x'.repeat(300)}\r\nSignal=5`,
    '<b>Signal=5</b>',
    '\u0000',
  ];
  for (const body of MALFORMED) {
    it(`${JSON.stringify(body.slice(0, 20))} gets 400 and is no digit`, async () => {
      const world = createPhoneWorld();
      const { caller } = await answered(world);
      caller.send('INFO', { type: 'application/dtmf-relay', body });
      await world.peer.next('400');
      await expectUp(world, caller);
      expect(world.log.at(-1)).to.equal('confirmed');
    });
  }

  it('of another kind get 415, and an empty INFO 200', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    caller.send('INFO', { type: 'application/media_control+xml', body: '<x/>' });
    await world.peer.next('415');
    caller.send('INFO');
    await world.peer.next('200');
    expect(world.log.at(-1)).to.equal('confirmed');
  });

  it('before the answer, and sent twice, do not count', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    const relay = { type: 'application/dtmf-relay', body: 'Signal=1\r\n' };
    caller.send('INFO', relay);
    await world.peer.next('200');
    call.accept(world.media);
    await caller.response('200');
    caller.ack();
    await world.event('confirmed');
    const again = caller.text('INFO', { ...relay, body: 'Signal=2\r\n' });
    for (let i = 0; i < 2; i++) {
      world.peer.socket.deliver(again);
      await world.peer.next('200');
    }
    expect(world.log.slice(-2)).to.deep.equal(['confirmed', 'digit 2']);
  });
});

describe('a new offer in an incoming call', () => {
  expectQuietPage();

  it('of the caller is answered: hold, and the end of it', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    for (const direction of ['sendonly', 'sendrecv']) {
      caller.send('INVITE', { body: fakeSdp('caller', direction) });
      const ok = await world.peer.next('200');
      expect(ok.body).to.equal(world.media.made.at(-1)?.sdp);
      expect(world.media.applied.at(-1)?.sdp).to.equal(fakeSdp('caller', direction));
      caller.send('ACK', { cseq: caller.cseq });
      await turn();
    }
    await expectUp(world, caller);
  });

  it('of the caller without a description gets ours', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    caller.send('INVITE');
    expect((await world.peer.next('200')).body).to.equal(world.media.made[1]?.sdp);
    caller.send('ACK', { cseq: caller.cseq, body: fakeSdp('caller-again') });
    await turn();
    expect(world.media.applied.at(-1)).to.deep.equal({
      type: 'answer',
      sdp: fakeSdp('caller-again'),
    });
    await expectUp(world, caller);
  });

  it('of the caller that cannot be applied gets 488, and the call goes on', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    world.media.failNext('setRemoteDescription');
    caller.send('INVITE', { body: fakeSdp('caller') });
    await world.peer.next('488');
    caller.send('ACK', { cseq: caller.cseq });
    await expectUp(world, caller);
  });

  it('of ours is a re-INVITE in the dialog', async () => {
    const world = createPhoneWorld();
    const { call, caller, ok } = await answered(world);
    const reinviting = call.reinvite({ iceRestart: false }, NEVER);
    const reinvite = await world.peer.next('INVITE');
    expect(reinvite.start).to.equal('INVITE sip:service@192.0.2.9;transport=ws SIP/2.0');
    expect(contactOf(reinvite)).to.equal(contactOf(ok));
    expect(reinvite.body).to.equal(world.media.made.at(-1)?.sdp);
    world.peer.respond(reinvite, '200 OK', { sdp: fakeSdp('caller', 'inactive') });
    await world.peer.next('ACK');
    await reinviting;
    expect(world.media.applied.at(-1)?.type).to.equal('answer');
    await expectUp(world, caller);
  });

  it('of both at once: theirs gets 491, and ours is made again within 2 s', async () => {
    const world = createPhoneWorld();
    const { call, caller } = await answered(world);
    const reinviting = call.reinvite({ iceRestart: false }, NEVER);
    const reinvite = await world.peer.next('INVITE');
    caller.send('INVITE', { body: fakeSdp('caller', 'sendonly') });
    await world.peer.next('491');
    caller.send('ACK', { cseq: caller.cseq });
    world.peer.respond(reinvite, '491 Request Pending');
    await world.peer.next('ACK');
    await turn();
    // random() is 0.5 here: half of 0 to 2 s, because the Call-ID is the caller's
    world.clock.advance(999);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    world.clock.advance(1);
    const again = await world.peer.next('INVITE');
    world.peer.respond(again, '200 OK', { sdp: fakeSdp('caller', 'inactive') });
    await world.peer.next('ACK');
    await reinviting;
    // and then theirs
    caller.send('INVITE', { body: fakeSdp('caller', 'sendonly') });
    await world.peer.next('200');
    caller.send('ACK', { cseq: caller.cseq });
    await expectUp(world, caller);
  });

  it('of theirs while ours waits for its second try is answered first', async () => {
    const world = createPhoneWorld();
    const { call, caller } = await answered(world);
    const reinviting = call.reinvite({ iceRestart: false }, NEVER);
    world.peer.respond(await world.peer.next('INVITE'), '491 Request Pending');
    await world.peer.next('ACK');
    await turn();
    caller.send('INVITE', { body: fakeSdp('caller', 'sendonly') });
    await world.peer.next('200');
    caller.send('ACK', { cseq: caller.cseq });
    world.clock.advance(1_000);
    world.peer.respond(await world.peer.next('INVITE'), '200 OK', { sdp: fakeSdp('caller') });
    await world.peer.next('ACK');
    await reinviting;
  });

  it('of ours refused leaves the call as it was', async () => {
    const world = createPhoneWorld();
    const { call, caller } = await answered(world);
    const reinviting = rejection(call.reinvite({ iceRestart: false }, NEVER));
    world.peer.respond(await world.peer.next('INVITE'), '488 Not Acceptable Here');
    await world.peer.next('ACK');
    expect(await reinviting).to.include({ reason: 'media-not-supported' });
    expect(world.media.log.at(-1)).to.equal('rollback');
    await expectUp(world, caller);
  });

  it('of ours that gets 481 shows that the call is gone', async () => {
    const world = createPhoneWorld();
    const { call } = await answered(world);
    const reinviting = rejection(call.reinvite({ iceRestart: false }, NEVER));
    world.peer.respond(await world.peer.next('INVITE'), '481 Gone');
    await world.peer.next('ACK');
    await reinviting;
    await world.event('ended');
    expect(world.ends).to.deep.equal(['connection-lost']);
  });
});

describe('transfer', () => {
  expectQuietPage();
  const notify = (caller: Caller, line: string, headers: readonly string[] = []): void =>
    caller.send('NOTIFY', {
      headers: ['Event: refer', 'Subscription-State: active;expires=60', ...headers],
      type: 'message/sipfrag;version=2.0',
      body: `${line}\r\n`,
    });

  it('is a REFER, done when the far end says so', async () => {
    const world = createPhoneWorld();
    const { call, caller } = await answered(world);
    const transferring = call.transfer('sip:menu@example.com', NEVER);
    const refer = await world.peer.next('REFER');
    expect(refer.header('Refer-To')).to.equal('sip:menu@example.com');
    expect(refer.header('Referred-By')).to.equal('<sip:agent@example.com>');
    world.peer.respond(refer, '202 Accepted');
    notify(caller, 'SIP/2.0 100 Trying');
    await world.peer.next('200');
    expect(await isSettled(transferring)).to.equal(false);
    notify(caller, 'SIP/2.0 200 OK');
    await world.peer.next('200');
    await transferring;
    const ended = call.end('unavailable');
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await ended;
    expect(world.clock.pending).to.equal(1); // the refresh of the registration
  });

  it('ended by the far end first is a transfer as well', async () => {
    const world = createPhoneWorld();
    const { call, caller } = await answered(world);
    const transferring = rejection(call.transfer('sip:menu@example.com', NEVER));
    world.peer.respond(await world.peer.next('REFER'), '202 Accepted');
    await turn();
    caller.send('BYE');
    await world.peer.next('200');
    expect(world.ends).to.deep.equal(['transferred']);
    expect(((await transferring) as Error).name).to.equal('AbortError');
  });

  it('the NOTIFY may come before the 202', async () => {
    const world = createPhoneWorld();
    const { call, caller } = await answered(world);
    const transferring = call.transfer('sip:menu@example.com', NEVER);
    const refer = await world.peer.next('REFER');
    notify(caller, 'SIP/2.0 200 OK');
    await world.peer.next('200');
    await transferring;
    world.peer.respond(refer, '202 Accepted');
    await expectUp(world, caller);
  });

  it('promised and then silence: done after 10 s', async () => {
    const world = createPhoneWorld();
    const { call } = await answered(world);
    const transferring = call.transfer('sip:menu@example.com', NEVER);
    world.peer.respond(await world.peer.next('REFER'), '202 Accepted');
    await turn();
    world.clock.advance(9_999);
    expect(await isSettled(transferring)).to.equal(false);
    world.clock.advance(1);
    await transferring;
  });

  for (const [status, reason] of [
    ['405 Method Not Allowed', 'service-unavailable'],
    ['603 Decline', 'declined'],
    ['302 Elsewhere', 'media-not-supported'],
    ['', 'no-answer'],
  ] as const) {
    it(`answered with ${status || 'nothing'} fails, and the call goes on`, async () => {
      const world = createPhoneWorld();
      const { call, caller } = await answered(world);
      const failing = rejection(call.transfer('sip:menu@example.com', NEVER));
      const refer = await world.peer.next('REFER');
      if (status) world.peer.respond(refer, status);
      else {
        world.clock.advance(10_000);
        world.peer.respond(await world.peer.next('OPTIONS'), '200 OK');
      }
      expect(await failing)
        .to.be.instanceOf(CallError)
        .and.include({ reason });
      await expectUp(world, caller);
      // and can be tried again
      const again = call.transfer('sip:menu@example.com', NEVER);
      world.peer.respond(await world.peer.next('REFER'), '202 Accepted');
      notify(caller, 'SIP/2.0 200 OK');
      await world.peer.next('200');
      await again;
    });
  }

  it('that the far end could not make fails with its status, and the call goes on', async () => {
    const world = createPhoneWorld();
    const { call, caller } = await answered(world);
    const failing = rejection(call.transfer('sip:menu@example.com', NEVER));
    world.peer.respond(await world.peer.next('REFER'), '202 Accepted');
    await turn();
    notify(caller, 'SIP/2.0 486 Busy Here');
    await world.peer.next('200');
    expect(await failing).to.include({ reason: 'busy', status: 486 });
    caller.send('BYE');
    await world.peer.next('200');
    expect(world.ends).to.deep.equal(['remote-hung-up']);
  });

  it('a second one at the same time is refused', async () => {
    const world = createPhoneWorld();
    const { call } = await answered(world);
    const first = call.transfer('sip:menu@example.com', NEVER);
    const refer = await world.peer.next('REFER');
    expect(await rejection(call.transfer('sip:menu@example.com', NEVER))).to.be.instanceOf(
      CallError,
    );
    expect(world.peer.unread).to.deep.equal([]);
    world.peer.respond(refer, '603 Decline');
    expect(await rejection(first)).to.include({ reason: 'declined' });
  });

  it('to what is no SIP URI, or before the answer, sends nothing', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    expect(await rejection(call.transfer('sip:menu@example.com', NEVER))).to.be.instanceOf(
      CallError,
    );
    call.accept(world.media);
    await caller.response('200');
    caller.ack();
    await world.event('confirmed');
    for (const target of ['menu', 'sip:menu@example.com>\r\nX-Evil: 1', 'tel:+15551234567']) {
      expect(await rejection(call.transfer(target, NEVER)), target).to.be.instanceOf(CallError);
    }
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('NOTIFY of nothing gets 481, of another event 489, odd ones are no end', async () => {
    const world = createPhoneWorld();
    const { call, caller } = await answered(world);
    notify(caller, 'SIP/2.0 200 OK');
    await world.peer.next('481');
    caller.send('NOTIFY', { headers: ['Event: talk', 'Subscription-State: active'] });
    await world.peer.next('489');
    const transferring = call.transfer('sip:menu@example.com', NEVER);
    world.peer.respond(await world.peer.next('REFER'), '202 Accepted');
    for (const body of ['SIP/2.0 999 What', 'HTTP/1.1 200 OK', '', 'SIP/2.0 200OK']) {
      caller.send('NOTIFY', { headers: ['Event: refer'], type: 'message/sipfrag', body });
      await world.peer.next('200');
    }
    caller.send('NOTIFY', {
      headers: ['Event: refer'],
      type: 'text/plain',
      body: 'SIP/2.0 200 OK',
    });
    await world.peer.next('200');
    expect(await isSettled(transferring)).to.equal(false);
    notify(caller, 'SIP/2.0 200 OK');
    await transferring;
  });

  it('asked of us is declined', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    caller.send('REFER', { headers: ['Refer-To: <sip:evil@example.org>'] });
    await world.peer.next('603');
    await expectUp(world, caller);
    expect(world.peer.unread).to.deep.equal([]);
  });
});

describe('the socket of a phone', () => {
  expectQuietPage();

  it('lost while it rings: the call is lost, and the next one rings on the new socket', async () => {
    const world = createPhoneWorld();
    const { call } = await ring(world);
    const contact = contactOf(world.peer.received[0]!);
    world.peer.socket.drop();
    expect(world.ends).to.deep.equal(['connection-lost']);
    call.accept(world.media);
    expect(world.media.log).to.deep.equal([]);
    world.clock.advance(250);
    grant(world, await world.peer.next('REGISTER'));
    await turn();
    const next = new Caller(world, contact);
    next.invite();
    await next.response('100');
    await next.response('180');
  });

  it('lost in the call: registers first, then a new offer finds the far end', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    world.peer.socket.drop();
    await world.event('failed');
    await world.event('transport-lost');
    world.clock.advance(250);
    const again = await world.peer.next('REGISTER');
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    grant(world, again);
    await world.event('registering');
    await world.event('registered');
    await world.event('transport-restored');
    const reinvite = await world.peer.next('INVITE');
    expect(reinvite.socket).to.equal(world.peer.sockets[1]);
    world.peer.respond(reinvite, '200 OK', { sdp: fakeSdp('caller') });
    await world.peer.next('ACK');
    await expectUp(world, caller);
    caller.send('BYE');
    await world.peer.next('200');
    expect(world.ends).to.deep.equal(['remote-hung-up']);
  });

  it('BYE on the lost socket is not waited for', async () => {
    const world = createPhoneWorld();
    const { call } = await answered(world);
    const ended = call.end('unavailable');
    await world.peer.next('BYE');
    world.peer.socket.drop();
    await ended;
  });

  it('closed with the page while it rings: 480, then the registration is taken back', async () => {
    const world = createPhoneWorld();
    await ring(world);
    const closed = world.line.close();
    // all of it now: there is no later for a page that goes away
    expect(world.peer.unread.map((start) => start.split(' ').slice(0, 2).join(' '))).to.deep.equal([
      'SIP/2.0 480',
      'REGISTER sip:example.com',
    ]);
    await world.peer.next('480');
    world.peer.respond(await world.peer.next('REGISTER'), '200 OK', { contact: null });
    await closed;
    expect(world.ends).to.deep.equal([]);
    expect(world.peer.socket.state).to.equal('closed');
  });

  it('closed with the page in the call: BYE, then the registration is taken back', async () => {
    const world = createPhoneWorld();
    await answered(world);
    const closed = world.line.close();
    expect(world.peer.unread.map((start) => start.split(' ')[0])).to.deep.equal([
      'BYE',
      'REGISTER',
    ]);
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    world.peer.respond(await world.peer.next('REGISTER'), '200 OK', { contact: null });
    await closed;
    expect(world.clock.pending).to.equal(0);
  });

  it('while it is being closed nobody rings', async () => {
    const world = createPhoneWorld();
    const contact = await register(world);
    void world.line.close();
    const caller = new Caller(world, contact);
    await world.peer.next('REGISTER');
    caller.invite();
    await caller.response('100');
    await caller.response('480');
    expect(world.calls).to.deep.equal([]);
  });

  const STRAYS: [method: string, status: string][] = [
    ['OPTIONS', '200'],
    ['MESSAGE', '405'],
    ['REFER', '405'],
    ['NOTIFY', '405'],
    ['INFO', '405'],
    ['BYE', '481'],
    ['CANCEL', '481'],
  ];
  for (const [method, status] of STRAYS) {
    it(`outside a call: ${method} gets ${status}`, async () => {
      const world = createPhoneWorld();
      const contact = await register(world);
      new Caller(world, contact).send(method, { toTag: '' });
      await world.peer.next(status);
      await turn();
      expect(world.peer.unread).to.deep.equal([]);
      expect(world.calls).to.deep.equal([]);
    });
  }
});
