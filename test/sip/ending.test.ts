import { expect } from 'chai';
import { fakeSdp } from '../support/fake-media-session.js';
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
} from '../support/sip-call.js';

function closedSockets(world: SipWorld): boolean {
  return world.peer.sockets.every(({ state }) => state === 'closed');
}

describe('hanging up before the answer', () => {
  expectQuietPage();

  it('sends CANCEL in the same task, and waits for the final response', async () => {
    const world = createWorld();
    const { call, invite } = await place(world);
    world.peer.respond(invite, '180 Ringing');
    await world.event('ringing');
    const ended = call.end();
    expect(world.peer.unread).to.deep.equal(['CANCEL sip:sales@example.com SIP/2.0']);
    const cancel = await world.peer.next('CANCEL');
    // RFC 3261 §9.1: what makes it match the INVITE
    for (const same of ['Via', 'From', 'To', 'Call-ID']) {
      expect(cancel.header(same)).to.equal(invite.header(same));
    }
    expect(cancel.header('CSeq')).to.equal('1 CANCEL');
    world.peer.respond(cancel, '200 OK');
    expect(await isSettled(ended)).to.equal(false);
    world.peer.respond(invite, '487 Request Terminated');
    await world.peer.next('ACK');
    await ended;
    expect(world.log).to.deep.equal(['ringing']);
    expect(world.clock.pending).to.equal(0);
  });

  it('gives up waiting after 2 s', async () => {
    const world = createWorld();
    const { call, invite } = await place(world);
    world.peer.respond(invite, '180 Ringing');
    const ended = call.end();
    world.clock.advance(1_999);
    expect(await isSettled(ended)).to.equal(false);
    world.clock.advance(1);
    await ended;
  });

  it('before any response sends CANCEL as soon as there is one', async () => {
    const world = createWorld();
    const { call, invite } = await place(world);
    const ended = call.end();
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    world.peer.respond(invite, '100 Trying', { toTag: null, contact: null });
    world.peer.respond(await world.peer.next('CANCEL'), '200 OK');
    world.peer.respond(invite, '487 Request Terminated');
    await world.peer.next('ACK');
    await ended;
    expect(world.log).to.deep.equal([]);
  });

  it('before any response that never comes is over after 2 s, without another server', async () => {
    const world = createWorld({ servers: ['wss://one.example.com', 'wss://two.example.com'] });
    const { call } = await place(world);
    const ended = call.end();
    world.clock.advance(2_000);
    await ended;
    world.clock.advance(60_000);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.peer.sockets).to.have.length(1);
    expect(world.log).to.deep.equal([]);
  });

  it('meets a 200 on its way: ACK and BYE', async () => {
    const world = createWorld();
    const { call, invite } = await place(world);
    world.peer.respond(invite, '180 Ringing');
    await world.event('ringing');
    const ended = call.end();
    const cancel = await world.peer.next('CANCEL');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    world.peer.respond(cancel, '481 Call/Transaction Does Not Exist');
    await world.peer.next('ACK');
    const bye = await world.peer.next('BYE');
    expect(bye.start).to.equal('BYE sip:callee@192.0.2.9:5060;transport=ws SIP/2.0');
    expect(await isSettled(ended)).to.equal(false);
    world.peer.respond(bye, '200 OK');
    await ended;
    expect(world.log).to.deep.equal(['ringing']);
    expect(world.media.applied).to.deep.equal([]);
  });

  it('meets a 200 without any provisional response: ACK and BYE', async () => {
    const world = createWorld();
    const { call, invite } = await place(world);
    const ended = call.end();
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await ended;
    expect(world.log).to.deep.equal([]);
  });

  it('while the answer is being applied sends ACK and BYE in the same task, once', async () => {
    const world = createWorld();
    const { call, invite } = await place(world);
    const go = world.media.pauseNext('setRemoteDescription');
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    await turn();
    const ended = call.end();
    expect(world.peer.unread.map((start) => start.split(' ')[0])).to.deep.equal(['ACK', 'BYE']);
    await world.peer.next('ACK');
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await ended;
    go();
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    // the far end has not got our ACK, and says its answer again
    world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee') });
    await world.peer.next('ACK');
    expect(world.log).to.deep.equal([]);
  });
});

describe('hanging up in the call', () => {
  expectQuietPage();

  it('sends BYE in the same task, and waits for its response', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    const ended = call.end();
    expect(world.peer.unread).to.have.length(1);
    const bye = await world.peer.next('BYE');
    expect(bye.header('CSeq')).to.equal('2 BYE');
    expect(await isSettled(ended)).to.equal(false);
    world.peer.respond(bye, '200 OK');
    await ended;
    expect(world.log).to.deep.equal(['answered']);
  });

  it('gives up waiting after 2 s', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    const ended = call.end();
    await world.peer.next('BYE');
    world.clock.advance(2_000);
    await ended;
    expect(world.clock.pending).to.equal(0);
  });

  it('twice is hanging up once', async () => {
    const world = createWorld();
    const { call } = await establish(world);
    const first = call.end();
    const second = call.end();
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await Promise.all([first, second]);
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('crosses a BYE of the far end', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    const ended = call.end();
    const bye = await world.peer.next('BYE');
    world.peer.request('BYE', dialog);
    await world.peer.next('481');
    world.peer.respond(bye, '481 Call/Transaction Does Not Exist');
    await ended;
    expect(world.log).to.deep.equal(['answered']);
  });

  it('silences everything that comes later', async () => {
    const world = createWorld();
    const { call, dialog, invite } = await establish(world);
    const ended = call.end();
    world.peer.respond(await world.peer.next('BYE'), '200 OK');
    await ended;
    world.peer.request('BYE', dialog);
    world.peer.respond(invite, '486 Busy Here');
    world.peer.socket.drop();
    await turn();
    expect(world.log).to.deep.equal(['answered']);
  });
});

describe('the far end', () => {
  expectQuietPage();

  it('hangs up: 200, and one report', async () => {
    const world = createWorld();
    const { call, dialog } = await establish(world);
    await expectByeEnds(world, dialog);
    world.peer.request('BYE', dialog);
    await world.peer.next('481');
    await call.end();
    await turn();
    expect(world.log).to.deep.equal(['answered', 'ended']);
    expect(world.peer.unread).to.deep.equal([]);
  });

  it('hangs up with a request URI that some server has rewritten', async () => {
    for (const uri of [
      'sip:anonymous@anonymous.invalid',
      'sip:192.0.2.7:1234',
      'sips:x@y',
      'tel:1',
    ]) {
      const world = createWorld();
      const { dialog } = await establish(world);
      world.peer.request('BYE', dialog, { uri });
      await world.peer.next('200');
      await world.event('ended');
      expect(world.ends, uri).to.deep.equal([{ reason: 'remote-hung-up' }]);
    }
  });

  it('hangs up in words that SIP.js cannot read: header lines nobody needs', async () => {
    for (const line of [
      'Max-Forwards: lots',
      'Contact: nonsense',
      'Contact: <tel:1>',
      'Record-Route: nonsense',
      'Refer-To: <tel:1>',
      'Content-Type: ///',
      'this line has no colon',
      ': no name',
      `X-Long: ${'x'.repeat(60_000)}`,
    ]) {
      const world = createWorld();
      const { dialog } = await establish(world);
      world.peer.request('BYE', dialog, { headers: [line], body: 'bye', type: 'text/plain' });
      await world.peer.next('200');
      await world.event('ended');
      expect(world.ends, line.slice(0, 40)).to.deep.equal([{ reason: 'remote-hung-up' }]);
    }
  });

  it('that forgets the To tag or takes another is told so', async () => {
    const world = createWorld();
    const { dialog, invite } = await establish(world);
    const text = world.peer.requestText('BYE', dialog);
    world.peer.socket.deliver(text.replace(/(To: .*);tag=\S+/, '$1'));
    await world.peer.next('481');
    world.peer.socket.deliver(text.replace(/(To: .*);tag=\S+/, '$1;tag=other'));
    await world.peer.next('481');
    world.peer.socket.deliver(text.replace(`Call-ID: ${invite.header('Call-ID')}`, 'Call-ID: x'));
    await world.peer.next('481');
    await expectAlive(world, dialog);
  });
});

describe('closing', () => {
  expectQuietPage();

  it('without a call closes the socket', async () => {
    const world = createWorld();
    await world.signalling.connect(world.abort.signal);
    world.signalling.close();
    await turn();
    expect(closedSockets(world)).to.equal(true);
  });

  it('in a call sends BYE first, and closes with its response', async () => {
    const world = createWorld();
    await establish(world);
    world.signalling.close();
    const bye = await world.peer.next('BYE');
    await turn();
    expect(closedSockets(world)).to.equal(false);
    world.peer.respond(bye, '200 OK');
    await turn();
    expect(closedSockets(world)).to.equal(true);
    expect(world.clock.pending).to.equal(0);
    expect(world.log).to.deep.equal(['answered']);
  });

  it('waits for that 2 s', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '180 Ringing');
    world.signalling.close();
    world.signalling.close();
    await world.peer.next('CANCEL');
    world.clock.advance(2_000);
    await turn();
    expect(closedSockets(world)).to.equal(true);
    expect(world.clock.pending).to.equal(0);
  });

  it('after the far end has hung up is at once', async () => {
    const world = createWorld();
    const { dialog } = await establish(world);
    await expectByeEnds(world, dialog);
    world.signalling.close();
    await turn();
    expect(closedSockets(world)).to.equal(true);
  });
});

describe('a second call over the same socket', () => {
  expectQuietPage();

  it('is a call of its own: a refused pass, then a new one', async () => {
    const world = createWorld();
    const first = await place(world);
    world.peer.respond(first.invite, '403 Forbidden');
    await world.peer.next('ACK');
    await world.event('ended');
    await world.media.rollback();

    Object.assign(world.request, { callId: `${world.request.callId}-again` });
    const second = await establish(world);
    expect(world.peer.sockets).to.have.length(1);
    expect(second.invite.header('From')).not.to.equal(first.invite.header('From'));
    expect(second.invite.header('Call-ID')).to.match(/-again$/);
    world.peer.request('BYE', second.dialog);
    await world.peer.next('200');
    await world.event('ended');
    expect(world.ends.map(({ reason }) => reason)).to.deep.equal([
      'pass-refused',
      'remote-hung-up',
    ]);
  });
});
