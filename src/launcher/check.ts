const ALIAS = '[a-z0-9][a-z0-9_-]{0,31}';

/**
 * Whether a call is possible with these attributes, by one pattern for all of them, since every page loads it: which one
 * is not as it should be is found by who tells the administrator (`panel/explain.ts`, which has the same rules by name).
 */
export function isSound(element: Element): boolean {
  const s = location.protocol === 'https:' ? 's' : 's?';
  return RegExp(
    `^(ws${s}://[\\w[][^\\s@]*\\s)+((http${s}://[\\w[][^\\s@]*|(?!\\w+:)\\S+)\n${ALIAS}\n((hcaptcha|turnstile)?\n.+|(altcha|none)\n.*)|\n(${ALIAS}|(sips?|tel):[^\\s<>"]+)\nnone\n.*)$`,
  ).test(
    ['server', 'gate', 'target', 'captcha', 'sitekey']
      .map((name) => (element.getAttribute(name) ?? '').trim().replace(/\s+/g, ' '))
      .join('\n'),
  );
}
