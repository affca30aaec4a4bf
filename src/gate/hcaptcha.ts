import {
  refused,
  type CaptchaTools,
  type CaptchaVerdict,
  type CaptchaVerifier,
} from './captcha.js';
import { sha256Hex } from './crypto.js';
import { siteverify } from './siteverify.js';

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
export const HCAPTCHA_VERIFY_URL = 'https://api.hcaptcha.com/siteverify';

/** `hostname` in answers to the test keys. */
const DUMMY_HOSTNAME = 'dummy-key-pass';
/** Life of a token, and what clocks may differ. */
const MAX_AGE_MS = 120_000;
const SKEW_MS = 30_000;
/** Longer than any token lives. */
const REMEMBER_SECONDS = 600;

/** Only our own mistakes lead to these: the visitor cannot cure them by solving again. */
const OUR_FAULT = [
  'missing-input-secret',
  'invalid-input-secret',
  'missing-remoteip',
  'invalid-remoteip',
];
const REPLAYED = ['already-seen-response', 'invalid-or-already-seen-response'];
const EXPIRED = ['expired-input-response'];

/** Verifies by hCaptcha's siteverify (https://docs.hcaptcha.com/#verify-the-user-response-server-side). */
export function createHcaptcha(
  options: HcaptchaOptions & { readonly hostnames: readonly string[] },
  { store, now, fetch }: CaptchaTools,
): CaptchaVerifier {
  const { secret, sitekey, verifyUrl = HCAPTCHA_VERIFY_URL, timeoutMs = 5000 } = options;
  const hostnames = new Set(options.hostnames);
  if (secret === HCAPTCHA_DUMMY_SECRET) hostnames.add(DUMMY_HOSTNAME);

  function judge(answer: Readonly<Record<string, unknown>>): CaptchaVerdict {
    if (answer.success !== true) return judgeCodes(answer['error-codes']);
    if (typeof answer.hostname !== 'string' || !hostnames.has(answer.hostname)) {
      return refused('captcha-failed', 'hostname');
    }
    const age = now() - parseTimestamp(answer.challenge_ts);
    if (!(age >= -SKEW_MS)) return refused('captcha-failed', 'challenge-ts');
    return age <= MAX_AGE_MS + SKEW_MS ? { ok: true } : refused('captcha-expired', 'challenge-ts');
  }

  return {
    async verify(token, { ip, signal }) {
      // before asking, so that of many at the same time one asks; a token is lost when hCaptcha cannot be reached
      if (!(await store.once(`captcha:hcaptcha:${await sha256Hex(token)}`, REMEMBER_SECONDS))) {
        return refused('captcha-replayed', 'token');
      }
      const form = { secret, response: token, sitekey, remoteip: ip };
      const answer = await siteverify({ url: verifyUrl, form, fetch, timeoutMs, signal });
      return answer === null ? refused('captcha-unavailable', 'no-answer') : judge(answer);
    },
  };
}

function judgeCodes(value: unknown): CaptchaVerdict {
  const codes: readonly unknown[] = Array.isArray(value) ? value : [];
  const first = (known: readonly string[]) => known.find((code) => codes.includes(code));
  const fault = first(OUR_FAULT);
  if (fault !== undefined) return refused('captcha-unavailable', fault);
  const replayed = first(REPLAYED);
  if (replayed !== undefined) return refused('captcha-replayed', replayed);
  const expired = first(EXPIRED);
  if (expired !== undefined) return refused('captcha-expired', expired);
  // whatever it is, it is no yes
  const [code] = codes;
  return refused('captcha-failed', typeof code === 'string' ? code.slice(0, 64) : 'no-code');
}

/** ISO 8601; UTC where the zone is left out. NaN for anything else. */
function parseTimestamp(value: unknown): number {
  if (typeof value !== 'string') return NaN;
  return Date.parse(/(?:z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
}
