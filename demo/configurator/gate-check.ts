export type GateAnswer =
  /** `problem` is the last part of the problem's type; empty where there is none. */
  | { readonly kind: 'answered'; readonly status: number; readonly problem: string }
  /** Something is there, but it does not let this page read its answer. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'unreachable' };

async function problemOf(response: Response): Promise<string> {
  if (!response.headers.get('Content-Type')?.startsWith('application/problem+json')) return '';
  const { type } = (await response.json().catch(() => ({}))) as { readonly type?: unknown };
  return typeof type === 'string' ? (/[^/:#]+$/.exec(type)?.[0] ?? '') : '';
}

/** Asks as the element asks. A browser tells “not there” and “not for you” apart only by a second, blind request. */
export async function askGate(url: string, signal: AbortSignal): Promise<GateAnswer> {
  const init = { cache: 'no-store', credentials: 'omit', signal } as const;
  try {
    const response = await fetch(url, init);
    return { kind: 'answered', status: response.status, problem: await problemOf(response) };
  } catch {
    return fetch(url, { ...init, mode: 'no-cors' }).then(
      () => ({ kind: 'unreadable' }),
      () => ({ kind: 'unreachable' }),
    );
  }
}
