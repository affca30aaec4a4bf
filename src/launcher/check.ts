/**
 * Names of the attributes without which, or as they are, no call is possible. Terse, since every page loads it: the
 * panel judges the rest and says what each should be (`panel/config.ts`).
 */
export function findIssues(element: Element): string[] {
  const text = (name: string): string => element.getAttribute(name)?.trim() ?? '';
  const s = location.protocol === 'https:' ? 's' : 's?';
  const gate = text('gate');
  const issues = [
    `server (ws${s}://[\\w[][^\\s@]*\\s*)+`,
    `gate (http${s}://[\\w[][^\\s@]*|(?!\\w+:)\\S+)?`,
    `target [a-z0-9][a-z0-9_-]{0,31}${gate ? '' : '|(sips?|tel):[^\\s<>"]+'}`,
    `captcha ${gate ? '(hcaptcha|altcha|turnstile|none)?' : 'none'}`,
    `sitekey ${/^[an]/.test(text('captcha')) ? '' : '.'}.*`,
  ].flatMap((rule) => {
    const [name, pattern] = rule.split(' ') as [string, string];
    return RegExp(`^(${pattern})$`).test(text(name)) ? [] : name;
  });
  const context = text('context');
  let object: unknown = {};
  try {
    if (context) object = JSON.parse(context);
  } catch {
    object = null;
  }
  if (!object || !/^({|$)/.test(context) || new Blob([context]).size > 512) issues.push('context');
  return issues;
}
