import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { isInCall, isLive, takesDigits } from '../call/call-state.js';
import type { PanelHandle, PanelHost } from './host.js';
import { panelStyles } from '../styles/panel.styles.js';
import type { Engine } from './compose.js';
import { PanelController, type PanelSurface } from './controller.js';
import { enterFullscreen } from './fullscreen.js';
import { placePanel } from './position.js';
import { formView } from './views/form-view.js';
import { icon } from './views/icons.js';

const PARTS =
  'panel,form,name-input,captcha,call-action,no-camera,status,timer,quality,stage,remote-video,self-view,controls,mute-audio,mute-video,keypad-toggle,keypad,key,devices-toggle,devices,fullscreen,self-view-toggle,hang-up,message,diagnostics';
/** Width below which the panel is a sheet at the bottom of the window, px; `panel.styles.ts` has the same. */
const SHEET_BELOW = 480;
/** Too short to be noticed, longer than most browsers take to a microphone that they need not ask for. */
const SET_UP_DRAW_MS = 50;

/** The panel behind one `<call-button>`: form, call and controls. Lives in the launcher's shadow root. */
export class CallButtonPanel extends LitElement {
  static override readonly styles = panelStyles;

  #controller: PanelController | null = null;
  #focusNext = false;

  /** Ties the panel to its launcher; once. */
  attach(host: PanelHost): PanelHandle {
    const controller = (this.#controller = new PanelController(host, this.#surface()));
    return {
      element: this,
      get snapshot() {
        return controller.snapshot;
      },
      open: () => controller.open(),
      close: () => controller.close(),
      call: () => controller.dial(),
      hangUp: () => controller.hangUp(),
      // pages pass numbers as well
      sendDtmf: (digits: unknown) => controller.call?.sendDtmf(String(digits)),
      setAudioMuted: (muted) => controller.call?.setAudioMuted(muted),
      setVideoMuted: async (muted) => controller.call?.setVideoMuted(muted),
      toggleFullscreen: () => controller.toggleFullscreen(),
      toggleSelfView: () => controller.set('selfView', !controller.selfView),
      copyDiagnostics: () => controller.copyDiagnostics(),
      configure: () => controller.configure(),
      resume: () => {
        this.#playVideos();
        controller.resume();
      },
      dispose: () => controller.dispose(),
    };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('exportparts', PARTS);
    addEventListener('resize', this.#place);
    document.addEventListener('fullscreenchange', this.#handleFullscreenChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('resize', this.#place);
    document.removeEventListener('fullscreenchange', this.#handleFullscreenChange);
  }

  /** While a call is being set up its steps come first: the INVITE of a quick one leaves before the view of it is drawn. */
  protected override async scheduleUpdate(): Promise<void> {
    const state = this.#controller?.snapshot.state ?? 'idle';
    if (isLive(state) && !isInCall(state)) {
      await new Promise((resolve) => setTimeout(resolve, SET_UP_DRAW_MS));
    }
    await super.scheduleUpdate();
  }

  override updated(_changed: PropertyValues): void {
    this.#place();
    // nothing is drawn while a language is awaited
    if (!this.#focusNext || this.#section === null) return;
    this.#focusNext = false;
    const wanted = this.renderRoot.querySelector<HTMLElement>('[autofocus],#name:not([disabled])');
    (wanted ?? this.#section)?.focus({ preventScroll: true });
  }

  override render(): TemplateResult | typeof nothing {
    const controller = this.#controller;
    if (!controller?.isOpen || !controller.language.settled) return nothing;
    const { t, engine, snapshot, atForm, isFullscreen } = controller;
    const live = isLive(snapshot.state);
    const { locale, direction } = controller.language;
    const title = controller.host.anchor.textContent.trim() || t('title');
    const call = atForm || engine === null ? null : engine.callView(controller);
    return html`<section
      part="panel"
      class=${`panel ${isFullscreen ? 'filled' : ''} ${snapshot.remoteVideo && isInCall(snapshot.state) ? 'wide' : ''}`}
      lang=${locale}
      dir=${direction ?? nothing}
      role="dialog"
      aria-label=${title}
      tabindex="-1"
      @keydown=${this.#handleKey}
    >
      <header>
        <h2>${title}</h2>
        <button
          type="button"
          class="plain"
          aria-label=${t(live && !atForm ? 'minimize' : 'close')}
          title=${t(live && !atForm ? 'minimize' : 'close')}
          @click=${() => controller.close()}
        >
          ${icon(live && !atForm ? 'minimize' : 'close')}
        </button>
      </header>
      ${call ?? formView(controller)}
      <p class="hidden" role="status">${live ? controller.statusText : nothing}</p>
    </section>`;
  }

  get #section(): HTMLElement | null {
    return this.renderRoot.querySelector('section');
  }

  #surface(): PanelSurface {
    return {
      requestUpdate: () => this.requestUpdate(),
      focusFirst: () => {
        this.#focusNext = true;
        this.requestUpdate();
      },
      // no more than a text: drawing all of the call each second costs a phone's battery
      showTime: (time) => {
        const timer = this.renderRoot.querySelector('[part=timer]');
        if (timer !== null) timer.textContent = time;
      },
      adoptStyles: (engine: Engine) => {
        const sheet = engine.callStyles.styleSheet;
        const root = this.renderRoot as ShadowRoot;
        if (sheet) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      },
      enterFullscreen: async () => {
        const section = this.#section;
        if (section === null) return false;
        const video = section.querySelector<HTMLVideoElement>('[part=remote-video]');
        return (await enterFullscreen(section, video)) !== 'video';
      },
      leaveFullscreen: () => {
        if (document.fullscreenElement !== null) document.exitFullscreen().catch(() => {});
        this.#controller?.set('isFullscreen', false);
      },
    };
  }

  readonly #place = (): void => {
    const section = this.#section;
    const controller = this.#controller;
    if (section === null || controller === null || controller.isFullscreen) return;
    if (window.innerWidth < SHEET_BELOW) return;
    placePanel(section, controller.host.anchor.getBoundingClientRect());
  };

  readonly #handleFullscreenChange = (): void => {
    const controller = this.#controller;
    if (!controller?.isFullscreen) return;
    // left by Escape or by the browser
    if (document.fullscreenElement === null) controller.set('isFullscreen', false);
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    const controller = this.#controller;
    if (controller === null || event.defaultPrevented || event.isComposing) return;
    const { state } = controller.snapshot;
    if (event.key === 'Escape') {
      // only what is safe to close: never a call
      if (controller.keypadOpen) controller.set('keypadOpen', false);
      else if (controller.devicesView !== null) void controller.toggleDevices();
      else if (controller.isFullscreen) void controller.toggleFullscreen();
      else if (!isLive(state)) controller.close();
      else return;
      event.stopPropagation();
    } else if (
      takesDigits(state) &&
      /^[0-9*#]$/.test(event.key) &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey
    ) {
      event.preventDefault();
      controller.pressKey(event.key);
    }
  };

  /** A move in the document pauses media elements (HTML §4.8.11.8). */
  #playVideos(): void {
    for (const video of this.renderRoot.querySelectorAll('video')) video.play().catch(() => {});
  }
}
