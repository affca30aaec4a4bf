import {
  createCaptchaStandIn,
  parseForm,
  type CaptchaStandIn,
  type StandInProvider,
} from '../captcha-stand-in.js';
import { TEST_SECRET, TEST_SITEKEY, TEST_TOKEN } from './scenarios.js';

const TOKEN_MS = 120_000;

export type HCaptchaStandIn = CaptchaStandIn;

export interface HCaptchaStandInOptions {
  readonly sites: readonly { readonly sitekey: string; readonly secret: string }[];
  readonly now?: () => number;
}

/** hCaptcha for a machine without internet: its script, and the verification of its tokens by hCaptcha's rules. */
export function createHCaptchaStandIn({ sites, now }: HCaptchaStandInOptions): HCaptchaStandIn {
  const judge: StandInProvider['judge'] = (
    { secret, response, sitekey, remoteip },
    { now: time, pass, read, refuse, spend },
  ) => {
    const accept = (hostname: string, issuedAt: number) => ({
      ...pass(hostname, issuedAt),
      credit: false,
    });
    if (!secret) return refuse('missing-input-secret');
    if (!response) return refuse('missing-input-response');
    if (remoteip !== undefined && !/^[0-9a-f:.]+$/i.test(remoteip)) {
      return refuse('invalid-remoteip');
    }
    if (secret === TEST_SECRET) {
      if (response !== TEST_TOKEN) return refuse('not-using-dummy-passcode');
      if (sitekey !== undefined && sitekey !== TEST_SITEKEY) {
        return refuse('sitekey-secret-mismatch');
      }
      return accept('dummy-key-pass', time());
    }
    const site = sites.find((candidate) => candidate.secret === secret);
    if (!site) return refuse('invalid-input-secret');
    if (response === TEST_TOKEN) return refuse('not-using-dummy-secret');
    const claims = read(response);
    if (!claims) return refuse('invalid-input-response');
    if (claims.sitekey !== site.sitekey || (sitekey !== undefined && sitekey !== site.sitekey)) {
      return refuse('sitekey-secret-mismatch');
    }
    if (!spend(response)) return refuse('already-seen-response');
    if (time() - claims.issuedAt > TOKEN_MS) return refuse('expired-input-response');
    return accept(claims.host, claims.issuedAt);
  };
  return createCaptchaStandIn(
    {
      script: ['/1/api.js', new URL('1/api.js', import.meta.url)],
      verifyPath: '/siteverify',
      settings: 'hcaptchaStandIn',
      // forms and nothing else
      parse: (type, body) =>
        type.startsWith('application/x-www-form-urlencoded') ? parseForm(body) : null,
      judge,
    },
    now,
  );
}
