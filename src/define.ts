/**
 * The npm entry that registers `<call-button>`. Harmless to import twice, beside another copy, on a server, or in a
 * browser that is too old: there the element's child link stays what it is.
 */
import { createCallButtonClass, registerCallButton } from './launcher/register.js';

/** And with it `HTMLElementTagNameMap`. */
export type { CallButtonElement } from './launcher/element.js';

if ('document' in globalThis) {
  registerCallButton(() =>
    createCallButtonClass({
      loadPanel: () => import('./panel/index.js'),
      loadHours: () => import('./panel/watch-hours.js'),
    }),
  );
}
