import { CallError } from '../call/errors.js';
import type { Captcha, CaptchaStatus, CaptchaToken } from '../call/ports.js';
import type { Clock } from '../shared/clock.js';

/** How long a token is handed out for: hCaptcha's live about 120 s on its server, and the way there takes time. */
const FRESH_MS = 90_000;

/** What a provider does; what comes of it goes back to the core by `accept` and `fail`. */
export interface Solver {
  /** Starts one solving. */
  start(): void;
  /** Gives up the one that runs. */
  stop(): void;
  /** Makes the widget look unsolved again. */
  reset(): void;
  /** May come twice, and `reset` and `stop` after it. */
  dispose(): void;
}

export interface CaptchaCore {
  readonly captcha: Captcha;
  setStatus(status: CaptchaStatus): void;
  /** Solved. The token is good for `lifetimeMs`, never longer than 90 s. */
  accept(value: string, lifetimeMs?: number): void;
  /** Not solved, or no more: whoever waits for a token gets the error. */
  fail(status: CaptchaStatus, error: Error | null): void;
}

export const nothing = (): void => {};

/**
 * The part of a `Captcha` that is the same for all providers: status, freshness, who waits for a token. One caller
 * waits at a time: a second `token` takes the place of the first, which gets `captcha-closed`.
 */
export function createCaptchaCore(
  { provider, presentation }: Pick<Captcha, 'provider' | 'presentation'>,
  solver: Solver,
  clock: Clock,
): CaptchaCore {
  let status: CaptchaStatus = 'ready';
  let token: CaptchaToken | null = null;
  let freshUntil = 0;
  let cancelExpiry = nothing;
  let settle: (error: Error | null, token?: CaptchaToken) => void = nothing;
  let disposed = false;

  const setStatus = (next: CaptchaStatus): void => {
    if (disposed || status === next) return;
    status = next;
    captcha.onStatusChange?.();
  };
  const drop = (): void => {
    cancelExpiry();
    token = null;
  };
  const fresh = (): CaptchaToken | null => (clock.now() < freshUntil ? token : null);
  const begin = (): void => {
    if (disposed || status === 'solving') return;
    if (status === 'solved') solver.reset();
    setStatus('solving');
    solver.start();
  };
  const fail = (next: CaptchaStatus, error: Error | null): void => {
    drop();
    setStatus(next);
    settle(error);
  };
  const abandon = (error: Error): void => {
    const solving = status === 'solving';
    // the status first: what the provider calls back on being stopped must find nobody solving
    fail('ready', error);
    if (solving) solver.stop();
  };
  const closed = (): CallError => new CallError('captcha-closed', 'closed');

  const captcha: Captcha = {
    provider,
    presentation,
    get status() {
      return status;
    },
    onStatusChange: null,
    token: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        if (disposed) throw closed();
        settle(closed());
        const abort = (): void => abandon(signal.reason as Error);
        signal.addEventListener('abort', abort);
        settle = (error, value) => {
          settle = nothing;
          signal.removeEventListener('abort', abort);
          if (!value) {
            reject(error ?? closed());
            return;
          }
          drop();
          resolve(value);
        };
        const value = fresh();
        if (value) settle(null, value);
        else begin();
      }),
    solve() {
      if (!fresh()) begin();
    },
    reset() {
      abandon(closed());
      solver.reset();
    },
    dispose() {
      disposed = true;
      abandon(closed());
      solver.dispose();
    },
  };

  return {
    captcha,
    setStatus,
    accept(value, lifetimeMs = FRESH_MS) {
      if (disposed) return;
      drop();
      const issuedAt = clock.now();
      const lifetime = Math.min(lifetimeMs, FRESH_MS);
      freshUntil = issuedAt + lifetime;
      token = { value, issuedAt };
      cancelExpiry = clock.after(lifetime, () => {
        fail('expired', null);
        solver.reset();
      });
      setStatus('solved');
      settle(null, token);
    },
    fail,
  };
}
