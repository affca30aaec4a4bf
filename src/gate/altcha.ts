import { createChallenge, randomInt, verifySolution, type Payload } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { refused, type CaptchaTools, type CaptchaVerifier } from './captcha.js';
import { createMac, toHex } from './crypto.js';

export interface AltchaOptions {
  /** Signs challenges: 32 bytes or more. Challenges without a signature are neither made nor accepted. */
  readonly hmacKey: string;
  /** PBKDF2 iterations of one step: 1000 to 1 000 000, default 5000. */
  readonly cost?: number;
  /** Steps at most; every challenge takes between half of them and all: 10 to 100 000, default 200. */
  readonly steps?: number;
  /** Life of a challenge in seconds: 60 to 3600, default 300. */
  readonly challengeSeconds?: number;
}

export const ALTCHA_DEFAULTS = { cost: 5000, steps: 200, challengeSeconds: 300 };

/** What the clocks of several nodes may differ. */
const SKEW_SECONDS = 60;

/**
 * Proof of work by the ALTCHA v2 protocol (https://altcha.org/docs/v2/proof-of-work-captcha/): a cost for the caller,
 * no proof of a human; no account and no third party. A token is the base64 of `{challenge, solution}` as JSON.
 */
export function createAltcha(
  options: AltchaOptions,
  { store, now }: Pick<CaptchaTools, 'store' | 'now'>,
): CaptchaVerifier {
  const { hmacKey, cost, steps, challengeSeconds } = { ...ALTCHA_DEFAULTS, ...options };
  // lets us check a solution without deriving its key again
  let keySecret: Promise<string> | undefined;
  const secrets = async () => ({
    hmacSignatureSecret: hmacKey,
    hmacKeySignatureSecret: await (keySecret ??= createMac('SHA-256', hmacKey)
      .sign('call-button altcha key')
      .then(toHex)),
  });

  return {
    async challenge(alias) {
      return createChallenge({
        ...(await secrets()),
        algorithm: 'PBKDF2/SHA-256',
        deriveKey,
        cost,
        counter: randomInt(steps, Math.ceil(steps / 2)),
        expiresAt: Math.floor(now() / 1000) + challengeSeconds,
        data: { target: alias },
      });
    },

    async verify(token, { alias }) {
      const payload = parseToken(token);
      if (payload === null) return refused('captcha-failed', 'malformed');
      const { challenge, solution } = payload;
      const { expiresAt, data } = challenge.parameters;
      const result = await verifySolution({
        ...(await secrets()),
        challenge,
        solution,
        deriveKey,
      }).catch(() => null);
      if (result === null) return refused('captcha-failed', 'malformed');
      if (result.expired) return refused('captcha-expired', 'challenge');
      if (!result.verified) {
        return refused('captcha-failed', result.invalidSignature ? 'signature' : 'solution');
      }
      // from here on the parameters are our own
      const left = Number(expiresAt) - now() / 1000;
      if (!(left > 0)) return refused('captcha-expired', 'challenge');
      if (data?.target !== alias) return refused('captcha-failed', 'other-target');
      // by its signature and not by the token, which can be spelled in many ways; altcha-lib does not detect replays
      const unused = await store.once(
        `captcha:altcha:${String(challenge.signature)}`,
        Math.ceil(left) + SKEW_SECONDS,
      );
      return unused ? { ok: true } : refused('captcha-replayed', 'challenge');
    },
  };
}

/** Only the outline: `verifySolution` judges the rest, and throws at what it cannot read. */
function parseToken(token: string): Payload | null {
  try {
    const bytes = Uint8Array.from(atob(token), (char) => char.charCodeAt(0));
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Payload> | null;
    const { challenge, solution } = value ?? {};
    if (!isObject(challenge) || !isObject(challenge.parameters) || !isObject(solution)) return null;
    return typeof challenge.signature === 'string' ? { challenge, solution } : null;
  } catch {
    return null;
  }
}

function isObject<T>(value: T): value is T & object {
  return typeof value === 'object' && value !== null;
}
