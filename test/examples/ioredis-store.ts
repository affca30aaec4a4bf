/** The Redis store on ioredis, in a process that does what it is told by messages. */
import { Redis } from 'ioredis';
import { createRedisStore } from '../../src/gate/redis-store.js';

export interface Order {
  readonly operation: 'incr' | 'once';
  readonly key: string;
}

const client = new Redis(process.argv[2] ?? '');
client.on('error', () => {});
const store = createRedisStore(client, { timeoutMs: 300 });

process.on('message', ({ operation, key }: Order) => {
  store[operation](key, 60).then(
    (value) => process.send?.(value),
    (error: unknown) => process.send?.(String(error)),
  );
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
