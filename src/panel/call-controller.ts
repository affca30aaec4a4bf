/** What only a call needs of the panel's logic; comes with the engine. */
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
import { CallBeforeStartEvent } from './call-events.js';
import { CallErrorEvent } from './events.js';
import { followCalls, type Follower } from './follow-call.js';
import { reportInvalid, withFields } from './form-fields.js';
import type { PanelHost } from './host.js';
import type { ExtrasModule } from './extras/index.js';
import type { Corner } from './extras/self-view.js';
import { lazily } from './lazily.js';
import { createLiveRegion } from './live-region.js';
import type { VideoModule } from './video.js';
import type { devicesView } from './views/devices-view.js';

/** Ends that are nobody's failure: no `call-error`. */
const ORDINARY: readonly EndReason[] = ['hung-up', 'remote-hung-up', 'cancelled', 'removed'];

/** What pages ask for by attribute. */
const WITH_EXTRAS = '[check],[consent],[log-level],[rating],[report-url]';

/**
 * Joins the panel to its `Call`: has it do what visitor and page want, and holds what the views of a call show beside
 * its snapshots. Holds no state of the call itself.
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
  readonly #follower: Follower;
  readonly #live = createLiveRegion();
  /** Given, or withdrawn. */
  readonly #consent = new MutationObserver(() => {
    if (this.panel.needsConsent) this.#giveUp();
    this.panel.restart();
    this.panel.update();
  });
  #extras: ExtrasModule | null = null;
  #video: VideoModule | null = null;
  readonly #loadVideo = lazily(async () => {
    const video = await import('./video.js');
    this.panel.language.learn(video.enVideo);
    this.#surface.adopt(video.videoStyles, video.PARTS);
    this.#video = video;
    this.panel.update();
    return video;
  });
  /** The browser had no leave of the visitor when the form opened. */
  unasked = false;
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
  /** From full screen back to the panel's place; `null`: it is there. */
  leaveFullscreen: (() => void) | null = null;
  weakLine = createWeakLine();
  /** Told of SIP messages, where the page wants them in the console. */
  trace: ((direction: 'sent' | 'received', message: string) => void) | null = null;
  /** What became of copying the last call's report. */
  diagnostics: 'copied' | 'refused' | null = null;

  constructor(
    panel: PanelController,
    surface: PanelSurface,
    access: DeviceAccess,
    createCall: (onChange: Follower['changed']) => Call,
  ) {
    this.panel = panel;
    this.#surface = surface;
    this.access = access;
    this.#follower = followCalls(this, surface);
    this.call = createCall(this.#follower.changed);
    const video = panel.config.media === 'video';
    void access.permissionGranted({ video }).then((granted) => {
      this.unasked = !granted;
      if (!granted) panel.update();
    });
    this.#consent.observe(panel.host.element, { attributeFilter: ['consent'] });
  }

  /** What few visitors see, as soon as it is loaded; `null` also where nothing of it is wanted. */
  get extras(): ExtrasModule | null {
    if (
      this.#extras === null &&
      (this.minimized ||
        this.unasked ||
        this.devicesView !== null ||
        this.picture ||
        this.host.element.matches(WITH_EXTRAS))
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

  /** What only pictures need, as soon as it is loaded: with the first that is offered at the latest. */
  get video(): VideoModule | null {
    // without it the call goes on by voice; asked again when something else is drawn
    if (this.#video === null && this.snapshot.videoOffered) this.#loadVideo().catch(() => {});
    return this.#video;
  }

  /** The far end is to be seen. */
  get picture(): boolean {
    const { remoteVideo, state } = this.snapshot;
    return remoteVideo && isInCall(state) && this.video !== null;
  }

  get isFullscreen(): boolean {
    return this.leaveFullscreen !== null;
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

  say(region: Element | null): void {
    this.#live.say(region, this.statusText);
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
    return Object.entries({
      live,
      'in-call': isInCall(state),
      muted: live && audioMuted,
      'video-requested': videoRequested,
      fullscreen: this.isFullscreen,
      minimized: this.minimized,
    }).flatMap(([name, on]) => (on ? name : []));
  }

  /** Class names of the panel. */
  get shape(): string {
    return `${this.isFullscreen ? 'filled' : ''} ${this.picture ? 'wide' : ''}`;
  }

  /** Words of the button while the panel is minimised; `null`: its own. */
  get buttonLabel(): string | null {
    return isLive(this.snapshot.state) ? this.t('return', { time: this.time }) : null;
  }

  /** The form is open, or in its place the question for consent, whose answer may have come while this was loaded. */
  prepare(config: CallConfig, asking: boolean): void {
    const { panel } = this;
    if (asking !== panel.needsConsent) panel.restart();
    else if (panel.isOpen && panel.atForm && !asking) this.call.prepare(config);
    if (config.media === 'video') this.#loadVideo().catch(() => panel.unreachable());
  }

  /** Everything about the press on Call that needs no waiting for: the gesture unlocks sound. */
  async start(camera: boolean): Promise<void> {
    const panel = this.panel;
    const { config, host } = panel;
    if (config.media === 'video' && this.#video === null) {
      try {
        await this.#loadVideo();
      } catch {
        panel.unreachable();
        return;
      }
    }
    if (panel.needsConsent) return;
    const parsed = parseDisplayName(panel.name);
    panel.nameIssue = parsed.ok ? null : parsed.issue;
    if (!parsed.ok) {
      panel.update();
      this.#surface.focusFirst();
      return;
    }
    if (reportInvalid(host.element)) return;
    const allowed = new CallBeforeStartEvent().ask(host.element);
    if (!(typeof allowed === 'boolean' ? allowed : await allowed)) return;
    // while somebody was asked the form may have been closed, consent withdrawn, or another element been faster
    if (!panel.isOpen || panel.needsConsent || isLive(this.snapshot.state)) return;
    if (!panel.acquire()) {
      host.element.dispatchEvent(new CallErrorEvent({ reason: 'another-call' }));
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
      context: withFields(host.element, panel.context),
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
  get bar(): TemplateResult | typeof nothing | undefined {
    return this.minimized ? this.extras?.barView(this.panel) : nothing;
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
    this.leaveFullscreen?.();
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
      } else if (this.leaveFullscreen !== null) this.leaveFullscreen();
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
    const section = this.#surface.section();
    if (this.leaveFullscreen !== null) this.leaveFullscreen();
    else if (section !== null && isLive(this.snapshot.state)) {
      const video = await this.#loadVideo().catch(() => null);
      await video?.fillScreen(this, section);
    }
  }

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

  set<K extends 'keypadOpen' | 'selfView' | 'leaveFullscreen'>(key: K, value: this[K]): void {
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
    this.#consent.disconnect();
    this.call.dispose();
    this.#follower.dispose();
    this.#live.dispose();
  }
}
