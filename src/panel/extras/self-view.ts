/**
 * The own picture in another corner of the stage: dragged there, or by a press, which needs no dragging (WCAG 2.5.7).
 * One chunk.
 */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ExtraKey } from '../../i18n/extra/messages.js';
import type { Translate } from '../../i18n/messages.js';
import { css } from '../../styles/css.js';
import type { CallController } from '../call-controller.js';
import type { PanelController } from '../controller.js';
import { lineIcon } from '../views/icons.js';
import { ExtraElement } from './extra-element.js';

const TAG = 'call-button-self-view';
/** On the grid of `icons.ts`. */
const MOVE =
  'M12 3.5v17M3.5 12h17M9.5 6L12 3.5 14.5 6M9.5 18l2.5 2.5 2.5-2.5M6 9.5L3.5 12 6 14.5M18 9.5l2.5 2.5-2.5 2.5';
/** Block and inline side, in the order of presses: once around. */
const CORNERS = ['start-end', 'end-end', 'end-start', 'start-start'] as const;
/** Less is a press by a hand that is not steady, px. */
const SLOP = 6;
/** Kept free between the picture and the edge of the stage while it is dragged, px. */
const MARGIN = 4;
const SNAP_MS = 180;

export type Corner = (typeof CORNERS)[number];

const styles = css`
  call-button-self-view {
    display: contents;
  }
  .move {
    position: absolute;
    inset-block-start: 12px;
    inset-inline-end: 12px;
    /* as the picture is now */
    width: var(--_own-width);
    height: var(--_own-height);
    padding: 0;
    border: 0;
    border-radius: 12px;
    background: none;
    color: #fff;
    cursor: grab;
    touch-action: none;
    user-select: none;
  }
  .move:active {
    cursor: grabbing;
  }
  .move svg {
    position: absolute;
    inset-block-start: 6px;
    inset-inline-start: 6px;
    width: 26px;
    height: 26px;
    padding: 5px;
    border-radius: 50%;
    background: rgb(0 0 0 / 0.62);
    opacity: 0;
    transition: opacity 0.15s;
  }
  .move:is(:hover, :focus-visible) svg {
    opacity: 1;
  }
  .picture :is(.own, .move) {
    translate: var(--_dx, 0) var(--_dy, 0);
  }
  .filled .move {
    inset-block-start: 64px;
  }
  .picture[data-corner^='end'] :is(.own, .move) {
    inset-block: auto 12px;
  }
  .picture[data-corner$='start'] :is(.own, .move) {
    inset-inline: 12px auto;
  }
  .filled .picture[data-corner^='end'] :is(.own, .move) {
    inset-block-end: var(--_above);
  }
  /* status, time and quality have the other corner below */
  .picture[data-corner='end-start'] .info {
    inset-inline: auto 12px;
  }
  .picture[data-corner^='end'] .info {
    max-width: calc(100% - var(--_own-width) - 36px);
  }
  /* what is over the controls for a while has the room below */
  .filled .call:has(.keypad, .devices, .message) .picture[data-corner] :is(.own, .move) {
    inset-block: 64px auto;
  }
  @media (hover: none) {
    .move svg {
      opacity: 0.8;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .move svg {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .move svg {
      forced-color-adjust: none;
    }
  }
`;

interface Given {
  readonly calls: CallController;
  readonly t: Translate<ExtraKey>;
}

/** From the press of a pointer to its release. */
interface Drag {
  readonly x: number;
  readonly y: number;
  /** Where the pictures are then. */
  readonly own: DOMRect;
  readonly stage: DOMRect;
}

class SelfView extends ExtraElement<Given> {
  protected readonly sheet = styles;
  #stage: HTMLElement | null = null;
  #own: HTMLElement | null = null;
  #drag: Drag | null = null;
  /** The press has become a drag: the click that follows means nothing. */
  #dragged = false;
  /** The camera was turned or changed, or the panel has another size. */
  readonly #resized = new ResizeObserver(() => this.#cover());

  override connectedCallback(): void {
    this.#stage = this.closest('.stage');
    this.#own = this.#stage?.querySelector('.own') ?? null;
    super.connectedCallback();
    if (this.#own !== null) this.#resized.observe(this.#own);
  }

  disconnectedCallback(): void {
    this.#resized.disconnect();
    this.#drag = null;
    this.#shift(0, 0);
    delete this.#stage?.dataset['corner'];
  }

  protected override view({ calls, t }: Given): TemplateResult {
    this.#stage?.setAttribute('data-corner', calls.corner);
    const name = t('self.move');
    return html`<button
      type="button"
      part="self-view-move"
      class="move"
      aria-label=${name}
      title=${name}
      @pointerdown=${this.#handleDown}
      @pointermove=${this.#handleMove}
      @pointerup=${this.#handleUp}
      @pointercancel=${this.#handleCancel}
      @click=${this.#handleClick}
      @keydown=${this.#handleKey}
    >
      ${lineIcon(MOVE)}
    </button>`;
  }

  #cover(): void {
    const { style } = this.#stage ?? this;
    style.setProperty('--_own-width', `${this.#own?.offsetWidth ?? 0}px`);
    style.setProperty('--_own-height', `${this.#own?.offsetHeight ?? 0}px`);
  }

  #shift(x: number, y: number): void {
    this.#stage?.style.setProperty('--_dx', `${x}px`);
    this.#stage?.style.setProperty('--_dy', `${y}px`);
  }

  get #rtl(): boolean {
    return getComputedStyle(this).direction === 'rtl';
  }

  readonly #handleDown = (event: PointerEvent): void => {
    this.#dragged = false;
    if (!event.isPrimary || event.button !== 0 || this.#own === null || this.#stage === null)
      return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#drag = {
      x: event.clientX,
      y: event.clientY,
      own: this.#own.getBoundingClientRect(),
      stage: this.#stage.getBoundingClientRect(),
    };
  };

  readonly #handleMove = ({ clientX, clientY, isPrimary }: PointerEvent): void => {
    const drag = this.#drag;
    if (drag === null || !isPrimary) return;
    const [x, y] = [clientX - drag.x, clientY - drag.y];
    if (!this.#dragged && Math.hypot(x, y) < SLOP) return;
    this.#dragged = true;
    const { own, stage } = drag;
    const within = (by: number, least: number, most: number): number =>
      Math.max(least + MARGIN, Math.min(by, most - MARGIN));
    this.#shift(
      within(x, stage.left - own.left, stage.right - own.right),
      within(y, stage.top - own.top, stage.bottom - own.bottom),
    );
  };

  readonly #handleUp = ({ isPrimary }: PointerEvent): void => {
    const drag = this.#drag;
    if (drag === null || !isPrimary) return;
    this.#drag = null;
    if (!this.#dragged || this.#own === null) return;
    const { stage } = drag;
    const { left, right, top, bottom } = this.#own.getBoundingClientRect();
    const low = top + bottom > stage.top + stage.bottom;
    const onRight = left + right > stage.left + stage.right;
    this.#move(`${low ? 'end' : 'start'}-${onRight === this.#rtl ? 'start' : 'end'}`);
  };

  /** The browser has taken the pointer for something else. */
  readonly #handleCancel = (): void => {
    if (this.#drag === null) return;
    this.#drag = null;
    if (this.given !== null) this.#move(this.given.calls.corner);
  };

  readonly #handleClick = ({ detail }: MouseEvent): void => {
    // a key's click has no detail, and follows no drag
    if ((detail > 0 && this.#dragged) || this.given === null) return;
    const at = CORNERS.indexOf(this.given.calls.corner);
    this.#move(CORNERS[(at + 1) % CORNERS.length] ?? CORNERS[0]);
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.#drag !== null) {
      event.preventDefault();
      event.stopPropagation();
      this.#handleCancel();
      return;
    }
    const corner = this.given?.calls.corner;
    if (corner === undefined) return;
    const [block, inline] = corner.split('-') as ['start' | 'end', 'start' | 'end'];
    const [left, right] = this.#rtl ? (['end', 'start'] as const) : (['start', 'end'] as const);
    const wanted: Partial<Record<string, Corner>> = {
      ArrowUp: `start-${inline}`,
      ArrowDown: `end-${inline}`,
      ArrowLeft: `${block}-${left}`,
      ArrowRight: `${block}-${right}`,
    };
    const next = wanted[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#move(next);
  };

  /** From where it is, to be followed by the eye. */
  #move(corner: Corner): void {
    const { given } = this;
    const own = this.#own;
    if (given === null || own === null) return;
    const before = own.getBoundingClientRect();
    const moved = [own, ...this.children];
    for (const animation of moved.flatMap((each) => each.getAnimations())) animation.cancel();
    given.calls.corner = corner;
    this.#shift(0, 0);
    this.draw();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const { left, top } = own.getBoundingClientRect();
    const translate = [`${before.left - left}px ${before.top - top}px`, '0 0'];
    for (const each of moved)
      each.animate({ translate }, { duration: SNAP_MS, easing: 'ease-out' });
  }
}

export function view(
  { calls }: PanelController,
  t: Translate<ExtraKey>,
): TemplateResult | typeof nothing {
  if (calls === null) return nothing;
  if (!customElements.get(TAG)) customElements.define(TAG, SelfView);
  const given: Given = { calls, t };
  return html`<call-button-self-view .given=${given}></call-button-self-view>`;
}
