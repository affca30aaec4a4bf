/**
 * The whole engine but the panel: call, SIP, and two real peer connections. The far end is a raw SIP peer with a peer
 * connection without any code of ours.
 */
import { Call } from '../../src/call/call.js';
import { createMediaSession } from '../../src/media/media-session.js';
import { type Clock, systemClock } from '../../src/shared/clock.js';
import { onNetworkChange } from '../../src/shared/network.js';
import { createSignalling } from '../../src/sip/signalling.js';
import { REQUEST } from './call-scene.js';
import { CONFIG, createFakeWorld, type FakeWorld } from './fake-ports.js';
import { Peer } from './media.js';
import { type Received, SipPeer } from './sip-peer.js';

export interface Engine {
  readonly call: Call;
  /** Its clock is the call's. */
  readonly world: FakeWorld;
  readonly sip: SipPeer;
  readonly peer: Peer;
  /** Each state once for each time that it was entered. */
  readonly states: readonly string[];
  readonly invite: Received;
}

/** A call whose INVITE has reached the far end. */
export async function startCall(mediaClock: Clock = systemClock): Promise<Engine> {
  const sip = new SipPeer();
  const peer = new Peer();
  await peer.send({ audio: true });
  const world = createFakeWorld();
  const states: string[] = [];
  const call = new Call(
    {
      ...world,
      createMedia: (_config, events) =>
        createMediaSession({ events, video: false, iceWait: 'first-usable', clock: mediaClock }),
      createSignalling: ({ servers }) => createSignalling({ servers, webSocket: sip.WebSocket }),
      onNetworkChange,
    },
    ({ state }) => {
      if (states.at(-1) !== state) states.push(state);
    },
  );
  void call.start({ ...CONFIG, gate: null, captcha: 'none' }, REQUEST);
  return { call, world, sip, peer, states, invite: await sip.next('INVITE') };
}
