import { isAlias } from '../shared/alias.js';
import { parseHours, type Schedule } from '../shared/hours.js';
import { CAPTCHA_PROVIDERS, type CaptchaProviderName } from '../shared/pass.js';
import { ALTCHA_DEFAULTS, createAltcha } from './altcha.js';
import type { CaptchaTools, CaptchaVerifier } from './captcha.js';
import { utf8 } from './crypto.js';
import { createHcaptcha, HCAPTCHA_DUMMY_SECRET, type HcaptchaOptions } from './hcaptcha.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import type { GateOptions } from './options.js';
import { PASS_SECONDS_MAX } from './pass.js';
import { createMemoryStore, type Store } from './store.js';
import { createTurnstile, isTurnstileDummySecret } from './turnstile.js';

export interface AliasSettings {
  readonly captcha: ReadonlySet<CaptchaProviderName>;
  readonly schedule: Schedule | null;
}

/** The options, judged, with every default in place. */
export interface Settings {
  readonly origins: ReadonlySet<string>;
  readonly aliases: ReadonlyMap<string, AliasSettings>;
  readonly verifiers: ReadonlyMap<CaptchaProviderName, CaptchaVerifier>;
  readonly passSeconds: number;
  readonly turnSeconds: number;
  readonly limits: Limits;
  readonly store: Store;
  readonly now: () => number;
}

const SECRET_BYTES_MIN = 32;

/** @throws TypeError with what to change: a gate that is not safe must not start. */
export function judgeOptions<C>(options: GateOptions<C>): Settings {
  const { production = true, now = Date.now, store = createMemoryStore({ now }) } = options;
  demand(typeof options.clientIp === 'function', 'clientIp must say where the address stands');
  judgeSecrets(options, production);
  const origins = judgeOrigins(options.origins, production);
  for (const url of options.server?.split(/\s+/).filter(Boolean) ?? []) {
    demandUrl('server', url, production ? ['wss:'] : ['wss:', 'ws:']);
  }
  for (const url of options.turn?.urls ?? []) demandUrl('turn.urls', url, ['turn:', 'turns:']);
  // called as a method of the options, a bound global `fetch` would throw
  const send: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));
  const verifiers = createVerifiers(options, production, origins, { store, now, fetch: send });
  return {
    origins,
    aliases: judgeAliases(options, verifiers),
    verifiers,
    passSeconds: inRange('passSeconds', options.passSeconds ?? 60, 10, PASS_SECONDS_MAX),
    turnSeconds: inRange('turn.seconds', options.turn?.seconds ?? 3600, 60, 86_400),
    limits: judgeLimits(options.limits),
    store,
    now,
  };
}

function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new TypeError(`createGate: ${message}`);
}

function inRange(name: string, value: number, min: number, max: number): number {
  demand(
    Number.isInteger(value) && value >= min && value <= max,
    `${name} must be a whole number from ${min} to ${max}`,
  );
  return value;
}

function demandUrl(name: string, url: string, protocols: readonly string[]): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  demand(protocols.includes(protocol), `${name}: "${url}" is no ${protocols.join(' or ')} URL`);
}

function judgeSecrets<C>(options: GateOptions<C>, production: boolean): void {
  const secrets: [name: string, secret: string][] = [
    ['jwtSecret', options.jwtSecret],
    ['digestSecret', options.digestSecret],
  ];
  if (options.redeemSecret !== undefined) secrets.push(['redeemSecret', options.redeemSecret]);
  if (options.turn !== undefined) secrets.push(['turn.secret', options.turn.secret]);
  if (options.altcha !== undefined) secrets.push(['altcha.hmacKey', options.altcha.hmacKey]);
  const min = production ? SECRET_BYTES_MIN : 1;
  const seen = new Set<string>();
  for (const [name, secret] of secrets) {
    demand(
      typeof secret === 'string' && utf8(secret).length >= min,
      `${name} must be a secret of ${min} bytes or more`,
    );
    demand(!seen.has(secret), `${name} must differ from the other secrets`);
    seen.add(secret);
  }
}

function judgeOrigins(list: readonly string[], production: boolean): ReadonlySet<string> {
  demand(list.length > 0, 'origins must not be empty');
  for (const origin of list) {
    demandUrl('origins', origin, production ? ['https:'] : ['https:', 'http:']);
    demand(
      new URL(origin).origin === origin,
      `origins: "${origin}" should be "${new URL(origin).origin}"`,
    );
  }
  return new Set(list);
}

type Siteverify = Pick<HcaptchaOptions, 'verifyUrl' | 'timeoutMs'>;

/** In the order in which they are the default of an alias. */
function createVerifiers<C>(
  { hcaptcha, turnstile, altcha }: GateOptions<C>,
  production: boolean,
  origins: ReadonlySet<string>,
  tools: CaptchaTools,
): ReadonlyMap<CaptchaProviderName, CaptchaVerifier> {
  const verifiers = new Map<CaptchaProviderName, CaptchaVerifier>();
  const ownHostnames = Array.from(origins, (url) => new URL(url).hostname);
  const judgeQuestion = (name: string, { verifyUrl, timeoutMs = 5000 }: Siteverify) => {
    const protocols = production ? ['https:'] : ['https:', 'http:'];
    if (verifyUrl !== undefined) demandUrl(`${name}.verifyUrl`, verifyUrl, protocols);
    inRange(`${name}.timeoutMs`, timeoutMs, 100, 30_000);
  };
  if (hcaptcha !== undefined) {
    const { hostnames = ownHostnames, secret, sitekey } = hcaptcha;
    demand(secret.length > 0 && sitekey.length > 0, 'hcaptcha needs secret and sitekey');
    demand(
      !production || secret !== HCAPTCHA_DUMMY_SECRET,
      "hcaptcha.secret is hCaptcha's public test secret, which accepts anybody",
    );
    judgeQuestion('hcaptcha', hcaptcha);
    verifiers.set('hcaptcha', createHcaptcha({ ...hcaptcha, hostnames }, tools));
  }
  if (turnstile !== undefined) {
    const { hostnames = ownHostnames, secret } = turnstile;
    demand(secret.length > 0, 'turnstile needs secret');
    demand(
      !production || !isTurnstileDummySecret(secret),
      "turnstile.secret is one of Cloudflare's public test secrets, which look at no token",
    );
    judgeQuestion('turnstile', turnstile);
    verifiers.set('turnstile', createTurnstile({ ...turnstile, hostnames }, tools));
  }
  if (altcha !== undefined) {
    const { cost, steps, challengeSeconds } = { ...ALTCHA_DEFAULTS, ...altcha };
    inRange('altcha.cost', cost, 1000, 1_000_000);
    inRange('altcha.steps', steps, 10, 100_000);
    inRange('altcha.challengeSeconds', challengeSeconds, 60, 3600);
    verifiers.set('altcha', createAltcha(altcha, tools));
  }
  return verifiers;
}

function judgeAliases<C>(
  { aliases, captcha }: GateOptions<C>,
  verifiers: ReadonlyMap<CaptchaProviderName, CaptchaVerifier>,
): ReadonlyMap<string, AliasSettings> {
  const [standard = captcha] = captcha === undefined ? verifiers.keys() : [captcha];
  const judged = new Map<string, AliasSettings>();
  for (const [alias, { captcha: list, hours, timeZone, closedOn }] of Object.entries(aliases)) {
    const where = `aliases: "${alias}"`;
    demand(isAlias(alias), `${where} must match [a-z0-9][a-z0-9_-]{0,31}`);
    const providers = list ?? (standard === undefined ? [] : [standard]);
    demand(providers.length > 0, `${where} accepts no CAPTCHA: configure one, or list "none"`);
    for (const name of providers) {
      demand(CAPTCHA_PROVIDERS.includes(name), `${where}: "${name}" is no CAPTCHA`);
      demand(name === 'none' || verifiers.has(name), `${where}: ${name} is not configured`);
    }
    let schedule: Schedule | null = null;
    if (hours !== undefined || closedOn !== undefined) {
      const parsed = parseHours(hours ?? null, timeZone ?? null, closedOn ?? null);
      if ('issue' in parsed) throw new TypeError(`createGate: ${where}: ${parsed.issue}`);
      schedule = parsed;
    }
    judged.set(alias, { captcha: new Set(providers), schedule });
  }
  demand(judged.size > 0, 'aliases must not be empty');
  return judged;
}

function judgeLimits(own: Partial<Limits> = {}): Limits {
  const limits = { ...DEFAULT_LIMITS, ...own };
  for (const [name, { max, seconds }] of Object.entries(limits)) {
    inRange(`limits.${name}.max`, max, 1, 1_000_000);
    inRange(`limits.${name}.seconds`, seconds, 1, 86_400);
  }
  return limits;
}
