import { CallError, type EndReason } from '../call/errors.js';

export function abortError(): DOMException {
  return new DOMException('aborted', 'AbortError');
}

/**
 * Runs a step that cannot be aborted itself and lets go of it on abort: rejects with `AbortError` at once; what the
 * step still brings goes to `late`. Operations of a closed RTCPeerConnection never settle (W3C WebRTC 1.0 §4.4.1.2),
 * so every wait for one goes through here.
 */
export function abortable<T>(
  start: () => Promise<T>,
  signal: AbortSignal,
  late?: (value: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(abortError());
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort);
    start().then((value) => {
      if (signal.aborted) late?.(value);
      else resolve(value);
    }, reject);
  });
}

/** What a port rejects with for this error. */
export function failure(error: unknown, signal: AbortSignal, reason?: EndReason): Error {
  return signal.aborted ? abortError() : CallError.from(error, reason);
}

/** As `abortable`; rejects as a port does. */
export async function run<T>(
  step: () => Promise<T>,
  signal: AbortSignal,
  reason?: EndReason,
): Promise<T> {
  try {
    return await abortable(step, signal);
  } catch (error) {
    throw failure(error, signal, reason);
  }
}
