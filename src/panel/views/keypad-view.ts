import { html, type TemplateResult } from 'lit/html.js';
import type { CallController } from '../call-controller.js';

/** ITU-T E.161: the letters a caller is told to press. */
const KEYS = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', ''],
  ['#', ''],
] as const;

export function keypadView(controller: CallController): TemplateResult {
  const { digits, t } = controller;
  return html`<div part="keypad" class="keypad" id="keypad" dir="ltr">
    <output aria-label=${t('keypad.digits')}>${digits.slice(-24) || '\u00a0'}</output>
    ${KEYS.map(
      ([digit, letters]) =>
        html`<button
          type="button"
          part="key"
          class="key"
          @click=${() => controller.pressKey(digit)}
        >
          <span>${digit}</span><small>${letters && ` ${letters}`}</small>
        </button>`,
    )}
  </div>`;
}
