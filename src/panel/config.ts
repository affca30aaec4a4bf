import { ALIAS_PATTERN } from '../shared/alias.js';
import type { CallConfig } from '../shared/config.js';
import type { ConfigSource } from './host.js';
import { CONTEXT_MAX_BYTES } from '../shared/limits.js';
import type { CaptchaProviderName } from '../shared/pass.js';

/** Attributes that this host may name by attribute: an injected element must not load foreign script. */
const CAPTCHA_HOST = /^https:\/\/(([\w-]+\.)*hcaptcha\.com|challenges\.cloudflare\.com)\/?$/;
const HOST_NAME = /^([\w-]+(\.[\w-]+)*|\[[a-f\d:.]+\])$/i;

export interface ReadConfig {
  readonly config: CallConfig;
  /** Attributes without which, or as they are, no call is possible. */
  readonly issues: readonly string[];
  /** Attributes that mean nothing and count as absent, as HTML does with enumerated attributes. */
  readonly warnings: readonly string[];
}

/** A JSON object without its white space; `null`: it is none, or too long for a header. */
function compactObject(json: string): string | null {
  try {
    const compact = JSON.stringify(JSON.parse(json));
    const bytes = new TextEncoder().encode(compact).length;
    return compact.startsWith('{') && bytes <= CONTEXT_MAX_BYTES ? compact : null;
  } catch {
    return null;
  }
}

/** What is called where no gate stands between. */
const TARGET = /^(sips?|tel):[^\s<>"]+$/;

/** Of that scheme, with TLS where the page has it, and without credentials, which have no place in markup. */
export const isUrl = (scheme: string, text: string, base?: string): boolean =>
  URL.canParse(text, base) &&
  RegExp(`^${scheme}${location.protocol === 'https:' ? 's' : 's?'}:[^@]+$`).test(
    new URL(text, base).href,
  );

/** Reads and judges an element's attributes. */
export function readConfig(source: ConfigSource): ReadConfig {
  const issues: string[] = [];
  const warnings: string[] = [];
  const text = (name: string): string | null => source.getAttribute(name)?.trim() || null;
  const oneOf = <T extends string>(name: string, ...values: [T, ...T[]]): T => {
    const value = text(name) as T | null;
    if (value !== null && !values.includes(value)) warnings.push(name);
    return value !== null && values.includes(value) ? value : values[0];
  };
  const must = (name: string, ok: boolean): void => {
    if (!ok) issues.push(name);
  };

  const servers = text('server')?.split(/\s+/) ?? [];
  must('server', servers.length > 0 && servers.every((url) => isUrl('ws', url)));
  const gate = text('gate');
  must('gate', gate === null || isUrl('http', gate, source.baseURI));
  const target = text('target') ?? '';
  must('target', ALIAS_PATTERN.test(target) || (gate === null && TARGET.test(target)));
  const captcha = oneOf<CaptchaProviderName>('captcha', 'hcaptcha', 'altcha', 'turnstile', 'none');
  // of what is unknown, the one warning so far, this is an error: no other CAPTCHA takes its place
  must('captcha', !warnings.pop() && (gate !== null || captcha === 'none'));
  const sitekey = text('sitekey');
  must('sitekey', /^[an]/.test(captcha) || sitekey !== null);
  const domain = text('domain') ?? (issues.length ? '' : new URL(servers[0] ?? '').hostname);
  must('domain', HOST_NAME.test(domain) || issues.length > 0);
  const host = source.captchaHost ?? text('captcha-host');
  must(
    'captcha-host',
    host === null ||
      host === source.captchaHost ||
      host === location.origin ||
      CAPTCHA_HOST.test(host),
  );
  const iceServers = Array.isArray(source.iceServers) ? source.iceServers : [];
  const relayOnly = oneOf('ice-transport-policy', 'all', 'relay') === 'relay';
  must(
    'ice-transport-policy',
    !relayOnly || gate !== null || iceServers.some(({ urls }) => String(urls).startsWith('turn')),
  );
  const seconds = Number(text('ring-timeout') ?? 60);
  const ringable = seconds >= 1 && seconds <= 600;
  if (!ringable) warnings.push('ring-timeout');
  oneOf('placement', 'inline', 'bottom-right', 'bottom-left');
  const context = compactObject(text('context') ?? '{}');
  if (context === null) warnings.push('context');

  return {
    issues,
    warnings,
    config: Object.freeze<CallConfig>({
      servers,
      target,
      domain,
      gate: gate && !issues.length ? new URL(gate, source.baseURI).href : null,
      captcha,
      sitekey,
      captchaHost: host !== null && URL.canParse(host) ? new URL(host).origin : null,
      media: oneOf('media', 'audio', 'video'),
      callerName: source.getAttribute('caller-name') ?? '',
      ringTimeoutMs: (ringable ? seconds : 60) * 1000,
      context: source.hasAttribute('context') ? context : null,
      relayOnly,
      iceWait: oneOf('ice-wait', 'first-usable', 'none', 'complete'),
      iceServers,
    }),
  };
}
