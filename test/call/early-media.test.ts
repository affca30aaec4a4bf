/** A far end that answers early: two real peer connections, and a raw SIP peer. */
import { expect } from 'chai';
import { startCall } from '../support/engine.js';
import { closeAll, hears } from '../support/media.js';
import { until } from '../support/until.js';

describe('early media', () => {
  afterEach(closeAll);

  it('have ICE and DTLS done while it rings: the first word after the answer is heard', async () => {
    const { call, sip, peer, states, invite } = await startCall();
    const sdp = await peer.answer(invite.body);
    sip.respond(invite, '183 Session Progress', { sdp });
    await until(() => call.snapshot.state === 'early-media');
    await until(() => peer.pc.connectionState === 'connected');
    await hears(peer);
    const [track] = call.remoteStream!.getAudioTracks();
    expect(track?.muted, 'the far end is received').to.equal(false);

    // an announcement that asks for digits: RFC 4733, since INFO wants an answered call
    call.sendDtmf('5');
    expect(sip.unread).to.deep.equal([]);

    let dropped = false;
    peer.pc.addEventListener('connectionstatechange', () => (dropped = true));
    const before = await peer.received('audio', 'packetsReceived');
    sip.respond(invite, '200 OK', { sdp });
    await sip.next('ACK');
    await until(() => call.snapshot.state === 'established');
    await until(async () => (await peer.received('audio', 'packetsReceived')) > before);
    await hears(peer);
    expect(dropped).to.equal(false);
    expect(states.slice(-3)).to.deep.equal(['connecting', 'early-media', 'established']);

    sip.request('BYE', { invite, tag: 'callee', cseq: 0 });
    await sip.next('200');
    await until(() => call.snapshot.state === 'ended');
  });
});
