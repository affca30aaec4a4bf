/** The least that an element of lit costs. */
import { html, LitElement, type TemplateResult } from 'lit';

class LitEmpty extends LitElement {
  override render(): TemplateResult {
    return html`<button>Call</button>`;
  }
}
customElements.define('lit-empty', LitEmpty);
