/** The examples of `demo/gate`, started as they stand there. */
import assert from 'node:assert/strict';
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Challenge } from 'altcha-lib';
import worker from '../../demo/gate/worker.js';
import type { GateLogEntry } from '../../src/gate/index.js';
import type { PassResponse } from '../../src/shared/pass.js';
import { EXAMPLES, installExamples } from '../support/examples.js';
import { findRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { solve } from './support.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ORIGIN = 'https://www.example.com';
const secret = (): string => randomBytes(32).toString('hex');
const SECRETS = {
  ALTCHA_KEY: secret(),
  PASS_JWT_SECRET: secret(),
  PASS_DIGEST_SECRET: secret(),
};
const uninstalled = installExamples() ?? false;
const HOOKS = ['--import', 'tsx', '--import', `${EXAMPLES}resolve.mjs`];

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Address on loopback to ask from. */
  readonly from?: string;
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Not `fetch`: that cannot choose the address it asks from. */
async function ask(url: string, { from, body, ...asked }: Asked = {}): Promise<Answered> {
  const request = httpRequest(url, {
    ...asked,
    agent: false,
    ...(from === undefined ? {} : { localAddress: from }),
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, text };
}

const json = (body: object, headers: Readonly<Record<string, string>> = {}): Asked => ({
  method: 'POST',
  headers: { Origin: ORIGIN, 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

interface Example {
  readonly origin: string;
  readonly log: GateLogEntry[];
  close(): Promise<void>;
}

async function startExample(name: string): Promise<Example> {
  const child = spawn(process.execPath, [...HOOKS, `${ROOT}demo/gate/${name}.ts`], {
    cwd: ROOT,
    env: { ...process.env, ...SECRETS, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const log: GateLogEntry[] = [];
  const lines = createInterface({ input: child.stdout });
  const listening = new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
    lines.on('line', (line) => {
      const [, port] = /^listening.*port: (\d+)/.exec(line) ?? [];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
      else if (line.startsWith('{"')) log.push(JSON.parse(line) as GateLogEntry);
    });
  });
  return {
    origin: await listening,
    log,
    async close() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

/** The whole way of a visitor: a challenge, its solution, a pass. */
async function obtainPass(gate: (path: string, asked?: Asked) => Promise<Answered>) {
  const challenge = await gate('/challenge?target=support', { headers: { Origin: ORIGIN } });
  assert.equal(challenge.status, 200, challenge.text);
  const token = await solve(JSON.parse(challenge.text) as Challenge);
  const body = { target: 'support', provider: 'altcha', token, name: 'Ada' };
  const pass = await gate('/pass', json(body));
  assert.equal(pass.status, 200, pass.text);
  assert.match((JSON.parse(pass.text) as PassResponse).username, /^\d+:\w+\.support$/);
}

const HOPELESS = { target: 'support', provider: 'altcha', token: 'none', name: 'Ada' };
// all of 127.0.0.0/8 is this machine on Linux; elsewhere it is one address
const oneAddress = process.platform !== 'linux' && 'there is one loopback address here';

for (const [name, skip] of [
  ['node-http', false],
  ['express', uninstalled],
  ['hono', uninstalled],
] as const) {
  describe(`demo/gate/${name}.ts`, { skip, timeout: 60_000 }, () => {
    let example: Example;
    before(async () => {
      example = await startExample(name);
    });
    after(() => example.close());
    const gate = (path: string, asked?: Asked) => ask(`${example.origin}/call-gate${path}`, asked);

    it('issues a pass', () => obtainPass(gate));

    it('refuses other origins, other paths and what is no JSON', async () => {
      const foreign = json(HOPELESS, { Origin: 'https://evil.example' });
      assert.equal((await gate('/pass', foreign)).status, 403);
      assert.equal((await gate('/elsewhere')).status, 404);
      assert.equal((await gate('/pass', { ...json({}), body: 'no JSON' })).status, 400);
      assert.equal((await gate('/pass', json({ x: 'x'.repeat(20_000) }))).status, 413);
    });

    it('counts visitors by their address', { skip: oneAddress }, async () => {
      const froms = ['127.0.0.2', '127.0.0.3', '127.0.0.3'];
      for (const from of froms) {
        await gate('/pass', { ...json(HOPELESS, { 'X-Forwarded-For': '203.0.113.7' }), from });
      }
      // lines about the tests before may still be on their way: those asked from 127.0.0.1
      const clients = (): readonly string[] =>
        example.log.flatMap(({ client }) =>
          client === undefined || client === example.log[0]?.client ? [] : [client],
        );
      await until(() => clients().length === froms.length);
      const [one, other, again] = clients();
      assert.ok(one !== undefined && other !== undefined);
      assert.notEqual(one, other);
      assert.equal(other, again);
    });
  });
}

describe('the frameworks of the examples', { skip: uninstalled, timeout: 60_000 }, () => {
  it('keep their own routes: Express with a body parser', async () => {
    const example = await startExample('express');
    const answer = await ask(`${example.origin}/contact`, json({ name: 'Ada' }));
    assert.deepEqual(JSON.parse(answer.text), { received: { name: 'Ada' } });
    await example.close();
  });

  it('keep their own routes: Hono', async () => {
    const example = await startExample('hono');
    assert.deepEqual(await ask(example.origin), { status: 200, text: 'hello' });
    await example.close();
  });

  it('are used by their types', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [`${ROOT}node_modules/typescript/bin/tsc`, '-p', EXAMPLES],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stdout);
  });
});

describe('demo/gate/worker.ts', () => {
  const { log } = console;
  const lines: string[] = [];
  before(() => (console.log = (line: string) => lines.push(line)));
  after(() => (console.log = log));

  const gate = async (path: string, { body, headers, ...asked }: Asked = {}): Promise<Answered> => {
    const request = new Request(`https://gate.example/call-gate${path}`, {
      ...asked,
      headers: { 'CF-Connecting-IP': '203.0.113.7', ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const response = await worker.fetch(request, SECRETS);
    return { status: response.status, text: await response.text() };
  };

  it('issues a pass', () => obtainPass(gate));

  it('counts by the address that Cloudflare tells, and refuses without', async () => {
    lines.length = 0;
    for (const address of ['203.0.113.7', '203.0.113.8', '']) {
      const headers = { 'CF-Connecting-IP': address, 'X-Forwarded-For': '203.0.113.9' };
      await gate('/pass', json(HOPELESS, headers));
    }
    const [one, other, none] = lines.map((line) => JSON.parse(line) as GateLogEntry);
    assert.notEqual(one?.client, other?.client);
    assert.deepEqual([none?.status, none?.reason], [503, 'client-ip']);
  });
});

describe('demo/gate/behind-proxy.ts', { timeout: 60_000, skip: oneAddress }, () => {
  let example: Example;
  let proxy: Server;
  let origin: string;

  before(async () => {
    example = await startExample('behind-proxy');
    // what nginx does by `$proxy_add_x_forwarded_for`
    proxy = createServer((incoming, outgoing) => {
      const before = incoming.headers['x-forwarded-for'];
      const peer = incoming.socket.remoteAddress ?? '';
      const forwarded = httpRequest(example.origin + (incoming.url ?? ''), {
        method: incoming.method ?? 'GET',
        headers: {
          ...incoming.headers,
          'x-forwarded-for': before === undefined ? peer : `${String(before)}, ${peer}`,
        },
      });
      forwarded.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(forwarded);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  after(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await example.close();
  });

  /** Asks for a pass, and tells as whom the gate has counted it. */
  async function attempt(to: string, from: string, forged?: string) {
    const entries = example.log.length;
    const headers = forged === undefined ? {} : { 'X-Forwarded-For': forged };
    const { status } = await ask(`${to}/call-gate/pass`, { ...json(HOPELESS, headers), from });
    await until(() => example.log.length > entries);
    return { status, client: example.log.at(-1)?.client };
  }

  it('issues a pass', () => obtainPass((path, asked) => ask(`${origin}/call-gate${path}`, asked)));

  it('counts the visitor, and not the proxy', async () => {
    const one = await attempt(origin, '127.0.0.2');
    const other = await attempt(origin, '127.0.0.3');
    assert.ok(one.client !== undefined && other.client !== undefined);
    assert.notEqual(one.client, other.client);
  });

  it('is not misled by what a visitor writes into X-Forwarded-For', async () => {
    const { client } = await attempt(origin, '127.0.0.4');
    for (const forged of [
      '203.0.113.7',
      '127.0.0.5',
      '203.0.113.7, 198.51.100.1',
      ',',
      'unknown',
      '127.0.0.4, 127.0.0.1',
      '::1',
    ]) {
      assert.equal((await attempt(origin, '127.0.0.4', forged)).client, client, forged);
    }
  });

  it('limits a visitor who forges another address each time, and nobody else', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 21; index++) {
      statuses.push((await attempt(origin, '127.0.0.6', `203.0.113.${index}`)).status);
    }
    assert.deepEqual(statuses, [...Array<number>(20).fill(403), 429]);
    assert.equal((await attempt(origin, '127.0.0.7')).status, 403);
  });

  it('believes the header of nobody but the proxy', async () => {
    const { client } = await attempt(origin, '127.0.0.8');
    for (const forged of ['127.0.0.9', '203.0.113.7, 127.0.0.9', undefined]) {
      assert.equal((await attempt(example.origin, '127.0.0.8', forged)).client, client, forged);
    }
  });
});

const program = findRedis();
const skipRedis = program === null ? 'there is no Redis here' : uninstalled;
describe('the Redis store on ioredis', { skip: skipRedis, timeout: 60_000 }, () => {
  it('counts, marks once, fails while Redis is gone and goes on by itself', async () => {
    const redis = await startRedis(program!);
    const child: ChildProcess = fork(`${EXAMPLES}ioredis-store.ts`, [redis.url], {
      execArgv: HOOKS,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const order = async (operation: 'incr' | 'once', key: string) => {
      child.send({ operation, key });
      const [result] = (await once(child, 'message')) as [number | boolean | string];
      return result;
    };
    try {
      await once(child, 'message');
      assert.equal(await order('incr', 'a'), 1);
      assert.equal(await order('incr', 'a'), 2);
      assert.equal(await order('once', 'b'), true);
      assert.equal(await order('once', 'b'), false);
      await redis.kill();
      for (let time = 0; time < 3; time++) {
        assert.match(String(await order('once', 'c')), /^RedisError: /);
      }
      await redis.start();
      await until(async () => typeof (await order('incr', 'd')) === 'number');
      assert.equal(await order('once', 'b'), false);
      const lines = said.trim().split('\n');
      assert.equal(lines.length, 2, said);
      assert.match(lines[0]!, /Redis fails/);
      assert.match(lines[1]!, /Redis answers again/);
    } finally {
      child.disconnect();
      await redis.close();
    }
  });
});
