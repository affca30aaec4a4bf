import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isInCall, isLive } from '../../call/call-state.js';
import type { ExtraKey } from '../../i18n/extra/messages.js';
import type { Translate } from '../../i18n/messages.js';
import { barStyles } from '../../styles/bar.styles.js';
import type { CallController } from '../call-controller.js';
import type { Engine } from '../compose.js';
import type { PanelController } from '../controller.js';
import { placePanel } from '../position.js';
import { phoneLink } from '../views/form-view.js';
import { handsetIcon, lineIcon, PATHS } from '../views/icons.js';
import { ExtraElement } from './extra-element.js';

const TAG = 'call-button-bar';
/** On the grid of `icons.ts`. */
const RESTORE = 'M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7';
/** Beyond any window, px. */
const FAR = 1e5;

interface Given {
  readonly calls: CallController;
  /** Views of the panel itself: not imported, as that would make the bundler part their chunk. */
  readonly views: Engine;
  readonly t: Translate<ExtraKey>;
}

const focusedBeside = (element: Element): Element | null =>
  (element.getRootNode() as ShadowRoot).activeElement;

/** What is left of the panel while it is minimised: takes the place of a floating button, else a corner of the window. */
class Bar extends ExtraElement<Given> {
  protected readonly sheet = barStyles;
  readonly #resized = new ResizeObserver(() => this.#place());
  readonly #handleResize = (): void => this.#place();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    addEventListener('resize', this.#handleResize);
    const { anchor } = this;
    // the button has the focus after a press on "minimise", and may be covered now
    if (anchor !== undefined && focusedBeside(anchor) === anchor)
      this.querySelector<HTMLElement>('[part=restore]')?.focus();
    this.#coverButton(true);
  }

  disconnectedCallback(): void {
    this.#resized.disconnect();
    removeEventListener('resize', this.#handleResize);
    this.#coverButton(false);
  }

  override draw(): void {
    super.draw();
    // the page's direction may be another, and the button with it on the other side
    this.#place();
  }

  get anchor(): HTMLElement | undefined {
    return this.given?.calls.host.anchor;
  }

  get #floats(): boolean {
    const element = this.given?.calls.host.element;
    return element !== undefined && getComputedStyle(element).position === 'fixed';
  }

  /** What is covered must not get the focus either. */
  #coverButton(covered: boolean): void {
    this.anchor?.style.setProperty('visibility', covered && this.#floats ? 'hidden' : '');
  }

  #place(): void {
    const { anchor } = this;
    if (anchor === undefined || !this.isConnected) return;
    const floats = this.#floats;
    this.classList.toggle('corner', !floats);
    const width = document.documentElement.clientWidth;
    const end = getComputedStyle(this).direction === 'rtl' ? 0 : width;
    const { left, right, top, bottom } = floats
      ? anchor.getBoundingClientRect()
      : new DOMRect(end, innerHeight, 0, 0);
    // a panel stands beside its anchor: over the button is above what begins below it, or below what ends above it
    const x = left + right > width ? right : left;
    placePanel(
      this,
      top + bottom > innerHeight
        ? new DOMRect(x, bottom + 8, 0, FAR)
        : new DOMRect(x, top - 8, 0, 0),
    );
  }

  /** Of a call that is over: the button is there again. */
  readonly #close = (): void => {
    this.#coverButton(false);
    this.given?.calls.dismiss();
    this.anchor?.focus({ preventScroll: true });
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    const { calls } = this.given ?? {};
    if (event.key !== 'Escape' || calls === undefined || isLive(calls.snapshot.state)) return;
    event.stopPropagation();
    this.#close();
  };

  protected override view(given: Given): TemplateResult {
    const { calls, views, t: extra } = given;
    const { t, snapshot } = calls;
    const { state, outcome } = snapshot;
    const over = !isLive(state);
    const inCall = isInCall(state);
    // a button that goes must not take the focus with it
    if (over && focusedBeside(this)?.matches('[part=hang-up]')) this.focus();
    const restore = extra('restore');
    const close = t('close');
    return html`<div class="line" @keydown=${this.#handleKey}>
        <span class=${`sign ${over ? 'over' : state === 'established' ? 'talking' : ''}`}
          >${over && calls.failed ? lineIcon(PATHS.alert) : handsetIcon()}</span
        >
        <div class="told">
          <div role="status">
            <span part="status" class="status" dir="auto"
              >${over ? outcome && t(`end.${outcome.reason}`) : calls.statusText}</span
            >
            ${
              over && outcome?.durationMs
                ? html`<span class="muted"
                    >${t('duration', { time: calls.clock(outcome.durationMs) })}</span
                  >`
                : nothing
            }
          </div>
          ${
            inCall
              ? html`<span part="timer" class="timer" role="timer" dir="ltr">${calls.time}</span>`
              : nothing
          }
        </div>
        <div class="controls">
          ${over ? nothing : views.muteAudio(calls)}
          <button
            type="button"
            part="restore"
            class="control"
            aria-label=${restore}
            title=${restore}
            @click=${() => calls.restore()}
          >
            ${lineIcon(RESTORE)}
          </button>
          ${
            over
              ? html`<button
                  type="button"
                  class="control"
                  aria-label=${close}
                  title=${close}
                  @click=${this.#close}
                >
                  ${lineIcon(PATHS.close)}
                </button>`
              : views.hangUp(calls)
          }
        </div>
      </div>
      <div class="remarks" role="status">${inCall ? views.noticeView(calls) : nothing}</div>
      ${
        over
          ? html`<div class="next">
              <button type="button" class="primary" @click=${() => void calls.again()}>
                ${handsetIcon()}<span>${t('call.again')}</span>
              </button>
              ${calls.failed ? phoneLink(calls) : nothing}
            </div>`
          : nothing
      }`;
  }
}

export function view(
  { calls, engine: views, language }: PanelController,
  t: Translate<ExtraKey>,
): TemplateResult | typeof nothing {
  if (calls === null || views === null) return nothing;
  if (!customElements.get(TAG)) customElements.define(TAG, Bar);
  const given: Given = { calls, views, t };
  return html`<call-button-bar
    part="bar"
    class="bar"
    role="region"
    aria-label=${calls.t('title')}
    tabindex="-1"
    lang=${language.locale}
    dir=${language.direction ?? nothing}
    .given=${given}
  ></call-button-bar>`;
}
