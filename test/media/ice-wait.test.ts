import { expect } from 'chai';
import {
  candidatesGathered,
  COMPLETE_CAP_MS,
  FIRST_USABLE_CAP_MS,
  type GatheringConnection,
  hasUsableCandidates,
} from '../../src/media/ice-wait.js';
import type { IceWait } from '../../src/shared/config.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { rejection } from '../support/rejection.js';

const HOST = 'a=candidate:1 1 udp 2122194687 192.0.2.2 39507 typ host generation 0';
const HOST_FIREFOX = 'a=candidate:0 1 UDP 2122187007 192.0.2.2 54321 typ host';
const HOST_V6 = 'a=candidate:4 1 udp 2122267903 2001:db8::1 47216 typ host generation 0';
const MDNS = 'a=candidate:2 1 udp 2122194687 6ab8f4c2-6d3e.local 39507 typ host generation 0';
const TCP = 'a=candidate:3 1 tcp 1518214911 192.0.2.2 9 typ host tcptype active generation 0';
const REFLEXIVE =
  'a=candidate:5 1 udp 1686052607 198.51.100.7 4444 typ srflx raddr 0.0.0.0 rport 0';
const REFLEXIVE_BEHIND_MDNS =
  'a=candidate:6 1 udp 1686052607 198.51.100.7 4444 typ srflx raddr 6ab8f4c2.local rport 0';
const RELAY = 'a=candidate:7 1 udp 41885439 203.0.113.9 50000 typ relay raddr 0.0.0.0 rport 0';

/** A description with these candidates per medium. */
function sdp(...media: readonly (readonly string[])[]): string {
  const parts = media.map((lines, i) => [`m=${i === 0 ? 'audio' : 'video'} 9 X 0`, ...lines]);
  return ['v=0', 's=-', ...parts.flat(), ''].join('\r\n');
}

describe('hasUsableCandidates', () => {
  for (const [name, line, usable] of [
    ['a host address', HOST, true],
    ['a host address in Firefox spelling', HOST_FIREFOX, true],
    ['an IPv6 address', HOST_V6, true],
    ['a reflexive address', REFLEXIVE, true],
    ['a reflexive address of a hidden host', REFLEXIVE_BEHIND_MDNS, true],
    ['a relayed address', RELAY, true],
    ['a .local name', MDNS, false],
    ['a TCP candidate', TCP, false],
    ['no candidate', 'a=mid:0', false],
  ] as const) {
    it(`${usable ? 'takes' : 'refuses'} ${name}`, () => {
      expect(hasUsableCandidates(sdp([line]), false, true)).to.equal(usable);
    });
  }

  it('takes nothing but relayed addresses under the relay policy', () => {
    expect(hasUsableCandidates(sdp([HOST, REFLEXIVE]), true, true)).to.equal(false);
    expect(hasUsableCandidates(sdp([RELAY]), true, true)).to.equal(true);
  });

  it('wants one for every medium in a first offer, and one at all later', () => {
    expect(hasUsableCandidates(sdp([HOST], [MDNS]), false, true)).to.equal(false);
    expect(hasUsableCandidates(sdp([HOST], [HOST]), false, true)).to.equal(true);
    expect(hasUsableCandidates(sdp([HOST], []), false, false)).to.equal(true);
    expect(hasUsableCandidates(sdp([], []), false, false)).to.equal(false);
  });
});

/** Gathers what the test says. */
class Gathering implements GatheringConnection {
  iceGatheringState: RTCIceGatheringState = 'gathering';
  remoteDescription: RTCSessionDescription | null = null;
  onicecandidate: GatheringConnection['onicecandidate'] = null;
  onicegatheringstatechange: GatheringConnection['onicegatheringstatechange'] = null;
  #lines: string[] = [];

  get localDescription(): RTCSessionDescription {
    return new RTCSessionDescription({ type: 'offer', sdp: sdp(this.#lines) });
  }

  candidate(line: string): void {
    this.#lines.push(line);
    this.onicecandidate?.call(
      this as unknown as RTCPeerConnection,
      new RTCPeerConnectionIceEvent('icecandidate'),
    );
  }

  complete(): void {
    this.iceGatheringState = 'complete';
    this.onicegatheringstatechange?.call(
      this as unknown as RTCPeerConnection,
      new Event('icegatheringstatechange'),
    );
  }
}

describe('candidatesGathered', () => {
  let clock: ManualClock;
  let pc: Gathering;
  beforeEach(() => {
    clock = createManualClock();
    pc = new Gathering();
  });

  /** Starts a wait; `over()` tells whether it has ended, all microtasks done. */
  function wait(
    policy: IceWait,
    { relayOnly = false, signal = new AbortController().signal } = {},
  ): { done: Promise<void>; over: () => Promise<boolean> } {
    let ended = false;
    const done = candidatesGathered(pc, policy, relayOnly, clock, signal);
    done.then(
      () => (ended = true),
      () => (ended = true),
    );
    return {
      done,
      async over() {
        await new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = resolve;
          port2.postMessage(null);
        });
        return ended;
      },
    };
  }

  it('none: does not wait', async () => {
    await wait('none').done;
    expect(clock.pending).to.equal(0);
  });

  it('first-usable: ends with the first address, not with a .local name or TCP', async () => {
    const { done, over } = wait('first-usable');
    pc.candidate(MDNS);
    pc.candidate(TCP);
    expect(await over()).to.equal(false);
    pc.candidate(REFLEXIVE);
    await done;
    expect(clock.pending, 'timers left').to.equal(0);
  });

  it('first-usable: does not wait when the description has what it takes', async () => {
    pc.candidate(HOST);
    await wait('first-usable').done;
    expect(clock.pending).to.equal(0);
  });

  it('first-usable: waits for a relayed address under the relay policy', async () => {
    const { done, over } = wait('first-usable', { relayOnly: true });
    pc.candidate(HOST);
    pc.candidate(REFLEXIVE);
    expect(await over()).to.equal(false);
    pc.candidate(RELAY);
    await done;
  });

  it('first-usable: ends with the end of candidates', async () => {
    const { done, over } = wait('first-usable');
    pc.candidate(MDNS);
    expect(await over()).to.equal(false);
    pc.complete();
    await done;
    expect(clock.pending).to.equal(0);
  });

  it('first-usable: ends after 1500 ms whatever came', async () => {
    const { done, over } = wait('first-usable');
    pc.candidate(MDNS);
    clock.advance(FIRST_USABLE_CAP_MS - 1);
    expect(await over()).to.equal(false);
    clock.advance(1);
    await done;
    expect(FIRST_USABLE_CAP_MS).to.equal(1500);
  });

  it('complete: no candidate ends it but the last', async () => {
    const { done, over } = wait('complete');
    pc.candidate(HOST);
    pc.candidate(RELAY);
    expect(await over()).to.equal(false);
    pc.complete();
    await done;
    expect(clock.pending).to.equal(0);
  });

  it('complete: ends after 5 s', async () => {
    const { done, over } = wait('complete');
    clock.advance(COMPLETE_CAP_MS - 1);
    expect(await over()).to.equal(false);
    clock.advance(1);
    await done;
    expect(COMPLETE_CAP_MS).to.equal(5000);
  });

  it('complete: is not taken in by the state of the gathering before an ICE restart', async () => {
    pc.iceGatheringState = 'complete';
    const { done, over } = wait('complete');
    expect(await over()).to.equal(false);
    pc.iceGatheringState = 'gathering';
    pc.candidate(HOST);
    expect(await over()).to.equal(false);
    pc.complete();
    await done;
  });

  it('complete: does not wait in a call whose candidates are all there', async () => {
    pc.candidate(HOST);
    pc.complete();
    await wait('complete').done;
    expect(clock.pending).to.equal(0);
  });

  for (const policy of ['first-usable', 'complete'] as const) {
    it(`${policy}: rejects with AbortError at once and leaves no timer`, async () => {
      const abort = new AbortController();
      const rejected = rejection(wait(policy, { signal: abort.signal }).done);
      abort.abort();
      expect(await rejected).to.have.property('name', 'AbortError');
      expect(clock.pending).to.equal(0);
    });
  }
});
