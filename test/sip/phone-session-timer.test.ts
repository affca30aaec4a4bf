import { expect } from 'chai';
import { fakeSdp } from '../support/fake-media-session.js';
import { expectQuietPage, turn } from '../support/sip-call.js';
import {
  answered,
  Caller,
  createPhoneWorld,
  expectUp,
  grant,
  type PhoneWorld,
  register,
  ring,
} from '../support/sip-phone.js';

const sdp = fakeSdp('caller');
const TIMER = ['Supported: timer', 'Session-Expires: 90;refresher=uac'];

/** Lets time pass, with registrar and caller at work meanwhile. */
async function live(world: PhoneWorld, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await turn();
    world.clock.advance(1_000);
    await turn();
    for (;;) {
      const [start = ''] = world.peer.unread;
      if (start.startsWith('REGISTER')) grant(world, await world.peer.next('REGISTER'), 3_600);
      else if (start.startsWith('OPTIONS')) {
        world.peer.respond(await world.peer.next('OPTIONS'), '200 OK');
      } else break;
    }
  }
}

describe('a session timer of a caller', () => {
  expectQuietPage();

  it('is agreed in the answer, and refreshed by re-INVITE and UPDATE', async () => {
    const world = createPhoneWorld();
    const { caller, ok } = await answered(world, { headers: TIMER });
    expect(ok.header('Session-Expires')).to.equal('90;refresher=uac');
    expect(ok.header('Require')).to.equal('timer');
    expect(ok.header('Supported')).to.match(/\btimer\b/);
    expect(ok.header('Allow')).to.match(/\bUPDATE\b/);
    for (let i = 0; i < 2; i++) {
      await live(world, 55);
      caller.send('UPDATE', { headers: TIMER });
      const update = await caller.response('200');
      expect(update.header('Session-Expires')).to.equal('90;refresher=uac');
      expect(update.body).to.equal('');
      await live(world, 55);
      caller.send('INVITE', { headers: TIMER, body: sdp });
      const invite = await caller.response('200');
      expect(invite.header('Session-Expires')).to.equal('90;refresher=uac');
      caller.send('ACK', { cseq: caller.cseq });
    }
    await expectUp(world, caller);
    await live(world, 60);
    await world.peer.next('BYE');
    await turn();
    expect(world.ends).to.deep.equal(['connection-lost']);
  });

  it('may be ours to refresh', async () => {
    const world = createPhoneWorld();
    const headers = ['Supported: timer', 'Session-Expires: 90;refresher=uas'];
    const { caller, ok } = await answered(world, { headers });
    expect(ok.header('Session-Expires')).to.equal('90;refresher=uas');
    for (let i = 0; i < 2; i++) {
      await live(world, 45);
      const refresh = await world.peer.next('INVITE');
      expect(refresh.header('Session-Expires')).to.equal('90;refresher=uac');
      world.peer.respond(refresh, '200 OK', {
        sdp,
        headers: ['Session-Expires: 90;refresher=uac'],
      });
      await world.peer.next('ACK');
    }
    await expectUp(world, caller);
  });

  it('too short is refused before it rings', async () => {
    const world = createPhoneWorld();
    const contact = await register(world);
    const caller = new Caller(world, contact, {
      headers: ['Supported: timer', 'Session-Expires: 30'],
    });
    caller.invite();
    expect((await caller.response('422')).header('Min-SE')).to.equal('90');
    expect(world.calls).to.deep.equal([]);
  });

  it('is no business of a caller without one', async () => {
    const world = createPhoneWorld();
    const { caller, ok } = await answered(world);
    expect(ok.header('Session-Expires')).to.equal('');
    await live(world, 3_000);
    await expectUp(world, caller);
  });
});

describe('UPDATE of a caller', () => {
  expectQuietPage();

  it('holds and retrieves', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    for (const direction of ['sendonly', 'sendrecv']) {
      const offer = fakeSdp('caller', direction);
      caller.send('UPDATE', { body: offer });
      expect((await caller.response('200')).body).to.equal(world.media.made.at(-1)?.sdp);
      expect(world.media.applied.at(-1)).to.deep.equal({ type: 'offer', sdp: offer });
    }
    await expectUp(world, caller);
  });

  it('with an offer before the answer gets 500 and a time to come back, without one 200', async () => {
    const world = createPhoneWorld();
    const { caller, call } = await ring(world);
    caller.send('UPDATE', { body: sdp });
    expect((await caller.response('500')).header('Retry-After')).to.equal('5');
    caller.send('UPDATE');
    await caller.response('200');
    call.accept(world.media);
    await caller.response('200');
    caller.ack();
    await world.event('confirmed');
    await expectUp(world, caller);
  });
});
