/** Time as a port: tests bring a clock that they move. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Returns a cancel function. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
