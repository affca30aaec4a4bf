import { html, type TemplateResult } from 'lit/html.js';
import type { CallController } from '../call-controller.js';

/** ITU-T E.161: the letters a caller is told to press. */
const KEYS = '1 2ABC 3DEF 4GHI 5JKL 6MNO 7PQRS 8TUV 9WXYZ * 0 #'.split(' ');

export function keypadView(controller: CallController): TemplateResult {
  const { digits, t } = controller;
  return html`<div part="keypad" class="keypad" id="keypad" dir="ltr">
    <output aria-label=${t('keypad.digits')}>${digits.slice(-24) || '\u00a0'}</output>
    ${KEYS.map(
      (key) =>
        html`<button
          type="button"
          part="key"
          class="key"
          @click=${() => controller.pressKey(key.charAt(0))}
        >
          <span>${key.charAt(0)}</span><small> ${key.slice(1)}</small>
        </button>`,
    )}
  </div>`;
}
