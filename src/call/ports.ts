/**
 * What a call needs from the world. Adapters live in `captcha/`, `pass/`, `sip/` and `media/`; tests bring fakes.
 * Every promise here rejects with a `CallError`, or with an `AbortError` once its signal is aborted.
 */
import type { Clock } from '../shared/clock.js';
import type { CallConfig } from '../shared/config.js';
import type { EndReason } from './errors.js';
export type { Clock } from '../shared/clock.js';
import type { CaptchaProviderName, IceServer, PassRequest, PassResponse } from '../shared/pass.js';

// --- CAPTCHA ---------------------------------------------------------------------------------------------------

/**
 * `loading → ready → solving → solved`; `expired` and `failed` lead back to `ready` by `reset()` or by another try.
 */
export type CaptchaStatus = 'loading' | 'ready' | 'solving' | 'solved' | 'expired' | 'failed';

export interface CaptchaToken {
  readonly value: string;
  /** `Date.now()` when the provider handed it out. */
  readonly issuedAt: number;
}

/** One rendered CAPTCHA in one open form. */
export interface Captcha {
  readonly provider: CaptchaProviderName;
  /**
   * `container`: draws itself into the light-DOM element it was created with.
   * `checkbox`: has no picture of its own; the panel draws a checkbox from `status` and calls `solve` on click.
   */
  readonly presentation: 'container' | 'checkbox';
  readonly status: CaptchaStatus;
  /** Called after each change of `status`; the panel re-renders. */
  onStatusChange: (() => void) | null;
  /**
   * The token at hand if it is fresh, else waits until the visitor (or the machine) has solved the challenge.
   * A token is given out once: after that, and after 90 s, the challenge is asked again.
   * Rejects with `captcha-unavailable`, `captcha-closed`, `captcha-expired` or `captcha-failed`.
   */
  token(signal: AbortSignal): Promise<CaptchaToken>;
  /** Starts solving ahead of `token`, without taking the token. Never rejects: failures show in `status`. */
  solve(): void;
  /** Forgets token and solution: the visitor is asked again. */
  reset(): void;
  /** Removes everything it drew and listens to. Idempotent. */
  dispose(): void;
}

export interface CaptchaOptions {
  /** Light-DOM element to draw into, connected to the document. */
  readonly container: HTMLElement;
  readonly sitekey: string | null;
  /** Other host for the provider's script, already vetted by the launcher. */
  readonly host: string | null;
  readonly gate: string | null;
  readonly target: string;
  /** BCP 47 tag of the form. */
  readonly lang: string;
  readonly theme: 'light' | 'dark';
  readonly size: 'normal' | 'compact';
  readonly label: string;
  /** For the provider's script tag, on pages whose CSP asks for one. */
  readonly nonce: string | undefined;
}

/** Loads the provider and draws it. Rejects with `captcha-unavailable`. */
export type CreateCaptcha = (options: CaptchaOptions, signal: AbortSignal) => Promise<Captcha>;

// --- Pass ------------------------------------------------------------------------------------------------------

export interface PassSource {
  /** Opens the connection ahead of the request, where it may not be open any more. Never throws. */
  warm(signal: AbortSignal): void;
  /**
   * Trades a CAPTCHA token for a pass. One request, never repeated by itself: the token is spent by the first.
   * Rejects with `gate-unreachable`, `gate-error`, `rate-limited`, `captcha-failed`, `captcha-expired`,
   * `captcha-unavailable`, `not-allowed`, `not-found`, `closed` or `service-unavailable`.
   */
  request(request: PassRequest, signal: AbortSignal): Promise<PassResponse>;
}

// --- Media -----------------------------------------------------------------------------------------------------

export interface SessionDescription {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** What the far end sends and whether it lets us send: from the negotiated directions. */
export interface MediaReport {
  /** We are on hold: the far end neither receives our audio. */
  readonly held: boolean;
  readonly remoteAudio: boolean;
  readonly remoteVideo: boolean;
  /** Our camera is on. It is off once the far end has refused video; a hold leaves it on. */
  readonly localVideo: boolean;
  /** The far end's last description takes a picture of ours. */
  readonly videoWanted: boolean;
}

/** As in `MediaDeviceInfo`. */
export type DeviceKind = 'audioinput' | 'videoinput' | 'audiooutput';

export interface Device {
  readonly kind: DeviceKind;
  /** The browser's own, for this site. */
  readonly id: string;
  readonly label: string;
  /** In use. */
  readonly selected: boolean;
}

export interface WantedDevices {
  readonly audio: boolean;
  readonly video: boolean;
  /** These and no others. */
  readonly chosen?: ReadonlyMap<DeviceKind, string> | undefined;
  /** These where they are there, others in their place. */
  readonly preferred?: ReadonlyMap<DeviceKind, string> | undefined;
}

/** Devices before there is a call, for a check of them. */
export interface DeviceAccess {
  /** Rejects with `AbortError`, or with a `CallError` that says what is wrong with the microphone. */
  open(wanted: WantedDevices, signal: AbortSignal): Promise<MediaStream>;
  /** Names are there once a device is open. In use: those of `tracks`, and what was chosen. Never rejects. */
  list(
    chosen: ReadonlyMap<DeviceKind, string>,
    tracks: readonly MediaStreamTrack[],
  ): Promise<readonly Device[]>;
  /** True where the browser says that the visitor need not be asked. Never rejects. */
  permissionGranted(wanted: { video: boolean }): Promise<boolean>;
}

export type QualityLevel = 'good' | 'medium' | 'poor' | 'bad';

export interface QualityReport {
  readonly level: QualityLevel;
  /** What makes it no better: the values beyond the limits of the level above. None where it is `good`. */
  readonly reasons: readonly ('loss' | 'jitter' | 'delay')[];
  /** Share of packets lost, 0 to 1, smoothed; `null`, here and below: not known. */
  readonly loss: number | null;
  /** Milliseconds. */
  readonly jitter: number | null;
  /** One way, milliseconds: half the round-trip time. */
  readonly delay: number | null;
}

/** How media go, in the words of https://www.w3.org/TR/webrtc-stats/; `null`: not known. No addresses. */
export interface MediaPath {
  /** Type of the selected pair's candidates: `host`, `srflx`, `prflx` or `relay`. */
  readonly local: string | null;
  readonly remote: string | null;
  /** `udp` or `tcp`. */
  readonly protocol: string | null;
  /** Between us and a TURN server: `udp`, `tcp` or `tls`. */
  readonly relayProtocol: string | null;
  /** Both ways: `audio/opus`, `video/VP8`. */
  readonly codecs: readonly string[];
}

export interface MediaSessionEvents {
  /** Directions or tracks changed. */
  onReport(report: MediaReport): void;
  /** ICE and DTLS are up, or up again. */
  onConnected(): void;
  /** ICE or DTLS lost for longer than a hiccup. */
  onDisconnected(): void;
  onQuality(report: QualityReport): void;
  /** Now and again while media go. */
  onPath?(path: MediaPath): void;
  /** The first packet from the far end. */
  onFirstPacket?(): void;
  /** The page may not play sound before a gesture (autoplay policy); `play()` from a click cures it. */
  onPlaybackBlocked(): void;
  /** Far-end sound plays, maybe after it was blocked. */
  onPlaying?(): void;
  /** Microphone or camera went away while in use. `replaced`: another one is in use already. */
  onDeviceLost(kind: 'audio' | 'video', replaced: boolean): void;
  /** Somebody speaks into the muted microphone: once for each muting. */
  onMutedSpeech?(): void;
  /** There are other devices to choose from. */
  onDevicesChanged?(): void;
  /** The camera came on in no m-line, or in one agreed as receive-only: the far end sees it only after a new offer. */
  onOfferNeeded?(): void;
}

/**
 * One peer connection with the visitor's devices: made when the form opens, used for one call.
 * Also the seam of the SIP session description handler, which asks it for offers and answers.
 */
export interface MediaSession {
  /** Opens microphone and, if asked, camera. A missing camera is no error: `video` of the result tells. */
  open(wanted: Omit<WantedDevices, 'chosen'>, signal: AbortSignal): Promise<{ video: boolean }>;
  /** Before the first offer. Empty list: no server is asked (never a browser default). */
  configure(ice: { servers: readonly IceServer[]; relayOnly: boolean }): void;
  /**
   * Makes the first offer ahead of `createOffer`, so that candidates are gathered while the devices are being opened.
   * After `configure`. Never throws: what fails, `createOffer` does again.
   */
  prepareOffer(): void;
  createOffer(options: { iceRestart: boolean }, signal: AbortSignal): Promise<SessionDescription>;
  createAnswer(signal: AbortSignal): Promise<SessionDescription>;
  /** Rejects with `media-not-supported` when the browser refuses the description. */
  setRemoteDescription(description: SessionDescription): Promise<void>;
  /** Undoes an unanswered local or remote offer. */
  rollback(): Promise<void>;
  /** The offer/answer state is stable. */
  readonly stable: boolean;
  setAudioMuted(muted: boolean): void;
  /**
   * Muting stops the camera (its light goes off). Unmuting opens it again, in a voice call with an m-line of its own
   * (`onOfferNeeded`). Rejects with what is wrong with the camera as `internal-error`.
   */
  setVideoMuted(muted: boolean, signal: AbortSignal): Promise<void>;
  /** What the visitor may choose from, once a device is open. Never rejects. */
  devices(): Promise<readonly Device[]>;
  /**
   * Uses another device, without a new offer; a camera that is off is opened later. Rejects with a `CallError`: then
   * nothing has changed.
   */
  chooseDevice(kind: DeviceKind, id: string, signal: AbortSignal): Promise<void>;
  /**
   * RFC 4733 through RTCDTMFSender, of `0` to `9`, `A` to `D`, `*`, `#`, and `,`, which pauses 2 s. `false`: not
   * negotiated, use INFO. Queued.
   */
  sendDtmf(digits: string): boolean;
  /** Tries again to play remote media; call it from a gesture. */
  play(): void;
  /** How loud the far end plays here, 0 to 1; `null`: this browser does not let a page say. */
  volume(): Promise<number | null>;
  /** 0 to 1. */
  setVolume(volume: number): void;
  readonly localStream: MediaStream | null;
  readonly remoteStream: MediaStream;
  /** RTP packets of the far end so far. */
  packetsReceived(): Promise<number>;
  /** True where the browser says that the visitor need not be asked. */
  permissionGranted(wanted: { video: boolean }): Promise<boolean>;
  /** Stops every track and closes the peer connection. Synchronous and idempotent. */
  close(): void;
}

/** Local sounds: never sent to the far end. */
export interface Tones {
  /** In a click: lets later sounds play, after `close` as well. */
  unlock(): void;
  startRingback(): void;
  stopRingback(): void;
  /** One audible digit. */
  digit(digit: string): void;
  /** Sounds on another device until `close`, where the browser can do that. */
  setSink(id: string): void;
  close(): void;
}

// --- Signalling ------------------------------------------------------------------------------------------------

export interface InviteRequest {
  /** Full SIP URI. */
  readonly targetUri: string;
  /** Domain of From. */
  readonly domain: string;
  /** Already sanitised. */
  readonly displayName: string;
  readonly callId: string;
  readonly pass: PassResponse | null;
  /** Value of the `User-to-User` header (RFC 7433), or null. */
  readonly userToUser: string | null;
  readonly media: MediaSession;
}

export interface SignallingEvents {
  /** Each response of the far end, before anything comes of it, but for those that only show that it is there. */
  onResponse?(status: number): void;
  /** 180, 181, 182, or 183 without a description. */
  onRinging(): void;
  /** 18x whose description was applied: the far end's sound is on its way. */
  onEarlyMedia(): void;
  onAnswered(): void;
  /** The one and only end: final response, BYE, timeout. Never after `end()` was called. */
  onEnded(end: CallEnd): void;
  /** The WebSocket is gone / is back; the dialog stays. */
  onTransportLost(): void;
  onTransportRestored(): void;
}

export interface CallEnd {
  readonly reason: EndReason;
  /** SIP status code of the final response. */
  readonly status?: number | undefined;
  /** Seconds, from `Retry-After`. */
  readonly retryAfter?: number | undefined;
}

/** A call on its way or established, at the signalling level. */
export interface SignallingCall {
  /** DTMF by INFO (`application/dtmf-relay`). Errors are swallowed: the far end may not know it. */
  sendDtmfInfo(digits: string): void;
  /** New offer to the far end, for added video or an ICE restart. Rejects with a `CallError`. */
  reinvite(options: { iceRestart: boolean }, signal: AbortSignal): Promise<void>;
  /** Asks the far end for a sign of life now, because the network may be another; reconnects at once where it is not. */
  check(): void;
  /**
   * CANCEL or BYE, whatever fits, at once and synchronously as far as the network allows. Resolves when the final
   * response is in, at most 2 s later. Idempotent. No event follows.
   */
  end(): Promise<void>;
}

/** A SIP user agent with its WebSocket: opened with the form, used for one call. */
export interface Signalling {
  /** Opens the WebSocket to the first server that takes it. Rejects with `gateway-unreachable`. */
  connect(signal: AbortSignal): Promise<void>;
  /** Sends the INVITE. Everything that follows comes by event, failures of sending too. */
  invite(
    request: InviteRequest,
    events: SignallingEvents,
    signal: AbortSignal,
  ): Promise<SignallingCall>;
  /** Uses other servers than those of the element (from the gate's answer). No-op when they are the same. */
  useServers(servers: readonly string[]): void;
  /** Closes the WebSocket after transactions have drained, at most 2 s. Idempotent. */
  close(): void;
}

// --- All of them -----------------------------------------------------------------------------------------------

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
