import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ExtraKey } from '../../i18n/extra/messages.js';
import type { Translate } from '../../i18n/messages.js';
import { css } from '../../styles/css.js';
import type { PanelController } from '../controller.js';
import { lineIcon } from '../views/icons.js';
import { ExtraElement } from './extra-element.js';
import { CallRatingEvent } from './rating-event.js';

const TAG = 'call-button-rating';
/** On the grid of `icons.ts`. */
const STAR = 'M12 3.5l2.6 5.3 5.9.9-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.9z';
const THUMB =
  'M7.5 10.5V20H4v-9.5zM7.5 10.5L11 4a2.3 2.3 0 0 1 2.3 2.3V9.5h5a2 2 0 0 1 2 2.3l-1.1 6.5a2 2 0 0 1-2 1.7H7.5';
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
};

const styles = css`
  call-button-rating {
    display: grid;
    justify-items: center;
    gap: 4px;
  }
  /* thanks stand where the question stood: nothing moves */
  .asked {
    display: grid;
    font-size: 0.9375em;
  }
  .asked > * {
    grid-area: 1 / 1;
  }
  .rated .how {
    visibility: hidden;
  }
  .scores {
    display: flex;
    gap: 2px;
  }
  .score {
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    padding: 0;
    border: 0;
    border-radius: min(var(--_button), 14px);
    background: none;
    color: var(--_muted);
    font-size: 1.6em;
  }
  .score svg {
    stroke-width: 1.5;
    transition: scale 0.15s;
  }
  .score.down svg {
    scale: 1 -1;
  }
  .score:is(:hover, [aria-checked='true'], .filled),
  .scores:not(.thumbs, .rated) .score:has(~ .score:hover) {
    color: var(--_accent);
  }
  .score:is([aria-checked='true'], .filled) svg,
  .scores:not(.rated) .score:hover svg,
  .scores:not(.thumbs, .rated) .score:has(~ .score:hover) svg {
    fill: currentColor;
  }
  .scores.rated .score {
    cursor: default;
  }
  .scores.rated .score:not(.filled) {
    color: var(--_muted);
  }
  @media (prefers-reduced-motion: reduce) {
    .score svg {
      transition: none;
    }
  }
`;

interface Given {
  readonly host: EventTarget;
  readonly t: Translate<ExtraKey>;
  readonly callId: string;
  readonly thumbs: boolean;
}

/** How the call was: five stars, or a thumb up or down. Chosen once, by a press; arrows alone choose nothing. */
class Rating extends ExtraElement<Given> {
  protected readonly sheet = styles;
  #rated: { readonly callId: string; readonly score: number } | null = null;
  /** Which one the Tab key reaches. */
  #current = 0;

  protected override view(given: Given): TemplateResult {
    const { t, thumbs } = given;
    const rated = this.#rated?.callId === given.callId;
    const scores = thumbs ? [1, 0] : [1, 2, 3, 4, 5];
    return html`<div part="rating" class=${`asked ${rated ? 'rated' : ''}`}>
        <span id="rating-question" class="how">${t('rating.question')}</span>
        <span role="status">${rated ? t('rating.thanks') : nothing}</span>
      </div>
      <div
        class=${`scores ${thumbs ? 'thumbs' : ''} ${rated ? 'rated' : ''}`}
        role="radiogroup"
        aria-labelledby="rating-question"
        aria-disabled=${String(rated)}
        @keydown=${this.#handleKey}
      >
        ${scores.map((score, at) => this.#scoreView(given, score, at))}
      </div>`;
  }

  #scoreView(given: Given, score: number, at: number): TemplateResult {
    const { t, thumbs, callId } = given;
    const chosen = this.#rated?.callId === callId ? this.#rated.score : null;
    const filled = chosen !== null && (thumbs ? score === chosen : score <= chosen);
    const name = thumbs
      ? t(score === 1 ? 'rating.good' : 'rating.bad')
      : t('rating.stars', { n: score });
    return html`<button
      type="button"
      role="radio"
      class=${`score ${filled ? 'filled' : ''} ${thumbs && score === 0 ? 'down' : ''}`}
      aria-checked=${String(score === chosen)}
      aria-label=${name}
      title=${name}
      tabindex=${at === this.#current ? 0 : -1}
      @click=${() => this.#rate(given, score, at)}
    >
      ${lineIcon(thumbs ? THUMB : STAR)}
    </button>`;
  }

  #rate({ host, callId, thumbs }: Given, score: number, at: number): void {
    if (this.#rated?.callId === callId) return;
    this.#rated = { callId, score };
    this.#current = at;
    this.draw();
    host.dispatchEvent(new CallRatingEvent(callId, score, thumbs ? 1 : 5));
  }

  readonly #handleKey = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = [...this.querySelectorAll<HTMLElement>('[role=radio]')];
    const sideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    const forward = sideways && getComputedStyle(this).direction === 'rtl' ? -step : step;
    this.#current = (this.#current + forward + all.length) % all.length;
    this.draw();
    all[this.#current]?.focus();
  };
}

export function view(
  controller: PanelController,
  t: Translate<ExtraKey>,
): TemplateResult | typeof nothing {
  const { callId } = controller.snapshot;
  if (callId === null) return nothing;
  if (!customElements.get(TAG)) customElements.define(TAG, Rating);
  const { element } = controller.host;
  const thumbs = element.getAttribute('rating') === 'thumbs';
  const given: Given = { host: element, t, callId, thumbs };
  return html`<call-button-rating .given=${given}></call-button-rating>`;
}
