import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claimPass, createMemoryStore, type Store } from '../../src/gate/index.js';
import { MAX_FURTHER_USES } from '../../src/gate/claim.js';

const JTI = '0123456789abcdef0123456789abcdef';

/** Answers in another order than it was asked: each operation acts and returns some turns of the event loop later. */
function createSlowStore(seed: number): Store {
  const store = createMemoryStore();
  let state = seed;
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
  const wait = async () => {
    for (let turns = Math.floor(random() * 4); turns > 0; turns--) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const slow =
    <T>(run: (key: string, ttl: number) => Promise<T>) =>
    async (key: string, ttl: number) => {
      await wait();
      const result = await run(key, ttl);
      await wait();
      return result;
    };
  return { incr: slow(store.incr), once: slow(store.once) };
}

describe('the memory store', () => {
  it('counts from one, and from one again when the time is over', async () => {
    let ms = 1000;
    const store = createMemoryStore({ now: () => ms });
    assert.equal(await store.incr('a', 7), 1);
    ms += 6999;
    assert.equal(await store.incr('a', 7), 2);
    assert.equal(await store.incr('b', 7), 1);
    ms += 1;
    assert.equal(await store.incr('a', 7), 1);
    ms += 60_000;
    assert.equal(await store.incr('a', 7), 1);
  });

  it('says once once, until the time is over', async () => {
    let ms = 1000;
    const store = createMemoryStore({ now: () => ms });
    assert.equal(await store.once('a', 7), true);
    ms += 6999;
    assert.equal(await store.once('a', 7), false);
    ms += 1;
    assert.equal(await store.once('a', 7), true);
  });

  it('says once to one of many at the same time', async () => {
    const store = createMemoryStore();
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.once('a', 10)));
    assert.equal(answers.filter(Boolean).length, 1);
  });

  it('rejects when it is full, and has room again when keys are over', async () => {
    let ms = 0;
    const store = createMemoryStore({ now: () => ms, maxKeys: 1000 });
    for (let key = 0; key < 1000; key++) await store.once(String(key), 10);
    await assert.rejects(store.once('new', 10), RangeError);
    await assert.rejects(store.incr('new', 10), RangeError);
    assert.equal(await store.once('7', 10), false);
    ms += 10_000;
    assert.equal(await store.once('new', 10), true);
  });
});

describe('claiming a pass', () => {
  it('accepts the first Call-ID again, up to a limit, and no other ever', async () => {
    const memory = createMemoryStore();
    const marked: string[] = [];
    const store: Store = {
      incr: memory.incr,
      once: (key, ttl) => {
        marked.push(key);
        return memory.once(key, ttl);
      },
    };
    assert.equal(await claimPass(store, JTI, 'first', 90), true);
    for (let use = 0; use < MAX_FURTHER_USES; use++) {
      assert.equal(await claimPass(store, JTI, 'first', 90), true, `use ${use}`);
      assert.equal(await claimPass(store, JTI, 'second', 90), false);
      assert.equal(await claimPass(store, JTI, `other-${use}`, 90), false);
    }
    assert.equal(await claimPass(store, JTI, 'first', 90), false);
    // a refused Call-ID stays refused, however often it asks, and the store does not grow by it
    for (let use = 0; use < 20; use++) {
      assert.equal(await claimPass(store, JTI, 'second', 90), false);
    }
    const before = new Set(marked).size;
    for (let use = 0; use < 20; use++) {
      assert.equal(await claimPass(store, JTI, 'second', 90), false);
    }
    assert.equal(new Set(marked).size, before);
  });

  it('keeps passes apart', async () => {
    const store = createMemoryStore();
    assert.equal(await claimPass(store, JTI, 'call', 90), true);
    assert.equal(await claimPass(store, JTI.replace('0', '1'), 'call', 90), true);
    assert.equal(await claimPass(store, JTI.replace('0', '1'), 'other', 90), false);
  });

  it('lets exactly one of 20 Call-IDs win, in whatever order the store answers', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const store = createSlowStore(seed);
      const callIds = Array.from({ length: 20 }, (_, index) => `call-${index}`);
      const answers = await Promise.all(callIds.map((id) => claimPass(store, JTI, id, 90)));
      const winners = callIds.filter((_, index) => answers[index]);
      assert.equal(winners.length, 1, `seed ${seed}`);
      const again = await Promise.all(callIds.map((id) => claimPass(store, JTI, id, 90)));
      assert.deepEqual(
        callIds.filter((_, index) => again[index]),
        winners,
        `seed ${seed}`,
      );
    }
  });

  it('lets no other Call-ID in while one uses its pass several times at once', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const store = createSlowStore(seed);
      const uses = Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? 'a' : 'b'));
      const answers = await Promise.all(uses.map((id) => claimPass(store, JTI, id, 90)));
      const winners = new Set(uses.filter((_, index) => answers[index]));
      assert.equal(winners.size, 1, `seed ${seed}: ${[...winners].join()}`);
    }
  });

  it('accepts the same Call-ID again after both uses came at once', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const store = createSlowStore(seed);
      const both = await Promise.all([1, 2].map(() => claimPass(store, JTI, 'call', 90)));
      assert.ok(both.some(Boolean), `seed ${seed}`);
      assert.equal(await claimPass(store, JTI, 'call', 90), true, `seed ${seed}`);
    }
  });

  it('rejects when the store does, and never accepts then', async () => {
    const down: Store = {
      incr: () => Promise.reject(new Error('down')),
      once: () => Promise.reject(new Error('down')),
    };
    await assert.rejects(claimPass(down, JTI, 'call', 90), /down/);
  });
});
