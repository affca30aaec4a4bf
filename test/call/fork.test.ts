/** An INVITE that rings at two places: three real peer connections, and a raw SIP peer. */
import { expect } from 'chai';
import { RECONNECT_TIMEOUT_MS } from '../../src/call/recovery.js';
import { type Clock, systemClock } from '../../src/shared/clock.js';
import { startCall } from '../support/engine.js';
import { closeAll, hears, Peer } from '../support/media.js';
import { until } from '../support/until.js';

/** Hiccups are waited for a tenth of their time. */
const quick: Clock = { ...systemClock, after: (ms, run) => systemClock.after(ms / 10, run) };

describe('a call that is announced at one place and answered at another', function () {
  this.timeout(30_000);
  afterEach(closeAll);

  // Chromium 156 as the far end does not end the DTLS handshake that it began with its first answer. A gateway that
  // hides forking is spared that
  it('is offered to who answered, and never stays silent: it is heard, or ends', async () => {
    const { call, sip, peer, invite, world } = await startCall(quick);
    sip.respond(invite, '183 Session Progress', {
      sdp: await peer.answer(invite.body),
      toTag: 'announcer',
    });
    await until(() => call.snapshot.state === 'early-media');
    await hears(peer);

    const other = new Peer();
    await other.send({ audio: true });
    sip.respond(invite, '200 OK', { sdp: await other.answer(invite.body), toTag: 'answerer' });
    let offers = 0;
    await until(async () => {
      const [start = ''] = sip.unread;
      const method = start.split(' ')[0] ?? '';
      if (method !== '') {
        const request = await sip.next(method);
        expect(request.header('To')).to.include(';tag=answerer');
        if (method === 'INVITE') {
          offers += 1;
          sip.respond(request, '200 OK', { sdp: await other.answer(request.body) });
        } else if (method !== 'ACK') sip.respond(request, '200 OK');
      }
      const { state } = call.snapshot;
      return offers > 0 && (other.pc.connectionState === 'connected' || state === 'reconnecting');
    }, 15_000);
    if (call.snapshot.state === 'reconnecting') {
      world.clock.advance(RECONNECT_TIMEOUT_MS);
      expect(call.snapshot.outcome).to.include({ reason: 'connection-lost' });
      return;
    }
    await hears(other);
    expect(call.snapshot.state).to.equal('established');
  });
});
