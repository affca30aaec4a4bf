import type {
  HoursModule,
  PanelActions,
  PanelHandle,
  PanelHost,
  PanelModule,
} from '../panel/host.js';
import { findIssues } from './check.js';
import { create } from './dom.js';
import type { CallButtonElement } from './element.js';
import { CSS_TEXT } from './styles.js';

/** How this build finds its other parts: another way for npm than for the script tag. */
export interface LauncherSetup {
  loadPanel(): Promise<PanelModule>;
  /** Only where an element has opening hours. */
  loadHours(): Promise<HoursModule>;
  /** From `data-captcha-host` of the script tag. */
  readonly captchaHost: string | null;
  /** Nonce of the script tag. */
  readonly nonce: string | null;
}

const ATTRIBUTES =
  'server target domain gate captcha sitekey captcha-host media label placement caller-name tel hours time-zone closed-on ring-timeout context ice-transport-policy ice-wait'.split(
    ' ',
  );
const ACTIONS = [
  'close',
  'hangUp',
  'sendDtmf',
  'setAudioMuted',
  'setVideoMuted',
  'toggleFullscreen',
  'toggleSelfView',
  'copyDiagnostics',
] as const satisfies (keyof PanelActions)[];

/** Makes the class of the element: a factory, so that importing it needs no `window`. See `CallButtonElement`. */
export function createCallButtonClass(setup: LauncherSetup): new () => CallButtonElement {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS_TEXT);

  class CallButton extends HTMLElement {
    static readonly observedAttributes: readonly string[] = ATTRIBUTES;

    readonly #states = this.attachInternals().states;
    readonly #root = this.attachShadow({ mode: 'open' });
    readonly #button = create('button', { part: 'launcher' });
    readonly #link = create('a', { part: 'launcher' });
    readonly #icon = create('slot', { name: 'icon' }, create('i'));
    readonly #label = create('span');
    readonly #slot = create('slot');
    readonly #away = create('slot', { name: 'away' });
    readonly #observer = new MutationObserver(() => this.#render());
    readonly #host: PanelHost;
    // properties that are more than an attribute's mirror
    readonly #own: Record<string, unknown> = {
      iceServers: [],
      strings: {},
      captchaHost: setup.captchaHost,
    };
    #issues = '';
    #fault = '';
    #open = true;
    #hours: Promise<() => void> | undefined;
    #loading: Promise<PanelHandle> | null = null;
    #panel: PanelHandle | null = null;
    #panelStates: readonly string[] = ['idle'];
    #panelLabel: string | null = null;

    static {
      const prototype = this.prototype as unknown as Record<string, unknown>;
      for (const name of [...ATTRIBUTES, 'strings', 'ice-servers']) {
        const property = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
        Object.defineProperty(prototype, property, {
          get(this: CallButton) {
            return this.#own[property] ?? this.getAttribute(name);
          },
          set(this: CallButton, value: unknown) {
            if (property in this.#own) {
              this.#own[property] = value;
              this.attributeChangedCallback();
            } else if (value === null || value === undefined) this.removeAttribute(name);
            // only `context` is an object
            else {
              const text = Object(value) === value ? JSON.stringify(value) : (value as string);
              this.setAttribute(name, text);
            }
          },
        });
      }
      for (const name of ACTIONS) {
        prototype[name] = function (this: CallButton, ...values: [never]) {
          return this.#panel?.[name](...values);
        };
      }
    }

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [sheet];
      this.#root.append(this.#away, this.#button, this.#link);
      this.#host = {
        element: this as unknown as CallButtonElement,
        anchor: this.#button,
        nonce: setup.nonce,
        tel: () => this.#tel(),
        reflect: (states, label) => {
          this.#panelStates = states;
          this.#panelLabel = label;
          this.#render();
        },
      };
      this.#button.onclick = () =>
        void this.open().catch((error: unknown) => {
          if (!this.#tel()) throw error;
          // a chunk is blocked, or is not what its hash says: the number can be had without it
          this.#fault = String(error);
          this.#render();
        });
      // intent: the panel is there by the time of the click
      this.#button.onpointerenter =
        this.#button.ontouchstart =
        this.#button.onfocus =
          () => void this.#load().catch(() => {});
    }

    connectedCallback(): void {
      // properties set before the script arrived hide the accessors of the class
      const self = this as unknown as Record<string, unknown>;
      for (const name of Object.keys(self)) {
        const value = self[name];
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- shorter than Reflect, on every page
        delete self[name];
        self[name] = value;
      }
      this.#observer.observe(this, { childList: true, characterData: true, subtree: true });
      this.#render();
      this.#panel?.resume();
    }

    disconnectedCallback(): void {
      this.#observer.disconnect();
      void this.#hours?.then((stop) => stop());
      this.#hours = undefined;
      // a move in the document removes and inserts in one task: only one that stays out ends the call
      setTimeout(() => {
        if (this.isConnected) return;
        this.#panel?.element.remove();
        this.#panel?.dispose();
        this.#panel = this.#loading = null;
      });
    }

    attributeChangedCallback(): void {
      this.#render();
      if (!this.#issues) this.#panel?.configure();
    }

    async open(): Promise<void> {
      // in the same task where it can: a later `close()` must not be overtaken
      await (this.#panel ?? (await this.#load())).open();
    }

    async call(): Promise<void> {
      await (this.#panel ?? (await this.#load())).call();
    }

    get state() {
      return this.#panel?.snapshot ?? { state: this.#issues ? 'unavailable' : 'idle' };
    }

    #load(): Promise<PanelHandle> {
      return (this.#loading ??= this.#create().catch((error: unknown) => {
        // a chunk that could not be had may be there at the next try
        this.#loading = null;
        throw error;
      }));
    }

    async #create(): Promise<PanelHandle> {
      if (this.#issues) throw new DOMException(this.#issues, 'InvalidStateError');
      this.#button.ariaBusy = 'true';
      try {
        const panel = (await setup.loadPanel()).createPanel(this.#host);
        this.#root.append(panel.element);
        return (this.#panel = panel);
      } finally {
        this.#button.ariaBusy = null;
      }
    }

    get #child(): HTMLAnchorElement | null {
      return this.querySelector(':scope>a[href]:not([slot])');
    }

    #tel(): string | null {
      const number = this.getAttribute('tel')?.replace(/[^\d+*#]/g, '');
      return number ? `tel:${number}` : (this.#child?.href ?? null);
    }

    /** Judges the attributes; tells the console once what is wrong with them. */
    #check(): void {
      const { element } = this.#host;
      const issues = findIssues(element);
      if (this.#fault) issues.push(this.#fault);
      // without https there is neither. A link that works is better than a button that explains, which is better than nothing
      if (this.#tel() && !(navigator.mediaDevices && globalThis.RTCPeerConnection))
        issues.push('WebRTC');
      const text = issues.join();
      if (text === this.#issues) return;
      this.#issues = text;
      // frameworks insert an element first and set it up then, all in one task
      setTimeout(() => {
        if (!text || text !== this.#issues) return;
        void setup
          .loadPanel()
          .then(({ explain }) => explain(issues, element))
          .catch(() => text)
          .then((words) => console.error(`<call-button> cannot call: ${words}`, this));
      });
    }

    #render(): void {
      if (!this.isConnected) return;
      if (!this.#hours && (this.hasAttribute('hours') || this.hasAttribute('closed-on'))) {
        // until it is known the link stays: nothing flashes
        this.#open = false;
        this.#hours = setup.loadHours().then(({ watchHours }) =>
          watchHours(this, (open, issue) => {
            this.#open = open;
            this.#fault = issue;
            this.#render();
          }),
        );
      }
      this.#check();
      const open = this.#open;
      // a call in progress outlives a closing time and a broken attribute
      const away = !this.#panelStates.includes('live') && (!open || !!this.#issues);
      const tel = this.#tel();
      const child = this.#child;
      this.#button.hidden = away;
      this.#away.hidden = !away || open;
      this.#link.hidden = !away || !tel;
      if (tel) this.#link.href = tel;
      const shown = away ? this.#link : this.#button;
      if (this.#label.parentNode !== shown) shown.append(this.#icon, this.#label);
      // a link is never slotted: inside a button it would be invalid
      this.#slot.textContent = this.getAttribute('label');
      this.#label.replaceChildren(this.#panelLabel ?? child?.textContent.trim() ?? this.#slot);
      for (const child of this.children as HTMLCollectionOf<HTMLElement>)
        if (child.slot) child.hidden = false;

      this.#states.clear();
      for (const state of away && this.#issues ? ['unavailable'] : this.#panelStates) {
        this.#states.add(state);
      }
      if (!open) this.#states.add('closed');
    }
  }
  return CallButton as unknown as new () => CallButtonElement;
}
