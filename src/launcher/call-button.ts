import type { PanelActions } from '../panel/host.js';
import type { CallButtonElement } from './element.js';
import { createLauncher, type LauncherSetup } from './launcher.js';
import { CSS_TEXT } from './styles.js';

// the last two are properties alone
const ATTRIBUTES =
  'server target domain gate captcha sitekey captcha-host media label placement caller-name tel hours time-zone closed-on ring-timeout context ice-transport-policy ice-wait strings ice-servers'.split(
    ' ',
  );
const ACTIONS =
  'close hangUp sendDtmf setAudioMuted setVideoMuted toggleFullscreen toggleSelfView copyDiagnostics'.split(
    ' ',
  ) as (keyof PanelActions)[];

/** Makes the class of the element: a factory, so that importing it needs no `window`. See `CallButtonElement`. */
export function createCallButtonClass(setup: LauncherSetup): new () => CallButtonElement {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS_TEXT);

  class CallButton extends HTMLElement {
    static readonly observedAttributes: readonly string[] = ATTRIBUTES;

    readonly #launcher = createLauncher(
      this as unknown as CallButtonElement,
      this.attachInternals().states,
      sheet,
      setup,
    );
    // properties that are more than an attribute's mirror
    readonly #own: Record<string, unknown> = {
      iceServers: [],
      strings: {},
      captchaHost: setup.captchaHost,
    };

    static {
      const prototype = this.prototype as unknown as Record<string, unknown>;
      for (const name of ATTRIBUTES) {
        const property = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
        Object.defineProperty(prototype, property, {
          get(this: CallButton) {
            return this.#own[property] ?? this.getAttribute(name);
          },
          set(this: CallButton, value: unknown) {
            if (property in this.#own) {
              this.#own[property] = value;
              this.#launcher.changed();
            } else if (value === null || value === undefined) this.removeAttribute(name);
            else
              this.setAttribute(
                name,
                // only `context` is an object
                Object(value) === value ? JSON.stringify(value) : (value as string),
              );
          },
        });
      }
      for (const name of ACTIONS) {
        prototype[name] = function (this: CallButton, ...values: [never]) {
          return this.#launcher.panel()?.[name](...values);
        };
      }
      for (const name of ['open', 'call'] as const) {
        prototype[name] = function (this: CallButton) {
          return this.#launcher.run(name);
        };
      }
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
      this.#launcher.connected();
    }

    disconnectedCallback(): void {
      this.#launcher.disconnected();
    }

    attributeChangedCallback(): void {
      this.#launcher.changed();
    }

    get state() {
      return this.#launcher.state();
    }
  }
  return CallButton as unknown as new () => CallButtonElement;
}
