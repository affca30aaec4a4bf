import type { ConfigSource } from './host.js';

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
  'report-url': 'the URL that takes the reports of calls; https: on an https page',
  allow:
    'allow="microphone; camera" on the iframe that this page is in (sandboxed, it needs allow-same-origin and allow-forms as well), and no Permissions-Policy header that forbids them',
  WebRTC: 'a browser with WebRTC, and an https page',
};

/** Names of the attributes without which, or as they are, no call is possible: `launcher/check.ts` one by one. */
export function findIssues(source: Element): string[] {
  const text = (name: string): string => source.getAttribute(name)?.trim() ?? '';
  const s = location.protocol === 'https:' ? 's' : 's?';
  const gate = text('gate') !== '';
  const rules: Readonly<Record<string, string>> = {
    server: `ws${s}://[\\w[][^\\s@]*(\\s+ws${s}://[\\w[][^\\s@]*)*`,
    gate: `(http${s}://[\\w[][^\\s@]*|(?!\\w+:)\\S+)?`,
    target: `[a-z0-9][a-z0-9_-]{0,31}${gate ? '' : '|(sips?|tel):[^\\s<>"]+'}`,
    captcha: gate ? '(hcaptcha|altcha|turnstile|none)?' : 'none',
    sitekey: /^[an]/.test(text('captcha')) ? '.*' : '.+',
  };
  return Object.entries(rules).flatMap(([name, rule]) =>
    RegExp(`^(${rule})$`).test(text(name)) ? [] : [name],
  );
}

/** What is wrong with attributes, and what would be right, for the administrator. */
export function explain(issues: readonly string[], source: ConfigSource): string {
  return issues
    .map((name) => {
      const expected = EXPECTED[name];
      // opening hours bring their own words
      if (expected === undefined) return name;
      const value = source.getAttribute(name);
      return `${value === null ? `${name} is missing` : `${name}="${value}"`}; expected: ${expected}`;
    })
    .join('\n');
}

/** Tells the administrator's console of attributes that mean nothing as they are. */
export function warn(issues: readonly string[], source: ConfigSource): void {
  console.warn(`<call-button> ${explain(issues, source)}`, source);
}

/** Tells the administrator's console why no call is possible: `attributes`, or in words. */
export function cannotCall(issue: string, source: ConfigSource): void {
  const issues = issue === 'attributes' ? findIssues(source) : [issue];
  console.error(`<call-button> cannot call: ${explain(issues, source)}`, source);
}
