import type { CallConfig } from '../shared/config.js';
import { type Attempt, openAttempt } from './attempt.js';
import { type CallProgress, createCallProgress } from './call-progress.js';
import type { CallRequest } from './call-setup.js';
import { isInCall, isLive } from './call-state.js';
import { takesDigits } from './digits.js';
import { CallError, type EndReason } from './errors.js';
import type { CallEnd, CallPorts, DeviceKind, MediaPath } from './ports.js';
import { type CallSnapshot, IDLE_SNAPSHOT } from './snapshot.js';

/**
 * One place to call from: prepares, makes and ends calls one after the other, and publishes a snapshot after each
 * change. All steps run towards the ports; all facts come back as reports that go through the transition table.
 */
export class Call {
  readonly #ports: CallPorts;
  readonly #progress: CallProgress;
  #attempt: Attempt | null = null;

  constructor(
    ports: CallPorts,
    onChange: (snapshot: CallSnapshot, previous: CallSnapshot) => void,
  ) {
    this.#ports = ports;
    this.#progress = createCallProgress(ports, onChange);
  }

  get snapshot(): CallSnapshot {
    return this.#progress.snapshot();
  }

  get localStream(): MediaStream | null {
    return this.#attempt?.media.localStream ?? null;
  }

  get remoteStream(): MediaStream | null {
    return this.#attempt?.media.remoteStream ?? null;
  }

  /** How media go, or went last; `null`: not known. */
  get path(): MediaPath | null {
    return this.#progress.recorder().path;
  }

  /** Opens what a call will need soon: WebSocket and peer connection, no device. `discard` undoes it. */
  prepare(config: CallConfig): void {
    if (isLive(this.snapshot.state)) return;
    this.discard();
    try {
      this.#open(config);
    } catch {
      // not worth a word yet: `start` tries again
    }
  }

  /** The press on Call is near. */
  warm(): void {
    this.#attempt?.warm();
  }

  /** Lets go of what `prepare` opened; a call in progress is left alone. */
  discard(): void {
    if (!isLive(this.snapshot.state)) void this.#close();
  }

  /**
   * Starts a call; call it from the visitor's gesture, which unlocks sound.
   * Never rejects: how it went is in the snapshots.
   */
  async start(config: CallConfig, request: CallRequest): Promise<void> {
    if (isLive(this.snapshot.state)) return;
    const video = config.media === 'video';
    if (!this.#progress.start({ videoMuted: !video, videoOffered: video })) return;
    if (this.#attempt?.config !== config) void this.#close();
    try {
      await (this.#attempt ?? this.#open(config)).start(request);
    } catch (error) {
      await this.#end(CallError.from(error));
    }
  }

  /** Ends the call from this side. Synchronous as far as the network allows: usable in `pagehide`. */
  end(reason?: EndReason): void {
    void this.#end({
      reason: reason ?? (isInCall(this.snapshot.state) ? 'hung-up' : 'cancelled'),
    });
  }

  /** Ends and closes everything, for good. */
  dispose(): void {
    this.end('removed');
    this.discard();
  }

  /** From `ended` back to `idle`. */
  reset(): void {
    this.#progress.go('reset', IDLE_SNAPSHOT);
  }

  setAudioMuted(muted: boolean): void {
    const attempt = this.#live;
    if (attempt === null) return;
    attempt.media.setAudioMuted(muted);
    const stale = !muted && this.snapshot.notice === 'muted-speaking';
    this.#progress.publish({ audioMuted: muted, ...(stale && { notice: null }) });
  }

  /** In a voice call unmuting offers the far end video. */
  async setVideoMuted(muted: boolean): Promise<void> {
    await this.#live?.video.setMuted(muted);
  }

  /** The visitor's answer to `videoRequested`. */
  answerVideo(accept: boolean): void {
    this.#live?.video.answer(accept);
  }

  /** Publishes what there is to choose from. */
  async listDevices(): Promise<void> {
    await this.#live?.devices.list();
  }

  /** How loud the far end plays here, 0 to 1: where the snapshot says that it can be set. */
  setVolume(volume: number): void {
    this.#live?.devices.setVolume(volume);
  }

  /** Another microphone, camera or speaker, without a new offer. Never rejects: a failure is a notice. */
  async chooseDevice(kind: DeviceKind, id: string): Promise<void> {
    await this.#live?.devices.choose(kind, id);
  }

  /**
   * RFC 4733 where negotiated, from early media on; else INFO, in an answered call. What is no digit and no `,` is left
   * out.
   */
  sendDtmf(digits: string): void {
    const clean = digits.toUpperCase().replace(/[^\dA-D*#,]/g, '');
    if (clean && takesDigits(this.snapshot.state)) this.#attempt?.sendDtmf(clean);
  }

  /** One key of the keypad: heard here and sent. */
  pressKey(digit: string): void {
    if (!takesDigits(this.snapshot.state)) return;
    this.#ports.tones.digit(digit);
    this.sendDtmf(digit);
  }

  /** From a gesture: plays far-end sound that the browser held back. */
  playSound(): void {
    this.#ports.tones.unlock();
    this.#attempt?.media.play();
    if (this.snapshot.notice === 'sound-blocked') this.dismissNotice();
  }

  dismissNotice(): void {
    this.#progress.publish({ notice: null });
  }

  /** What can be changed now. */
  get #live(): Attempt | null {
    const { state } = this.snapshot;
    return isLive(state) && state !== 'ending' ? this.#attempt : null;
  }

  #open(config: CallConfig): Attempt {
    return (this.#attempt = openAttempt(
      config,
      this.#ports,
      this.#progress,
      (end) => void this.#end(end),
    ));
  }

  /** The one path to the end, whoever asked for it. */
  async #end(end: CallEnd): Promise<void> {
    if (!this.#progress.end(end)) return;
    await this.#close();
    this.#progress.go('ended', { localVideo: false, remoteVideo: false });
  }

  async #close(): Promise<void> {
    const attempt = this.#attempt;
    this.#attempt = null;
    await attempt?.close();
  }
}
