import type { CaptchaTools, CaptchaVerifier } from './captcha.js';
import { createSiteverifier, type SiteverifyProvider } from './siteverify.js';

export interface HcaptchaOptions {
  /** Secret of the account. */
  readonly secret: string;
  /** The site's public key: a token of any other key is refused. */
  readonly sitekey: string;
  /** Host names on which the CAPTCHA may have been solved. Default: those of `origins`. */
  readonly hostnames?: readonly string[];
  /** Default `https://api.hcaptcha.com/siteverify`; another one for a proxy or a test. */
  readonly verifyUrl?: string;
  /** For one question to hCaptcha: 100 to 30 000, default 5000. */
  readonly timeoutMs?: number;
}

/** hCaptcha's public test secret: accepts its public test token from anybody. */
export const HCAPTCHA_DUMMY_SECRET = `0x${'0'.repeat(40)}`;
const VERIFY_URL = 'https://api.hcaptcha.com/siteverify';

/** `hostname` in answers to the test keys. */
const DUMMY_HOSTNAME = 'dummy-key-pass';
const MAX_AGE_MS = 120_000;

const CODES: SiteverifyProvider['codes'] = [
  // our own mistakes: the visitor cannot cure them by solving again
  ['missing-input-secret', 'captcha-unavailable'],
  ['invalid-input-secret', 'captcha-unavailable'],
  ['missing-remoteip', 'captcha-unavailable'],
  ['invalid-remoteip', 'captcha-unavailable'],
  ['already-seen-response', 'captcha-replayed'],
  ['invalid-or-already-seen-response', 'captcha-replayed'],
  ['expired-input-response', 'captcha-expired'],
];

/** Verifies by hCaptcha's siteverify (https://docs.hcaptcha.com/#verify-the-user-response-server-side). */
export function createHcaptcha(
  options: HcaptchaOptions & { readonly hostnames: readonly string[] },
  tools: CaptchaTools,
): CaptchaVerifier {
  const { secret, sitekey, verifyUrl = VERIFY_URL, timeoutMs = 5000 } = options;
  const hostnames: unknown[] = [...options.hostnames];
  if (secret === HCAPTCHA_DUMMY_SECRET) hostnames.push(DUMMY_HOSTNAME);
  return createSiteverifier(
    {
      name: 'hcaptcha',
      url: verifyUrl,
      form: { secret, sitekey },
      maxAgeMs: MAX_AGE_MS,
      timeoutMs,
      codes: CODES,
      findFault: ({ hostname }) => (hostnames.includes(hostname) ? null : 'hostname'),
    },
    tools,
  );
}
