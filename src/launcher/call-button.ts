import { type CallSnapshot, IDLE_SNAPSHOT } from '../call/snapshot.js';
import type { CallConfig } from '../shared/config.js';
import type { PanelHandle, PanelHost, PanelModule } from '../shared/host.js';
import { openAt, parseHours, type Schedule } from '../shared/hours.js';
import type { IceServer } from '../shared/pass.js';
import { parseConfig } from './parse-config.js';
import { create, handset, styleSheet } from './dom.js';

/** How this build finds the panel: another for npm than for the script tag. */
export interface LauncherSetup {
  loadPanel(): Promise<PanelModule>;
  /** From `data-captcha-host` of the script tag. */
  readonly captchaHost: string | null;
  /** Nonce of the script tag. */
  readonly nonce: string | null;
}

const ATTRIBUTES = [
  'server',
  'target',
  'domain',
  'gate',
  'captcha',
  'sitekey',
  'captcha-host',
  'media',
  'label',
  'placement',
  'caller-name',
  'tel',
  'hours',
  'time-zone',
  'closed-on',
  'ring-timeout',
  'context',
  'ice-transport-policy',
  'ice-wait',
] as const;
const FORWARDED_SLOTS = ['captcha', 'form-start', 'form-end', 'ringing', 'ended'];
// longest delay of setTimeout (HTML: a 32-bit signed integer)
const TIMER_MAX_MS = 2 ** 31 - 1;
const ALWAYS_OPEN = { open: true, changesAt: null };


function reflect(element: Element, name: string, value: unknown): void {
  if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, String(value));
}

/** Makes the element's class for one way of loading the panel. A factory: importing it needs no DOM. */
export function createCallButtonClass(setup: LauncherSetup) {
  /**
   * A button that calls the service its administrator set: by voice or video, from the page, over SIP and WebRTC.
   *
   * @element call-button
   */
  class CallButton extends HTMLElement {
    static readonly observedAttributes: readonly string[] = [...ATTRIBUTES, 'lang', 'dir'];

    declare server: string | null;
    declare target: string | null;
    declare domain: string | null;
    declare gate: string | null;
    declare captcha: string | null;
    declare sitekey: string | null;
    declare media: string | null;
    declare label: string | null;
    declare placement: string | null;
    declare callerName: string | null;
    declare tel: string | null;
    declare hours: string | null;
    declare timeZone: string | null;
    declare closedOn: string | null;
    declare ringTimeout: string | null;
    declare iceTransportPolicy: string | null;
    declare iceWait: string | null;

    readonly #internals = this.attachInternals();
    readonly #button: HTMLButtonElement;
    readonly #link: HTMLAnchorElement;
    readonly #label = create('span', {});
    readonly #slot = create('slot', {});
    readonly #linkLabel = create('span', {});
    readonly #away = create('slot', { name: 'away', hidden: '' });
    readonly #observer = new MutationObserver(() => this.#render());
    #config: CallConfig | null = null;
    #issues = '';
    #timer: ReturnType<typeof setTimeout> | undefined;
    #loading: Promise<PanelHandle> | null = null;
    #panel: PanelHandle | null = null;
    #panelLabel: string | null = null;
    #states: readonly string[] = ['idle'];
    #iceServers: readonly IceServer[] = [];
    #captchaHost: string | null = setup.captchaHost;
    #strings: Readonly<Record<string, unknown>> = {};

    constructor() {
      super();
      const icon = create('slot', { name: 'icon' }, handset());
      this.#button = create('button', { type: 'button', part: 'launcher', hidden: '' }, icon, this.#label);
      this.#link = create('a', { part: 'launcher', hidden: '' }, handset(), this.#linkLabel);
      const root = this.attachShadow({ mode: 'open', delegatesFocus: false });
      root.adoptedStyleSheets = [styleSheet()];
      root.append(this.#away, this.#button, this.#link);

      this.#button.onclick = () => void this.open();
      // intent: the panel is there by the time of the click
      const warm = (): void => void this.#load().catch(() => {});
      for (const type of ['pointerenter', 'touchstart', 'focus']) {
        this.#button.addEventListener(type, warm, { passive: true, once: true });
      }
    }

    connectedCallback(): void {
      for (const name of Object.getOwnPropertyNames(this)) {
        // set before the script arrived: hand it to the accessor of the class
        if (!(name in CallButton.prototype)) continue;
        const value: unknown = Reflect.get(this, name);
        Reflect.deleteProperty(this, name);
        Reflect.set(this, name, value);
      }
      this.#observer.observe(this, { childList: true, characterData: true, subtree: true });
      this.#panel?.resume();
      this.#render();
    }

    disconnectedCallback(): void {
      this.#observer.disconnect();
      clearTimeout(this.#timer);
      // a move in the document removes and inserts in one task: only one that stays out ends the call
      setTimeout(() => {
        if (this.isConnected) return;
        this.#panel?.element.remove();
        this.#panel?.dispose();
        this.#panel = this.#loading = null;
      });
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.#render();
    }

    /** Opens the form, or the call in progress again. */
    async open(): Promise<void> {
      await (await this.#load()).open();
    }

    /** Closes the form; in a call it only minimises: `hangUp()` ends. */
    close(): void {
      this.#panel?.close();
    }

    /** Opens the form and submits it; what is missing is asked there. */
    async call(): Promise<void> {
      await (await this.#load()).call();
    }

    /** Ends the call, or gives up the attempt. */
    hangUp(): void {
      this.#panel?.hangUp();
    }

    /** Sends `0-9 * # A-D` one after the other; `,` pauses 2 s. */
    sendDtmf(digits: string): void {
      this.#panel?.sendDtmf(digits);
    }

    setAudioMuted(muted: boolean): void {
      this.#panel?.setAudioMuted(muted);
    }

    async setVideoMuted(muted: boolean): Promise<void> {
      await this.#panel?.setVideoMuted(muted);
    }

    /** Needs a gesture of the visitor. */
    async toggleFullscreen(): Promise<void> {
      await this.#panel?.toggleFullscreen();
    }

    toggleSelfView(): void {
      this.#panel?.toggleSelfView();
    }

    /** All that can be said of the call at this moment; a new frozen object after each change. */
    get state(): CallSnapshot {
      if (this.#panel) return this.#panel.snapshot;
      return this.#config ? IDLE_SNAPSHOT : { ...IDLE_SNAPSHOT, state: 'unavailable' };
    }

    /** STUN and TURN servers where the gate gives none. Default: none, so that no third party is asked. */
    get iceServers(): readonly IceServer[] {
      return this.#iceServers;
    }

    set iceServers(value: readonly IceServer[]) {
      this.#iceServers = Array.isArray(value) ? value : [];
      this.#render();
    }

    /** Other texts than the language's own, by key. */
    get strings(): Readonly<Record<string, unknown>> {
      return this.#strings;
    }

    set strings(value: Readonly<Record<string, unknown>>) {
      this.#strings = Object(value) as Readonly<Record<string, unknown>>;
      this.#panel?.configure();
    }

    /** Object carried to the callee, or its JSON. */
    get context(): unknown {
      const json = this.getAttribute('context');
      try {
        return json && (JSON.parse(json) as unknown);
      } catch {
        return json;
      }
    }

    set context(value: unknown) {
      reflect(this, 'context', typeof value === 'object' && value ? JSON.stringify(value) : value);
    }

    /** Origin of the CAPTCHA provider's script. Unlike the attribute it may name any host. */
    get captchaHost(): string | null {
      return this.#captchaHost;
    }

    set captchaHost(value: string | null) {
      this.#captchaHost = value;
      this.#render();
    }

    #load(): Promise<PanelHandle> {
      this.#loading ??= this.#create().catch((error: unknown) => {
        // a chunk that could not be had may be there at the next try
        this.#loading = null;
        throw error;
      });
      return this.#loading;
    }

    async #create(): Promise<PanelHandle> {
      const config = this.#config;
      if (!config) throw new DOMException(this.#issues, 'InvalidStateError');
      this.#button.ariaBusy = 'true';
      try {
        const { createPanel } = await setup.loadPanel();
        const panel = createPanel(this.#host(config));
        for (const name of FORWARDED_SLOTS) {
          panel.element.append(create('slot', { name, slot: name }));
        }
        this.#panel = panel;
        this.shadowRoot?.append(panel.element);
        return panel;
      } finally {
        this.#button.ariaBusy = null;
      }
    }

    #host(first: CallConfig): PanelHost {
      const current = {
        config: () => (first = this.#config ?? first),
        strings: () => this.#strings,
        tel: () => this.#tel(),
      };
      return {
        element: this,
        anchor: this.#button,
        nonce: setup.nonce,
        get config() {
          return current.config();
        },
        get strings() {
          return current.strings();
        },
        get tel() {
          return current.tel();
        },
        reflect: (states, label) => {
          this.#states = states;
          this.#panelLabel = label;
          this.#render();
        },
      };
    }

    #anchor(): HTMLAnchorElement | null {
      return this.querySelector<HTMLAnchorElement>(':scope > a[href]:not([slot])');
    }

    #tel(): string | null {
      const number = this.getAttribute('tel')?.replace(/^tel:|[^\d+*#]/g, '');
      if (number) return `tel:${number}`;
      const href = this.#anchor()?.href;
      return href && /^(tel|mailto|https?):/.test(href) ? href : null;
    }

    /** Judges the attributes again; the same object stays as long as they say the same. */
    #parse(): Schedule | null {
      const { config, issues } = parseConfig((name) => this.getAttribute(name), this, {
        baseUrl: document.baseURI,
        secure: location.protocol === 'https:',
        origin: location.origin,
      });
      const all = [...issues];
      const hours = this.getAttribute('hours');
      const parsed =
        hours === null
          ? null
          : parseHours(hours, this.getAttribute('time-zone'), this.getAttribute('closed-on'));
      if (parsed && 'issue' in parsed) all.push(parsed.issue);
      if (!isSecureContext) all.push('calls need an https page');
      else if (!globalThis.RTCPeerConnection) all.push('this browser has no WebRTC');
      const text = all.join('; ');
      if (text && text !== this.#issues) console.error(`<call-button> ${text}`, this);
      this.#issues = text;
      const next = text ? null : config;
      if (JSON.stringify(next) !== JSON.stringify(this.#config)) {
        this.#config = next;
        this.#panel?.configure();
      }
      return parsed && 'issue' in parsed ? null : parsed;
    }

    #render(): void {
      if (!this.isConnected) return;
      const schedule = this.#parse();
      const now = Date.now();
      const { open, changesAt } = schedule ? openAt(schedule, now) : ALWAYS_OPEN;
      clearTimeout(this.#timer);
      if (changesAt !== null) {
        this.#timer = setTimeout(() => this.#render(), Math.min(changesAt - now, TIMER_MAX_MS));
      }

      // a call in progress outlives a closing time and a broken attribute
      const away = !this.#states.includes('live') && (!open || !this.#config);
      const tel = away ? this.#tel() : null;
      this.#button.hidden = away;
      this.#away.hidden = open || !away;
      this.#link.hidden = tel === null;
      if (tel !== null) this.#link.href = tel;
      const text = this.#anchor()?.textContent.trim() ?? this.getAttribute('label') ?? '';
      this.#linkLabel.textContent = text || tel?.replace(/^\w+:/, '') || '';
      this.#slot.textContent = text;
      // a link is never slotted: inside a button it would be invalid
      const own = this.#panelLabel ?? (this.#anchor() && text);
      this.#label.replaceChildren(own ?? this.#slot);
      for (const child of this.children) if (child.slot) (child as HTMLElement).hidden = false;

      const { states } = this.#internals;
      const wanted = this.#config || !away ? this.#states : ['unavailable'];
      states.clear();
      for (const state of wanted) states.add(state);
      if (!open) states.add('closed');
    }
  }

  for (const name of ATTRIBUTES) {
    const property = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    if (property in CallButton.prototype) continue;
    Object.defineProperty(CallButton.prototype, property, {
      configurable: true,
      enumerable: true,
      get(this: HTMLElement) {
        return this.getAttribute(name);
      },
      set(this: HTMLElement, value: unknown) {
        reflect(this, name, value);
      },
    });
  }
  return CallButton;
}
