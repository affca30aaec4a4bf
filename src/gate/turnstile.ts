import type { CaptchaTools, CaptchaVerifier } from './captcha.js';
import { createSiteverifier, type SiteverifyProvider } from './siteverify.js';

export interface TurnstileOptions {
  /** Secret of the widget. It stands for one sitekey: a token of any other is refused by Cloudflare. */
  readonly secret: string;
  /** Host names on which the CAPTCHA may have been solved. Default: those of `origins`. */
  readonly hostnames?: readonly string[];
  /** Default `https://challenges.cloudflare.com/turnstile/v0/siteverify`; another one for a proxy or a test. */
  readonly verifyUrl?: string;
  /** For one question to Cloudflare: 100 to 30 000, default 5000. */
  readonly timeoutMs?: number;
}

const VERIFY_URL = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';

const MAX_AGE_MS = 300_000;

const CODES: SiteverifyProvider['codes'] = [
  // not the visitor's doing, or not to be cured by solving again
  ['missing-input-secret', 'captcha-unavailable'],
  ['invalid-input-secret', 'captcha-unavailable'],
  ['internal-error', 'captcha-unavailable'],
  // says not which; one that was used here has not come this far
  ['timeout-or-duplicate', 'captcha-expired'],
];

/** Cloudflare's public test secrets: they pass, fail or call spent whatever token they get. */
export function isTurnstileDummySecret(secret: string): boolean {
  return /^[123]x0+AA$/.test(secret);
}

/**
 * Verifies by Turnstile's siteverify (https://developers.cloudflare.com/turnstile/get-started/server-side-validation/).
 * The element renders with the alias as `action`, so a token solved for one service is of no use for another.
 */
export function createTurnstile(
  options: TurnstileOptions & { readonly hostnames: readonly string[] },
  tools: CaptchaTools,
): CaptchaVerifier {
  const { secret, verifyUrl = VERIFY_URL, timeoutMs = 5000 } = options;
  const hostnames: readonly unknown[] = options.hostnames;
  // the answer to a test secret names a host that is nobody's, and no action
  const isDummy = isTurnstileDummySecret(secret);
  return createSiteverifier(
    {
      name: 'turnstile',
      url: verifyUrl,
      form: { secret },
      maxAgeMs: MAX_AGE_MS,
      timeoutMs,
      codes: CODES,
      findFault({ hostname, action }, alias) {
        if (isDummy) return null;
        if (!hostnames.includes(hostname)) return 'hostname';
        return action === alias ? null : 'action';
      },
    },
    tools,
  );
}
