/** A call over a path that can be cut: two real peer connections, of which each knows only its end of the path. */
import { expect } from 'chai';
import { RECONNECT_TIMEOUT_MS } from '../../src/call/recovery.js';
import { type Clock, systemClock } from '../../src/shared/clock.js';
import { type Engine, startCall } from '../support/engine.js';
import { closeAll, hears } from '../support/media.js';
import type { PeerDialog, Received } from '../support/sip-peer.js';
import { until } from '../support/until.js';

/** One path: `ours` is where the far end finds us. */
class Path {
  readonly ours: number;
  readonly theirs: number;

  private constructor([ours, theirs]: [number, number]) {
    this.ours = ours;
    this.theirs = theirs;
  }

  static async open(): Promise<Path> {
    const response = await fetch('/udp-relay/open');
    return new Path((await response.json()) as [number, number]);
  }

  async cut(): Promise<void> {
    await fetch(`/udp-relay/cut/${this.ours}`);
  }
}

/** The description with one candidate in place of all. */
function through(sdp: string, port: number): string {
  const candidate = `a=candidate:1 1 udp 2122260223 127.0.0.1 ${port} typ host\r\n`;
  return sdp
    .replace(/^a=(?:candidate:|end-of-candidates).*\r\n/gm, '')
    .replace(/^(?=a=ice-ufrag)/gm, candidate);
}

interface Scene extends Engine {
  readonly dialog: PeerDialog;
  path: Path;
  /** Answers an offer of ours over the path of the moment. */
  answer(offer: Received): Promise<void>;
}

/** Hiccups are waited for a tenth of their time: ICE itself takes its seconds. */
const quick: Clock = { ...systemClock, after: (ms, run) => systemClock.after(ms / 10, run) };

let scene: Scene | null = null;

/** A call that is up, both ends hear each other. */
async function talk(): Promise<Scene> {
  const engine = await startCall(quick);
  const { call, sip, peer, invite } = engine;
  const made: Scene = {
    ...engine,
    dialog: { invite, tag: 'callee', cseq: 0 },
    path: await Path.open(),
    async answer(offer) {
      const { ours, theirs } = made.path;
      const sdp = through(await peer.answer(through(offer.body, ours)), theirs);
      sip.respond(offer, '200 OK', { sdp });
      await sip.next('ACK');
    },
  };
  scene = made;
  await made.answer(invite);
  await until(() => call.snapshot.state === 'established');
  await hears(peer);
  return made;
}

/** The loss shows: the far end is asked whether it is there, and offered a restart. */
async function lost({ call, sip }: Scene): Promise<Received> {
  await until(() => call.snapshot.state === 'reconnecting', 15_000);
  sip.respond(await sip.next('OPTIONS'), '200 OK');
  return sip.next('INVITE');
}

const ufrag = (sdp: string): string | undefined => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];

async function hangUpFromFar({ sip, dialog, call }: Scene): Promise<void> {
  sip.request('BYE', dialog);
  await sip.next('200');
  await until(() => call.snapshot.state === 'ended');
  expect(call.snapshot.outcome).to.include({ reason: 'remote-hung-up' });
}

describe('a call whose network goes away', function () {
  this.timeout(30_000);

  afterEach(async () => {
    scene?.call.dispose();
    await scene?.path.cut();
    scene = null;
    closeAll();
  });

  it('notices, restarts ICE by a re-INVITE, and goes on over the new path', async () => {
    const on = await talk();
    await on.path.cut();
    on.path = await Path.open();
    // the first one meets somebody who cannot
    on.sip.respond(await lost(on), '488 Not Acceptable Here');
    await on.sip.next('ACK');
    await until(() => on.world.clock.pending > 1);
    on.world.clock.advance(5_000);
    const restart = await on.sip.next('INVITE');
    expect(ufrag(restart.body)).not.to.equal(ufrag(on.dialog.invite.body));
    expect(restart.header('To')).to.include(';tag=callee');
    await on.answer(restart);
    await until(() => on.call.snapshot.state === 'established');
    await hears(on.peer);
    expect(on.states.slice(-3)).to.deep.equal(['established', 'reconnecting', 'established']);
    await hangUpFromFar(on);
  });

  it('and is back by the browser’s word, socket and all: nobody waits for a loss to show', async () => {
    const on = await talk();
    on.sip.accept = () => 'refuse';
    on.sip.socket.drop();
    await on.path.cut();
    on.path = await Path.open();
    on.sip.accept = () => 'open';
    dispatchEvent(new Event('online'));
    const restart = await on.sip.next('INVITE');
    expect(restart.socket).to.equal(on.sip.sockets.at(-1));
    expect(ufrag(restart.body)).not.to.equal(ufrag(on.dialog.invite.body));
    await on.answer(restart);
    await hears(on.peer);
    expect(on.states).not.to.include('reconnecting');
    expect(on.call.snapshot.state).to.equal('established');
    await hangUpFromFar(on);
  });

  it('and cannot be restored ends, with BYE, after the limit', async () => {
    const on = await talk();
    await on.path.cut();
    await lost(on);
    on.world.clock.advance(RECONNECT_TIMEOUT_MS - 1);
    expect(on.call.snapshot.state).to.equal('reconnecting');
    on.world.clock.advance(1);
    expect(on.call.snapshot.outcome).to.include({ reason: 'connection-lost' });
    on.sip.respond(await on.sip.next('BYE'), '200 OK');
    await until(() => on.call.snapshot.state === 'ended');
    expect(on.world.clock.pending).to.equal(0);
  });
});
