import { PROBLEM_BASE, type Problem, type ProblemType } from '../shared/pass.js';

const PROBLEMS: Readonly<Record<ProblemType, readonly [status: number, title: string]>> = {
  'bad-request': [400, 'The request cannot be read'],
  'origin-not-allowed': [403, 'This site may not ask for passes'],
  'target-unknown': [404, 'There is no such service'],
  'captcha-required': [403, 'This service asks for another CAPTCHA'],
  'captcha-failed': [403, 'The CAPTCHA was not accepted'],
  'captcha-expired': [403, 'The CAPTCHA is too old'],
  'captcha-replayed': [403, 'The CAPTCHA was used before'],
  'captcha-unavailable': [503, 'The CAPTCHA cannot be checked now'],
  'rate-limited': [429, 'Too many calls'],
  closed: [503, 'Outside opening hours'],
  unauthorized: [401, 'The redeem secret is missing or wrong'],
  'pass-refused': [403, 'The pass is not valid for this call'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'This method is not allowed here'],
  'payload-too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'The request must be application/json'],
  unavailable: [503, 'The gate cannot answer now'],
};

/** Whose reason the client is told: its own mistakes, and what a PBX needs to know. */
const EXPLAINED: readonly ProblemType[] = ['bad-request', 'pass-refused'];

export interface RefusalDetails {
  /** Why, for the log: a short code of our own, never anything that the client sent. */
  readonly reason?: string;
  /** Seconds, 1 or more. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by any step of a request that must not go on; the gate turns it into problem JSON. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly type: ProblemType;
  readonly details: RefusalDetails;

  constructor(type: ProblemType, details: RefusalDetails = {}) {
    super(type);
    this.type = type;
    this.details = details;
  }
}

/** The refusal as RFC 9457 problem details. */
export function problemResponse({ type, details }: Refusal): Response {
  const [status, title] = PROBLEMS[type];
  const detail = EXPLAINED.includes(type) ? details.reason : undefined;
  const problem: Problem = {
    type: PROBLEM_BASE + type,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
  };
  const headers = new Headers({ ...details.headers, 'Content-Type': 'application/problem+json' });
  if (details.retryAfter !== undefined) headers.set('Retry-After', String(details.retryAfter));
  return new Response(JSON.stringify(problem), { status, headers });
}
