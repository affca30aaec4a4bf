import { expect } from 'chai';
import * as module from '../../src/sip/digest.js';
import { fakeSdp } from '../support/fake-media-session.js';
import { rejection } from '../support/rejection.js';
import {
  createWorld,
  establish,
  expectAlive,
  expectByeEnds,
  expectQuietPage,
  isSettled,
  place,
  type SipWorld,
  turn,
  type WorldOptions,
} from '../support/sip-call.js';
import type { Received } from '../support/sip-peer.js';

const NEVER = new AbortController().signal;

/** What makes credentials comes when the test says so. */
interface LoadingWorld extends SipWorld {
  readonly loads: number;
  arrive(): Promise<void>;
  fail(): Promise<void>;
}

function createLoadingWorld(options: WorldOptions = {}): LoadingWorld {
  let loads = 0;
  let resolve = (_module: typeof module): void => {};
  let reject = (_error: Error): void => {};
  const world = createWorld({
    ...options,
    loadDigest() {
      loads++;
      return new Promise((...settle) => ([resolve, reject] = settle));
    },
  });
  return Object.defineProperties(world, {
    loads: { get: () => loads },
    arrive: {
      value() {
        resolve(module);
        return turn();
      },
    },
    fail: {
      value() {
        reject(new TypeError('Failed to fetch dynamically imported module'));
        return turn();
      },
    },
  }) as LoadingWorld;
}

function challenge(world: SipWorld, request: Received, extra = ''): void {
  world.peer.respond(request, '407 Proxy Authentication Required', {
    headers: [`Proxy-Authenticate: Digest realm="r", nonce="n", qop="auth"${extra}`],
  });
}

const cseqOf = (message: Received): number => parseInt(message.header('CSeq'));

describe('what answers challenges', () => {
  expectQuietPage();

  it('is not loaded in a call that nobody challenges', async () => {
    const world = createLoadingWorld();
    const { dialog } = await establish(world);
    await expectByeEnds(world, dialog);
    expect(world.loads).to.equal(0);
  });

  it('is not loaded where there is nothing to answer with', async () => {
    const world = createLoadingWorld({ request: { pass: null } });
    const { invite } = await place(world);
    challenge(world, invite);
    await world.event('ended');
    expect(world.loads).to.equal(0);
  });

  it('is loaded once, and nothing is sent meanwhile', async () => {
    const world = createLoadingWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '100 Trying');
    challenge(world, invite);
    // as the far end would after a broken socket
    challenge(world, invite);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    await world.arrive();
    expect(cseqOf(await world.peer.next('ACK'))).to.equal(1);
    const again = await world.peer.next('INVITE');
    expect(cseqOf(again)).to.equal(2);
    world.peer.respond(again, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await world.event('answered');
    const dialog = { invite: again, tag: 'callee', cseq: 0 };
    expect(world.loads).to.equal(1);

    await expectAlive(world, dialog);
    await expectByeEnds(world, dialog);
    expect(world.loads).to.equal(1);
    expect(world.clock.pending).to.equal(0);
  });

  for (const [when, provisional] of [
    ['before any other response', false],
    ['after a provisional one', true],
  ] as const) {
    it(`is not waited for by a caller who hangs up, ${when}`, async () => {
      const world = createLoadingWorld();
      const { call, invite } = await place(world);
      if (provisional) world.peer.respond(invite, '183 Session Progress');
      if (provisional) await world.event('ringing');
      challenge(world, invite);
      await call.end();
      // the server has said its last word: there is nothing to CANCEL
      expect(cseqOf(await world.peer.next('ACK'))).to.equal(1);
      expect(world.clock.pending).to.equal(0);
      await world.arrive();
      expect(world.peer.unread).to.deep.equal([]);
      expect(world.ends).to.deep.equal([]);
    });
  }

  it('is not waited for where everything is closed', async () => {
    const world = createLoadingWorld();
    const { invite } = await place(world);
    challenge(world, invite);
    world.signalling.close();
    await world.peer.next('ACK');
    await turn();
    expect(world.peer.socket.state).to.equal('closed');
    expect(world.clock.pending).to.equal(0);
    await world.arrive();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.log).to.deep.equal([]);
  });

  it('cannot be loaded: no connection, and what the server wanted', async () => {
    const world = createLoadingWorld();
    const { invite } = await place(world);
    challenge(world, invite);
    await world.fail();
    await world.peer.next('ACK');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'gateway-unreachable', status: 407 }]);
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.clock.pending).to.equal(0);
  });

  it('is waited for 6 s', async () => {
    const world = createLoadingWorld({
      servers: ['wss://one.example.com', 'wss://two.example.com'],
    });
    const { invite } = await place(world);
    world.clock.advance(5_000);
    challenge(world, invite);
    world.clock.advance(5_999);
    await turn();
    expect(world.log).to.deep.equal([]);
    world.clock.advance(1);
    await world.peer.next('ACK');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'gateway-unreachable', status: 407 }]);
    await world.arrive();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.clock.pending).to.equal(0);
  });

  it('is of no use to a server whose socket has closed: the next one is called, and asks in its turn', async () => {
    const world = createLoadingWorld({
      servers: ['wss://one.example.com', 'wss://two.example.com'],
    });
    const { invite } = await place(world);
    challenge(world, invite);
    world.peer.socket.drop();
    const second = await world.peer.next('INVITE');
    expect(second.socket.url).to.equal('wss://two.example.com');
    expect(cseqOf(second)).to.equal(1);
    await world.arrive();
    expect(world.peer.unread).to.deep.equal([]);
    challenge(world, second);
    await world.peer.next('ACK');
    const again = await world.peer.next('INVITE');
    expect(again.socket.url).to.equal('wss://two.example.com');
    expect(cseqOf(again)).to.equal(2);
    expect(again.header('Proxy-Authorization')).to.match(/^Digest /);
    world.peer.respond(again, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await world.event('answered');
    expect(world.loads).to.equal(1);
    await expectByeEnds(world, { invite: again, tag: 'callee', cseq: 0 });
  });

  it('serves the next server after one that fell silent', async () => {
    const world = createLoadingWorld({
      servers: ['wss://one.example.com', 'wss://two.example.com'],
    });
    const { invite } = await place(world);
    challenge(world, invite);
    await world.arrive();
    await world.peer.next('ACK');
    await world.peer.next('INVITE');
    world.clock.advance(6_000);
    const second = await world.peer.next('INVITE');
    expect(second.header('Proxy-Authorization')).to.equal('');
    challenge(world, second);
    await world.peer.next('ACK');
    expect((await world.peer.next('INVITE')).header('Proxy-Authorization')).to.match(/^Digest /);
    expect(world.loads).to.equal(1);
  });

  it('answers a challenge to the INVITE that a 422 made necessary', async () => {
    const world = createLoadingWorld();
    const { invite } = await place(world);
    challenge(world, invite);
    await world.arrive();
    await world.peer.next('ACK');
    world.peer.respond(await world.peer.next('INVITE'), '422 Session Interval Too Small', {
      headers: ['Min-SE: 300'],
    });
    await world.peer.next('ACK');
    const third = await world.peer.next('INVITE');
    expect(cseqOf(third)).to.equal(3);
    challenge(world, third);
    await world.peer.next('ACK');
    const fourth = await world.peer.next('INVITE');
    expect(cseqOf(fourth)).to.equal(4);
    expect(fourth.header('Min-SE')).to.equal('300');
    expect(fourth.header('Proxy-Authorization')).to.match(/^Digest /);
  });
});

describe('a challenge in the call', () => {
  expectQuietPage();

  it('of a new offer is answered with a CSeq that later requests go on from', async () => {
    const world = createLoadingWorld();
    const { call, dialog } = await establish(world);
    const first = call.reinvite({ iceRestart: false }, NEVER);
    const offer = await world.peer.next('INVITE');
    expect(cseqOf(offer)).to.equal(2);
    challenge(world, offer);
    // as long as it waits, the offer is out
    world.peer.request('INVITE', dialog, { body: fakeSdp('callee') });
    await world.peer.next('491');
    world.peer.request('ACK', dialog, { cseq: dialog.cseq });
    await world.arrive();
    expect(cseqOf(await world.peer.next('ACK'))).to.equal(2);
    const again = await world.peer.next('INVITE');
    expect(cseqOf(again)).to.equal(3);
    expect(again.header('To')).to.include(';tag=callee');
    expect(again.body).to.equal(offer.body);
    world.peer.respond(again, '200 OK', { sdp: fakeSdp('callee') });
    expect(cseqOf(await world.peer.next('ACK'))).to.equal(3);
    await first;

    const second = call.reinvite({ iceRestart: false }, NEVER);
    const later = await world.peer.next('INVITE');
    expect(cseqOf(later)).to.equal(4);
    world.peer.respond(later, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await second;
    await expectByeEnds(world, dialog);
  });

  it('of a digit is answered with a CSeq that later requests go on from', async () => {
    const world = createLoadingWorld();
    const { call, dialog } = await establish(world);
    call.sendDtmfInfo('12');
    const first = await world.peer.next('INFO');
    challenge(world, first);
    await world.arrive();
    const again = await world.peer.next('INFO');
    expect(cseqOf(again)).to.equal(cseqOf(first) + 1);
    expect(again.body).to.equal(first.body);
    world.peer.respond(again, '200 OK');
    await turn();
    world.clock.advance(1_000);
    const second = await world.peer.next('INFO');
    expect(cseqOf(second)).to.equal(cseqOf(again) + 1);
    world.peer.respond(second, '200 OK');
    await expectByeEnds(world, dialog);
  });

  it('of the BYE is answered while the end is waited for', async () => {
    const world = createLoadingWorld();
    const { call } = await establish(world);
    const ended = call.end();
    const bye = await world.peer.next('BYE');
    challenge(world, bye);
    expect(await isSettled(ended)).to.equal(false);
    await world.arrive();
    const again = await world.peer.next('BYE');
    expect(cseqOf(again)).to.equal(cseqOf(bye) + 1);
    expect(again.header('Proxy-Authorization')).to.match(/^Digest /);
    expect(await isSettled(ended)).to.equal(false);
    world.peer.respond(again, '200 OK');
    await ended;
  });

  it('of the BYE is not waited for longer than 2 s', async () => {
    const world = createLoadingWorld();
    const { call } = await establish(world);
    const ended = call.end();
    challenge(world, await world.peer.next('BYE'));
    world.clock.advance(2_000);
    await ended;
    world.signalling.close();
    await turn();
    expect(world.clock.pending).to.equal(0);
    await world.arrive();
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('is a refusal where the answer cannot be loaded, and the next one may be answered', async () => {
    const world = createLoadingWorld();
    const { call, dialog } = await establish(world);
    const refused = rejection(call.reinvite({ iceRestart: false }, NEVER));
    challenge(world, await world.peer.next('INVITE'));
    await world.fail();
    await world.peer.next('ACK');
    expect(await refused).to.include({ reason: 'not-allowed', status: 407 });
    await expectAlive(world, dialog);

    const second = call.reinvite({ iceRestart: false }, NEVER);
    challenge(world, await world.peer.next('INVITE'));
    await world.arrive();
    await world.peer.next('ACK');
    const again = await world.peer.next('INVITE');
    expect(world.loads).to.equal(2);
    world.peer.respond(again, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    await second;
    await expectByeEnds(world, dialog);
  });

  it('of a new offer is not answered any more after the caller has hung up', async () => {
    const world = createLoadingWorld();
    const { call } = await establish(world);
    void rejection(call.reinvite({ iceRestart: false }, NEVER));
    challenge(world, await world.peer.next('INVITE'));
    const ended = call.end();
    await world.peer.next('ACK');
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await ended;
    await world.arrive();
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('of a new offer is not answered any more after the far end has hung up', async () => {
    const world = createLoadingWorld();
    const { call, dialog } = await establish(world);
    void rejection(call.reinvite({ iceRestart: false }, NEVER));
    challenge(world, await world.peer.next('INVITE'));
    world.peer.request('BYE', dialog);
    await world.peer.next('200');
    await world.event('ended');
    await world.arrive();
    expect(world.peer.unread.filter((start) => !start.startsWith('ACK '))).to.deep.equal([]);
    expect(world.ends).to.deep.equal([{ reason: 'remote-hung-up' }]);
  });
});

describe('a challenge for a nonce that was too old', () => {
  expectQuietPage();

  it('is answered once more, and no third time', async () => {
    const world = createLoadingWorld();
    const { invite } = await place(world);
    challenge(world, invite);
    await world.arrive();
    await world.peer.next('ACK');
    const second = await world.peer.next('INVITE');
    challenge(world, second, ', stale=true');
    await world.peer.next('ACK');
    const third = await world.peer.next('INVITE');
    expect(cseqOf(third)).to.equal(3);
    challenge(world, third, ', stale=true');
    await world.peer.next('ACK');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'pass-refused', status: 407 }]);
    expect(world.peer.unread).to.deep.equal([]);
  });
});
