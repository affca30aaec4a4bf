/**
 * What only a call needs of the panel's logic; comes with the engine. Longer than most files, because it is the list of
 * what a visitor, a page and a call can bring about in a call.
 */
import { nothing, type TemplateResult } from 'lit/html.js';
import type { Call } from '../call/call.js';
import { isInCall, isLive, isPreparing } from '../call/call-state.js';
import { takesDigits } from '../call/digits.js';
import type { DeviceAccess, DeviceKind } from '../call/ports.js';
import type { EndReason } from '../call/errors.js';
import type { CallSnapshot } from '../call/snapshot.js';
import { createWeakLine } from '../call/weak-line.js';
import type { Translate } from '../i18n/messages.js';
import { formatDuration } from '../i18n/time.js';
import type { CallConfig } from '../shared/config.js';
import { parseDisplayName } from '../shared/display-name.js';
import type { PanelController, PanelSurface } from './controller.js';
import { copyText } from './copy-text.js';
import {
  CallBeforeStartEvent,
  CallEndEvent,
  CallQualityChangeEvent,
  CallStateChangeEvent,
} from './call-events.js';
import { CallErrorEvent } from './events.js';
import { reportInvalid, withFields } from './form-fields.js';
import { enterFullscreen } from './fullscreen.js';
import type { PanelHost } from './host.js';
import type { ExtrasModule } from './extras/index.js';
import type { Corner } from './extras/self-view.js';
import { createStay } from './stay.js';
import type { devicesView } from './views/devices-view.js';

/** Ends that are nobody's failure: no `call-error`. */
const ORDINARY: readonly EndReason[] = ['hung-up', 'remote-hung-up', 'cancelled', 'removed'];

/** Longer than a screen reader takes to fetch what is new in a live region, ms. */
const SAID_AFTER_MS = 2000;

/** Makes the call whose every change goes to `onChange`. */
export type CreateCall = (
  onChange: (snapshot: CallSnapshot, previous: CallSnapshot) => void,
) => Call;

/**
 * Joins the panel to its `Call`: turns snapshots into events, and holds what the views of a call show beside them.
 * Holds no state of the call itself.
 */
export class CallController {
  readonly call: Call;
  readonly access: DeviceAccess;
  /** Chosen before the call, or remembered. */
  readonly devices = new Map<DeviceKind, string>();
  /** What calls begin with, where the visitor has it remembered; else `null`. */
  volume: number | null = null;
  readonly panel: PanelController;
  readonly #surface: PanelSurface;
  readonly #stay = createStay();
  /** Given, or withdrawn. */
  readonly #consent = new MutationObserver(() => {
    if (this.panel.needsConsent) this.#giveUp();
    this.panel.restart();
    this.panel.update();
  });
  #extras: ExtrasModule | null = null;
  /** The browser had no leave of the visitor when the form opened. */
  unasked = false;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #saying: ReturnType<typeof setTimeout> | undefined;
  #said: readonly [region: Element | null, text: string] = [null, ''];
  /** The panel was closed while a call went on. */
  #left = false;
  keypadOpen = false;
  /** The choice of devices is shown: a view that few calls need. */
  devicesView: typeof devicesView | null = null;
  digits = '';
  /** The own picture is shown; as the visitor left it in the call before. */
  selfView = true;
  /** Of the stage, where the own picture lies over the far end's. */
  corner: Corner = 'start-end';
  isFullscreen = false;
  weakLine = createWeakLine();
  /** Told of SIP messages, where the page wants them in the console. */
  trace: ((direction: 'sent' | 'received', message: string) => void) | null = null;
  /** What became of copying the last call's report. */
  diagnostics: 'copied' | 'refused' | null = null;

  constructor(
    panel: PanelController,
    surface: PanelSurface,
    access: DeviceAccess,
    createCall: CreateCall,
  ) {
    this.panel = panel;
    this.#surface = surface;
    this.access = access;
    this.call = createCall((snapshot, previous) => this.#changed(snapshot, previous));
    document.addEventListener('fullscreenchange', this.#handleFullscreenChange);
    const video = panel.config.media === 'video';
    void access.permissionGranted({ video }).then((granted) => {
      this.unasked = !granted;
      if (!granted) panel.update();
    });
    this.#consent.observe(panel.host.element, { attributeFilter: ['consent'] });
  }

  /** What few visitors see, as soon as it is loaded; `null` also where nothing of it is wanted. */
  get extras(): ExtrasModule | null {
    const { element } = this.host;
    if (
      this.#extras === null &&
      (this.minimized ||
        this.unasked ||
        this.devicesView !== null ||
        (isInCall(this.snapshot.state) && this.snapshot.remoteVideo) ||
        element.hasAttribute('check') ||
        element.hasAttribute('rating') ||
        element.hasAttribute('consent') ||
        element.hasAttribute('report-url') ||
        element.hasAttribute('log-level'))
    ) {
      import('./extras/index.js').then(
        (extras) => {
          this.#extras = extras;
          this.panel.update();
        },
        () => {},
      );
    }
    return this.#extras;
  }

  get host(): PanelHost {
    return this.panel.host;
  }

  get t(): Translate {
    return this.panel.t;
  }

  get snapshot(): CallSnapshot {
    return this.call.snapshot;
  }

  /** As a clock shows it, in the digits of the language. */
  clock(ms: number): string {
    return formatDuration(ms, this.panel.language.locale);
  }

  /** What is going on, for the visitor; empty where nothing is. */
  get statusText(): string {
    const { state } = this.snapshot;
    if (state === 'idle' || state === 'ended' || state === 'unavailable') return '';
    return this.t(`status.${state}`);
  }

  /**
   * Has the live region say what is going on, and takes it back: who reads the panel line by line finds it once, where it
   * is to be seen.
   */
  say(region: Element | null): void {
    const text = this.statusText;
    if (region === null || (region === this.#said[0] && text === this.#said[1])) return;
    this.#said = [region, text];
    region.textContent = text;
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => (region.textContent = ''), SAID_AFTER_MS);
  }

  /** Since the answer, as text. */
  get time(): string {
    const { answeredAt } = this.snapshot;
    return this.clock(answeredAt === null ? 0 : Date.now() - answeredAt);
  }

  /** The last call ended by a failure, not by somebody's wish. */
  get failed(): boolean {
    const { outcome } = this.snapshot;
    return outcome !== null && !ORDINARY.includes(outcome.reason);
  }

  /** Custom states of the element beside the call's own. */
  get states(): readonly string[] {
    const { state, audioMuted, videoRequested } = this.snapshot;
    const live = isLive(state);
    return [
      ...(live ? ['live'] : []),
      ...(isInCall(state) ? ['in-call'] : []),
      ...(live && audioMuted ? ['muted'] : []),
      ...(videoRequested ? ['video-requested'] : []),
      ...(this.isFullscreen ? ['fullscreen'] : []),
      ...(this.minimized ? ['minimized'] : []),
    ];
  }

  /** Class names of the panel. */
  get shape(): string {
    const { remoteVideo, state } = this.snapshot;
    return `${this.isFullscreen ? 'filled' : ''} ${remoteVideo && isInCall(state) ? 'wide' : ''}`;
  }

  /** Words of the button while the panel is minimised; `null`: its own. */
  get buttonLabel(): string | null {
    return isLive(this.snapshot.state) ? this.t('return', { time: this.time }) : null;
  }

  /** The form is open, or in its place the question for consent, whose answer may have come while this was loaded. */
  prepare(config: CallConfig, asking: boolean): void {
    const panel = this.panel;
    if (asking !== panel.needsConsent) panel.restart();
    else if (panel.isOpen && panel.atForm && !asking) this.call.prepare(config);
  }

  /** Everything about the press on Call that needs no waiting for: the gesture unlocks sound. */
  async start(camera: boolean): Promise<void> {
    const panel = this.panel;
    const { element } = panel.host;
    const { config } = panel;
    if (panel.needsConsent) return;
    const parsed = parseDisplayName(panel.name);
    panel.nameIssue = parsed.ok ? null : parsed.issue;
    if (!parsed.ok) {
      panel.update();
      this.#surface.focusFirst();
      return;
    }
    if (reportInvalid(element)) return;
    const allowed = new CallBeforeStartEvent().ask(element);
    if (!(typeof allowed === 'boolean' ? allowed : await allowed)) return;
    // while somebody was asked the form may have been closed, consent withdrawn, or another element been faster
    if (!panel.isOpen || panel.needsConsent || isLive(this.snapshot.state)) return;
    if (!panel.acquire()) {
      element.dispatchEvent(new CallErrorEvent({ reason: 'another-call' }));
      return;
    }
    this.digits = '';
    this.keypadOpen = false;
    this.devicesView = null;
    this.corner = 'start-end';
    this.weakLine = createWeakLine();
    this.diagnostics = null;
    await this.call.start(config, {
      name: parsed.name,
      context: withFields(element, panel.context),
      camera,
      devices: this.devices,
      volume: this.volume,
    });
  }

  /** The panel is closed, and a bar in its place: in a call, and until somebody has seen how that ended. */
  get minimized(): boolean {
    return this.#left && !this.panel.isOpen;
  }

  /** Nothing while it is being loaded, or where it cannot be had: the button leads back to the call as well. */
  get bar(): TemplateResult | typeof nothing {
    return (this.minimized ? this.extras?.barView(this.panel) : null) ?? nothing;
  }

  /** The panel as it was, in place of the bar. */
  restore(): void {
    this.panel.isOpen = true;
    this.panel.update();
    this.#surface.focusFirst();
  }

  /** The bar goes, unless a call goes on. */
  dismiss(): void {
    if (!this.#left || isLive(this.snapshot.state)) return;
    this.#left = false;
    this.panel.update();
  }

  /** The panel closes. A call goes on (`true`); what was only being prepared is given up. */
  leave(minimise = false): boolean {
    this.#left = (this.#giveUp() || minimise) && !this.panel.atForm;
    if (this.isFullscreen) this.#leaveFullscreen();
    return this.#left;
  }

  /** What is only being prepared; a call goes on (`true`). */
  #giveUp(): boolean {
    const { state } = this.snapshot;
    if (isLive(state) && !isPreparing(state)) return true;
    this.call.end();
    this.call.discard();
    return false;
  }

  /** From how the last call ended back to the form. */
  async again(): Promise<void> {
    this.panel.isOpen = false;
    await this.panel.open();
  }

  hangUp(): void {
    this.call.end();
  }

  /** The report of the last call on the clipboard, as text. Needs a gesture; `false`: refused, or no call yet. */
  async copyDiagnostics(): Promise<boolean> {
    const { report } = this.snapshot;
    if (report === null) return false;
    this.diagnostics = (await copyText(JSON.stringify(report, null, 2))) ? 'copied' : 'refused';
    this.panel.update();
    return this.diagnostics === 'copied';
  }

  pressKey(digit: string): void {
    if (!takesDigits(this.snapshot.state)) return;
    this.digits += digit;
    this.call.pressKey(digit);
    this.panel.update();
  }

  /** Digits are keys of the keypad; Escape closes what is safe to close: a call goes on. `true`: done. */
  handleKey(event: KeyboardEvent): boolean {
    const { state, videoRequested } = this.snapshot;
    if (event.key === 'Escape') {
      let part = 'fullscreen';
      if (this.keypadOpen) {
        part = 'keypad-toggle';
        this.set('keypadOpen', false);
      } else if (this.devicesView !== null) {
        part = 'devices-toggle';
        void this.toggleDevices();
      } else if (this.isFullscreen) void this.toggleFullscreen();
      else if (isLive(state) && !isPreparing(state) && !videoRequested) {
        this.panel.close();
        return true;
      } else return false;
      // back to what opened it
      this.#surface.section()?.querySelector<HTMLElement>(`[part=${part}]`)?.focus();
      return true;
    }
    if (!takesDigits(state) || !/^[0-9*#]$/.test(event.key)) return false;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    event.preventDefault();
    this.pressKey(event.key);
    return true;
  }

  async toggleFullscreen(): Promise<void> {
    if (this.isFullscreen) this.#leaveFullscreen();
    else if (isLive(this.snapshot.state)) this.isFullscreen = await this.#enterFullscreen();
    this.panel.update();
  }

  async #enterFullscreen(): Promise<boolean> {
    const section = this.#surface.section();
    if (section === null) return false;
    const video = section.querySelector<HTMLVideoElement>('[part=remote-video]');
    return (await enterFullscreen(section, video)) !== 'video';
  }

  #leaveFullscreen(): void {
    if (document.fullscreenElement !== null) document.exitFullscreen().catch(() => {});
    this.set('isFullscreen', false);
  }

  readonly #handleFullscreenChange = (): void => {
    // left by Escape or by the browser
    if (this.isFullscreen && document.fullscreenElement === null) this.set('isFullscreen', false);
  };

  /** Shows or hides the choice of microphone, speaker and camera. */
  async toggleDevices(): Promise<void> {
    if (this.devicesView === null) {
      const [view] = await Promise.all([
        import('./views/devices-view.js').catch(() => null),
        this.call.listDevices(),
      ]);
      this.devicesView = view?.devicesView ?? null;
    } else this.devicesView = null;
    this.panel.update();
  }

  set<K extends 'keypadOpen' | 'selfView' | 'isFullscreen'>(key: K, value: this[K]): void {
    this[key] = value;
    this.panel.update();
  }

  dismissAdvice(): void {
    this.weakLine.dismiss();
    this.panel.update();
  }

  /** A move in the document pauses media elements (HTML §4.8.11.8). */
  resume(): void {
    this.call.playSound();
    for (const video of this.#surface.section()?.querySelectorAll('video') ?? []) {
      video.play().catch(() => {});
    }
  }

  dispose(): void {
    document.removeEventListener('fullscreenchange', this.#handleFullscreenChange);
    this.#consent.disconnect();
    this.call.dispose();
    clearInterval(this.#ticker);
    clearTimeout(this.#saying);
  }

  #changed(snapshot: CallSnapshot, previous: CallSnapshot): void {
    const panel = this.panel;
    const { element } = panel.host;
    const { state, outcome, report, quality, callId, videoRequested } = snapshot;
    if (isInCall(state) !== isInCall(previous.state)) {
      clearInterval(this.#ticker);
      this.#stay.set(isInCall(state));
      if (isInCall(state)) this.#ticker = setInterval(() => this.#tick(), 1000);
    }
    // a question must be seen, and a CAPTCHA that is asked for again
    if ((videoRequested && !previous.videoRequested) || state === 'verifying') panel.isOpen = true;
    if (!panel.atForm || !panel.isOpen) panel.hideCaptcha();
    const advised = this.weakLine.advise;
    if (quality !== null && quality !== previous.quality) this.weakLine.report(quality.level);
    const ended = state === 'ended' && previous.state !== 'ended';
    if (ended) {
      panel.release();
      if (this.isFullscreen) this.#leaveFullscreen();
    }
    const reported = quality !== previous.quality && quality !== null;
    // most seconds bring the same picture
    if (
      !reported ||
      quality.level !== previous.quality?.level ||
      advised !== this.weakLine.advise
    ) {
      panel.update();
    }
    if (reported) {
      element.dispatchEvent(new CallQualityChangeEvent(quality));
    } else {
      element.dispatchEvent(new CallStateChangeEvent(snapshot, previous));
    }
    if (!ended || outcome === null) return;
    if (this.failed) element.dispatchEvent(new CallErrorEvent(outcome));
    if (report !== null) element.dispatchEvent(new CallEndEvent(callId, outcome, report));
    // ready for the next press: the visitor is still at the form
    if (outcome.early) this.prepare(panel.config, false);
  }

  /** A second has passed: only the time is another. Drawing all of the call each second costs a phone's battery. */
  #tick(): void {
    if (!this.panel.isOpen) {
      this.panel.update();
      return;
    }
    const timer = this.#surface.section()?.querySelector('[part=timer]');
    if (timer) timer.textContent = this.time;
  }
}
