export { createCallButtonClass } from './call-button.js';

/** Registers the element once, where the browser has all it needs. */
export function registerCallButton(createClass: () => CustomElementConstructor): void {
  // marks Chrome and Edge 124, Firefox 128 and Safari 17.4: older ones have no `:state()`, and keep the link
  if ('parseHTMLUnsafe' in Document && !customElements.get('call-button'))
    customElements.define('call-button', createClass());
}
