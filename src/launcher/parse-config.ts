import { ALIAS_PATTERN } from '../shared/alias.js';
import type { CallConfig } from '../shared/config.js';
import type { CaptchaProviderName, IceServer } from '../shared/pass.js';

/** What of the page decides whether an attribute is sound. */
export interface PageFacts {
  readonly baseUrl: string;
  readonly secure: boolean;
  readonly origin: string;
}

/** What only a page's own script can set: trusted more than attributes, which anybody who injects markup can set. */
export interface ConfigProperties {
  readonly iceServers: readonly IceServer[];
  readonly captchaHost: string | null;
}

export interface ParsedConfig {
  /** `null` when there are issues. */
  readonly config: CallConfig | null;
  /** For the administrator's console. */
  readonly issues: readonly string[];
}

const CONTEXT_MAX_BYTES = 512;
// the hosts that DESIGN section 4 allows as an attribute
const CAPTCHA_HOST = /^https:\/\/(?:([a-z0-9-]+\.)*hcaptcha\.com|challenges\.cloudflare\.com)$/;

function parseUrl(value: string, base?: string): URL | null {
  try {
    const url = new URL(value, base);
    return url.username || url.password ? null : url;
  } catch {
    return null;
  }
}

/** Judges the attributes of one element. Pure: never throws, never touches the document. */
export function parseConfig(
  attribute: (name: string) => string | null,
  { iceServers, captchaHost }: ConfigProperties,
  page: PageFacts,
): ParsedConfig {
  const issues: string[] = [];
  const text = (name: string): string | null => attribute(name)?.trim() || null;
  const oneOf = <T extends string>(name: string, values: readonly [T, ...T[]]): T => {
    const value = text(name) ?? values[0];
    if ((values as readonly string[]).includes(value)) return value as T;
    issues.push(`${name}="${value}" is not one of: ${values.join(', ')}`);
    return values[0];
  };

  const servers: string[] = [];
  let host = '';
  for (const value of text('server')?.split(/\s+/) ?? []) {
    const url = parseUrl(value);
    if (!url || !/^wss?:$/.test(url.protocol)) {
      issues.push(`server="${value}" is not a wss: URL`);
    } else if (page.secure && url.protocol === 'ws:') {
      issues.push(`server="${value}": an https page needs wss:`);
    } else {
      servers.push(url.href);
      host ||= url.hostname;
    }
  }
  if (!servers.length && !issues.length) issues.push('server is missing');

  const gateText = text('gate');
  const gate = gateText === null ? null : parseUrl(gateText, page.baseUrl);
  if (gateText !== null && !(gate && (page.secure ? /^https:/ : /^https?:/).test(gate.href))) {
    issues.push(`gate="${gateText}" is not an ${page.secure ? 'https' : 'http(s)'} address`);
  }

  const target = text('target') ?? '';
  if (!ALIAS_PATTERN.test(target) && (gate || !/^(sips?|tel):[^\s<>"]+$/i.test(target))) {
    issues.push(`target="${target}" is not an alias${gate ? '' : ' or a sip: or tel: URI'}`);
  }

  const domain = text('domain') ?? host;
  if (host && !/^([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])$/i.test(domain)) {
    issues.push(`domain="${domain}" is not a host name`);
  }

  const captcha = oneOf<CaptchaProviderName>('captcha', ['hcaptcha', 'altcha', 'turnstile', 'none']);
  const sitekey = text('sitekey');
  if (!gate && captcha !== 'none') issues.push('without gate only captcha="none" is possible');
  if (/^[ht]/.test(captcha) && !sitekey) issues.push(`captcha="${captcha}" needs a sitekey`);

  let scriptHost = captchaHost;
  const hostText = text('captcha-host');
  if (scriptHost === null && hostText !== null) {
    scriptHost = parseUrl(hostText)?.origin ?? '';
    if (scriptHost !== page.origin && !CAPTCHA_HOST.test(scriptHost)) {
      issues.push(`captcha-host="${hostText}": set other hosts by property or data-captcha-host`);
    }
  }

  const ringTimeout = Number(text('ring-timeout') ?? 60);
  if (!(ringTimeout >= 1 && ringTimeout <= 600)) issues.push('ring-timeout is not 1 to 600 seconds');

  let context: string | null = null;
  const contextText = text('context');
  if (contextText !== null) {
    try {
      const value: unknown = JSON.parse(contextText);
      if (typeof value === 'object' && value && !Array.isArray(value)) context = JSON.stringify(value);
    } catch {
      // judged below
    }
    if (context === null) issues.push('context is not a JSON object');
    else if (new TextEncoder().encode(context).length > CONTEXT_MAX_BYTES) {
      issues.push(`context is longer than ${CONTEXT_MAX_BYTES} bytes`);
    }
  }

  const relayOnly = oneOf('ice-transport-policy', ['all', 'relay']) === 'relay';
  if (relayOnly && !gate && !iceServers.some(({ urls }) => /^turn/.test(String(urls)))) {
    issues.push('ice-transport-policy="relay" needs a TURN server in iceServers, or a gate that gives one');
  }

  const media = oneOf('media', ['audio', 'video']);
  const iceWait = oneOf('ice-wait', ['first-usable', 'none', 'complete']);
  oneOf('placement', ['inline', 'bottom-right', 'bottom-left']);

  return {
    issues,
    config: issues.length
      ? null
      : Object.freeze<CallConfig>({
          servers,
          target,
          domain,
          gate: gate && gate.href,
          captcha,
          sitekey,
          captchaHost: scriptHost,
          media,
          callerName: attribute('caller-name') ?? '',
          ringTimeoutMs: ringTimeout * 1000,
          context,
          relayOnly,
          iceWait,
          iceServers,
        }),
  };
}
