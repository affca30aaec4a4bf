import { type nothing, render, type TemplateResult } from 'lit/html.js';

/**
 * What an extra view keeps to itself: an element, so that leaving the document ends whatever it opened, and drawing it
 * does not draw the panel. It draws into the panel's own tree, where parts and styles reach it. `Given` is what the
 * panel tells it each time it is drawn.
 */
export abstract class ExtraElement<Given> extends HTMLElement {
  protected abstract readonly sheet: CSSStyleSheet;
  #given: Given | null = null;

  /** Null before the first drawing. */
  get given(): Given | null {
    return this.#given;
  }

  set given(value: Given | null) {
    this.#given = value;
    this.draw();
  }

  connectedCallback(): void {
    const { adoptedStyleSheets } = this.getRootNode() as ShadowRoot;
    if (!adoptedStyleSheets.includes(this.sheet)) adoptedStyleSheets.push(this.sheet);
    this.draw();
  }

  draw(): void {
    if (this.isConnected && this.#given !== null) render(this.view(this.#given), this);
  }

  protected abstract view(given: Given): TemplateResult | typeof nothing;
}
