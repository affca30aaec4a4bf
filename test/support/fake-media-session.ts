/**
 * A `MediaSession` without media: descriptions are short texts, and the order of offers and answers is enforced as a
 * peer connection does (RFC 8829 §3.2), so that whoever uses it wrongly hears of it.
 */
import { CallError } from '../../src/call/errors.js';
import type { MediaSession, SessionDescription } from '../../src/call/ports.js';

type Step = 'open' | 'createOffer' | 'createAnswer' | 'setRemoteDescription' | 'rollback';

export interface FakeMediaSession extends MediaSession {
  /** What was asked of it, in order: `createOffer`, `setRemoteDescription:answer`, `setAudioMuted:true`, … */
  readonly log: readonly string[];
  /** Remote descriptions that were applied. */
  readonly applied: readonly SessionDescription[];
  /** Offers and answers that were made. */
  readonly made: readonly SessionDescription[];
  readonly closed: boolean;
  /** The next such step rejects with this. */
  failNext(step: Step, error?: Error): void;
  /** The next such step waits until the function returned is called. */
  pauseNext(step: Step): () => void;
  /** What `sendDtmf` says: RFC 4733 was negotiated. */
  canSendDtmf: boolean;
  /** RTP packets of the far end so far. */
  packets: number;
  /** What `open` finds. */
  hasCamera: boolean;
  granted: boolean;
}

/** An SDP that any parser reads and that names its origin. */
export function fakeSdp(origin: string, direction = 'sendrecv', setup = 'actpass'): string {
  return [
    'v=0',
    `o=${origin} 1 1 IN IP4 192.0.2.1`,
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 0.0.0.0',
    `a=setup:${setup}`,
    `a=${direction}`,
    'a=rtpmap:111 opus/48000/2',
    '',
  ].join('\r\n');
}

export function createFakeMediaSession(): FakeMediaSession {
  const log: string[] = [];
  const applied: SessionDescription[] = [];
  const made: SessionDescription[] = [];
  const failures = new Map<Step, Error>();
  const pauses = new Map<Step, Promise<void>>();
  let state: 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed' = 'stable';

  async function step(name: Step, detail?: string): Promise<void> {
    log.push(detail === undefined ? name : `${name}:${detail}`);
    const pause = pauses.get(name);
    const failure = failures.get(name);
    pauses.delete(name);
    failures.delete(name);
    await pause;
    if (failure !== undefined) throw failure;
  }

  function expectState(...allowed: (typeof state)[]): void {
    if (allowed.includes(state)) return;
    throw new CallError('media-not-supported', `called in state ${state}`);
  }

  function describe(type: 'offer' | 'answer', signal: AbortSignal): SessionDescription {
    signal.throwIfAborted();
    const description = { type, sdp: fakeSdp(`browser-${type}-${made.length + 1}`) };
    made.push(description);
    return description;
  }

  return {
    log,
    applied,
    made,
    canSendDtmf: false,
    packets: 0,
    hasCamera: true,
    granted: false,
    get closed() {
      return state === 'closed';
    },
    get stable() {
      return state === 'stable';
    },
    localStream: null,
    remoteStream: new MediaStream(),
    failNext(name, error = new CallError('media-not-supported', `${name} fails`)) {
      failures.set(name, error);
    },
    pauseNext(name) {
      let go = (): void => {};
      pauses.set(
        name,
        new Promise((resolve) => {
          go = resolve;
        }),
      );
      return () => go();
    },
    async open({ video }, signal) {
      await step('open', video ? 'video' : 'audio');
      signal.throwIfAborted();
      return { video: video && this.hasCamera };
    },
    configure({ servers, relayOnly }) {
      log.push(`configure:${servers.length}${relayOnly ? ':relay' : ''}`);
    },
    prepareOffer() {
      log.push('prepareOffer');
    },
    async createOffer({ iceRestart }, signal) {
      await step('createOffer', iceRestart ? 'restart' : undefined);
      expectState('stable', 'have-local-offer');
      const offer = describe('offer', signal);
      state = 'have-local-offer';
      return offer;
    },
    async createAnswer(signal) {
      await step('createAnswer');
      expectState('have-remote-offer');
      const answer = describe('answer', signal);
      state = 'stable';
      return answer;
    },
    async setRemoteDescription(description) {
      await step('setRemoteDescription', description.type);
      if (description.type === 'offer') expectState('stable');
      else expectState('have-local-offer');
      if (!description.sdp.startsWith('v=0')) {
        throw new CallError('media-not-supported', 'not an SDP');
      }
      applied.push(description);
      state = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    },
    async rollback() {
      await step('rollback');
      expectState('stable', 'have-local-offer', 'have-remote-offer');
      state = 'stable';
    },
    setAudioMuted(muted) {
      log.push(`setAudioMuted:${muted}`);
    },
    setVideoMuted(muted, signal) {
      signal.throwIfAborted();
      log.push(`setVideoMuted:${muted}`);
      return Promise.resolve();
    },
    sendDtmf(digits) {
      if (this.canSendDtmf) log.push(`sendDtmf:${digits}`);
      return this.canSendDtmf;
    },
    devices: () => Promise.resolve([]),
    chooseDevice(kind, id, signal) {
      signal.throwIfAborted();
      log.push(`chooseDevice:${kind}:${id}`);
      return Promise.resolve();
    },
    play() {
      log.push('play');
    },
    volume: () => Promise.resolve(1),
    setVolume(volume) {
      log.push(`setVolume:${volume}`);
    },
    packetsReceived() {
      return Promise.resolve(this.packets);
    },
    permissionGranted() {
      return Promise.resolve(this.granted);
    },
    close() {
      if (state === 'closed') return;
      state = 'closed';
      log.push('close');
    },
  };
}
