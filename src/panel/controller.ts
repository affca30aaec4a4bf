/**
 * Between one element and one call. Longer than most files, because it is the list of what a visitor, a page and a call
 * can bring about; each thing that takes more than some lines is beside it: CAPTCHA slot, active call, events, position.
 */
import type { Call } from '../call/call.js';
import { isInCall, isLive, isPreparing, takesDigits } from '../call/call-state.js';
import type { EndReason } from '../call/errors.js';
import { type CallSnapshot, IDLE_SNAPSHOT } from '../call/snapshot.js';
import { formatDuration } from '../i18n/time.js';
import type { Translate } from '../i18n/messages.js';
import type { CallConfig } from '../shared/config.js';
import { type DisplayNameIssue, parseDisplayName } from '../shared/display-name.js';
import {
  CallBeforeOpenEvent,
  CallBeforeStartEvent,
  CallEndEvent,
  CallErrorEvent,
  CallQualityChangeEvent,
  CallStateChangeEvent,
} from './events.js';
import type { PanelHost } from './host.js';
import { createStay } from './stay.js';
import { createActiveCall } from './active-call.js';
import { copyText } from './copy-text.js';
import { createCaptchaSlot } from './captcha-slot.js';
import { createPanelLanguage, type PanelLanguage } from './language.js';
import { type Engine, loadEngine } from './compose.js';
import { createWeakLine } from '../call/weak-line.js';
import { readConfig } from './config.js';
import type { devicesView } from './views/devices-view.js';
import { reportInvalid, withFields } from './form-fields.js';

/** Ends that are nobody's failure: no `call-error`. */
const ORDINARY: readonly EndReason[] = ['hung-up', 'remote-hung-up', 'cancelled', 'removed'];

/** What the form has to say. */
export interface FormError {
  readonly reason: EndReason;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
}

/** What the element behind the controller can do on the page. */
export interface PanelSurface {
  requestUpdate(): void;
  /** Where it is shown. */
  showTime(time: string): void;
  /** Once the next render is done. */
  focusFirst(): void;
  adoptStyles(engine: Engine): void;
  enterFullscreen(): Promise<boolean>;
  leaveFullscreen(): void;
}

/**
 * Joins one `Call` to one `<call-button>`: opens and closes the form, minds its CAPTCHA, turns snapshots into events
 * and custom states. Holds no state of the call itself.
 */
export class PanelController {
  readonly host: PanelHost;
  /** The same object until an attribute or property says something else. */
  config: CallConfig;
  readonly language: PanelLanguage;
  readonly #surface: PanelSurface;
  readonly #captchaSlot;
  readonly #active;
  readonly #stay = createStay();
  #engineLoading: Promise<Engine> | null = null;
  #opening: Promise<void> | null = null;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #disposed = false;
  #captchaLang = '';
  #explained = '';
  #reflected = '';

  engine: Engine | null = null;
  call: Call | null = null;
  isOpen = false;
  /** An attribute that only the panel looks at makes calls impossible. */
  misconfigured = false;
  #context: string | null;
  name: string;
  nameIssue: DisplayNameIssue | null = null;
  /** Something the form has to say that no call ended with. */
  formError: EndReason | null = null;
  keypadOpen = false;
  /** The choice of devices is shown: a view that few calls need. */
  devicesView: typeof devicesView | null = null;
  digits = '';
  selfView = true;
  isFullscreen = false;
  weakLine = createWeakLine();
  /** What became of copying the last call's report. */
  diagnostics: 'copied' | 'refused' | null = null;

  constructor(host: PanelHost, surface: PanelSurface) {
    this.host = host;
    this.#surface = surface;
    this.config = this.#readConfig();
    this.#context = this.config.context;
    this.name = this.config.callerName;
    this.language = createPanelLanguage(host.element, () => this.#languageChanged());
    this.#captchaSlot = createCaptchaSlot(
      host.element,
      () => ({
        lang: (this.#captchaLang = this.language.captchaLang),
        label: this.t('captcha'),
        nonce: host.nonce,
        dark:
          getComputedStyle(host.element).colorScheme.includes('dark') &&
          matchMedia('(prefers-color-scheme: dark)').matches,
      }),
      () => this.#update(),
    );
    this.#active = createActiveCall({
      onChange: () => this.#update(),
      onOtherOpened: () => {
        if (!isLive(this.snapshot.state)) this.close();
      },
    });
    addEventListener('pagehide', this.#handlePageHide);
    addEventListener('pageshow', this.#handlePageShow);
  }

  get snapshot(): CallSnapshot {
    return this.call?.snapshot ?? IDLE_SNAPSHOT;
  }

  get t(): Translate {
    return this.language.t;
  }

  /** As a clock shows it, in the digits of the language. */
  clock(ms: number): string {
    return formatDuration(ms, this.language.locale);
  }

  /** What is going on, for the visitor; empty where nothing is. */
  get statusText(): string {
    const { state } = this.snapshot;
    if (state === 'idle' || state === 'ended' || state === 'unavailable') return '';
    return this.t(`status.${state}`);
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

  get captcha() {
    return this.#captchaSlot.captcha;
  }

  get elsewhere(): boolean {
    return this.#active.elsewhere;
  }

  /** The form is what is to be seen: no call, or one that nothing has been sent for. */
  get atForm(): boolean {
    const { state, outcome } = this.snapshot;
    return state === 'idle' || isPreparing(state) || outcome?.early === true;
  }

  /** What went wrong, for the form: the CAPTCHA could not be had, or the last attempt ended early. */
  get error(): FormError | null {
    if (this.misconfigured) return { reason: 'misconfigured' };
    if (this.formError !== null) return { reason: this.formError };
    const { state, outcome } = this.snapshot;
    if (state === 'ended' && outcome?.early && this.failed) return outcome;
    return this.#captchaSlot.error;
  }

  open(): Promise<void> {
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { element } = this.host;
    if (!this.isOpen && !isLive(this.snapshot.state)) {
      const allowed = new CallBeforeOpenEvent().ask(element);
      if (!(typeof allowed === 'boolean' ? allowed : await allowed)) return;
      if (!element.isConnected || this.#disposed) return;
      this.#active.opened();
      if (this.snapshot.state === 'ended') this.call?.reset();
      if (!this.name) this.name = this.config.callerName;
      this.isOpen = true;
      this.#prepare();
    }
    this.isOpen = true;
    this.#update();
    this.#surface.focusFirst();
  }

  /** Closes the form; a call in progress is only minimised. */
  close(): void {
    if (!this.isOpen) return;
    const live = isLive(this.snapshot.state);
    if (live && isPreparing(this.snapshot.state)) this.call?.end();
    if (!live || isPreparing(this.snapshot.state)) {
      this.#captchaSlot.hide();
      this.call?.discard();
    }
    if (this.isFullscreen) this.#surface.leaveFullscreen();
    this.isOpen = false;
    this.#update();
    this.host.anchor.focus({ preventScroll: true });
  }

  /** Everything a call needs soon, no device and no permission: only while the form is open. */
  #prepare(): void {
    this.formError = this.nameIssue = null;
    this.language.load();
    const { config } = this;
    if (this.misconfigured) return;
    if (config.captcha !== 'none') this.#captchaSlot.show(config).catch(() => {});
    this.#loadEngine().then(
      () => {
        if (this.isOpen && this.atForm) this.call?.prepare(config);
      },
      () => {
        this.formError = 'gate-unreachable';
        this.#update();
      },
    );
  }

  #loadEngine(): Promise<Engine> {
    this.#engineLoading ??= loadEngine().then(
      (engine) => {
        this.engine = engine;
        this.#surface.adoptStyles(engine);
        this.call = engine.createCall(
          () => this.#captchaSlot.show(this.config),
          (snapshot, previous) => this.#changed(snapshot, previous),
        );
        this.#update();
        return engine;
      },
      (error: unknown) => {
        this.#engineLoading = null;
        throw error;
      },
    );
    return this.#engineLoading;
  }

  /** The press on Call. Everything that can be done in the same task is: the gesture unlocks sound. */
  async submit(camera = true): Promise<void> {
    if (isLive(this.snapshot.state) || this.elsewhere || this.misconfigured) return;
    const { config } = this;
    const { element } = this.host;
    const parsed = parseDisplayName(this.name);
    this.formError = null;
    this.nameIssue = parsed.ok ? null : parsed.issue;
    if (!parsed.ok) {
      this.#update();
      this.#surface.focusFirst();
      return;
    }
    if (reportInvalid(element)) return;
    const allowed = new CallBeforeStartEvent().ask(element);
    if (!(typeof allowed === 'boolean' ? allowed : await allowed)) return;
    try {
      if (this.call === null) await this.#loadEngine();
    } catch {
      this.formError = 'gate-unreachable';
      this.#update();
      return;
    }
    // the form may have been closed, or another element may have been faster, while somebody was asked
    if (this.call === null || !this.isOpen || this.#disposed) return;
    if (!this.#active.acquire()) {
      element.dispatchEvent(new CallErrorEvent({ reason: 'another-call' }));
      return;
    }
    this.digits = '';
    this.keypadOpen = false;
    this.devicesView = null;
    this.selfView = true;
    this.weakLine = createWeakLine();
    this.diagnostics = null;
    await this.call.start(config, {
      name: parsed.name,
      context: withFields(element, this.#context),
      camera,
    });
  }

  /** `call()` of the element: opens, and dials at once where nothing is left to ask. */
  async dial(): Promise<void> {
    await this.open();
    if (!this.isOpen || isLive(this.snapshot.state)) return;
    if (this.elsewhere) {
      this.host.element.dispatchEvent(new CallErrorEvent({ reason: 'another-call' }));
      return;
    }
    await this.submit();
  }

  /** From how the last call ended back to the form. */
  async again(): Promise<void> {
    this.isOpen = false;
    await this.open();
  }

  hangUp(): void {
    this.call?.end();
  }

  /** The report of the last call on the clipboard, as text. Needs a gesture; `false`: refused, or no call yet. */
  async copyDiagnostics(): Promise<boolean> {
    const { report } = this.snapshot;
    if (report === null) return false;
    this.diagnostics = (await copyText(JSON.stringify(report, null, 2))) ? 'copied' : 'refused';
    this.#update();
    return this.diagnostics === 'copied';
  }

  pressKey(digit: string): void {
    if (!takesDigits(this.snapshot.state)) return;
    this.digits += digit;
    this.call?.pressKey(digit);
    this.#update();
  }

  async toggleFullscreen(): Promise<void> {
    if (this.isFullscreen) this.#surface.leaveFullscreen();
    else if (isLive(this.snapshot.state)) this.isFullscreen = await this.#surface.enterFullscreen();
    this.#update();
  }

  /** Shows or hides the choice of microphone, speaker and camera. */
  async toggleDevices(): Promise<void> {
    if (this.devicesView === null) {
      const [view] = await Promise.all([
        import('./views/devices-view.js').catch(() => null),
        this.call?.listDevices(),
      ]);
      this.devicesView = view?.devicesView ?? null;
    } else this.devicesView = null;
    this.#update();
  }

  set<K extends 'name' | 'keypadOpen' | 'selfView' | 'isFullscreen'>(key: K, value: this[K]): void {
    this[key] = value;
    this.#update();
  }

  dismissAdvice(): void {
    this.weakLine.dismiss();
    this.#update();
  }

  retryCaptcha(): void {
    this.#captchaSlot.show(this.config).catch(() => {});
    this.#update();
  }

  configure(): void {
    const config = this.#readConfig();
    this.#context = config.context;
    // texts may have changed all the same; the context is read when the call starts, and may change until then
    const { context } = this.config;
    if (JSON.stringify({ ...config, context }) === JSON.stringify(this.config)) {
      this.#update();
      return;
    }
    this.config = config;
    if (this.isOpen && !isLive(this.snapshot.state)) {
      this.#captchaSlot.hide();
      this.#prepare();
    }
    this.name ||= config.callerName;
    this.#update();
  }

  #readConfig(): CallConfig {
    const { element } = this.host;
    const { config, issues, warnings } = readConfig(element);
    this.misconfigured = issues.length > 0;
    const wrong = [...issues, ...warnings];
    if (wrong.length > 0 && wrong.join() !== this.#explained) {
      import('./explain.js').then(
        ({ explain }) => console.warn(`<call-button> ${explain(wrong, element)}`, element),
        () => {},
      );
    }
    this.#explained = wrong.join();
    return config;
  }

  /** A move in the document reloads the CAPTCHA's frame: it is drawn again. Media elements are the view's business. */
  resume(): void {
    this.language.follow();
    this.#redrawCaptcha();
    this.call?.playSound();
  }

  #redrawCaptcha(): void {
    if (!this.isOpen || !this.atForm || !this.#captchaSlot.wanted) return;
    this.#captchaSlot.hide();
    this.#captchaSlot.show(this.config).catch(() => {});
  }

  /** Another language, or its texts have come. */
  #languageChanged(): void {
    // one that is being solved for a call stays as it is
    const stale = this.#captchaLang !== this.language.captchaLang;
    if (stale && !isLive(this.snapshot.state)) this.#redrawCaptcha();
    this.#update();
  }

  dispose(): void {
    this.#disposed = true;
    removeEventListener('pagehide', this.#handlePageHide);
    removeEventListener('pageshow', this.#handlePageShow);
    this.call?.dispose();
    this.#captchaSlot.hide();
    this.#active.dispose();
    this.language.dispose();
    clearInterval(this.#ticker);
    this.isOpen = false;
  }

  readonly #handlePageHide = (): void => {
    this.call?.end('removed');
    this.call?.discard();
  };

  readonly #handlePageShow = (event: PageTransitionEvent): void => {
    if (event.persisted && this.isOpen && this.atForm) this.#prepare();
  };

  #changed(snapshot: CallSnapshot, previous: CallSnapshot): void {
    const { element } = this.host;
    const { state, outcome, report, quality, callId, videoRequested } = snapshot;
    if (isInCall(state) !== isInCall(previous.state)) {
      clearInterval(this.#ticker);
      this.#stay.set(isInCall(state));
      if (isInCall(state)) this.#ticker = setInterval(() => this.#tick(), 1000);
    }
    if (!this.atForm || !this.isOpen) this.#captchaSlot.hide();
    const advised = this.weakLine.advise;
    if (quality !== null && quality !== previous.quality) this.weakLine.report(quality.level);
    // a question must be seen
    if (videoRequested && !previous.videoRequested) this.isOpen = true;
    const ended = state === 'ended' && previous.state !== 'ended';
    if (ended) {
      this.#active.release();
      if (this.isFullscreen) this.#surface.leaveFullscreen();
    }
    const reported = quality !== previous.quality && quality !== null;
    // most seconds bring the same picture
    if (
      !reported ||
      quality.level !== previous.quality?.level ||
      advised !== this.weakLine.advise
    ) {
      this.#update();
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
    if (outcome.early && this.isOpen && !this.#disposed) this.call?.prepare(this.config);
  }

  /** A second has passed: only the time is another. */
  #tick(): void {
    if (this.isOpen) this.#surface.showTime(this.time);
    else this.#update();
  }

  #update(): void {
    const { state, audioMuted, videoRequested } = this.snapshot;
    const live = isLive(state);
    const states = [
      state,
      ...(this.isOpen ? ['open'] : []),
      ...(live ? ['live'] : []),
      ...(isInCall(state) ? ['in-call'] : []),
      ...(live && audioMuted ? ['muted'] : []),
      ...(videoRequested ? ['video-requested'] : []),
      ...(this.isFullscreen ? ['fullscreen'] : []),
    ];
    const label = live && !this.isOpen ? this.t('return', { time: this.time }) : null;
    const reflected = `${states.join()} ${label ?? ''}`;
    if (reflected !== this.#reflected) this.host.reflect(states, label);
    this.#reflected = reflected;
    this.#surface.requestUpdate();
  }
}
