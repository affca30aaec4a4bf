import { createChallengeRoute } from './challenge-route.js';
import type { GateLogEntry, GateOptions } from './options.js';
import { createPassRoute } from './pass-route.js';
import { problemResponse, Refusal } from './problem.js';
import { createRedeemRoute } from './redeem-route.js';
import { judgeOptions } from './settings.js';
import type { Note, Route, Visit } from './visit.js';

/** Answers one request; never rejects. The context is whatever the runtime knows beside the request. */
export type Gate<C = unknown> = (request: Request, context?: C) => Promise<Response>;

interface Entrance<C> {
  readonly name: Extract<GateLogEntry['route'], 'pass' | 'challenge' | 'redeem'>;
  readonly method: 'GET' | 'POST';
  /** Asked by pages, not by servers. */
  readonly pages: boolean;
  /** A GET says nothing: it opens the connection, and brings the preflight along, before the request that counts. */
  readonly warmUp?: true;
  readonly run: Route<C>;
}

/** Seconds that a browser may keep the answer to a preflight; Chromium keeps none longer. */
const PREFLIGHT_SECONDS = 7200;

/**
 * The server side of the CAPTCHA and the source of call passes: `POST …/pass`, `GET …/challenge?target=alias` and,
 * with a `redeemSecret`, `POST …/redeem`, under any path. Errors are RFC 9457 problem JSON; whatever cannot be
 * checked is refused. Needs nothing but web-standard APIs: `export default { fetch: createGate(…) }` on Workers,
 * `Deno.serve(createGate(…))`, `app.mount(…)` in Hono, `toNodeListener` of `call-button/gate/node` in Node.
 *
 * @throws TypeError when the options are not safe; the message says what to change.
 */
export function createGate<C = unknown>(options: GateOptions<C>): Gate<C> {
  const settings = judgeOptions(options);
  const { now, origins } = settings;
  const { jwtSecret, log, redeemSecret } = options;
  const pass = createPassRoute(options, settings);
  const challenge = createChallengeRoute(options, settings);
  const entrances: Entrance<C>[] = [
    { name: 'pass', method: 'POST', pages: true, warmUp: true, run: pass },
    { name: 'challenge', method: 'GET', pages: true, run: challenge },
  ];
  if (redeemSecret !== undefined) {
    const run = createRedeemRoute({ jwtSecret, redeemSecret }, settings);
    entrances.push({ name: 'redeem', method: 'POST', pages: false, run });
  }

  async function enter(visit: Visit<C>): Promise<Response> {
    const { request, note } = visit;
    const path = new URL(request.url).pathname;
    const entrance = entrances.find(({ name }) => path.endsWith(`/${name}`));
    if (entrance === undefined) throw new Refusal('not-found');
    const { method, name, pages, warmUp, run } = entrance;
    note.route = name;
    if (pages) demandOrigin(request, note);
    if (request.method === method) return run(visit);
    if (request.method === 'OPTIONS' && pages) {
      note.route = 'preflight';
      return preflight(method);
    }
    if (request.method === 'GET' && warmUp) {
      note.route = 'warm-up';
      return new Response(null, { status: 204 });
    }
    const allow = [method, ...(warmUp ? ['GET'] : []), ...(pages ? ['OPTIONS'] : [])].join(', ');
    throw new Refusal('method-not-allowed', { headers: { Allow: allow } });
  }

  /** In addition to CORS, which only keeps pages from reading the answer. */
  function demandOrigin(request: Request, note: Note): void {
    const origin = request.headers.get('Origin');
    if (origin === null ? isOwnGet(request) : origins.has(origin)) return;
    if (origin !== null && URL.canParse(origin)) note.origin = new URL(origin).origin.slice(0, 256);
    throw new Refusal('origin-not-allowed');
  }

  function finish(response: Response, request: Request): Response {
    const { headers } = response;
    headers.set('Cache-Control', 'no-store');
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Vary', 'Origin');
    const origin = request.headers.get('Origin');
    if (origin !== null && origins.has(origin)) {
      headers.set('Access-Control-Allow-Origin', origin);
      headers.set('Access-Control-Expose-Headers', 'Retry-After');
    }
    return response;
  }

  return async (request, context) => {
    const time = now();
    const note: Note = {};
    const response = await enter({ request, context, note }).catch((error: unknown) => {
      const refusal = error instanceof Refusal ? error : new Refusal('unavailable');
      note.problem = refusal.type;
      if (refusal.details.reason !== undefined) note.reason = refusal.details.reason;
      if (error !== refusal) note.error = describe(error);
      return problemResponse(refusal);
    });
    const { status } = response;
    try {
      log?.({ route: 'unknown', ...note, time, durationMs: now() - time, status });
    } catch {
      // a broken log must not decide over calls
    }
    return finish(response, request);
  };
}

/** Browsers send no `Origin` with a GET to the page's own origin; nor with an image, but then they say whence. */
function isOwnGet({ headers, method }: Request): boolean {
  return method === 'GET' && !/^(?:cross|same)-site$/.test(headers.get('Sec-Fetch-Site') ?? '');
}

function preflight(method: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': method,
      'Access-Control-Allow-Headers': 'Content-Type',
      'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    },
  });
}

/** Name and code, but no message: a store's may quote its address and password. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}
