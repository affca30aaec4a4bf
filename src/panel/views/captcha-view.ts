import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isLive } from '../../call/call-state.js';
import type { PanelController } from '../controller.js';
import { lineIcon } from './icons.js';

/** On the grid of `icons.ts`. */
const CHECK = 'M5 12.5l4.5 4.5L19 7.5';

/** The checkbox of a CAPTCHA that shows nothing itself. */
export function captchaView({
  captcha,
  t,
  snapshot,
}: PanelController): TemplateResult | typeof nothing {
  if (captcha?.presentation !== 'checkbox') return nothing;
  const { status } = captcha;
  const words =
    status === 'solving' || status === 'solved' ? t(`captcha.${status}`) : t('captcha.ready');
  const done = status === 'solved' || status === 'solving';
  // not disabled: that would take the focus away from who has just ticked it
  const fixed = done || isLive(snapshot.state);
  return html`<label class="check">
    <input
      type="checkbox"
      .checked=${done}
      aria-disabled=${String(fixed)}
      @click=${(event: Event) => fixed && event.preventDefault()}
      @change=${() => captcha.solve()}
    />
    <span class=${`box ${status}`}>${status === 'solved' ? lineIcon(CHECK) : nothing}</span>
    <span>${words}</span>
  </label>`;
}
