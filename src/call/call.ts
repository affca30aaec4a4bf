/**
 * One call from the press on Call to its end. Longer than most files, because whatever changes the one snapshot and the
 * one attempt stands here, in the order of a call; what has a life of its own is beside it: admission, video, recovery,
 * report, transition table.
 */
import { assertNever } from '../shared/assert-never.js';
import type { CallConfig } from '../shared/config.js';
import type { PassResponse } from '../shared/pass.js';
import { admit } from './admission.js';
import { type CallRecorder, createCallRecorder } from './call-report.js';
import { type CallEvent, isInCall, isLive } from './call-state.js';
import { type CallVideo, createCallVideo } from './call-video.js';
import { takesDigits } from './digits.js';
import { CallError, type EndReason } from './errors.js';
import type {
  CallEnd,
  Captcha,
  Clock,
  DeviceKind,
  MediaPath,
  MediaReport,
  MediaSession,
  MediaSessionEvents,
  PassSource,
  Signalling,
  SignallingCall,
  SignallingEvents,
  Tones,
} from './ports.js';
import { createRecovery, type Recovery } from './recovery.js';
import { type CallNotice, type CallSnapshot, IDLE_SNAPSHOT } from './snapshot.js';
import { targetUri, userToUser } from './target.js';
import { transition } from './transitions.js';

/** Answered, but no media: the call ends (`media-timeout`). */
export const MEDIA_TIMEOUT_MS = 10_000;

/** What a call that is over has no more use for. */
const NOTHING_SAID = {
  notice: null,
  quality: null,
  devices: [],
  volume: null,
  videoRequested: false,
} as const;

function toEnd(error: unknown): CallEnd {
  const { reason, status, retryAfter } = CallError.from(error);
  return {
    reason,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

export interface CallPorts {
  /** The form's CAPTCHA, as soon as it is loaded; shown again where the form was left already. */
  captcha(signal: AbortSignal): Promise<Captcha>;
  /** `null` where the administrator uses no gate. */
  createPassSource(config: CallConfig): PassSource | null;
  createMedia(config: CallConfig, events: MediaSessionEvents): MediaSession;
  createSignalling(config: CallConfig): Signalling;
  readonly tones: Tones;
  readonly clock: Clock;
  /** Family and major version, for the report of a call. */
  readonly browser: string;
  /** A SIP Call-ID nobody can guess (RFC 3261 §8.1.1.4). */
  createCallId(): string;
  /** Calls back when the device is back on a network, or on another. Returns what ends that. */
  onNetworkChange(run: () => void): () => void;
}

/** What the visitor says in the form. */
export interface CallRequest {
  /** Already sanitised. */
  readonly name: string;
  /** JSON for the callee, or `null`: see `context` in DESIGN section 4. */
  readonly context: string | null;
  /** `false`: begins a video call with the camera off, and without a question about it. */
  readonly camera: boolean;
  /** What the visitor chose before the call; others stand in for what is not there any more. */
  readonly devices?: ReadonlyMap<DeviceKind, string>;
  /** How loud the far end begins, 0 to 1; `null`: as loud as the device is set. */
  readonly volume?: number | null;
}

type Timer = 'ring' | 'media';

/** What one call holds open; all of it is let go of in `#release`. */
interface Attempt {
  readonly config: CallConfig;
  readonly passSource: PassSource | null;
  readonly abort: AbortController;
  readonly media: MediaSession;
  readonly video: CallVideo;
  readonly recovery: Recovery;
  readonly signalling: Signalling;
  readonly timers: Map<Timer, () => void>;
  readonly leaveNetwork: () => void;
  dialog: SignallingCall | null;
  request: CallRequest;
  mediaUp: boolean;
  held: boolean;
  passRetried: boolean;
}

const wantedDevices = ({ config, request }: Attempt) => ({
  audio: true,
  video: config.media === 'video' && request.camera,
  preferred: request.devices,
});

/**
 * One place to call from: prepares, makes and ends calls one after the other, and publishes a snapshot after each
 * change. All steps run towards the ports; all facts come back as reports that go through the transition table.
 */
export class Call {
  readonly #ports: CallPorts;
  readonly #onChange: (snapshot: CallSnapshot, previous: CallSnapshot) => void;
  #snapshot: CallSnapshot = IDLE_SNAPSHOT;
  #attempt: Attempt | null = null;
  #recorder: CallRecorder;

  constructor(
    ports: CallPorts,
    onChange: (snapshot: CallSnapshot, previous: CallSnapshot) => void,
  ) {
    this.#ports = ports;
    this.#recorder = createCallRecorder(ports.clock, ports.browser);
    this.#onChange = onChange;
  }

  get snapshot(): CallSnapshot {
    return this.#snapshot;
  }

  get localStream(): MediaStream | null {
    return this.#attempt?.media.localStream ?? null;
  }

  get remoteStream(): MediaStream | null {
    return this.#attempt?.media.remoteStream ?? null;
  }

  /** How media go, or went last; `null`: not known. */
  get path(): MediaPath | null {
    return this.#recorder.lastPath();
  }

  /** Opens what a call will need soon: WebSocket and peer connection, no device. `discard` undoes it. */
  prepare(config: CallConfig): void {
    if (isLive(this.#snapshot.state)) return;
    this.discard();
    try {
      this.#open(config);
    } catch {
      // not worth a word yet: `start` tries again
    }
  }

  /** The press on Call is near. */
  warm(): void {
    this.#attempt?.passSource?.warm(this.#attempt.abort.signal);
  }

  /** Lets go of what `prepare` opened; a call in progress is left alone. */
  discard(): void {
    if (this.#attempt !== null && !isLive(this.#snapshot.state)) void this.#release(this.#attempt);
  }

  /**
   * Starts a call; call it from the visitor's gesture, which unlocks sound.
   * Never rejects: how it went is in the snapshots.
   */
  async start(config: CallConfig, request: CallRequest): Promise<void> {
    if (isLive(this.#snapshot.state)) return;
    this.#recorder = createCallRecorder(this.#ports.clock, this.#ports.browser);
    if (
      !this.#go('start', {
        ...IDLE_SNAPSHOT,
        videoMuted: config.media === 'audio',
        videoOffered: config.media === 'video',
      })
    )
      return;
    if (this.#attempt !== null && this.#attempt.config !== config)
      void this.#release(this.#attempt);
    let attempt: Attempt;
    try {
      attempt = this.#attempt ?? this.#open(config);
    } catch (error) {
      if (this.#leave(toEnd(error))) this.#go('ended');
      return;
    }
    attempt.request = request;
    // the longest way comes first
    const opened = this.#openMedia(attempt);
    this.#ports.tones.unlock();
    const speaker = request.devices?.get('audiooutput');
    if (speaker !== undefined) this.#ports.tones.setSink(speaker);
    if (typeof request.volume === 'number') attempt.media.setVolume(request.volume);
    attempt.media.play();
    try {
      const pass = await this.#admitWithMedia(attempt, opened);
      await this.#invite(attempt, pass);
    } catch (error) {
      this.#fail(attempt, error);
    }
  }

  /** Ends the call from this side. Synchronous as far as the network allows: usable in `pagehide`. */
  end(reason?: EndReason): void {
    const attempt = this.#attempt;
    if (attempt === null || !isLive(this.#snapshot.state)) return;
    this.#finish(attempt, {
      reason: reason ?? (isInCall(this.#snapshot.state) ? 'hung-up' : 'cancelled'),
    });
  }

  /** Ends and closes everything, for good. */
  dispose(): void {
    this.end('removed');
    this.discard();
  }

  /** From `ended` back to `idle`. */
  reset(): void {
    this.#go('reset', IDLE_SNAPSHOT);
  }

  setAudioMuted(muted: boolean): void {
    if (!this.#live()) return;
    this.#attempt?.media.setAudioMuted(muted);
    const stale = !muted && this.#snapshot.notice === 'muted-speaking';
    this.#publish({ audioMuted: muted, ...(stale && { notice: null }) });
  }

  /** In a voice call unmuting offers the far end video. */
  async setVideoMuted(muted: boolean): Promise<void> {
    await this.#live()?.video.setMuted(muted);
  }

  /** The visitor's answer to `videoRequested`. */
  answerVideo(accept: boolean): void {
    this.#live()?.video.answer(accept);
  }

  /** Publishes what there is to choose from. */
  async listDevices(): Promise<void> {
    const attempt = this.#live();
    if (attempt === null) return;
    const { media } = attempt;
    const [devices, volume] = await Promise.all([media.devices(), media.volume()]);
    if (this.#live() === attempt) this.#publish({ devices, volume });
  }

  /** How loud the far end plays here, 0 to 1: where the snapshot says that it can be set. */
  setVolume(volume: number): void {
    if (this.#snapshot.volume === null || !(volume >= 0 && volume <= 1)) return;
    this.#live()?.media.setVolume(volume);
    this.#publish({ volume });
  }

  /** Another microphone, camera or speaker, without a new offer. Never rejects: a failure is a notice. */
  async chooseDevice(kind: DeviceKind, id: string): Promise<void> {
    const attempt = this.#live();
    try {
      await attempt?.media.chooseDevice(kind, id, attempt.abort.signal);
      if (kind === 'audiooutput' && this.#live() === attempt) this.#ports.tones.setSink(id);
    } catch {
      if (this.#live() === attempt) this.#publish({ notice: 'device-unavailable' });
    }
    // after a failure too: the list shows what is in use
    await this.listDevices();
  }

  /**
   * RFC 4733 where negotiated, from early media on; else INFO, in an answered call. What is no digit and no `,` is left
   * out.
   */
  sendDtmf(digits: string): void {
    const attempt = this.#attempt;
    const clean = digits.replace(/[^\dA-D*#,]/gi, '');
    if (attempt === null || !clean || !takesDigits(this.#snapshot.state)) return;
    if (!attempt.media.sendDtmf(clean)) attempt.dialog?.sendDtmfInfo(clean);
  }

  /** One key of the keypad: heard here and sent. */
  pressKey(digit: string): void {
    if (!takesDigits(this.#snapshot.state)) return;
    this.#ports.tones.digit(digit);
    this.sendDtmf(digit);
  }

  /** From a gesture: plays far-end sound that the browser held back. */
  playSound(): void {
    this.#ports.tones.unlock();
    this.#attempt?.media.play();
    this.#soundPlays();
  }

  dismissNotice(): void {
    this.#publish({ notice: null });
  }

  #soundPlays(): void {
    if (this.#snapshot.notice === 'sound-blocked') this.#publish({ notice: null });
  }

  #live(): Attempt | null {
    return isLive(this.#snapshot.state) && this.#snapshot.state !== 'ending' ? this.#attempt : null;
  }

  /** Throws where the browser makes no peer connection; nothing is open then. */
  #open(config: CallConfig): Attempt {
    const abort = new AbortController();
    const media = this.#ports.createMedia(
      config,
      this.#mediaEvents(() => attempt),
    );
    const attempt: Attempt = {
      config,
      passSource: this.#ports.createPassSource(config),
      abort,
      media,
      video: createCallVideo({
        media,
        offered: config.media === 'video',
        signal: abort.signal,
        snapshot: () => this.#snapshot,
        publish: (change) => {
          if (this.#attempt === attempt) this.#publish(change);
        },
        reinvite: () =>
          attempt.dialog?.reinvite({ iceRestart: false }, abort.signal) ??
          Promise.reject(new CallError('internal-error', 'no dialog')),
      }),
      recovery: createRecovery({
        clock: this.#ports.clock,
        signal: abort.signal,
        state: () => this.#snapshot.state,
        dialog: () => attempt.dialog,
        onRestart: () => this.#recorder.count('iceRestarts'),
        giveUp: () => this.#finish(attempt, { reason: 'connection-lost' }),
      }),
      signalling: this.#ports.createSignalling(config),
      timers: new Map(),
      leaveNetwork: this.#ports.onNetworkChange(() => {
        if (this.#live() === attempt) attempt.recovery.networkChanged();
      }),
      dialog: null,
      request: { name: '', context: null, camera: true },
      mediaUp: false,
      held: false,
      passRetried: false,
    };
    this.#attempt = attempt;
    // a failure is not worth a word yet: the visitor may never call, and `invite` connects again
    attempt.signalling.connect(abort.signal).catch(() => {});
    attempt.passSource?.warm(abort.signal);
    return attempt;
  }

  async #openMedia(attempt: Attempt): Promise<void> {
    const { media, abort, video } = attempt;
    const { video: camera } = await media.open(wantedDevices(attempt), abort.signal);
    this.#recorder.mark('media');
    video.opened(camera);
  }

  /**
   * A permission prompt must not eat the token's and the pass's life (DESIGN section 5): where there may be one, they
   * wait for the devices.
   */
  async #admitWithMedia(attempt: Attempt, opened: Promise<void>): Promise<PassResponse | null> {
    const { media } = attempt;
    // awaited below; may fail before that
    opened.catch(() => {});
    if (!(await media.permissionGranted(wantedDevices(attempt)))) {
      await opened;
      return this.#admit(attempt);
    }
    const admitted = this.#admit(attempt).then((pass) => {
      media.prepareOffer();
      return pass;
    });
    const [pass] = await Promise.all([admitted, opened]);
    return pass;
  }

  async #admit(attempt: Attempt): Promise<PassResponse | null> {
    const { config, request, passSource, abort, media, signalling } = attempt;
    const pass = await admit(
      config,
      { captcha: (signal) => this.#ports.captcha(signal), passSource },
      request.name,
      (event) => this.#attempt === attempt && this.#go(event),
      abort.signal,
    );
    if (pass !== null) this.#recorder.mark('pass');
    media.configure({
      servers: pass?.iceServers ?? config.iceServers,
      relayOnly: config.relayOnly,
    });
    if (pass?.server !== undefined) signalling.useServers(pass.server.trim().split(/\s+/));
    return pass;
  }

  async #invite(attempt: Attempt, pass: PassResponse | null): Promise<void> {
    const { config, media, signalling, abort } = attempt;
    abort.signal.throwIfAborted();
    const callId = this.#ports.createCallId();
    this.#go('invite', { callId });
    this.#after(attempt, 'ring', config.ringTimeoutMs, () =>
      this.#finish(attempt, { reason: 'no-answer' }),
    );
    const domain = pass?.domain ?? config.domain;
    attempt.dialog = await signalling.invite(
      {
        targetUri: targetUri(config.target, domain),
        domain,
        displayName: attempt.request.name,
        callId,
        pass,
        userToUser: userToUser(attempt.request.context),
        media,
      },
      this.#signallingEvents(attempt),
      abort.signal,
    );
    this.#recorder.mark('invite');
    // the call may have ended while the offer was being made
    if (abort.signal.aborted) void attempt.dialog.end();
  }

  /** A refused pass: the CAPTCHA again, then one new pass (DESIGN section 6). */
  async #retryPass(attempt: Attempt): Promise<void> {
    attempt.passRetried = true;
    attempt.dialog = null;
    this.#cancelTimer(attempt, 'ring');
    this.#ports.tones.stopRingback();
    try {
      await attempt.media.rollback();
      await this.#invite(attempt, await this.#admit(attempt));
    } catch (error) {
      this.#fail(attempt, error);
    }
  }

  #signallingEvents(attempt: Attempt): SignallingEvents {
    const current = (run: () => void) => (): void => {
      if (this.#attempt === attempt && !attempt.abort.signal.aborted) run();
    };
    return {
      onResponse: (status) => current(() => this.#recorder.response(status))(),
      onRinging: current(() => {
        if (!this.#go('ringing')) return;
        this.#ports.tones.startRingback();
        this.#after(attempt, 'ring', attempt.config.ringTimeoutMs, () =>
          this.#finish(attempt, { reason: 'no-answer' }),
        );
      }),
      onEarlyMedia: current(() => {
        if (this.#go('early-media')) this.#ports.tones.stopRingback();
      }),
      onAnswered: current(() => {
        this.#ports.tones.stopRingback();
        this.#cancelTimer(attempt, 'ring');
        if (!this.#go('answered', { answeredAt: this.#ports.clock.now() })) return;
        if (attempt.held) this.#go('hold');
        attempt.video.answered();
        if (attempt.mediaUp) return;
        this.#after(attempt, 'media', MEDIA_TIMEOUT_MS, () =>
          this.#finish(attempt, { reason: 'media-timeout' }),
        );
      }),
      onEnded: (end) =>
        current(() => {
          const again =
            end.reason === 'pass-refused' && !attempt.passRetried && attempt.passSource !== null;
          if (again) void this.#retryPass(attempt);
          else this.#finish(attempt, end);
        })(),
      onTransportLost: current(() => {
        this.#recorder.count('socketLosses');
        // before the answer the far end's responses are lost with the socket: better said at once
        if (isInCall(this.#snapshot.state)) {
          attempt.recovery.socketLost();
        } else this.#finish(attempt, { reason: 'connection-lost' });
      }),
      onTransportRestored: current(() => attempt.recovery.socketRestored()),
    };
  }

  #mediaEvents(of: () => Attempt): MediaSessionEvents {
    const current = (run: (attempt: Attempt) => void): void => {
      const attempt = this.#attempt;
      if (attempt !== null && attempt === of() && isLive(this.#snapshot.state)) run(attempt);
    };
    const notice = (value: CallNotice): void => current(() => this.#publish({ notice: value }));
    return {
      onReport: (report) => current((attempt) => this.#report(attempt, report)),
      onConnected: () =>
        current((attempt) => {
          attempt.mediaUp = true;
          this.#recorder.mark('connected');
          this.#cancelTimer(attempt, 'media');
          if (!this.#go('restored')) return;
          attempt.recovery.mediaRestored();
          if (attempt.held) this.#go('hold');
        }),
      onDisconnected: () =>
        current((attempt) => {
          attempt.mediaUp = false;
          if (this.#go('lost')) attempt.recovery.mediaLost();
        }),
      onOfferNeeded: () => current(({ video }) => video.offer()),
      onQuality: (quality) => current(() => this.#publish({ quality })),
      onPath: (path) => current(() => this.#recorder.path(path)),
      onFirstPacket: () => current(() => this.#recorder.mark('packet')),
      onPlaybackBlocked: () => notice('sound-blocked'),
      onPlaying: () => current(() => this.#soundPlays()),
      onMutedSpeech: () =>
        current(() => {
          // what is said already matters more
          if (this.#snapshot.notice === null) this.#publish({ notice: 'muted-speaking' });
        }),
      onDevicesChanged: () =>
        current(() => {
          if (this.#snapshot.devices.length > 0) void this.listDevices();
        }),
      onDeviceLost: (kind, replaced) => {
        switch (kind) {
          case 'audio': {
            notice(replaced ? 'microphone-replaced' : 'microphone-lost');
            return;
          }
          case 'video': {
            current(() => this.#publish({ notice: 'camera-lost', videoMuted: true }));
            return;
          }
          default:
            return assertNever(kind);
        }
      },
    };
  }

  #report(attempt: Attempt, report: MediaReport): void {
    attempt.held = report.held;
    attempt.video.report(report);
    this.#go(report.held ? 'hold' : 'retrieve');
  }

  #fail(attempt: Attempt, error: unknown): void {
    // after an abort the one who aborted has said why
    if (attempt.abort.signal.aborted || this.#attempt !== attempt) return;
    this.#finish(attempt, toEnd(error));
  }

  /** The one path to the end, whoever asked for it. */
  #finish(attempt: Attempt, end: CallEnd): void {
    if (this.#attempt !== attempt || !this.#leave(end)) return;
    void this.#release(attempt).then(() =>
      this.#go('ended', { localVideo: false, remoteVideo: false }),
    );
  }

  #leave(end: CallEnd): boolean {
    const { state, answeredAt, callId } = this.#snapshot;
    const durationMs = answeredAt === null ? 0 : Math.max(0, this.#ports.clock.now() - answeredAt);
    const early = callId === null || state === 'verifying' || state === 'authorizing';
    const outcome = { ...end, durationMs, early };
    const report = this.#recorder.report(outcome, this.#snapshot);
    return this.#go('end', { outcome, report, ...NOTHING_SAID });
  }

  /** Closes all that an attempt opened: devices at once, the WebSocket when the last response is in. */
  async #release(attempt: Attempt): Promise<void> {
    if (this.#attempt === attempt) this.#attempt = null;
    for (const cancel of attempt.timers.values()) cancel();
    attempt.timers.clear();
    attempt.leaveNetwork();
    this.#ports.tones.close();
    const drained = attempt.dialog?.end();
    attempt.abort.abort();
    attempt.media.close();
    try {
      await drained;
    } finally {
      attempt.signalling.close();
    }
  }

  #after(attempt: Attempt, name: Timer, ms: number, run: () => void): void {
    this.#cancelTimer(attempt, name);
    attempt.timers.set(name, this.#ports.clock.after(ms, run));
  }

  #cancelTimer(attempt: Attempt, name: Timer): void {
    attempt.timers.get(name)?.();
    attempt.timers.delete(name);
  }

  #go(event: CallEvent, change: Partial<CallSnapshot> = {}): boolean {
    const state = transition(this.#snapshot.state, event);
    if (state === null) return false;
    this.#publish({ ...change, state });
    return true;
  }

  #publish(change: Partial<CallSnapshot>): void {
    const previous = this.#snapshot;
    this.#snapshot = Object.freeze({ ...previous, ...change });
    this.#recorder.observe(this.#snapshot, previous);
    this.#onChange(this.#snapshot, previous);
  }
}
