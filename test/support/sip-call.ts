/**
 * A `Signalling` of ours against a raw-string SIP peer, with fake media, fake time and a log of what it reports.
 */
import { expect } from 'chai';
import type { CallEnd, InviteRequest, Signalling, SignallingCall } from '../../src/call/ports.js';
import { createSignalling, type SignallingOptions } from '../../src/sip/signalling.js';
import { createFakeMediaSession, type FakeMediaSession, fakeSdp } from './fake-media-session.js';
import { createManualClock, type ManualClock } from './manual-clock.js';
import { type PeerDialog, type Received, type ResponseOptions, SipPeer } from './sip-peer.js';

export const PASS = {
  pass: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzYWxlcyJ9.c2lnbmF0dXJl',
  username: '1790000000:6f1c.sales',
  password: 'kq0mVJzH3m8bWJXo0Jb2n1yq4yYb0Jb2n1yq4yYb0Jk=',
  expiresAt: 1_790_000_000,
};

/** One turn of the event loop: everything that needs no outside event has happened after it. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Whether a promise has settled, without waiting for it. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await turn();
  return settled;
}

/** Every test of the suite fails if anything of it reached the page's `error` or `unhandledrejection`. */
export function expectQuietPage(): void {
  const errors: unknown[] = [];
  const onError = (event: ErrorEvent): void => void errors.push(event.error ?? event.message);
  const onRejection = (event: PromiseRejectionEvent): void => void errors.push(event.reason);
  beforeEach(() => {
    errors.length = 0;
    addEventListener('error', onError);
    addEventListener('unhandledrejection', onRejection);
  });
  afterEach(async () => {
    // rejections are judged at the end of a task, and reported in one of their own
    await turn();
    await new Promise((resolve) => setTimeout(resolve));
    removeEventListener('error', onError);
    removeEventListener('unhandledrejection', onRejection);
    expect(errors).to.deep.equal([]);
  });
}

export interface SipWorld {
  readonly peer: SipPeer;
  readonly media: FakeMediaSession;
  readonly clock: ManualClock;
  readonly signalling: Signalling;
  readonly request: InviteRequest;
  /** Everything reported, in order. */
  readonly log: string[];
  readonly ends: CallEnd[];
  readonly abort: AbortController;
  /** Waits for the next report that was not awaited yet; fails if it is another than expected. */
  event(expected: string): Promise<void>;
  invite(): Promise<SignallingCall>;
}

export interface WorldOptions {
  readonly servers?: readonly string[];
  readonly request?: Partial<InviteRequest>;
  readonly loadDigest?: SignallingOptions['loadDigest'];
}

const open = new Set<Signalling>();
afterEach(() => {
  for (const signalling of open) signalling.close();
  open.clear();
});

let calls = 0;

export function createWorld(options: WorldOptions = {}): SipWorld {
  const peer = new SipPeer();
  const media = createFakeMediaSession();
  const clock = createManualClock();
  const log: string[] = [];
  const ends: CallEnd[] = [];
  const abort = new AbortController();
  const signalling = createSignalling({
    servers: options.servers ?? ['wss://sip.example.com/ws'],
    webSocket: peer.WebSocket,
    clock,
    random: () => 0.5,
    ...(options.loadDigest !== undefined && { loadDigest: options.loadDigest }),
  });
  open.add(signalling);
  const request: InviteRequest = {
    targetUri: 'sip:sales@example.com',
    domain: 'example.com',
    displayName: 'Ada Lovelace',
    callId: `call-${++calls}`,
    pass: PASS,
    userToUser: null,
    media,
    ...options.request,
  };
  let read = 0;
  let wake = (): void => {};
  const report = (name: string) => (): void => {
    log.push(name);
    wake();
  };
  return {
    peer,
    media,
    clock,
    signalling,
    request,
    log,
    ends,
    abort,
    async event(expected) {
      while (log.length <= read) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      expect(log[read++]).to.equal(expected);
    },
    invite: () =>
      signalling.invite(
        request,
        {
          onRinging: report('ringing'),
          onEarlyMedia: report('early-media'),
          onAnswered: report('answered'),
          onEnded(end) {
            ends.push(end);
            report('ended')();
          },
          onTransportLost: report('transport-lost'),
          onTransportRestored: report('transport-restored'),
        },
        abort.signal,
      ),
  };
}

export interface PlacedCall {
  readonly call: SignallingCall;
  readonly invite: Received;
}

/** The INVITE has reached the peer. */
export async function place(world: SipWorld): Promise<PlacedCall> {
  const call = await world.invite();
  return { call, invite: await world.peer.next('INVITE') };
}

export interface AnsweredCall extends PlacedCall {
  readonly dialog: PeerDialog;
  readonly ack: Received;
}

/** The peer has answered, and the ACK has come. */
export async function establish(
  world: SipWorld,
  options: ResponseOptions = {},
): Promise<AnsweredCall> {
  const { call, invite } = await place(world);
  world.peer.respond(invite, '200 OK', { sdp: fakeSdp('callee'), ...options });
  const ack = await world.peer.next('ACK');
  await world.event('answered');
  return { call, invite, ack, dialog: { invite, tag: options.toTag ?? 'callee', cseq: 0 } };
}

/** The call is up: a request of the far end is answered. */
export async function expectAlive(world: SipWorld, dialog: PeerDialog): Promise<void> {
  world.peer.request('OPTIONS', dialog);
  await world.peer.next('200');
  expect(world.ends).to.deep.equal([]);
}

/** The call ends when the far end says so, and in no other way. */
export async function expectByeEnds(world: SipWorld, dialog: PeerDialog): Promise<void> {
  world.peer.request('BYE', dialog);
  await world.peer.next('200');
  await world.event('ended');
  expect(world.ends).to.deep.equal([{ reason: 'remote-hung-up' }]);
}
