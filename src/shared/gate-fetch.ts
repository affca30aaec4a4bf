/** Longest answer that is read, in characters: a pass with a dozen TURN servers is below 8 kB. */
const ANSWER_MAX = 32_768;

export type GateAnswer =
  | { readonly ok: true; readonly body: unknown }
  | {
      readonly ok: false;
      /** HTTP status; 0 where no answer came. */
      readonly status: number;
      /** RFC 9457 `type`, unchecked. */
      readonly type?: unknown;
      /** Seconds, from `Retry-After`; another origin's is readable only where the gate exposes that header. */
      readonly retryAfter?: number;
    };

export interface GateQuestion {
  /** Sent as JSON by POST; without it the request is a GET. */
  readonly body?: object;
  /** A GET that a POST is to follow: its preflight serves both, since one lists headers, not methods (Fetch §4.9). */
  readonly ahead?: true;
  readonly target?: string;
  readonly timeoutMs: number;
}

/**
 * Asks the gate, once: no retry, no redirect, no cookie, no cache. Any 2xx with JSON is `ok`, its shape unchecked.
 * Rejects only on abort, with the signal's reason.
 */
export async function askGate(
  gate: string,
  path: string,
  { body, ahead, target, timeoutMs }: GateQuestion,
  signal: AbortSignal,
): Promise<GateAnswer> {
  const url = new URL(gate);
  url.pathname = url.pathname.replace(/\/*$/, `/${path}`);
  if (target) url.searchParams.set('target', target);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      ...((body ?? ahead) && { headers: { 'content-type': 'application/json' } }),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      // the gate judges the page's origin; the page's address is none of its business
      referrerPolicy: 'strict-origin',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    text = await response.text();
  } catch {
    signal.throwIfAborted();
    return { ok: false, status: 0 };
  }
  const { ok, status, headers } = response;
  let answer: unknown;
  try {
    if (text.length <= ANSWER_MAX) answer = JSON.parse(text);
  } catch {
    // HTML, most likely: not a gate, or a proxy that speaks for one
  }
  if (ok && answer) return { ok, body: answer };
  const after = headers.get('retry-after') ?? '';
  // seconds or an HTTP date (RFC 9110 §10.2.3); NaN and the past are no advice
  const seconds = /^\d+$/.test(after) ? +after : (Date.parse(after) - Date.now()) / 1000;
  return {
    ok: false,
    status,
    type: (answer as { type?: unknown } | null | undefined)?.type,
    ...(seconds >= 0 && { retryAfter: Math.ceil(seconds) }),
  };
}
