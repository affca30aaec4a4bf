const EXPECTED: Readonly<Record<string, string>> = {
  server: 'one or more wss: URLs of the SIP gateway, separated by spaces; ws: only on an http page',
  target:
    'a service alias such as "sales" (a-z, 0-9, - and _); a sip: or tel: URI only without a gate',
  domain: 'a host name',
  gate: 'the URL of the gate; https: on an https page',
  captcha: 'hcaptcha, altcha, turnstile or none; without a gate only none',
  sitekey: "the CAPTCHA provider's public key",
  'captcha-host':
    'the origin of this page, https://*.hcaptcha.com or https://challenges.cloudflare.com; others by property or data-captcha-host',
  media: 'audio or video',
  placement: 'inline, bottom-right or bottom-left',
  'ring-timeout': '1 to 600 seconds',
  context: 'a JSON object of at most 512 bytes',
  'ice-transport-policy': 'all or relay; relay needs a TURN server in iceServers, or a gate',
  'ice-wait': 'first-usable, none or complete',
  'log-level': 'silent, error, warn, info or debug',
  'report-url': 'the URL that takes the reports of calls; https: on an https page',
  allow:
    'allow="microphone; camera" on the iframe that this page is in (sandboxed, it needs allow-same-origin and allow-forms as well), and no Permissions-Policy header that forbids them',
  WebRTC: 'a browser with WebRTC, and an https page',
};

/** What is wrong with attributes, and what would be right. */
export function describe(names: readonly string[], source: Element): string {
  return names
    .map((name) => {
      const expected = EXPECTED[name];
      // opening hours bring their own words
      if (expected === undefined) return name;
      const value = source.getAttribute(name);
      return `${value === null ? `${name} is missing` : `${name}="${value}"`}; expected: ${expected}`;
    })
    .join('\n');
}

/** Of `log-level`, from nothing to everything. */
const LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LEVELS)[number];

export const isLogLevel = (value: string | null): value is LogLevel =>
  LEVELS.some((level) => level === value);

/** The page wants to know of what has that level; without `log-level`, of errors and warnings. */
export function isLogged(level: LogLevel, source: Element): boolean {
  const wanted = source.getAttribute('log-level');
  return LEVELS.indexOf(level) <= LEVELS.indexOf(isLogLevel(wanted) ? wanted : 'warn');
}

/** Tells the administrator's console of something wrong, unless it wants to know of nothing. */
export function say(
  level: 'error' | 'warn',
  source: Element,
  text: string,
  ...more: unknown[]
): void {
  if (!isLogged(level, source)) return;
  const tell = level === 'error' ? console.error : console.warn;
  tell(`<call-button> ${text}`, ...more, source);
}

/** Tells the administrator's console what makes calls impossible (`issues`), and what counts as absent. */
export function explain(
  issues: readonly string[],
  warnings: readonly string[],
  source: Element,
): void {
  if (issues.length > 0) say('error', source, `cannot call: ${describe(issues, source)}`);
  if (warnings.length > 0) say('warn', source, describe(warnings, source));
}
