/**
 * A style sheet that all panels of a page share. A constructed one: a Content-Security-Policy without `unsafe-inline`
 * lets it pass, as it does nothing that is written by script (CSP3 §6.7, CSSOM §6.1).
 */
export function css(strings: TemplateStringsArray): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(strings[0] ?? '');
  return sheet;
}
