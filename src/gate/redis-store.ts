/**
 * `call-button/gate/redis`: one memory for several gates, in Redis 2.6.12 or later, or Valkey.
 */
import type { Store } from './store.js';

/**
 * A connected client, by the one method of it that is used: `sendCommand` of node-redis (`redis` 5 and later), or
 * `call` of ioredis. Anything else with one of them will do; all commands have one key.
 */
export type RedisClient =
  | { sendCommand(args: string[], options?: { abortSignal?: AbortSignal }): Promise<unknown> }
  | { call(command: string, ...args: string[]): Promise<unknown> };

export interface RedisStoreOptions {
  /** In front of every key. Default `call-button:`. Gates that share passes need the same one. */
  readonly prefix?: string;
  /** For one answer of Redis: 10 to 30 000 ms, default 1000. Beyond it the request is refused. */
  readonly timeoutMs?: number;
  /**
   * Told once when Redis is gone, and once when it is back; without addresses or passwords. Default:
   * `console.error`.
   */
  readonly log?: (line: string) => void;
}

/** The window begins with the first count: a key that got no expiry with it would count for ever. */
const COUNT = `local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return n`;

/**
 * A store that any number of gates share. Every operation is one command, and atomic. Fails closed: without an answer
 * in time the gate refuses with 503 `unavailable`; it asks Redis again with each request, and so goes on by itself when
 * the client has connected again.
 *
 * Redis must not forget early: `maxmemory-policy noeviction`, and, so that a crash does not make used passes new again,
 * `appendonly yes` with `appendfsync always` (`everysec` loses the last marks even when only the process dies).
 *
 * @throws TypeError when `timeoutMs` is out of range.
 */
export function createRedisStore(
  client: RedisClient,
  {
    prefix = 'call-button:',
    timeoutMs = 1000,
    log = (line) => console.error(line),
  }: RedisStoreOptions = {},
): Store {
  if (!(timeoutMs >= 10 && timeoutMs <= 30_000)) {
    throw new TypeError('createRedisStore: timeoutMs must be a number from 10 to 30000');
  }
  let goneSince: number | null = null;

  async function send(command: string, ...args: string[]): Promise<unknown> {
    const end = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(new RedisError('timeout'));
          // takes it out of the client's queue, which would grow as long as Redis is gone
          end.abort();
        }, timeoutMs);
      });
      const answer =
        'call' in client
          ? client.call(command, ...args)
          : client.sendCommand([command, ...args], { abortSignal: end.signal });
      const reply = await Promise.race([answer, late]);
      if (goneSince !== null) {
        const seconds = Math.round((Date.now() - goneSince) / 1000);
        goneSince = null;
        tell(`call-button gate: Redis answers again, after ${seconds} s`);
      }
      return reply;
    } catch (error) {
      const code = nameOf(error);
      if (goneSince === null) {
        goneSince = Date.now();
        tell(
          `call-button gate: Redis fails (${code}): every call is refused until it answers again`,
        );
      }
      throw new RedisError(code);
    } finally {
      clearTimeout(timer);
    }
  }

  function tell(line: string): void {
    try {
      log(line);
    } catch {
      // a broken log must not decide over calls
    }
  }

  return {
    async incr(key, ttlSeconds) {
      const count = await send('EVAL', COUNT, '1', prefix + key, String(ttlSeconds));
      if (!Number.isSafeInteger(count)) throw new RedisError('reply');
      return count as number;
    },
    async once(key, ttlSeconds) {
      const reply = await send('SET', prefix + key, '1', 'EX', String(ttlSeconds), 'NX');
      if (reply !== 'OK' && reply !== null) throw new RedisError('reply');
      return reply === 'OK';
    },
  };
}

/** The gate logs name and code of an error, and no more. */
class RedisError extends Error {
  override readonly name = 'RedisError';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** `ECONNREFUSED`, `NOAUTH`, `READONLY`, `SocketClosedUnexpectedlyError`: never a message, which may quote a password. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string') return code;
  // an error that Redis itself has sent begins with its code
  const [, reply] = /^([A-Z]{2,20}) /.exec(error.message) ?? [];
  return reply ?? (error.name === 'Error' ? error.constructor.name : error.name);
}
