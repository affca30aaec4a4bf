/**
 * A gate with a clock, a log and a siteverify of its own.
 */
import { createChallenge, solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import assert from 'node:assert/strict';
import { createGate, createMemoryStore } from '../../src/gate/index.js';
import type { Gate, GateLogEntry, GateOptions, Store } from '../../src/gate/index.js';
import { PROBLEM_BASE, type PassResponse, type Problem } from '../../src/shared/pass.js';

export const ORIGIN = 'https://shop.example';
export const BASE = 'https://gate.example/call-gate';
export const JWT_SECRET = 'jwt-secret-of-thirty-two-bytes-or-more';
export const DIGEST_SECRET = 'digest-secret-of-thirty-two-bytes-or-more';
export const REDEEM_SECRET = 'redeem-secret-of-thirty-two-bytes-or-more';
export const TURN_SECRET = 'turn-secret-of-thirty-two-bytes-or-more';
export const ALTCHA_KEY = 'altcha-key-of-thirty-two-bytes-or-more';
export const HCAPTCHA = {
  secret: 'ES_0123456789',
  sitekey: '11111111-2222-3333-4444-555555555555',
};

export interface Context {
  readonly ip: string | null;
}

export interface Clock {
  ms: number;
}

export interface Harness {
  readonly gate: Gate<Context>;
  readonly clock: Clock;
  readonly log: GateLogEntry[];
  readonly store: Store;
  readonly siteverify: Siteverify;
}

export function createHarness(options: Partial<GateOptions<Context>> = {}): Harness {
  const clock: Clock = { ms: Date.now() };
  const now = () => clock.ms;
  const log: GateLogEntry[] = [];
  const store = options.store ?? createMemoryStore({ now });
  const siteverify = createSiteverify(now);
  const gate = createGate<Context>({
    origins: [ORIGIN],
    aliases: {
      sales: {},
      support: { captcha: ['altcha'] },
      lobby: { captcha: ['none'] },
      either: { captcha: ['hcaptcha', 'altcha'] },
    },
    jwtSecret: JWT_SECRET,
    digestSecret: DIGEST_SECRET,
    hcaptcha: HCAPTCHA,
    altcha: { hmacKey: ALTCHA_KEY, cost: 1000, steps: 10 },
    clientIp: (_request, context) => context?.ip,
    now,
    fetch: siteverify.fetch,
    log: (entry) => log.push(entry),
    ...options,
    store,
  });
  return { gate, clock, log, store, siteverify };
}

/** A time before now, as siteverify tells it. */
export function ago({ clock }: Pick<Harness, 'clock'>, ms: number): string {
  return new Date(clock.ms - ms).toISOString();
}

export interface Sent {
  readonly ip?: string | null;
  readonly origin?: string | null;
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** `POST …/<route>` with a body: text as it is, anything else as JSON. */
export function post(
  { gate }: Pick<Harness, 'gate'>,
  body: unknown,
  { ip = '203.0.113.7', origin = ORIGIN, type = 'application/json', ...sent }: Sent = {},
  route = 'pass',
): Promise<Response> {
  const headers = new Headers(sent.headers);
  if (origin !== null) headers.set('Origin', origin);
  if (type !== null) headers.set('Content-Type', type);
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const request = new Request(`${BASE}/${route}`, {
    method: 'POST',
    headers,
    body: text as BodyInit,
    ...(sent.signal === undefined ? {} : { signal: sent.signal }),
  });
  return gate(request, { ip });
}

export function get(
  { gate }: Pick<Harness, 'gate'>,
  path: string,
  { ip = '203.0.113.7', origin = ORIGIN, headers: more = {} }: Sent = {},
): Promise<Response> {
  const headers = new Headers(more);
  if (origin !== null) headers.set('Origin', origin);
  return gate(new Request(`${BASE}/${path}`, { headers }), { ip });
}

let serial = 0;

/** A request that the gate grants: each with a token of its own. */
export function good(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    target: 'sales',
    provider: 'hcaptcha',
    token: `token-${++serial}`,
    name: 'Ada Lovelace',
    ...more,
  };
}

export async function passOf(response: Response): Promise<PassResponse> {
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()) as PassResponse;
}

/** The stable type of a problem, after a look at everything that problems have in common. */
export async function problemOf(response: Response): Promise<string> {
  const problem = (await response.json()) as Problem;
  assert.equal(response.headers.get('Content-Type'), 'application/problem+json');
  assert.equal(response.headers.get('Cache-Control'), 'no-store');
  assert.equal(problem.status, response.status);
  assert.ok(problem.title.length > 0);
  assert.ok(problem.type.startsWith(PROBLEM_BASE), problem.type);
  return `${response.status} ${problem.type.slice(PROBLEM_BASE.length)}`;
}

// --- hCaptcha --------------------------------------------------------------------------------------------------

export type Answer = (form: URLSearchParams, signal: AbortSignal) => Response | Promise<Response>;

export interface Siteverify {
  readonly fetch: typeof fetch;
  readonly asked: URLSearchParams[];
  readonly urls: string[];
  /** Replaces the honest answer. */
  answer: Answer | null;
}

/** A siteverify that says yes to everything, until it is told otherwise. */
function createSiteverify(now: () => number): Siteverify {
  const honest = () =>
    Response.json({
      success: true,
      hostname: 'shop.example',
      challenge_ts: new Date(now() - 5000).toISOString(),
    });
  const siteverify: Siteverify = {
    asked: [],
    urls: [],
    answer: null,
    fetch: async (input, init) => {
      assert.ok(typeof input === 'string' && typeof init?.body === 'string');
      const form = new URLSearchParams(init.body);
      siteverify.urls.push(input);
      siteverify.asked.push(form);
      assert.ok(init.signal);
      return (siteverify.answer ?? honest)(form, init.signal);
    },
  };
  return siteverify;
}

// --- ALTCHA ----------------------------------------------------------------------------------------------------

export function encodeToken(challenge: unknown, solution: unknown): string {
  return btoa(JSON.stringify({ challenge, solution }));
}

export async function fetchChallenge(harness: Harness, target: string): Promise<Challenge> {
  const response = await get(harness, `challenge?target=${target}`);
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()) as Challenge;
}

export async function solve(challenge: Challenge): Promise<string> {
  return encodeToken(challenge, await solveChallenge({ challenge, deriveKey }));
}

export { createChallenge, deriveKey };
