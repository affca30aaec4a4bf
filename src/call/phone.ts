import { assertNever } from '../shared/assert-never.js';
import { MEDIA_TIMEOUT_MS } from './attempt.js';
import { CallError } from './errors.js';
import type {
  AnsweringSession,
  IncomingCall,
  IncomingCallEvents,
  PhoneAccount,
  PhoneEndReason,
  PhoneLine,
  PhoneLineEvents,
  Refusal,
  RingTone,
} from './phone-ports.js';
import { IDLE_PHONE, NO_CALL, type PhoneSnapshot } from './phone-snapshot.js';
import { isTalking, type PhoneEvent, phoneTransition } from './phone-state.js';
import type { Clock, MediaReport, MediaSessionEvents } from './ports.js';
import { RECONNECT_TIMEOUT_MS } from './recovery.js';
import { targetUri } from './target.js';

/** Most digits of the caller that are kept: the last ones. */
export const DIGITS_MAX = 64;

export interface PhonePorts {
  createLine(account: PhoneAccount, events: PhoneLineEvents): PhoneLine;
  createMedia(
    options: Pick<PhoneAccount, 'iceWait'> & { readonly video: boolean },
    events: MediaSessionEvents,
  ): AnsweringSession;
  readonly ringTone: RingTone;
  readonly clock: Clock;
  /** See `CallPorts`. */
  onNetworkChange(run: () => void): () => void;
}

const SILENT: MediaReport = {
  held: false,
  remoteAudio: false,
  remoteVideo: false,
  localVideo: false,
  videoWanted: false,
};

/** What one call holds open; all of it is let go of in `#finish`. */
interface Attempt {
  readonly call: IncomingCall;
  readonly abort: AbortController;
  readonly timers: Map<'media' | 'lost', () => void>;
  readonly leaveNetwork: () => void;
  media: AnsweringSession | null;
  /** Our hold is agreed or asked for: what the media say of a hold says nothing of the caller's. */
  holding: boolean;
  report: MediaReport;
  mediaLost: boolean;
  lineLost: boolean;
}

/**
 * A phone with one line: registers, rings, answers one call at a time, and publishes a snapshot after each change.
 * As in `Call`, steps run towards the ports and facts come back as reports that go through the transition table.
 */
export class Phone {
  readonly #ports: PhonePorts;
  readonly #onChange: (snapshot: PhoneSnapshot, previous: PhoneSnapshot) => void;
  #snapshot: PhoneSnapshot = IDLE_PHONE;
  #account: PhoneAccount | null = null;
  #line: PhoneLine | null = null;
  #attempt: Attempt | null = null;

  constructor(
    ports: PhonePorts,
    onChange: (snapshot: PhoneSnapshot, previous: PhoneSnapshot) => void,
  ) {
    this.#ports = ports;
    this.#onChange = onChange;
  }

  get snapshot(): PhoneSnapshot {
    return this.#snapshot;
  }

  get localStream(): MediaStream | null {
    return this.#attempt?.media?.localStream ?? null;
  }

  get remoteStream(): MediaStream | null {
    return this.#attempt?.media?.remoteStream ?? null;
  }

  /** Registers and keeps registered until `close`; call it from a gesture, which unlocks the ring tone. */
  open(account: PhoneAccount): void {
    void this.close();
    this.#ports.ringTone.unlock();
    const current = (run: () => void): void => {
      if (this.#account === account) run();
    };
    this.#account = account;
    try {
      this.#line = this.#ports.createLine(account, {
        onRegistration: (registration) => current(() => this.#publish({ registration })),
        onCall: (call) => (this.#account === account ? this.#ring(call) : null),
      });
      this.#line.open();
    } catch (error) {
      this.#account = null;
      const { reason } = CallError.from(error, 'misconfigured');
      this.#publish({ registration: { state: 'failed', reason, retrying: false } });
    }
  }

  /** Ends the call, unregisters and disconnects; usable in `pagehide`. Resolves at most 2 s later. */
  async close(): Promise<void> {
    const line = this.#line;
    if (line === null) return;
    this.#account = this.#line = null;
    this.#end('removed', 'unavailable');
    this.#publish({ registration: { state: 'unregistered' } });
    this.#ports.ringTone.close();
    await line.close();
  }

  /** Never rejects: how it went is in the snapshots. Call it from a gesture. */
  async answer({ video }: { video: boolean }): Promise<void> {
    const attempt = this.#attempt;
    const account = this.#account;
    if (attempt === null || account === null || !this.#go('answer', { notice: null })) return;
    this.#ports.ringTone.stop();
    const { call, abort } = attempt;
    const wanted = { audio: true, video: video && call.caller.video !== false };
    try {
      // also to look at theirs, and for a camera later
      const possible = wanted.video || call.caller.video === true;
      const media = this.#ports.createMedia(
        { video: possible, iceWait: account.iceWait },
        this.#mediaEvents(attempt),
      );
      attempt.media = media;
      media.play();
      await media.open(wanted, abort.signal);
      media.configure({ servers: account.iceServers, relayOnly: account.relayOnly });
      this.#publish({ videoPossible: possible });
      this.#after(attempt, 'media', MEDIA_TIMEOUT_MS, () => this.#end('media-timeout'));
      call.accept(media);
    } catch (error) {
      if (abort.signal.aborted) return;
      attempt.media?.close();
      attempt.media = null;
      if (this.#go('retry', { notice: { unanswered: CallError.from(error).reason } })) {
        this.#ports.ringTone.start();
      }
    }
  }

  /** While it rings. */
  decline(refusal: Refusal = 'declined'): void {
    const { state } = this.#snapshot;
    if (state === 'ringing' || state === 'connecting') this.#end('declined', refusal);
  }

  hangUp(): void {
    this.#end(this.#snapshot.state === 'ringing' ? 'declined' : 'hung-up', 'declined');
  }

  /** Never rejects: a refusal is in the notice. */
  async setHold(held: boolean): Promise<void> {
    const attempt = this.#talking();
    if (attempt?.media == null || this.#snapshot.holding === held) return;
    const { media, call, abort } = attempt;
    if (held) attempt.holding = true;
    this.#publish({ busyWith: 'hold', notice: null });
    media.setHold(held);
    try {
      await call.reinvite({ iceRestart: false }, abort.signal);
      attempt.holding = held;
      this.#settle(attempt, { holding: held });
    } catch {
      if (this.#attempt !== attempt) return;
      media.setHold(!held);
      attempt.holding = !held;
      this.#settle(attempt, { notice: 'hold-refused' });
    }
  }

  setAudioMuted(muted: boolean): void {
    const media = this.#attempt?.media;
    if (media == null || this.#snapshot.state === 'ending') return;
    media.setAudioMuted(muted);
    const stale = !muted && this.#snapshot.notice === 'muted-speaking';
    this.#publish({ audioMuted: muted, ...(stale && { notice: null }) });
  }

  /** Not while on hold by us: nobody would see the picture. */
  async setVideoMuted(muted: boolean): Promise<void> {
    const attempt = this.#talking();
    if (attempt?.media == null || this.#snapshot.holding) return;
    try {
      await attempt.media.setVideoMuted(muted, attempt.abort.signal);
    } catch {
      if (this.#attempt === attempt) this.#publish({ notice: 'camera-unavailable' });
    }
  }

  /** Hands the caller over to a service alias of our domain, and leaves. Never rejects. */
  async transfer(alias: string): Promise<void> {
    const attempt = this.#talking();
    const account = this.#account;
    if (attempt === null || account === null) return;
    this.#publish({ busyWith: 'transfer', notice: null });
    try {
      await attempt.call.transfer(targetUri(alias, account.domain), attempt.abort.signal);
      if (this.#attempt === attempt) this.#end('transferred');
    } catch {
      if (this.#attempt === attempt) this.#settle(attempt, { notice: 'transfer-failed' });
    }
  }

  /** From a gesture: plays sound that the browser held back. */
  playSound(): void {
    this.#ports.ringTone.unlock();
    this.#attempt?.media?.play();
    if (this.#snapshot.notice === 'sound-blocked') this.#publish({ notice: null });
  }

  dismissNotice(): void {
    this.#publish({ notice: null });
  }

  /** The attempt of a call that can be changed now. */
  #talking(): Attempt | null {
    const { state, busyWith } = this.#snapshot;
    return isTalking(state) && busyWith === null ? this.#attempt : null;
  }

  #ring(call: IncomingCall): IncomingCallEvents | null {
    if (!this.#go('ring', { ...NO_CALL, caller: call.caller })) return null;
    const attempt: Attempt = {
      call,
      abort: new AbortController(),
      timers: new Map(),
      leaveNetwork: this.#ports.onNetworkChange(() => this.#restore(attempt)),
      media: null,
      holding: false,
      report: SILENT,
      mediaLost: false,
      lineLost: false,
    };
    this.#attempt = attempt;
    this.#ports.ringTone.start();
    const current = (run: () => void): void => {
      if (this.#attempt === attempt) run();
    };
    return {
      onConfirmed: () =>
        current(() => {
          this.#go('confirmed', { answeredAt: this.#ports.clock.now() });
          this.#report(attempt, attempt.report);
        }),
      onDigit: (digit) =>
        current(() =>
          this.#publish({ digits: (this.#snapshot.digits + digit).slice(-DIGITS_MAX) }),
        ),
      onEnded: (reason) => current(() => this.#finish(attempt, reason)),
      onTransportLost: () =>
        current(() => {
          attempt.lineLost = true;
          this.#watch(attempt);
        }),
      onTransportRestored: () =>
        current(() => {
          attempt.lineLost = false;
          this.#watch(attempt);
        }),
    };
  }

  #mediaEvents(attempt: Attempt): MediaSessionEvents {
    const current = (run: () => void): void => {
      if (this.#attempt === attempt) run();
    };
    return {
      onReport: (report) => current(() => this.#report(attempt, report)),
      onConnected: () =>
        current(() => {
          attempt.mediaLost = false;
          attempt.timers.get('media')?.();
          this.#watch(attempt);
        }),
      onDisconnected: () =>
        current(() => {
          attempt.mediaLost = true;
          this.#watch(attempt);
          this.#restore(attempt);
        }),
      onOfferNeeded: () =>
        current(() => {
          const { call, media, abort } = attempt;
          // nobody would see the picture
          call.reinvite({ iceRestart: false }, abort.signal).catch(() => {
            if (this.#attempt === attempt) media?.setVideoMuted(true, abort.signal).catch(() => {});
          });
        }),
      onQuality: (quality) => current(() => this.#publish({ quality })),
      onPlaybackBlocked: () => current(() => this.#publish({ notice: 'sound-blocked' })),
      onPlaying: () =>
        current(() => {
          if (this.#snapshot.notice === 'sound-blocked') this.#publish({ notice: null });
        }),
      onMutedSpeech: () =>
        current(() => {
          if (this.#snapshot.notice === null) this.#publish({ notice: 'muted-speaking' });
        }),
      onDeviceLost: (kind, replaced) =>
        current(() => {
          switch (kind) {
            case 'audio':
              this.#publish({ notice: replaced ? 'microphone-replaced' : 'microphone-lost' });
              return;
            case 'video':
              this.#publish({ notice: 'camera-lost' });
              return;
            default:
              assertNever(kind);
          }
        }),
    };
  }

  #report(attempt: Attempt, report: MediaReport): void {
    attempt.report = report;
    const { remoteVideo, localVideo, held } = report;
    const heldByCaller = held && !attempt.holding;
    const videoPossible = remoteVideo || this.#snapshot.videoPossible;
    this.#publish({ remoteVideo, localVideo, heldByCaller, videoPossible });
    this.#go(heldByCaller || this.#snapshot.holding ? 'hold' : 'retrieve');
  }

  /** A hold or a transfer has come to its end. */
  #settle(attempt: Attempt, change: Partial<PhoneSnapshot>): void {
    if (this.#attempt !== attempt) return;
    this.#publish({ ...change, busyWith: null });
    this.#report(attempt, attempt.report);
  }

  /** The network may be another: asks the far end, and for another path of the media. */
  #restore({ call, abort }: Attempt): void {
    if (!isTalking(this.#snapshot.state)) return;
    call.check();
    // a refusal is no end: the call goes on as it was
    call.reinvite({ iceRestart: true }, abort.signal).catch(() => {});
  }

  /** Gives up what does not come back. */
  #watch(attempt: Attempt): void {
    const reconnecting = attempt.mediaLost || attempt.lineLost;
    if (reconnecting === this.#snapshot.reconnecting) return;
    this.#publish({ reconnecting });
    if (!reconnecting) attempt.timers.get('lost')?.();
    else this.#after(attempt, 'lost', RECONNECT_TIMEOUT_MS, () => this.#end('connection-lost'));
  }

  #end(reason: PhoneEndReason, refusal: Refusal = 'unavailable'): void {
    if (this.#attempt !== null) this.#finish(this.#attempt, reason, refusal);
  }

  /** The one path to the end, whoever asked for it. */
  #finish(attempt: Attempt, reason: PhoneEndReason, refusal: Refusal = 'unavailable'): void {
    const { answeredAt } = this.#snapshot;
    const durationMs = answeredAt === null ? 0 : Math.max(0, this.#ports.clock.now() - answeredAt);
    const last = { reason, caller: attempt.call.caller, durationMs };
    if (!this.#go('end', { last, notice: null, quality: null, busyWith: null })) return;
    this.#attempt = null;
    this.#ports.ringTone.stop();
    for (const cancel of attempt.timers.values()) cancel();
    attempt.leaveNetwork();
    const drained = attempt.call.end(refusal);
    attempt.abort.abort();
    attempt.media?.close();
    void drained.then(() => this.#go('ended', NO_CALL));
  }

  #after(attempt: Attempt, name: 'media' | 'lost', ms: number, run: () => void): void {
    attempt.timers.get(name)?.();
    attempt.timers.set(name, this.#ports.clock.after(ms, run));
  }

  #go(event: PhoneEvent, change: Partial<PhoneSnapshot> = {}): boolean {
    const state = phoneTransition(this.#snapshot.state, event);
    if (state === null) return false;
    this.#publish({ ...change, state });
    return true;
  }

  #publish(change: Partial<PhoneSnapshot>): void {
    const previous = this.#snapshot;
    this.#snapshot = Object.freeze({ ...previous, ...change });
    this.#onChange(this.#snapshot, previous);
  }
}
