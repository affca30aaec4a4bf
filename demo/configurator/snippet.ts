/** What an administrator pastes. */
import { integrityLines, type Integrity } from '../../test/support/published.js';

export interface SnippetOptions {
  /** Address of `call-button.js`. */
  readonly script: string;
  /** Of the build there, where the page shall load no other; null: whatever is there. */
  readonly hashes: Integrity | null;
  /** Attributes that are set. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Custom properties that are set. */
  readonly properties: ReadonlyMap<string, string>;
  /** Style sheet of the theme; empty for none. */
  readonly theme: string;
  /** Style sheet of the link until the script is there. */
  readonly firstPaint: string;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;' };
const escapeHtml = (text: string): string =>
  text.replace(/[&"<]/g, (character) => ESCAPES[character]!);

/** A value that could end its declaration, or the style element, is none. */
export const isPropertyValue = (value: string): boolean => value !== '' && !/[<>{};]/.test(value);

/** Own custom properties, after and thereby above those of the theme. */
export function propertiesRule(properties: ReadonlyMap<string, string>): string {
  const lines = [...properties]
    .filter(([, value]) => isPropertyValue(value))
    .map(([name, value]) => `  ${name}: ${value};`);
  return lines.length === 0 ? '' : `call-button {\n${lines.join('\n')}\n}`;
}

function withoutComments(css: string): string {
  return css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\n\s*\n+/g, '\n')
    .trim();
}

/**
 * Script, style and element. With a number the label is a link in the element: what the page shows without the script,
 * and where a browser cannot call.
 */
export function makeSnippet({
  script,
  hashes,
  attributes,
  properties,
  theme,
  firstPaint,
}: SnippetOptions): string {
  const tel = attributes.get('tel') ?? '';
  const label = attributes.get('label') ?? '';
  const linked = tel !== '' && label !== '';
  const css = [
    linked ? withoutComments(firstPaint) : '',
    withoutComments(theme),
    propertiesRule(properties),
  ].filter((text) => text !== '');
  const lines = [...attributes]
    .filter(([name, value]) => value !== '' && !(linked && (name === 'tel' || name === 'label')))
    .map(([name, value]) => `  ${name}="${escapeHtml(value)}"`);
  return [
    hashes !== null && URL.canParse(script)
      ? integrityLines(hashes, new URL('.', script).href).trimEnd()
      : `<script async crossorigin src="${escapeHtml(script)}"></script>`,
    ...(css.length === 0 ? [] : [`<style>\n${css.join('\n')}\n</style>`]),
    '',
    `<call-button\n${lines.join('\n')}\n>`,
    ...(linked
      ? [`  <a href="tel:${escapeHtml(tel.replace(/[\s()/]/g, ''))}">${escapeHtml(label)}</a>`]
      : []),
    '</call-button>',
    '',
  ].join('\n');
}
