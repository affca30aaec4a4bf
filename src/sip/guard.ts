import type { Clock } from '../call/ports.js';

/**
 * Runs foreign code (SIP.js, or a handler of the call) where nothing may be thrown: an exception inside a callback
 * of SIP.js leaves its state half changed, and one inside a socket handler reaches the host page's `error` event.
 * `false`: it threw.
 */
export function guard(run: () => void): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

/** For promises whose failure is known by other means. */
export const ignore = (): void => {};

/** Settles like `promise`, or rejects with the signal's reason as soon as it is aborted. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Resolves after `ms`; rejects on abort and lets go of the timer. */
export function delay(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  let cancel = ignore;
  const elapsed = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve);
  });
  return abortable(elapsed, signal).finally(cancel);
}
