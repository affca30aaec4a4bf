/**
 * What the gate remembers: counters and marks, both with an end.
 *
 * Both operations must be atomic over all nodes that share the store; both reject when the store cannot be
 * reached, and the gate then refuses (it fails closed). For Redis and Valkey there is `createRedisStore` in
 * `call-button/gate/redis`. Stores without atomic updates (Workers KV) do not fit; a Durable Object does.
 */
export interface Store {
  /** Adds one and returns the new count. The key lives `ttlSeconds` from its first increment. */
  incr(key: string, ttlSeconds: number): Promise<number>;
  /** True the first time; false as long as the key lives, `ttlSeconds` from that first time. */
  once(key: string, ttlSeconds: number): Promise<boolean>;
}

export interface MemoryStoreOptions {
  /** Most keys held at a time, 1000 or more. A full store rejects: forgetting marks would allow replays. Default 500 000. */
  readonly maxKeys?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

const SWEEP_EVERY_MS = 10_000;

/** For one process: several nodes need a store they share. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const { maxKeys = 500_000, now = Date.now } = options;
  const entries = new Map<string, { count: number; readonly endsAt: number }>();
  let sweepAt = 0;

  function sweep(time: number): void {
    if (time < sweepAt) return;
    sweepAt = time + SWEEP_EVERY_MS;
    for (const [key, { endsAt }] of entries) if (endsAt <= time) entries.delete(key);
  }

  function add(key: string, ttlSeconds: number): number {
    const time = now();
    sweep(time);
    const known = entries.get(key);
    if (known !== undefined && known.endsAt > time) return ++known.count;
    if (entries.size >= maxKeys) throw new RangeError('memory store is full');
    entries.set(key, { count: 1, endsAt: time + ttlSeconds * 1000 });
    return 1;
  }

  // a full store rejects like one that is out of reach
  const promise = <T>(run: () => T) => new Promise<T>((resolve) => resolve(run()));
  return {
    incr: (key, ttlSeconds) => promise(() => add(key, ttlSeconds)),
    once: (key, ttlSeconds) => promise(() => add(key, ttlSeconds) === 1),
  };
}
