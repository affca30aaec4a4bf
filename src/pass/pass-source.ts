import { gateError } from '../call/gate-error.js';
import type { PassSource } from '../call/ports.js';
import { askGate } from '../shared/gate-fetch.js';
import { isPass } from './is-pass.js';

/** Trades CAPTCHA tokens for passes at `POST {gate}/pass`. */
export function createPassSource(
  gateUrl: string,
  { timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {},
): PassSource {
  return {
    async request(body, signal) {
      const answer = await askGate(gateUrl, 'pass', { body, timeoutMs }, signal);
      const page = { secure: location.protocol === 'https:', now: Date.now() };
      if (answer.ok && isPass(answer.body, page)) return answer.body;
      throw gateError(answer);
    },
  };
}
