export { createCallButtonClass } from './call-button.js';

/** Registers the element once, where the browser has all it needs. */
export function registerCallButton(createClass: () => CustomElementConstructor): void {
  // `:state()` marks Chrome and Edge 125, Firefox 126 and Safari 17.4: nothing older is supported
  if (!globalThis.CSS?.supports('selector(:state(a))')) return;
  if (customElements.get('call-button')) console.warn('<call-button> is on this page already');
  else customElements.define('call-button', createClass());
}
