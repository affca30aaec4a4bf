/**
 * What hCaptcha, Turnstile and reCAPTCHA have in common: a token, told from all others by one question to the
 * provider, a form by POST, and an answer in JSON with the same members.
 */
import {
  refused,
  type CaptchaProblem,
  type CaptchaTools,
  type CaptchaVerdict,
  type CaptchaVerifier,
} from './captcha.js';
import { sha256Hex } from './crypto.js';

/** What the clocks of provider and gate may differ. */
const SKEW_MS = 30_000;
/** Longer than any token lives. */
const REMEMBER_SECONDS = 600;

type Answer = Readonly<Record<string, unknown>>;

export interface SiteverifyProvider {
  readonly name: 'hcaptcha' | 'turnstile';
  readonly url: string;
  /** Sent beside the token and the visitor's address. */
  readonly form: Readonly<Record<string, string>>;
  /** Life of a token. */
  readonly maxAgeMs: number;
  /** For question and answer together. */
  readonly timeoutMs: number;
  /** What error codes mean, the most important first. Any other is `captcha-failed`. */
  readonly codes: readonly (readonly [code: string, problem: CaptchaProblem])[];
  /** Judges what else a yes says: a reason refuses the token. */
  readonly findFault: (answer: Answer, alias: string) => string | null;
}

/** Asks the provider about each token once, and believes a yes only with a time that fits. */
export function createSiteverifier(
  { name, url, form, maxAgeMs, timeoutMs, codes, findFault }: SiteverifyProvider,
  { store, now, fetch }: CaptchaTools,
): CaptchaVerifier {
  function judgeCodes(value: unknown): CaptchaVerdict {
    const given: readonly unknown[] = Array.isArray(value) ? value : [];
    const known = codes.find(([code]) => given.includes(code));
    if (known !== undefined) return refused(known[1], known[0]);
    // whatever it is, it is no yes
    const [first] = given;
    return refused('captcha-failed', typeof first === 'string' ? first.slice(0, 64) : 'no-code');
  }

  function judge(answer: Answer, alias: string): CaptchaVerdict {
    if (answer.success !== true) return judgeCodes(answer['error-codes']);
    const fault = findFault(answer, alias);
    if (fault !== null) return refused('captcha-failed', fault);
    const age = now() - parseTimestamp(answer.challenge_ts);
    if (!(age >= -SKEW_MS)) return refused('captcha-failed', 'challenge-ts');
    return age <= maxAgeMs + SKEW_MS ? { ok: true } : refused('captcha-expired', 'challenge-ts');
  }

  return {
    async verify(token, { ip, alias, signal }) {
      // before asking, so that of many at the same time one asks; a token is lost when nobody answers
      if (!(await store.once(`captcha:${name}:${await sha256Hex(token)}`, REMEMBER_SECONDS))) {
        return refused('captcha-replayed', 'token');
      }
      const question = { ...form, response: token, remoteip: ip };
      const answer = await siteverify({ url, form: question, fetch, timeoutMs, signal });
      return answer === null ? refused('captcha-unavailable', 'no-answer') : judge(answer, alias);
    },
  };
}

/** ISO 8601; UTC where the zone is left out. NaN for anything else. */
function parseTimestamp(value: unknown): number {
  if (typeof value !== 'string') return NaN;
  return Date.parse(/(?:z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
}

interface SiteverifyRequest {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * One question, never repeated: the provider has spent the token with the first. `null` when no usable answer came:
 * network error, timeout, a status other than 2xx, a body that is no JSON object.
 */
async function siteverify(request: SiteverifyRequest): Promise<Answer | null> {
  const { signal: visitor, timeoutMs } = request;
  // not AbortSignal.any of an AbortSignal.timeout: Node may collect it before it fires (nodejs/node#57736)
  const end = new AbortController();
  const abort = () => end.abort();
  const timer = setTimeout(abort, timeoutMs);
  visitor.addEventListener('abort', abort, { once: true });
  if (visitor.aborted) abort();
  try {
    return await unlessAborted(ask(request, end.signal), end.signal);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    visitor.removeEventListener('abort', abort);
  }
}

async function ask(
  { url, form, fetch }: SiteverifyRequest,
  signal: AbortSignal,
): Promise<Answer | null> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
    body: new URLSearchParams(form).toString(),
    // the secret goes to the address that was configured and to no other
    redirect: 'manual',
    signal,
  });
  if (!response.ok) return null;
  const answer: unknown = await response.json();
  return typeof answer === 'object' ? (answer as Record<string, unknown> | null) : null;
}

/** A `fetch` that was handed in, or a body, may not heed the signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException('siteverify was given up', 'AbortError'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject);
  });
}
