import { gateError } from '../call/gate-error.js';
import type { PassSource } from '../call/ports.js';
import { askGate } from '../shared/gate-fetch.js';
import { isPass } from './is-pass.js';

/** For so long every server keeps an idle connection: Node's default, among the shortest, ms. */
const WARM_MS = 5000;

/** Trades CAPTCHA tokens for passes at `POST {gate}/pass`. */
export function createPassSource(
  gateUrl: string,
  { timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {},
): PassSource {
  let warmedAt = -Infinity;
  return {
    warm(signal) {
      const now = performance.now();
      if (now - warmedAt < WARM_MS) return;
      warmedAt = now;
      // it only may help: what is wrong with the gate, the request will say
      askGate(gateUrl, 'pass', { ahead: true, timeoutMs }, signal).catch(() => {});
    },
    async request(body, signal) {
      const answer = await askGate(gateUrl, 'pass', { body, timeoutMs }, signal);
      const page = { secure: location.protocol === 'https:', now: Date.now() };
      if (answer.ok && isPass(answer.body, page)) return answer.body;
      throw gateError(answer);
    },
  };
}
