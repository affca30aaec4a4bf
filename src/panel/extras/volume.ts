/** How loud the far end plays, beside the choice of the speaker. One chunk. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ExtraKey } from '../../i18n/extra/messages.js';
import type { Translate } from '../../i18n/messages.js';
import { css } from '../../styles/css.js';
import type { CallController } from '../call-controller.js';
import type { PanelController } from '../controller.js';
import { ExtraElement } from './extra-element.js';
import { recall, remember } from './remembered.js';

const TAG = 'call-button-volume';
/** Of a key or a small move, percent. */
const STEP = 5;

const styles = css`
  call-button-volume {
    display: contents;
  }
  .devices .volume {
    display: flex;
    justify-content: space-between;
    font-size: 1em;
    font-variant-numeric: tabular-nums;
  }
  .devices [type='range'] {
    width: 100%;
    height: 32px;
    margin: 0;
    accent-color: var(--_accent);
    cursor: pointer;
  }
  .filled .devices [type='range'] {
    accent-color: #fff;
  }
`;

interface Given {
  readonly calls: CallController;
  readonly locale: string;
  readonly t: Translate<ExtraKey>;
}

class Volume extends ExtraElement<Given> {
  protected readonly sheet = styles;

  protected override view({ calls, locale, t }: Given): TemplateResult | typeof nothing {
    const { volume } = calls.snapshot;
    if (volume === null) return nothing;
    const said = new Intl.NumberFormat(locale, { style: 'percent' }).format(volume);
    return html`<div>
      <div class="volume">
        <label for="volume">${t('volume')}</label><span aria-hidden="true">${said}</span>
      </div>
      <input
        part="volume"
        id="volume"
        type="range"
        max="100"
        step=${STEP}
        .value=${String(Math.round(volume * 100))}
        aria-valuetext=${said}
        @input=${this.#handleInput}
        @change=${this.#handleChange}
      />
    </div>`;
  }

  readonly #handleInput = (event: Event): void => {
    const { valueAsNumber } = event.currentTarget as HTMLInputElement;
    this.given?.calls.call.setVolume(valueAsNumber / 100);
  };

  /** The slider is let go: kept with the devices, where the visitor has those remembered, and only there. */
  readonly #handleChange = (): void => {
    const { calls } = this.given ?? {};
    const stored = recall();
    if (calls === undefined || stored === null) return;
    calls.volume = calls.snapshot.volume;
    remember({ ...stored, volume: calls.volume });
  };
}

export function view(
  { calls, language }: PanelController,
  t: Translate<ExtraKey>,
): TemplateResult | typeof nothing {
  if (calls === null) return nothing;
  if (!customElements.get(TAG)) customElements.define(TAG, Volume);
  const given: Given = { calls, locale: language.locale, t };
  return html`<call-button-volume .given=${given}></call-button-volume>`;
}
