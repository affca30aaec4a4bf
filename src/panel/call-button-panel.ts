import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import { isInCall, isLive } from '../call/call-state.js';
import type { PanelHandle, PanelHost } from './host.js';
import { panelStyles } from '../styles/panel.styles.js';
import { PanelController, type PanelSurface } from './controller.js';
import { placePanel } from './position.js';
import { formView } from './views/form-view.js';
import { lineIcon, PATHS } from './views/icons.js';

/** Of the form; what else there may be comes with the styles of it. */
const PARTS = 'panel,form,name-input,captcha,call-action,no-camera,message,permission,check';
/** Width below which the panel is a sheet at the bottom of the window, px; `panel.styles.ts` has the same. */
const SHEET_BELOW = 480;
/** Too short to be noticed, longer than most browsers take to a microphone that they need not ask for. */
const SET_UP_DRAW_MS = 50;

/**
 * The panel behind one `<call-button>`: form, call and controls. Lives in the launcher's shadow root. Drawn by lit's
 * templates alone: nothing is set on it from outside, so its reactive properties would be 2.6 kB for nothing.
 */
export class CallButtonPanel extends HTMLElement {
  readonly #root = this.attachShadow({ mode: 'open' });
  #controller: PanelController | null = null;
  #focusNext = false;
  #drawing = false;
  /** As drawn: a call may have ended since. */
  #minimises = false;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [panelStyles];
  }

  /** Ties the panel to its launcher; once. */
  attach(host: PanelHost): PanelHandle {
    this.setAttribute('exportparts', PARTS);
    const controller = (this.#controller = new PanelController(host, this.#surface()));
    return {
      get snapshot() {
        return controller.snapshot;
      },
      open: () => controller.open(),
      close: () => controller.close(),
      call: () => controller.dial(),
      hangUp: () => controller.calls?.hangUp(),
      // pages pass numbers as well
      sendDtmf: (digits: unknown) => controller.calls?.call.sendDtmf(String(digits)),
      setAudioMuted: (muted) => controller.calls?.call.setAudioMuted(muted),
      setVideoMuted: async (muted) => controller.calls?.call.setVideoMuted(muted),
      toggleFullscreen: async () => controller.calls?.toggleFullscreen(),
      toggleSelfView: () => controller.calls?.set('selfView', !controller.calls.selfView),
      copyDiagnostics: async () => (await controller.calls?.copyDiagnostics()) ?? false,
      configure: () => controller.configure(),
      resume: () => controller.resume(),
      dispose: () => {
        this.remove();
        controller.dispose();
      },
    };
  }

  connectedCallback(): void {
    addEventListener('resize', this.#place);
  }

  disconnectedCallback(): void {
    removeEventListener('resize', this.#place);
  }

  /**
   * Draws once for all changes of a task. While a call is being set up its steps come first: the INVITE of a quick one
   * leaves before the view of it is drawn.
   */
  async #requestUpdate(): Promise<void> {
    if (this.#drawing) return;
    this.#drawing = true;
    await Promise.resolve();
    const state = this.#controller?.snapshot.state ?? 'idle';
    if (isLive(state) && !isInCall(state)) {
      await new Promise((resolve) => setTimeout(resolve, SET_UP_DRAW_MS));
    }
    this.#drawing = false;
    const root = this.#root;
    const focused = root.activeElement;
    render(this.#view(), root);
    this.#place();
    this.#controller?.calls?.say(root.querySelector('.hidden'));
    // what had the focus may be gone: keys must go on to reach the panel
    if (focused && !root.activeElement?.matches(':not([inert] *)')) this.#focusNext = true;
    // nothing is drawn while a language is awaited, or once it is closed
    if (!this.#focusNext || this.#section === null) return;
    this.#focusNext = false;
    const wanted = root.querySelector<HTMLElement>('[data-focus],#name') ?? this.#section;
    wanted.focus({ preventScroll: true });
  }

  #view(): TemplateResult | typeof nothing | undefined {
    const controller = this.#controller;
    if (!controller?.language.settled) return;
    if (!controller.isOpen) return controller.calls?.bar;
    const { t, engine, calls, snapshot, atForm } = controller;
    const minimises = (this.#minimises = isLive(snapshot.state) && !atForm);
    const away = minimises ? 'minimize' : 'close';
    const name = t(away);
    const button = html`<button
      type="button"
      class="plain"
      aria-label=${name}
      title=${name}
      @click=${() => controller.close(minimises)}
    >
      ${lineIcon(PATHS[away])}
    </button>`;
    const { locale, direction } = controller.language;
    const title = controller.host.anchor.textContent.trim() || t('title');
    const call = atForm || calls === null ? null : engine?.callView(calls);
    return html`<section
      part="panel"
      class=${`panel ${calls?.shape ?? ''}`}
      lang=${locale}
      dir=${direction ?? nothing}
      role="dialog"
      aria-label=${title}
      tabindex="-1"
      @keydown=${this.#handleKey}
    >
      <header>
        <h2>${title}</h2>
        ${
          // not one button: a press that begins on the one must not end on the other
          minimises ? button : nothing
        }${minimises ? nothing : button}
      </header>
      ${call ?? formView(controller)}
      <p class="hidden" role="status"></p>
    </section>`;
  }

  get #section(): HTMLElement | null {
    return this.#root.querySelector('section');
  }

  #surface(): PanelSurface {
    return {
      requestUpdate: () => void this.#requestUpdate(),
      focusFirst: () => {
        this.#focusNext = true;
        void this.#requestUpdate();
      },
      adopt: (sheet, parts = '') => {
        this.#root.adoptedStyleSheets.push(sheet);
        this.setAttribute('exportparts', `${this.getAttribute('exportparts')}${parts}`);
      },
      section: () => this.#section,
    };
  }

  readonly #place = (): void => {
    const section = this.#section;
    const controller = this.#controller;
    if (section === null || controller === null || controller.calls?.isFullscreen) return;
    if (window.innerWidth < SHEET_BELOW) return;
    placePanel(section, controller.host.anchor.getBoundingClientRect());
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    const controller = this.#controller;
    if (controller === null || event.defaultPrevented || event.isComposing) return;
    // the focus may have moved on under the finger: what is held down presses one button
    if (event.repeat && event.key === 'Enter') event.preventDefault();
    const handled = controller.calls?.handleKey(event) ?? false;
    if (event.key !== 'Escape') return;
    if (!handled) {
      if (isLive(controller.snapshot.state)) return;
      controller.close(this.#minimises);
    }
    event.stopPropagation();
  };
}
