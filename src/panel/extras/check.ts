/** The check of microphone, speaker and camera before a call, with the media it needs. One chunk. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isLive } from '../../call/call-state.js';
import { CallError, type EndReason, isAbort } from '../../call/errors.js';
import type { Device, DeviceKind } from '../../call/ports.js';
import type { ExtraKey } from '../../i18n/extra/messages.js';
import type { Translate } from '../../i18n/messages.js';
import { createDeviceCheck, type DeviceCheck } from '../../media/device-check.js';
import type { CallController } from '../call-controller.js';
import type { PanelController } from '../controller.js';
import { lineIcon, PATHS } from '../views/icons.js';
import { checkStyles } from './check.styles.js';
import { ExtraElement } from './extra-element.js';
import { forget, recall, remember } from './remembered.js';

const TAG = 'call-button-check';
/** Between two looks at the level, ms. */
const LOOK_MS = 60;
/** A level that is a voice, and how many looks at it are no cough. */
const VOICE_LEVEL = 0.5;
const VOICE_LOOKS = 5;

const SLIDERS = 'M5 4v5M5 13v7M12 4v9M12 17v3M19 4v2M19 10v10M2.5 11h5M9.5 15h5M16.5 8h5';
const CHEVRON = 'M6 9.5l6 6 6-6';
const SPEAKER = 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11';

interface Given {
  readonly panel: PanelController;
  readonly calls: CallController;
  readonly t: Translate<ExtraKey>;
}

class Check extends ExtraElement<Given> {
  protected readonly sheet = checkStyles;
  #check: DeviceCheck | null = null;
  /** The devices are there to be looked at. */
  #ready = false;
  #failure: EndReason | null = null;
  #devices: readonly Device[] = [];
  #looks = 0;
  #speaker: 'untested' | 'playing' | 'asked' | 'loud' | 'quiet' = 'untested';
  #remembered = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #leave = new AbortController();

  override connectedCallback(): void {
    const { given } = this;
    if (given !== null) {
      const { signal } = (this.#leave = new AbortController());
      const stored = recall();
      this.#remembered = stored !== null;
      for (const [kind, id] of stored?.devices ?? []) given.calls.devices.set(kind, id);
      given.calls.volume = stored?.volume ?? null;
      // before the call opens devices of its own
      given.panel.host.element.addEventListener(
        'call-state-change',
        () => {
          if (isLive(given.calls.snapshot.state)) this.#close();
        },
        { signal },
      );
      addEventListener('pagehide', () => this.#close(), { signal });
      navigator.mediaDevices?.addEventListener('devicechange', () => void this.#list(), { signal });
    }
    super.connectedCallback();
  }

  disconnectedCallback(): void {
    this.#leave.abort();
    this.#close();
  }

  protected override view({ panel, t }: Given): TemplateResult {
    const video = panel.config.media === 'video';
    const open = this.#check !== null || this.#failure !== null;
    return html`<div part="check" class="device-check" @keydown=${this.#handleKey}>
      <button
        type="button"
        class="disclosure"
        aria-expanded=${String(open)}
        aria-controls="device-check"
        ?disabled=${isLive(panel.snapshot.state)}
        @click=${() => (open ? this.#close() : void this.#open(video))}
      >
        ${lineIcon(SLIDERS)}<span>${t(video ? 'check.video' : 'check.audio')}</span>
        ${lineIcon(CHEVRON)}
      </button>
      <div id="device-check" class="devices" ?hidden=${!open}>
        ${open ? this.#content(panel, t) : nothing}
      </div>
    </div>`;
  }

  #content(panel: PanelController, t: Translate<ExtraKey>): TemplateResult {
    if (this.#failure !== null) {
      return html`<div class="message" role="alert">
        ${lineIcon(PATHS.alert)}
        <p>${panel.t(`end.${this.#failure}`)}</p>
      </div>`;
    }
    if (!this.#ready) return html`<p class="muted">${panel.t('status.requesting-media')}</p>`;
    const picture = this.#check?.picture ?? null;
    return html`
      ${
        picture === null
          ? nothing
          : html`<video
                class="preview"
                playsinline
                autoplay
                .muted=${true}
                .srcObject=${picture}
                aria-label=${panel.t('self.view')}
              ></video>
              ${this.#picker(panel, 'videoinput')}`
      }
      <div>
        <div
          role="meter"
          class="meter"
          aria-label=${t('check.level')}
          aria-valuemin="0"
          aria-valuemax="100"
          aria-valuenow="0"
        >
          <i></i>
        </div>
        <p class="result" role="status">
          ${t(this.#looks >= VOICE_LOOKS ? 'check.heard' : 'check.speak')}
        </p>
      </div>
      ${this.#picker(panel, 'audioinput')}
      <div class="sound">
        <p class="result" role="status">${this.#soundWords(t)}</p>
        ${
          this.#speaker === 'asked'
            ? html`<button type="button" class="secondary" @click=${() => this.#answer('loud')}>
                  ${t('check.yes')}
                </button>
                <button type="button" class="secondary" @click=${() => this.#answer('quiet')}>
                  ${t('check.no')}
                </button>`
            : html`<button
                type="button"
                class="secondary play"
                aria-disabled=${this.#speaker === 'playing' ? 'true' : nothing}
                @click=${() => void this.#play()}
              >
                ${lineIcon(SPEAKER)}<span>${t('check.play')}</span>
              </button>`
        }
      </div>
      ${this.#picker(panel, 'audiooutput')}
      <label class="remember">
        <input type="checkbox" .checked=${this.#remembered} @change=${this.#handleRemember} />
        <span>${t('check.remember')}</span>
      </label>
    `;
  }

  #soundWords(t: Translate<ExtraKey>): string | typeof nothing {
    const speaker = this.#speaker;
    if (speaker === 'asked') return t('check.question');
    return speaker === 'loud' || speaker === 'quiet' ? t(`check.${speaker}`) : nothing;
  }

  #picker({ t }: PanelController, kind: DeviceKind): TemplateResult | typeof nothing {
    const some = this.#devices.filter((device) => device.kind === kind);
    if (some.length === 0) return nothing;
    const id = `check-${kind}`;
    return html`<div>
      <label for=${id}>${t(`devices.${kind}`)}</label>
      <select
        id=${id}
        @change=${(event: Event) =>
          void this.#choose(kind, (event.currentTarget as HTMLSelectElement).value)}
      >
        ${some.map(
          (device) =>
            html`<option value=${device.id} .selected=${device.selected}>${device.label}</option>`,
        )}
      </select>
    </div>`;
  }

  /** From the click alone: neither permission nor device before it. */
  async #open(video: boolean): Promise<void> {
    const { given } = this;
    if (given === null) return;
    let check: DeviceCheck | null = null;
    try {
      check = this.#check = createDeviceCheck(given.calls.access, given.calls.devices);
      this.#draw();
      await check.open(video);
      if (this.#check !== check) return;
      this.#ready = true;
      this.#timer = setInterval(() => this.#look(), LOOK_MS);
      await this.#list();
    } catch (error) {
      if (isAbort(error) || this.#check !== check) return;
      this.#close();
      this.#failure = CallError.from(error).reason;
      this.#draw();
    }
  }

  #close(): void {
    clearInterval(this.#timer);
    this.#check?.close();
    const wasOpen = this.#check !== null || this.#failure !== null;
    this.#check = this.#failure = null;
    this.#ready = false;
    this.#devices = [];
    this.#looks = 0;
    this.#speaker = 'untested';
    if (wasOpen) this.#draw();
  }

  /** The panel has another size now, and may need another place. */
  #draw(): void {
    this.draw();
    this.given?.panel.update();
  }

  #look(): void {
    const level = this.#check?.level() ?? 0;
    const meter = this.querySelector<HTMLElement>('[role=meter]');
    // not drawn: sixteen times a second that would be the whole view
    meter?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
    meter?.style.setProperty('--level', String(level));
    if (level < VOICE_LEVEL || this.#looks >= VOICE_LOOKS) return;
    this.#looks += 1;
    if (this.#looks === VOICE_LOOKS) this.draw();
  }

  async #list(): Promise<void> {
    const check = this.#check;
    const devices = (await check?.devices()) ?? [];
    if (check === null || this.#check !== check || !this.#ready) return;
    this.#devices = devices;
    this.#draw();
  }

  async #choose(kind: DeviceKind, id: string): Promise<void> {
    const { given } = this;
    if (kind === 'audioinput') this.#looks = 0;
    if (kind === 'audiooutput') this.#speaker = 'untested';
    try {
      await this.#check?.choose(kind, id);
      if (this.#remembered && given !== null) remember(given.calls);
    } catch {
      // the list goes back to what is in use
    }
    await this.#list();
  }

  async #play(): Promise<void> {
    const check = this.#check;
    if (check === null || this.#speaker === 'playing') return;
    this.#speaker = 'playing';
    this.draw();
    const played = await check.play().then(
      () => true,
      () => false,
    );
    if (this.#check !== check || this.#speaker !== 'playing') return;
    this.#speaker = played ? 'asked' : 'quiet';
    this.#draw();
    // the button that was pressed is gone
    this.querySelector<HTMLElement>('.sound button')?.focus();
  }

  #answer(answer: 'loud' | 'quiet'): void {
    this.#speaker = answer;
    this.#draw();
    this.querySelector<HTMLElement>('.sound button')?.focus();
  }

  readonly #handleRemember = (event: Event): void => {
    this.#remembered = (event.currentTarget as HTMLInputElement).checked;
    const calls = this.given?.calls;
    if (calls === undefined) return;
    if (this.#remembered) remember(calls);
    else {
      forget();
      calls.volume = null;
    }
  };

  /** Escape closes the check, not the form around it. */
  readonly #handleKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || (this.#check === null && this.#failure === null)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#close();
    this.querySelector<HTMLElement>('.disclosure')?.focus();
  };
}

export function view(
  panel: PanelController,
  t: Translate<ExtraKey>,
): TemplateResult | typeof nothing {
  const { calls } = panel;
  if (calls === null) return nothing;
  if (!customElements.get(TAG)) customElements.define(TAG, Check);
  const given: Given = { panel, calls, t };
  return html`<call-button-check .given=${given}></call-button-check>`;
}
