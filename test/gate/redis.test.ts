/** The Redis store with a real Redis or Valkey, from several processes. */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createClient } from 'redis';
import type { Store } from '../../src/gate/index.js';
import { createRedisStore } from '../../src/gate/redis-store.js';
import { PROBLEM_BASE, type PassResponse, type Problem } from '../../src/shared/pass.js';
import { findRedis, startRedis, type RedisServer } from '../support/redis.js';
import { until } from '../support/until.js';
import { good, REDEEM_SECRET } from './support.js';

const GATE = fileURLToPath(new URL('redis-gate.ts', import.meta.url));
const program = findRedis();
const skip =
  program === null && 'there is no Redis here: install redis-server or valkey-server for this';

interface GateProcess {
  readonly url: string;
  /** What it wrote to its console. */
  readonly lines: string[];
  close(): Promise<void>;
}

async function startGate(redisUrl: string, verifyUrl: string): Promise<GateProcess> {
  const child: ChildProcess = fork(GATE, [redisUrl, verifyUrl], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')));
  }
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the gate ended: ${lines.join('\n')}`);
  });
  const [port] = (await Promise.race([once(child, 'message'), ended])) as [number];
  ended.catch(() => {}); // as it is told to, below
  return {
    url: `http://127.0.0.1:${port}/call-gate`,
    lines,
    async close() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

const issue = ({ url }: GateProcess, body: object): Promise<Response> =>
  fetch(`${url}/pass`, {
    method: 'POST',
    headers: { Origin: 'http://shop.example', 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

const redeem = ({ url }: GateProcess, pass: string, callId: string): Promise<Response> =>
  fetch(`${url}/redeem`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${REDEEM_SECRET}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ pass, callId }),
  });

/** `200`, or status and problem type. */
async function outcome(response: Response): Promise<string> {
  const body = (await response.json()) as Partial<Problem>;
  return response.ok ? '200' : `${response.status} ${body.type?.replace(PROBLEM_BASE, '')}`;
}

/** How often each outcome came. */
async function tally(responses: readonly Promise<Response>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const response of responses) {
    const key = await outcome(await response);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('the Redis store with a Redis', { skip, timeout: 60_000 }, () => {
  let redis: RedisServer;
  const clients: ReturnType<typeof createClient>[] = [];
  const stores: Store[] = [];

  before(async () => {
    redis = await startRedis(program!);
    clients.push(createClient({ url: redis.url }), createClient({ url: redis.url }));
    for (const client of clients) {
      await client.connect();
      stores.push(createRedisStore(client));
    }
  });
  after(async () => {
    for (const client of clients) client.destroy();
    await redis.close();
  });

  const storeOf = (index: number): Store => stores[index % 2]!;
  const ttlOf = (key: string) => clients[0]!.ttl(`call-button:${key}`);

  it('counts for all connections together, each number once', async () => {
    const counts = await Promise.all(times(100, (index) => storeOf(index).incr('count', 60)));
    assert.deepEqual(
      counts.sort((a, b) => a - b),
      times(100, (index) => index + 1),
    );
  });

  it('says once to one of them', async () => {
    const answers = await Promise.all(times(100, (index) => storeOf(index).once('mark', 60)));
    assert.equal(answers.filter(Boolean).length, 1);
  });

  it('keeps a key for its time from the first use on, and no longer', async () => {
    for (const [key, use] of [
      ['kept-count', () => storeOf(0).incr('kept-count', 60)],
      ['kept-mark', () => storeOf(0).once('kept-mark', 60)],
    ] as const) {
      await use();
      assert.ok((await ttlOf(key)) > 55);
      await clients[0]!.expire(`call-button:${key}`, 30);
      await use();
      const left = await ttlOf(key);
      assert.ok(left > 25 && left <= 30, `${key}: ${left} s`);
    }
  });

  it('forgets when the time is over', async () => {
    assert.equal(await storeOf(0).once('short', 1), true);
    assert.equal(await storeOf(0).incr('short-count', 1), 1);
    assert.equal(await storeOf(1).once('short', 1), false);
    await until(async () => (await clients[0]!.exists('call-button:short-count')) === 0);
    await until(() => storeOf(1).once('short', 60));
    assert.equal(await storeOf(1).incr('short-count', 60), 1);
  });

  it('keeps prefixes apart', async () => {
    const store = createRedisStore(clients[0]!, { prefix: 'another:' });
    assert.equal(await store.once('apart', 60), true);
    assert.equal(await storeOf(0).once('apart', 60), true);
  });
});

describe('two gate processes with one Redis', { skip, timeout: 120_000 }, () => {
  let redis: RedisServer;
  let gates: [GateProcess, GateProcess];
  // says yes to everything, as often as it is asked: what is used once is the gates' doing
  let asked = 0;
  const provider = createServer((_request, response) => {
    asked += 1;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(
      JSON.stringify({
        success: true,
        hostname: 'shop.example',
        challenge_ts: new Date().toISOString(),
      }),
    );
  });
  const gateOf = (index: number): GateProcess => gates[index % 2]!;
  const passFrom = async (gate: GateProcess): Promise<string> =>
    ((await (await issue(gate, good())).json()) as PassResponse).pass;

  before(async () => {
    provider.listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const verifyUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/`;
    redis = await startRedis(program!);
    gates = await Promise.all([startGate(redis.url, verifyUrl), startGate(redis.url, verifyUrl)]);
  });
  after(async () => {
    await Promise.all(gates.map((gate) => gate.close()));
    await redis.close();
    provider.closeAllConnections();
    provider.close();
  });

  it('accept one of 50 uses of a CAPTCHA token at the same time', async () => {
    asked = 0;
    const body = good();
    const counts = await tally(times(50, (index) => issue(gateOf(index), body)));
    assert.deepEqual(counts, { '200': 1, '403 captcha-replayed': 49 });
    assert.equal(asked, 1);
  });

  it('accept one of 50 calls with the same pass at the same time', async () => {
    const pass = await passFrom(gateOf(0));
    const counts = await tally(
      times(50, (index) => redeem(gateOf(index), pass, `call-${index}@example`)),
    );
    assert.deepEqual(counts, { '200': 1, '403 pass-refused': 49 });
  });

  it('know the call that uses a pass, whichever of them it asks', async () => {
    const pass = await passFrom(gateOf(0));
    assert.equal(await outcome(await redeem(gateOf(0), pass, 'mine@example')), '200');
    assert.equal(await outcome(await redeem(gateOf(1), pass, 'mine@example')), '200');
    assert.equal(await outcome(await redeem(gateOf(1), pass, 'other@example')), '403 pass-refused');
  });

  it('refuse everything while Redis is gone, say so once, and go on by themselves', async () => {
    const used = await passFrom(gateOf(0));
    assert.equal(await outcome(await redeem(gateOf(0), used, 'before@example')), '200');
    for (const { lines } of gates) assert.deepEqual(lines, []);

    const contested = await passFrom(gateOf(0));
    const inTheMiddle = times(50, (index) => redeem(gateOf(index), contested, `mid-${index}`));
    await inTheMiddle[0];
    await redis.kill();
    const counts = await tally(inTheMiddle);

    for (const gate of gates) {
      const responses = [
        ...times(10, () => issue(gate, good())),
        ...times(10, (index) => redeem(gate, used, `gone-${index}`)),
        redeem(gate, used, 'before@example'),
      ];
      assert.deepEqual(await tally(responses), { '503 unavailable': 21 });
      assert.equal(gate.lines.length, 1, gate.lines.join('\n'));
      assert.match(gate.lines[0]!, /Redis fails \(\w+\): every call is refused until it answers/);
    }

    await redis.start();
    for (const gate of gates) {
      await until(async () => (await issue(gate, good())).ok);
      assert.equal(gate.lines.length, 2, gate.lines.join('\n'));
      assert.match(gate.lines[1]!, /Redis answers again/);
    }
    const late = await tally(
      times(20, (index) => redeem(gateOf(index), contested, `late-${index}`)),
    );
    const accepted = (counts['200'] ?? 0) + (late['200'] ?? 0);
    assert.ok(accepted <= 1, JSON.stringify({ counts, late }));
    // what was used before the power was lost stays used
    assert.equal(await outcome(await redeem(gateOf(1), used, 'after@example')), '403 pass-refused');
    assert.equal(await outcome(await redeem(gateOf(1), used, 'before@example')), '200');
  });

  it('refuse in time while Redis hangs', async () => {
    const pass = await passFrom(gateOf(0));
    for (const { lines } of gates) lines.length = 0;
    redis.freeze();
    try {
      const begin = performance.now();
      const counts = await tally(
        times(20, (index) => redeem(gateOf(index), pass, `hung-${index}`)),
      );
      assert.deepEqual(counts, { '503 unavailable': 20 });
      assert.ok(performance.now() - begin < 10_000);
      for (const { lines } of gates)
        assert.match(lines.join('\n'), /^.*Redis fails \(timeout\).*$/);
    } finally {
      redis.thaw();
    }
    for (const gate of gates) await until(async () => (await issue(gate, good())).ok);
  });
});
