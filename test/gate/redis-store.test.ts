import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Store } from '../../src/gate/index.js';
import { createRedisStore, type RedisClient } from '../../src/gate/redis-store.js';

type Reply = (args: readonly string[]) => Promise<unknown>;

/** A client in the shape of node-redis whose replies the test decides. */
function createFake(): { client: RedisClient; reply: Reply; asked: string[][] } {
  const fake = {
    asked: [] as string[][],
    reply: (() => Promise.resolve('OK')) as Reply,
    client: {
      sendCommand(args: string[]) {
        fake.asked.push(args);
        return fake.reply(args);
      },
    },
  };
  return fake;
}

const fails = (error: unknown): Promise<never> =>
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- clients reject with whatever
  Promise.reject(error);

describe('the Redis store', () => {
  let fake: ReturnType<typeof createFake>;
  let lines: string[];
  let store: Store;

  beforeEach(() => {
    fake = createFake();
    lines = [];
    store = createRedisStore(fake.client, { timeoutMs: 20, log: (line) => lines.push(line) });
  });

  it('asks one command for each operation, with one key and an expiry', async () => {
    assert.equal(await store.once('pass:1', 90), true);
    assert.deepEqual(fake.asked.pop(), ['SET', 'call-button:pass:1', '1', 'EX', '90', 'NX']);
    fake.reply = () => Promise.resolve(3);
    assert.equal(await store.incr('limit:2', 600), 3);
    const [command, script, ...keys] = fake.asked.pop() ?? [];
    assert.equal(command, 'EVAL');
    assert.match(script ?? '', /INCR.*\n.*EXPIRE/);
    assert.deepEqual(keys, ['1', 'call-button:limit:2', '600']);
  });

  it('speaks to ioredis by its `call`', async () => {
    const asked: string[][] = [];
    const ioredis = {
      call(this: unknown, ...args: string[]) {
        assert.equal(this, ioredis);
        asked.push(args);
        return Promise.resolve(null);
      },
      sendCommand: () => fails(new Error('takes a Command, not a list')),
    };
    const other = createRedisStore(ioredis, { prefix: 'site:' });
    assert.equal(await other.once('pass:1', 90), false);
    assert.deepEqual(asked, [['SET', 'site:pass:1', '1', 'EX', '90', 'NX']]);
  });

  it('takes nothing for a yes but the replies that Redis gives', async () => {
    for (const reply of ['ok', 'QUEUED', 1, true, undefined, '', Buffer.from('OK'), {}]) {
      fake.reply = () => Promise.resolve(reply);
      await assert.rejects(store.once('a', 1), { name: 'RedisError', code: 'reply' });
    }
    for (const reply of ['1', null, undefined, NaN, 1.5, true, 'QUEUED', {}]) {
      fake.reply = () => Promise.resolve(reply);
      await assert.rejects(store.incr('a', 1), { name: 'RedisError', code: 'reply' });
    }
  });

  it('rejects with a code and never with a message, which may tell a password', async () => {
    const secret = 'redis://:hunter2@10.0.0.1';
    class SocketClosedUnexpectedlyError extends Error {}
    const errors: [error: unknown, code: string][] = [
      [Object.assign(new Error(secret), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
      [new Error(`NOAUTH Authentication required. ${secret}`), 'NOAUTH'],
      [new Error(`READONLY You can't write against a read only replica. ${secret}`), 'READONLY'],
      [new SocketClosedUnexpectedlyError(secret), 'SocketClosedUnexpectedlyError'],
      [new TypeError(secret), 'TypeError'],
      [secret, 'string'],
      [undefined, 'undefined'],
    ];
    for (const [error, code] of errors) {
      fake.reply = () => fails(error);
      const rejection: unknown = await store.once('a', 1).catch((reason: unknown) => reason);
      assert.ok(rejection instanceof Error);
      assert.equal((rejection as Error & { code: unknown }).code, code);
      assert.doesNotMatch(`${rejection.stack} ${JSON.stringify(rejection)}`, /hunter2/);
    }
    assert.doesNotMatch(lines.join(), /hunter2/);
  });

  it('rejects where the client throws instead', async () => {
    fake.reply = () => {
      throw new Error('not connected');
    };
    await assert.rejects(store.incr('a', 1), { name: 'RedisError' });
  });

  it('rejects in time where Redis says nothing, and takes the command back', async () => {
    const signals: AbortSignal[] = [];
    const mute: RedisClient = {
      sendCommand(_args, { abortSignal } = {}) {
        signals.push(abortSignal!);
        return new Promise((_, reject) =>
          abortSignal!.addEventListener('abort', () => reject(new Error('aborted'))),
        );
      },
    };
    const silent = createRedisStore(mute, { timeoutMs: 20, log: (line) => lines.push(line) });
    await assert.rejects(silent.once('a', 1), { name: 'RedisError', code: 'timeout' });
    assert.equal(signals[0]?.aborted, true);
    assert.match(lines[0] ?? '', /Redis fails \(timeout\): every call is refused/);
  });

  it('says once that Redis is gone and once that it is back, however many ask', async () => {
    fake.reply = () => fails(Object.assign(new Error(), { code: 'ECONNREFUSED' }));
    await Promise.allSettled(Array.from({ length: 50 }, () => store.incr('a', 1)));
    await assert.rejects(store.once('a', 1));
    assert.deepEqual(lines, [
      'call-button gate: Redis fails (ECONNREFUSED): every call is refused until it answers again',
    ]);
    fake.reply = () => Promise.resolve('OK');
    await Promise.all(Array.from({ length: 50 }, () => store.once('a', 1)));
    assert.equal(lines.length, 2);
    assert.match(lines[1] ?? '', /^call-button gate: Redis answers again, after \d+ s$/);
    fake.reply = () => fails(new Error());
    await assert.rejects(store.once('a', 1));
    assert.equal(lines.length, 3);
  });

  it('is not stopped by a log that throws', async () => {
    const broken = createRedisStore(fake.client, {
      log: () => {
        throw new Error('disk full');
      },
    });
    fake.reply = () => fails(new Error());
    await assert.rejects(broken.once('a', 1), { name: 'RedisError' });
    fake.reply = () => Promise.resolve('OK');
    assert.equal(await broken.once('a', 1), true);
  });

  describe('where nobody gave it a log', () => {
    const { error } = console;
    afterEach(() => (console.error = error));

    it('writes to the console', async () => {
      console.error = (line: string) => lines.push(line);
      fake.reply = () => fails(new Error());
      await assert.rejects(createRedisStore(fake.client).once('a', 1));
      assert.equal(lines.length, 1);
    });
  });

  it('does not begin with a timeout that is none', () => {
    for (const timeoutMs of [0, 9, 30_001, NaN, Infinity]) {
      assert.throws(() => createRedisStore(fake.client, { timeoutMs }), TypeError);
    }
  });
});
