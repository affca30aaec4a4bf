/**
 * A Redis or Valkey of the test's own: on loopback, with its data in a temporary folder.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findInPath, findOrInstall } from '../../demo/gateway/debian.js';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** As a machine that loses its power: no word to anybody. */
  kill(): Promise<void>;
  /** Begins again on the same port, with what it had written down. Resolves when it answers. */
  start(): Promise<void>;
  /** Stops answering and keeps its connections; `thaw` ends it. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Path of a Redis or Valkey server, or `null` where none can be had. */
export function findRedis(): string | null {
  return findOrInstall(() => findInPath(['redis-server', 'valkey-server']), 'redis-server');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function startRedis(program: string): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'call-button-redis-'));
  const port = await freePort();
  // as the documentation of the store asks for
  const config = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'],
  ];
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const started = spawn(program, config, { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    const lines: string[] = [];
    for await (const line of createInterface({ input: started.stdout })) {
      lines.push(line);
      if (line.includes('Ready to accept connections')) {
        started.stdout.resume();
        return;
      }
    }
    throw new Error(`${program} ended: ${lines.join('\n')}`);
  }

  async function kill(): Promise<void> {
    if (child === null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    child = null;
    await exited;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    kill,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    async close() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
