import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  callPeer,
  closeAll,
  createSession,
  hears,
  inCall,
  NEVER,
  Peer,
  type TestSession,
} from '../support/media.js';
import { rejection } from '../support/rejection.js';
import { until } from '../support/until.js';

const OFFER = { iceRestart: false };
const sections = (sdp: string): string[] => sdp.split(/^m=/m);
const ufrag = (sdp: string): string | undefined => /^a=ice-ufrag:(.*)$/m.exec(sdp)?.[1];

describe('offers of a media session', () => {
  afterEach(closeAll);

  /** A session and its peer connection, which it shows to nobody. */
  function observed(options: { video: boolean }): { session: TestSession; pc: RTCPeerConnection } {
    const Real = RTCPeerConnection;
    let made: RTCPeerConnection | null = null;
    globalThis.RTCPeerConnection = new Proxy(Real, {
      construct: (target, [configuration]: [RTCConfiguration?]) =>
        (made = new target(configuration)),
    });
    try {
      const session = createSession(options);
      return { session, pc: made! };
    } finally {
      globalThis.RTCPeerConnection = Real;
    }
  }

  describe('offers', () => {
    it('offers what browsers and gateways want to see', async () => {
      const session = createSession({ video: true });
      await session.media.open({ audio: true, video: true }, NEVER);
      const { type, sdp } = await session.media.createOffer(OFFER, NEVER);
      expect(type).to.equal('offer');
      const [head, audio = '', video = ''] = sections(sdp);
      expect(head).to.match(/^a=group:BUNDLE 0 1/m);
      const stream = session.media.localStream?.id ?? 'none';
      for (const part of [audio, video]) {
        expect(part).to.match(/^a=setup:actpass/m);
        expect(part).to.match(/^a=rtcp-mux/m);
        expect(part).to.match(/^a=sendrecv/m);
        expect(part).to.include(`a=msid:${stream} `);
        expect(part).to.match(/^a=candidate:\S+ \d udp \d+ [\d.:a-f]+ \d+ typ host/m);
        // balanced: each medium has its own port, should the far end not bundle
        expect(part).not.to.match(/^a=bundle-only/m);
      }
      expect(audio).to.match(/telephone-event/);
    });

    it('asks no server by default, and gathers nothing before the offer', async () => {
      const { session, pc } = observed({ video: true });
      expect(pc.getConfiguration()).to.deep.include({
        iceServers: [],
        bundlePolicy: 'balanced',
        rtcpMuxPolicy: 'require',
      });
      await session.media.open({ audio: true, video: true }, NEVER);
      session.media.configure({ servers: [{ urls: 'stun:127.0.0.1:9' }], relayOnly: true });
      expect(pc.iceGatheringState).to.equal('new');
      expect(pc.localDescription).to.equal(null);
      expect(pc.getConfiguration()).to.include({
        iceTransportPolicy: 'relay',
        bundlePolicy: 'balanced',
      });
      expect(pc.getConfiguration().iceServers?.map(({ urls }) => [urls].flat())).to.deep.equal([
        ['stun:127.0.0.1:9'],
      ]);
    });

    it('goes through a far end that bundles nothing', async () => {
      const session = createSession({ video: true });
      await session.media.open({ audio: true, video: true }, NEVER);
      const peer = new Peer();
      await peer.send({ audio: true, video: true });
      const { sdp } = await session.media.createOffer(OFFER, NEVER);
      const answer = await peer.answer(sdp.replace(/^a=group:BUNDLE.*\r\n/m, ''));
      expect(answer).not.to.match(/a=group:BUNDLE \d/);
      await session.media.setRemoteDescription({ type: 'answer', sdp: answer });
      await until(() => session.log.includes('connected'));
      await hears(peer);
      await until(async () => (await peer.received('video', 'framesDecoded')) > 3);
    });

    it('answers an INVITE without a description by an offer, in the call', async () => {
      const { session, peer } = await inCall({ video: true });
      await callPeer(session, peer);
      expect(session.media.stable).to.equal(true);
      expect(session.report()).to.deep.equal({
        held: false,
        remoteAudio: true,
        remoteVideo: true,
        localVideo: true,
        videoWanted: true,
      });
      await hears(peer);
      expect(session.log).to.deep.equal(['connected']);
    });

    it('restarts ICE, and keeps that in mind when the offer is refused', async () => {
      const { session, peer } = await inCall();
      const before = ufrag((await session.media.createOffer(OFFER, NEVER)).sdp);
      await session.media.rollback();
      const refused = await session.media.createOffer({ iceRestart: true }, NEVER);
      expect(ufrag(refused.sdp)).not.to.equal(before);
      expect(refused.sdp).to.match(/^a=candidate:/m);
      await session.media.rollback();
      const again = await session.media.createOffer(OFFER, NEVER);
      expect(ufrag(again.sdp)).not.to.equal(before);
      await session.media.setRemoteDescription({
        type: 'answer',
        sdp: await peer.answer(again.sdp),
      });
      const after = await session.media.createOffer(OFFER, NEVER);
      expect(ufrag(after.sdp)).to.equal(ufrag(again.sdp));
      await session.media.rollback();
      await hears(peer);
    });
  });

  describe('made ahead', () => {
    it('is what createOffer gives, its candidates gathered before the devices are open', async () => {
      const { session, pc } = observed({ video: true });
      session.media.prepareOffer();
      await until(() => pc.iceGatheringState === 'complete');
      const ahead = pc.localDescription!.sdp;
      await session.media.open({ audio: true, video: true }, NEVER);
      const { sdp } = await session.media.createOffer(OFFER, NEVER);
      expect(sdp).to.equal(ahead);
      const callee = new Peer();
      await callee.send({ audio: true });
      const answer = await callee.answer(sdp);
      await session.media.setRemoteDescription({ type: 'answer', sdp: answer });
      await until(() => session.packets.length === 1);
    });

    it('is waited for where it is not made yet', async () => {
      const { session, pc } = observed({ video: false });
      session.media.prepareOffer();
      const { sdp } = await session.media.createOffer(OFFER, NEVER);
      expect(sdp).to.equal(pc.localDescription!.sdp);
      expect(sdp).to.match(/typ host/);
    });

    it('is made again where there is no camera after all, or where it could not be made', async () => {
      const { session } = observed({ video: true });
      session.media.prepareOffer();
      await session.media.open({ audio: true, video: false }, NEVER);
      const { sdp } = await session.media.createOffer(OFFER, NEVER);
      expect(sections(sdp)[2]).to.match(/^a=recvonly/m);

      const { session: failing, pc } = observed({ video: false });
      Object.assign(pc, { createOffer: () => Promise.reject(new Error('not now')) });
      failing.media.prepareOffer();
      Reflect.deleteProperty(pc, 'createOffer');
      expect((await failing.media.createOffer(OFFER, NEVER)).sdp).to.match(/^m=audio/m);
    });

    it('is made again, with new candidates, where its addresses were still withheld', async () => {
      const { session, pc } = observed({ video: false });
      session.media.prepareOffer();
      await until(() => pc.iceGatheringState === 'complete');
      const real = pc.localDescription!;
      const sdp = real.sdp.replace(/ \S+ (\d+) typ host/g, ' 7f3c.local $1 typ host');
      Object.defineProperty(pc, 'localDescription', {
        configurable: true,
        get: () => ({ type: 'offer', sdp }),
      });
      const offering = session.media.createOffer(OFFER, NEVER);
      await until(() => pc.pendingLocalDescription?.sdp !== real.sdp);
      Reflect.deleteProperty(pc, 'localDescription');
      expect(ufrag((await offering).sdp)).not.to.equal(ufrag(real.sdp));
    });

    it('does nothing once the session is closed', () => {
      const { session, pc } = observed({ video: false });
      session.media.close();
      session.media.prepareOffer();
      expect(pc.signalingState).to.equal('closed');
    });
  });

  describe('waiting for candidates', () => {
    const SILENT_STUN = { servers: [{ urls: 'stun:127.0.0.1:9' }], relayOnly: false };

    it('is not held up by a STUN server that never answers', async () => {
      // by this clock the caps of the policies are never reached
      const clock = createManualClock();
      const quick = createSession({ iceWait: 'first-usable', clock, video: true });
      const slow = createSession({ iceWait: 'complete', clock });
      const control = createSession({ iceWait: 'complete', clock });
      for (const session of [quick, slow, control]) {
        await session.media.open({ audio: true, video: false }, NEVER);
      }
      quick.media.configure(SILENT_STUN);
      slow.media.configure(SILENT_STUN);
      let over = false;
      const late = slow.media.createOffer(OFFER, NEVER).finally(() => (over = true));
      const { sdp } = await quick.media.createOffer(OFFER, NEVER);
      for (const part of sections(sdp).slice(1)) expect(part).to.match(/typ host/);
      await control.media.createOffer(OFFER, NEVER);
      expect(over, 'gathering waits for STUN').to.equal(false);
      clock.advance(5000);
      expect((await late).sdp).to.match(/^a=candidate:/m);
    });

    it('none: sends what is there at once', async () => {
      const session = createSession({ iceWait: 'none' });
      const { sdp } = await session.media.createOffer(OFFER, NEVER);
      expect(sdp).to.match(/^m=audio/m);
    });

    it('gathers nothing but relayed addresses under the relay policy', async () => {
      const session = createSession();
      session.media.configure({ servers: [], relayOnly: true });
      const { sdp } = await session.media.createOffer(OFFER, NEVER);
      expect(sdp).not.to.match(/^a=candidate/m);
    });

    it('refuses servers that are none', () => {
      const { media } = createSession();
      expect(() => media.configure({ servers: [{ urls: 'nonsense' }], relayOnly: false }))
        .to.throw(CallError)
        .with.property('reason', 'misconfigured');
    });

    it('takes lists of URLs with credentials', () => {
      const { media } = createSession();
      media.configure({
        servers: [
          { urls: 'stun:127.0.0.1:9' },
          {
            urls: ['turn:127.0.0.1:9', 'turns:127.0.0.1:9?transport=tcp'],
            username: '9999999999:x',
            credential: 'c2VjcmV0',
          },
        ],
        relayOnly: true,
      });
    });

    it('ends with the signal, and with close', async () => {
      const abort = new AbortController();
      const clock = createManualClock();
      for (const end of [() => abort.abort(), undefined]) {
        const session = createSession({ iceWait: 'complete', clock });
        session.media.configure(SILENT_STUN);
        const offering = rejection(
          session.media.createOffer(OFFER, end === undefined ? NEVER : abort.signal),
        );
        await until(() => clock.pending === 1);
        (end ?? session.media.close)();
        expect(await offering).to.have.property('name', 'AbortError');
        expect(clock.pending).to.equal(0);
      }
    });

    it('does not even begin under an aborted signal', async () => {
      const session = createSession();
      const offering = session.media.createOffer(OFFER, AbortSignal.abort());
      expect(await rejection(offering)).to.have.property('name', 'AbortError');
      expect(session.media.stable).to.equal(true);
    });
  });
});
