/**
 * Fakes of every port of a call: they record what was asked of them and let a test play the world.
 */
import type {
  CallPorts,
  Captcha,
  CaptchaToken,
  Device,
  DeviceKind,
  InviteRequest,
  MediaReport,
  MediaSession,
  MediaSessionEvents,
  PassSource,
  Signalling,
  SignallingCall,
  SignallingEvents,
  WantedDevices,
} from '../../src/call/ports.js';
import type { CallConfig } from '../../src/shared/config.js';
import type { PassRequest, PassResponse } from '../../src/shared/pass.js';
import { createManualClock, type ManualClock } from './manual-clock.js';

export const CONFIG: CallConfig = Object.freeze({
  servers: ['wss://sip.example.com/'],
  target: 'sales',
  domain: 'sip.example.com',
  gate: 'https://example.com/gate',
  captcha: 'altcha',
  sitekey: null,
  captchaHost: null,
  media: 'audio',
  callerName: '',
  ringTimeoutMs: 60_000,
  context: null,
  relayOnly: false,
  iceWait: 'first-usable',
  iceServers: [],
} satisfies CallConfig);

export const PASS: PassResponse = {
  pass: 'e30.e30.c2ln',
  username: '9999999999:id.sales',
  password: 'cGFzc3dvcmQ=',
  expiresAt: 9_999_999_999,
};

/** A promise settled from outside; it rejects when its signal aborts, as every port promises. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function defer<T>(signal?: AbortSignal): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  signal?.addEventListener('abort', () => reject(signal.reason));
  return { promise, resolve, reject };
}

export class FakeMedia implements MediaSession {
  readonly calls: string[] = [];
  readonly opened: Deferred<{ video: boolean }>[] = [];
  granted = false;
  closed = 0;
  dtmfNegotiated = true;
  stable = true;
  localStream: MediaStream | null = null;
  remoteStream = new MediaStream();
  videoMuting: Deferred<void> | null = null;
  configured: Parameters<MediaSession['configure']>[0] | null = null;
  readonly events: MediaSessionEvents;

  constructor(events: MediaSessionEvents) {
    this.events = events;
  }

  /** What was asked for last. */
  wanted: Omit<WantedDevices, 'chosen'> | null = null;
  open(wanted: Omit<WantedDevices, 'chosen'>, signal: AbortSignal): Promise<{ video: boolean }> {
    this.wanted = wanted;
    this.calls.push(`open ${wanted.video ? 'video' : 'audio'}`);
    const opened = defer<{ video: boolean }>(signal);
    this.opened.push(opened);
    return opened.promise;
  }
  configure(ice: Parameters<MediaSession['configure']>[0]): void {
    this.configured = ice;
  }
  available: readonly Device[] = [];
  readonly choices: { kind: DeviceKind; id: string; done: Deferred<void> }[] = [];
  devices(): Promise<readonly Device[]> {
    return Promise.resolve(this.available);
  }
  chooseDevice(kind: DeviceKind, id: string, signal: AbortSignal): Promise<void> {
    const done = defer<void>(signal);
    this.choices.push({ kind, id, done });
    return done.promise;
  }
  prepareOffer(): void {
    this.calls.push('prepareOffer');
  }
  createOffer(): Promise<{ type: 'offer'; sdp: string }> {
    return Promise.resolve({ type: 'offer', sdp: '' });
  }
  createAnswer(): Promise<{ type: 'answer'; sdp: string }> {
    return Promise.resolve({ type: 'answer', sdp: '' });
  }
  setRemoteDescription(): Promise<void> {
    return Promise.resolve();
  }
  rollback(): Promise<void> {
    this.calls.push('rollback');
    return Promise.resolve();
  }
  setAudioMuted(muted: boolean): void {
    this.calls.push(`audio ${muted ? 'muted' : 'on'}`);
  }
  setVideoMuted(muted: boolean, signal: AbortSignal): Promise<void> {
    this.calls.push(`video ${muted ? 'muted' : 'on'}`);
    this.videoMuting = defer<void>(signal);
    return this.videoMuting.promise;
  }
  sendDtmf(digits: string): boolean {
    if (this.dtmfNegotiated) this.calls.push(`dtmf ${digits}`);
    return this.dtmfNegotiated;
  }
  play(): void {
    this.calls.push('play');
  }
  loudness: number | null = 1;
  volume(): Promise<number | null> {
    return Promise.resolve(this.loudness);
  }
  setVolume(volume: number): void {
    this.loudness = volume;
  }
  packetsReceived(): Promise<number> {
    return Promise.resolve(0);
  }
  permissionGranted(): Promise<boolean> {
    return Promise.resolve(this.granted);
  }
  close(): void {
    this.closed += 1;
  }
  report(change: Partial<MediaReport> = {}): void {
    this.events.onReport({
      held: false,
      remoteAudio: true,
      remoteVideo: false,
      localVideo: false,
      videoWanted: false,
      ...change,
    });
  }
}

export class FakeDialog implements SignallingCall {
  ended = 0;
  readonly infos: string[] = [];
  readonly reinvites: boolean[] = [];
  /** What becomes of the next ones; by default they are accepted. */
  answer: () => Promise<void> = () => Promise.resolve();
  checks = 0;
  readonly drained = defer<undefined>();

  sendDtmfInfo(digits: string): void {
    this.infos.push(digits);
  }
  reinvite({ iceRestart }: { iceRestart: boolean }): Promise<void> {
    this.reinvites.push(iceRestart);
    return this.answer();
  }
  check(): void {
    this.checks += 1;
  }
  end(): Promise<void> {
    this.ended += 1;
    return this.drained.promise;
  }
}

export class FakeSignalling implements Signalling {
  connects = 0;
  closed = 0;
  servers: readonly string[] | null = null;
  readonly invites: {
    request: InviteRequest;
    events: SignallingEvents;
    dialog: FakeDialog;
    sent: Deferred<SignallingCall>;
  }[] = [];

  connect(): Promise<void> {
    this.connects += 1;
    return Promise.resolve();
  }
  invite(
    request: InviteRequest,
    events: SignallingEvents,
    signal: AbortSignal,
  ): Promise<SignallingCall> {
    const sent = defer<SignallingCall>(signal);
    this.invites.push({ request, events, dialog: new FakeDialog(), sent });
    return sent.promise;
  }
  useServers(servers: readonly string[]): void {
    this.servers = servers;
  }
  close(): void {
    this.closed += 1;
  }
}

export class FakeCaptcha implements Captcha {
  readonly provider = 'altcha';
  readonly presentation = 'checkbox';
  status: Captcha['status'] = 'ready';
  onStatusChange: (() => void) | null = null;
  resets = 0;
  readonly asked: Deferred<CaptchaToken>[] = [];

  token(signal: AbortSignal): Promise<CaptchaToken> {
    const token = defer<CaptchaToken>(signal);
    this.asked.push(token);
    return token.promise;
  }
  solve(): void {
    this.status = 'solving';
  }
  reset(): void {
    this.resets += 1;
  }
  dispose(): void {}
}

export class FakePassSource implements PassSource {
  readonly asked: { request: PassRequest; pass: Deferred<PassResponse> }[] = [];
  warmed = 0;

  warm(): void {
    this.warmed += 1;
  }

  request(request: PassRequest, signal: AbortSignal): Promise<PassResponse> {
    const pass = defer<PassResponse>(signal);
    this.asked.push({ request, pass });
    return pass.promise;
  }
}

export interface FakeWorld extends CallPorts {
  readonly clock: ManualClock;
  readonly medias: FakeMedia[];
  readonly signallings: FakeSignalling[];
  readonly captchas: FakeCaptcha;
  readonly passes: FakePassSource;
  readonly sounds: string[];
  /** Set before a call is made. */
  granted: boolean;
  /** Who listens for another network. */
  readonly networkListeners: Set<() => void>;
}

export function createFakeWorld(): FakeWorld {
  const captchas = new FakeCaptcha();
  const passes = new FakePassSource();
  const sounds: string[] = [];
  let ids = 0;
  const world: FakeWorld = {
    clock: createManualClock(),
    medias: [],
    signallings: [],
    captchas,
    passes,
    sounds,
    granted: false,
    captcha: () => Promise.resolve(captchas),
    createPassSource: ({ gate }) => (gate === null ? null : passes),
    createMedia(_config, events) {
      const media = new FakeMedia(events);
      media.granted = world.granted;
      world.medias.push(media);
      return media;
    },
    createSignalling() {
      const signalling = new FakeSignalling();
      world.signallings.push(signalling);
      return signalling;
    },
    tones: {
      unlock: () => sounds.push('unlock'),
      startRingback: () => sounds.push('ringback'),
      stopRingback: () => sounds.push('quiet'),
      digit: (digit) => sounds.push(digit),
      setSink: (id) => sounds.push(`on ${id}`),
      close: () => sounds.push('closed'),
    },
    browser: 'Test 1',
    createCallId: () => `call-${++ids}`,
    networkListeners: new Set(),
    onNetworkChange(run) {
      world.networkListeners.add(run);
      return () => world.networkListeners.delete(run);
    },
  };
  return world;
}
