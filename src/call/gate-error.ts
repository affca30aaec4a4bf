import type { GateAnswer } from '../shared/gate-fetch.js';
import { PROBLEM_BASE, type ProblemType } from '../shared/pass.js';
import { CallError, type EndReason } from './errors.js';

type Key = ProblemType | 0 | 403 | 429 | 503;

/**
 * By problem type where the HTTP status says less, else by status: a proxy in front of the gate has only that. All
 * the rest is `gate-error`: faults of the administrator or of this program.
 */
const REASONS: Partial<Record<Key, EndReason>> & { __proto__: null } = {
  __proto__: null,
  'target-unknown': 'not-found',
  'captcha-failed': 'captcha-failed',
  'captcha-expired': 'captcha-expired',
  // to a visitor the same as expired: do it once more
  'captcha-replayed': 'captcha-expired',
  'captcha-unavailable': 'captcha-unavailable',
  closed: 'closed',
  0: 'gate-unreachable',
  403: 'not-allowed',
  429: 'rate-limited',
  503: 'service-unavailable',
};

/**
 * Why the visitor gets nothing from the gate: it refused, was not reached, or its `ok` was of no use (`gate-error`).
 */
export function gateError(answer: GateAnswer): CallError {
  const { status, retryAfter, type } = answer.ok ? {} : answer;
  const problem = String(type).replace(PROBLEM_BASE, '');
  return new CallError(
    REASONS[problem as Key] ?? REASONS[status as Key] ?? 'gate-error',
    `gate: ${status ?? 'malformed'} ${problem}`,
    { ...(status && { status }), ...(retryAfter !== undefined && { retryAfter }) },
  );
}
