import type { Account } from '../sip/registrar.js';

/** What the demo pages leave open. */
export interface PageValues {
  readonly sipUrl: string;
  readonly gateUrl: string;
  readonly captcha: string;
  /** Null: the attribute is taken away. */
  readonly sitekey: string | null;
  /** Null: left empty. */
  readonly agent: Account | null;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  '<': '&lt;',
  '>': '&gt;',
};
const escapeHtml = (text: string): string =>
  text.replace(/[&"<>]/g, (character) => ESCAPES[character]!);

/** A start tag with its attributes; `>` inside quotes does not end it. */
const ELEMENT = /<call-button((?:"[^"]*"|'[^']*'|[^"'>])*)>/g;

function setAttribute(attributes: string, name: string, value: string | null): string {
  const pattern = new RegExp(`\\s${name}(?:\\s*=\\s*(?:"[^"]*"|'[^']*'|[^\\s"'>]+))?(?=[\\s/]|$)`);
  const text = value === null ? '' : ` ${name}="${escapeHtml(value)}"`;
  if (pattern.test(attributes)) return attributes.replace(pattern, () => text);
  return text + attributes;
}

/** Fills `%SIP_URL%`, `%GATE_URL%`, `%AGENT_USER%` and `%AGENT_PASSWORD%`, and puts the CAPTCHA of this start in the place of every `captcha="altcha"`. */
export function fillPage(html: string, values: PageValues): string {
  return html
    .replaceAll('%SIP_URL%', () => escapeHtml(values.sipUrl))
    .replaceAll('%GATE_URL%', () => escapeHtml(values.gateUrl))
    .replaceAll('%AGENT_USER%', () => escapeHtml(values.agent?.user ?? ''))
    .replaceAll('%AGENT_PASSWORD%', () => escapeHtml(values.agent?.password ?? ''))
    .replace(ELEMENT, (element, attributes: string) => {
      if (!/\scaptcha="altcha"/.test(attributes)) return element;
      const changed = setAttribute(
        setAttribute(attributes, 'captcha', values.captcha),
        'sitekey',
        values.sitekey,
      );
      return `<call-button${changed}>`;
    });
}
