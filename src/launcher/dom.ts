/** `document.createElement`, with one attribute: the property `part` would take a `DOMTokenList` along. */
export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attribute?: string,
  value = '',
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (attribute) element.setAttribute(attribute, value);
  return element;
}
