/**
 * Between one element and its form: what a page needs before anybody calls. What comes with a call is in
 * `call-controller.ts`.
 */
import { isLive, isPreparing } from '../call/call-state.js';
import type { EndReason } from '../call/errors.js';
import { type CallSnapshot, IDLE_SNAPSHOT } from '../call/snapshot.js';
import type { Captcha } from '../call/ports.js';
import type { Translate } from '../i18n/messages.js';
import type { CallConfig } from '../shared/config.js';
import type { DisplayNameIssue } from '../shared/display-name.js';
import { createActiveCall } from './active-call.js';
import type { CallController } from './call-controller.js';
import type { CaptchaSlot } from './captcha-slot.js';
import { type CaptchaModule, type Engine, loadCaptchaModule, loadEngine } from './compose.js';
import { readConfig } from './config.js';
import { CallBeforeOpenEvent, CallErrorEvent } from './events.js';
import type { PanelHost } from './host.js';
import { lazily } from './lazily.js';
import { createPanelLanguage, type PanelLanguage } from './language.js';
import { tell } from './tell.js';

/** What the form has to say. */
export interface FormError {
  readonly reason: EndReason;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
}

/** What the element behind the controller can do on the page. */
export interface PanelSurface {
  requestUpdate(): void;
  /** Once the next render is done. */
  focusFirst(): void;
  /** Styles of what has been loaded, and the parts that are to be exported as well from then on. */
  adopt(sheet: CSSStyleSheet, parts?: string): void;
  /** The panel as it is drawn, if it is. */
  section(): HTMLElement | null;
}

/**
 * Opens and closes the form of one `<call-button>`, minds its CAPTCHA, reflects custom states. Holds no state of the
 * call itself.
 */
export class PanelController {
  readonly host: PanelHost;
  /** The same object until an attribute or property says something else. */
  config: CallConfig;
  readonly language: PanelLanguage;
  readonly #surface: PanelSurface;
  readonly #active;
  #opening: Promise<void> | null = null;
  #disposed = false;
  #captchaSlot: CaptchaSlot | null = null;
  /** Shown, or about to be. */
  #captchaWanted = false;
  #explained = '';
  #reflected = '';

  engine: Engine | null = null;
  captchaView: CaptchaModule['captchaView'] | null = null;
  /** There as soon as the engine is. */
  calls: CallController | null = null;
  isOpen = false;
  /** Attributes make calls impossible, by the panel's own rules: the button has looked at less. */
  misconfigured = false;
  /** For the callee; read when the call starts. */
  context: string | null;
  name: string;
  nameIssue: DisplayNameIssue | null = null;
  /** Something the form has to say that no call ended with. */
  formError: EndReason | null = null;

  constructor(host: PanelHost, surface: PanelSurface) {
    this.host = host;
    this.#surface = surface;
    this.config = this.#readConfig();
    this.context = this.config.context;
    this.name = this.config.callerName;
    this.language = createPanelLanguage(host.element, () => this.#languageChanged());
    this.#active = createActiveCall({
      onChange: () => this.update(),
      onOtherOpened: () => {
        if (!isLive(this.snapshot.state)) this.close();
      },
    });
    addEventListener('pagehide', this.#handlePageHide);
    addEventListener('pageshow', this.#handlePageShow);
  }

  get snapshot(): CallSnapshot {
    return this.calls?.snapshot ?? IDLE_SNAPSHOT;
  }

  get t(): Translate {
    return this.language.t;
  }

  /** What is going on, for the visitor; empty where nothing is. */
  get statusText(): string {
    return this.calls?.statusText ?? '';
  }

  get captcha() {
    return this.#captchaSlot?.captcha ?? null;
  }

  get elsewhere(): boolean {
    return this.#active.elsewhere;
  }

  /** The form is what is to be seen: no call, or one that nothing has been sent for. */
  get atForm(): boolean {
    const { state, outcome } = this.snapshot;
    return state === 'idle' || isPreparing(state) || outcome?.early === true;
  }

  /** The page wants the visitor's consent first: until then neither CAPTCHA nor socket, and no call. */
  get needsConsent(): boolean {
    return this.host.element.matches('[consent]:not([consent=given])');
  }

  /** What went wrong, for the form: the CAPTCHA could not be had, or the last attempt ended early. */
  get error(): FormError | null {
    if (this.misconfigured) return { reason: 'misconfigured' };
    if (this.formError !== null) return { reason: this.formError };
    const { state, outcome } = this.snapshot;
    if (state === 'ended' && outcome?.early && this.calls?.failed) return outcome;
    return this.#captchaSlot?.error ?? null;
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
      if (this.snapshot.state === 'ended') this.calls?.call.reset();
      if (!this.name) this.name = this.config.callerName;
      this.isOpen = true;
      this.#prepare();
    }
    this.isOpen = true;
    this.update();
    this.#surface.focusFirst();
  }

  /**
   * Closes the form, and the bar of a call that is over; one in progress is only minimised. `minimise`: one that may be
   * over by now as well, since nobody has seen how it ended.
   */
  close(minimise = false): void {
    if (!this.isOpen) {
      this.calls?.dismiss();
      return;
    }
    if (!this.calls?.leave(minimise)) this.hideCaptcha();
    this.isOpen = false;
    this.update();
    this.host.anchor.focus({ preventScroll: true });
  }

  /** Everything a call needs soon, no device and no permission: only while the form is open. */
  #prepare(): void {
    this.formError = this.nameIssue = null;
    this.language.load();
    const { config, needsConsent } = this;
    if (this.misconfigured) return;
    if (config.captcha !== 'none' && !needsConsent) this.#showCaptcha().catch(() => {});
    this.#loadEngine().then(
      (calls) => calls.prepare(config, needsConsent),
      () => this.unreachable(),
    );
  }

  /** What a call needs cannot be had: it may be another time. */
  unreachable(): void {
    this.formError = 'gate-unreachable';
    this.update();
  }

  readonly #loadEngine = lazily(async () => {
    const engine = (this.engine = await loadEngine(this.config));
    this.language.learn(engine.enCall);
    this.#surface.adopt(engine.callStyles, engine.PARTS);
    this.calls = engine.createCallController(this, this.#surface, () => this.#showCaptcha());
    this.update();
    return this.calls;
  });

  /** The press on Call. Everything that can be done in the same task is: the gesture unlocks sound. */
  async submit(camera = true): Promise<void> {
    if (isLive(this.snapshot.state) || this.elsewhere || this.misconfigured) return;
    this.formError = null;
    try {
      if (this.calls === null) await this.#loadEngine();
    } catch {
      this.unreachable();
      return;
    }
    await this.calls?.start(camera);
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

  setName(name: string): void {
    this.name = name;
    this.update();
  }

  /** This page's one call is ours from now on (`true`), or another element's. */
  acquire(): boolean {
    return this.#active.acquire();
  }

  release(): void {
    this.#active.release();
  }

  /** Rejects where it cannot be had, and where it is hidden before it is there. */
  async #showCaptcha(): Promise<Captcha> {
    this.#captchaWanted = true;
    this.formError = null;
    let slot: CaptchaSlot;
    try {
      slot = await this.#loadCaptcha();
    } catch (error) {
      if (this.#captchaWanted) this.formError = 'captcha-unavailable';
      this.update();
      throw error;
    }
    if (!this.#captchaWanted) throw new DOMException('hidden', 'AbortError');
    return slot.show();
  }

  readonly #loadCaptcha = lazily(async () => {
    const module = await loadCaptchaModule();
    this.#surface.adopt(module.captchaStyles);
    this.captchaView = module.captchaView;
    this.language.learn(module.enCaptcha);
    return (this.#captchaSlot = module.createCaptchaSlot(this));
  });

  hideCaptcha(): void {
    this.#captchaWanted = false;
    this.#captchaSlot?.hide();
  }

  retryCaptcha(): void {
    this.#showCaptcha().catch(() => {});
    this.update();
  }

  configure(): void {
    const config = this.#readConfig();
    this.context = config.context;
    // texts may have changed all the same; the context is read when the call starts, and may change until then
    const { context } = this.config;
    if (JSON.stringify({ ...config, context }) === JSON.stringify(this.config)) {
      this.update();
      return;
    }
    this.config = config;
    this.restart();
    this.name ||= config.callerName;
    this.update();
  }

  /** The open form begins anew; a call goes on. */
  restart(): void {
    if (!this.isOpen || !this.atForm || isLive(this.snapshot.state)) return;
    this.hideCaptcha();
    this.#prepare();
  }

  #readConfig(): CallConfig {
    const { element } = this.host;
    const { config, issues, warnings } = readConfig(element);
    this.misconfigured = issues.length > 0;
    const wrong = [...issues, ...warnings].join();
    if (wrong && wrong !== this.#explained) {
      void tell(({ explain }) => explain(issues, warnings, element));
    }
    this.#explained = wrong;
    return config;
  }

  /** A move in the document reloads the CAPTCHA's frame: it is drawn again. Media elements are the view's business. */
  resume(): void {
    this.language.follow();
    this.#redrawCaptcha();
    this.calls?.resume();
  }

  #redrawCaptcha(): void {
    if (!this.isOpen || !this.atForm || !this.#captchaWanted) return;
    this.hideCaptcha();
    this.#showCaptcha().catch(() => {});
  }

  /** Another language, or its texts have come. */
  #languageChanged(): void {
    // one that is being solved for a call stays as it is
    const stale = this.#captchaSlot?.lang !== this.language.captchaLang;
    if (stale && !isLive(this.snapshot.state)) this.#redrawCaptcha();
    this.update();
  }

  dispose(): void {
    this.#disposed = true;
    removeEventListener('pagehide', this.#handlePageHide);
    removeEventListener('pageshow', this.#handlePageShow);
    this.calls?.dispose();
    this.hideCaptcha();
    this.#active.dispose();
    this.language.dispose();
    this.isOpen = false;
  }

  readonly #handlePageHide = (): void => {
    this.calls?.call.end('removed');
    this.calls?.call.discard();
  };

  readonly #handlePageShow = (event: PageTransitionEvent): void => {
    if (event.persisted && this.isOpen && this.atForm) this.#prepare();
  };

  /** Shows what has changed, in the panel and on the element. */
  update(): void {
    const states = [
      this.snapshot.state,
      ...(this.isOpen ? ['open'] : []),
      ...(this.calls?.states ?? []),
    ];
    const label = (!this.isOpen && this.calls?.buttonLabel) || null;
    const reflected = `${states.join()} ${label ?? ''}`;
    if (reflected !== this.#reflected) this.host.reflect(states, label);
    this.#reflected = reflected;
    this.host.anchor.ariaExpanded = String(this.isOpen);
    this.#surface.requestUpdate();
  }
}
