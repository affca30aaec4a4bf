import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { CallError } from '../call/errors.js';
import { gateError } from '../call/gate-error.js';
import type { Captcha, CaptchaOptions } from '../call/ports.js';
import { type Clock, systemClock } from '../shared/clock.js';
import { askGate } from '../shared/gate-fetch.js';
import { createCaptchaCore } from './captcha-core.js';

// a step cannot be interrupted; the gate's own limit is the same
const COST_MAX = 1_000_000;
const KEY_BYTES_MAX = 64;

export interface AltchaSettings {
  readonly clock?: Clock;
  /** For the gate to answer. */
  readonly timeoutMs?: number;
  /** For the work: beyond this it is more than a gate may ask of a visitor's phone. */
  readonly workMs?: number;
}

/**
 * Proof of work by the ALTCHA v2 protocol. The challenge, `GET {gate}/challenge?target={alias}`, is asked for and
 * solved when a token is wanted, or by `solve`. WebCrypto derives the keys off the main thread, so this needs no
 * Worker, which a strict page (CSP `worker-src`) would not allow.
 */
export function createAltcha(
  { gate, target }: CaptchaOptions,
  _signal: AbortSignal,
  { clock = systemClock, timeoutMs = 10_000, workMs = 30_000 }: AltchaSettings = {},
): Promise<Captcha> {
  let work = new AbortController();

  const prove = async (signal: AbortSignal): Promise<void> => {
    const answer = await askGate(gate ?? '', 'challenge', { target, timeoutMs }, signal);
    if (!answer.ok) {
      const error = gateError(answer);
      // only the CAPTCHA is wanted from the gate so far
      throw error.reason.startsWith('gate') ? new Error(error.message) : error;
    }
    const { parameters, signature } = answer.body as Challenge;
    const { cost, keyLength, expiresAt = 0 } = parameters;
    if (!(cost <= COST_MAX && keyLength <= KEY_BYTES_MAX)) throw new Error('absurd cost');
    const challenge = { parameters, signature } as Challenge;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(workMs)]);
    const controller = { signal: limit } as AbortController;
    const solution = await solveChallenge({ challenge, deriveKey, controller, timeout: 0 });
    if (!solution) throw new Error('too much work');
    const token = btoa(JSON.stringify({ challenge, solution }));
    const lifetimeMs = expiresAt * 1000 - clock.now();
    // an expiry in the past means that the visitor's clock is wrong: only the gate can tell
    if (!signal.aborted) core.accept(token, lifetimeMs > 0 ? lifetimeMs : undefined);
  };

  const core = createCaptchaCore(
    { provider: 'altcha', presentation: 'checkbox' },
    {
      start() {
        const { signal } = (work = new AbortController());
        prove(signal).catch((error: unknown) => {
          if (!signal.aborted) core.fail('failed', CallError.from(error, 'captcha-unavailable'));
        });
      },
      stop: () => work.abort(),
      reset() {},
      dispose() {},
    },
    clock,
  );
  return Promise.resolve(core.captcha);
}
