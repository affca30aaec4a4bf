import type { IncomingCall } from '../sip/call.js';

/** More than anybody means to press ahead; what comes beyond is dropped. */
const AHEAD_MAX = 8;

/** What the caller presses, kept until somebody asks for it. */
export interface Keys {
  /** Pressed and not asked for yet. */
  readonly waiting: boolean;
  /** Aborted at the next key: speech that may be interrupted. */
  interrupt(): AbortSignal;
  /** Resolves when there is a key, which stays, or after so long. Rejects once the call is over. */
  wait(limitMs?: number): Promise<void>;
  /** The first of them, or null. */
  take(): string | null;
  clear(): void;
  /** Listens again, after somebody else has listened. */
  listen(): void;
}

export function createKeys(call: IncomingCall): Keys {
  const pressed: string[] = [];
  let next = new AbortController();

  function onDigit(digit: string): void {
    if (pressed.length < AHEAD_MAX) pressed.push(digit);
    next.abort();
  }
  call.onDigit = onDigit;

  return {
    get waiting() {
      return pressed.length > 0;
    },
    interrupt() {
      if (next.signal.aborted && pressed.length === 0) next = new AbortController();
      return next.signal;
    },
    wait(limitMs) {
      const { signal } = call;
      const key = this.interrupt();
      return new Promise((resolve, reject) => {
        const timer = limitMs === undefined ? undefined : setTimeout(done, limitMs);
        function stop(): void {
          clearTimeout(timer);
          key.removeEventListener('abort', done);
          signal.removeEventListener('abort', over);
        }
        function done(): void {
          stop();
          resolve();
        }
        function over(): void {
          stop();
          reject(signal.reason as Error);
        }
        key.addEventListener('abort', done);
        signal.addEventListener('abort', over);
        if (signal.aborted) over();
        else if (key.aborted) done();
      });
    },
    take: () => pressed.shift() ?? null,
    clear() {
      pressed.length = 0;
    },
    listen() {
      call.onDigit = onDigit;
    },
  };
}
