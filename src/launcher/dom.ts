/** `document.createElement` with properties. */
export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties?: Partial<Record<keyof HTMLElementTagNameMap[K], unknown>>,
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(tag), properties);
}
