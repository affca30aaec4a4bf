/**
 * The question that hCaptcha, Turnstile and reCAPTCHA have in common: a form by POST, JSON in return.
 */
export interface SiteverifyRequest {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  /** For question and answer together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * One question, never repeated: the provider has spent the token with the first. `null` when no usable answer came:
 * network error, timeout, a status other than 2xx, a body that is no JSON object.
 */
export async function siteverify(
  request: SiteverifyRequest,
): Promise<Readonly<Record<string, unknown>> | null> {
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
): Promise<Readonly<Record<string, unknown>> | null> {
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
