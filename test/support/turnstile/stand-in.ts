import {
  createCaptchaStandIn,
  parseForm,
  type CaptchaStandIn,
  type Form,
  type StandInProvider,
} from '../captcha-stand-in.js';
import { TEST_SECRETS, TEST_TOKEN } from './scenarios.js';

const TOKEN_MS = 300_000;

export interface TurnstileStandInOptions {
  /** Several may have one secret, for tests that need more than one course of events. */
  readonly sites: readonly { readonly sitekey: string; readonly secret: string }[];
  readonly now?: () => number;
}

/** Turnstile for a machine without internet: its script, and the verification of its tokens by Cloudflare's rules. */
export function createTurnstileStandIn({ sites, now }: TurnstileStandInOptions): CaptchaStandIn {
  const judge: StandInProvider['judge'] = (
    { secret, response },
    { now: time, pass, read, refuse, spend },
  ) => {
    if (!secret) return refuse('missing-input-secret');
    if (!response) return refuse('missing-input-response');
    if (Object.values<string>(TEST_SECRETS).includes(secret)) {
      if (secret === TEST_SECRETS.spent) return refuse('timeout-or-duplicate');
      if (secret === TEST_SECRETS.fails || response !== TEST_TOKEN) {
        return refuse('invalid-input-response');
      }
      return {
        ...pass('example.com', time()),
        'error-codes': [],
        metadata: { result_with_testing_key: true },
      };
    }
    const own = sites.filter((site) => site.secret === secret);
    if (own.length === 0) return refuse('invalid-input-secret');
    const claims = read(response);
    if (claims === null || !own.some(({ sitekey }) => sitekey === claims.sitekey)) {
      return refuse('invalid-input-response');
    }
    // one code for both
    if (!spend(response) || time() - claims.issuedAt > TOKEN_MS) {
      return refuse('timeout-or-duplicate');
    }
    return {
      ...pass(claims.host, claims.issuedAt),
      'error-codes': [],
      action: claims.action ?? '',
      cdata: '',
    };
  };
  return createCaptchaStandIn(
    {
      script: ['/turnstile/v0/api.js', new URL('turnstile/v0/api.js', import.meta.url)],
      verifyPath: '/turnstile/v0/siteverify',
      settings: 'turnstileStandIn',
      parse(type, body) {
        if (type.startsWith('application/x-www-form-urlencoded')) return parseForm(body);
        return type.startsWith('application/json') ? (JSON.parse(body) as Form) : null;
      },
      judge,
    },
    now,
  );
}
