import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

export interface DaemonOptions {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Working directory: what a daemon leaves behind goes there. */
  readonly folder: string;
  readonly onLine: (line: string) => void;
  /** Resolves once it answers; asked again until then. */
  readonly ready: (lines: readonly string[]) => boolean | Promise<boolean>;
  /** It ended although nobody asked it to. */
  readonly onExit: (why: string) => void;
}

export interface Daemon {
  readonly pid: number;
  stop(): Promise<void>;
}

const START_MS = 15_000;
const STOP_MS = 4_000;
const LINES_KEPT = 200;

/** Runs a daemon in the foreground, and resolves when it is ready. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { name, program, args, folder } = options;
  // a group of its own: Ctrl-C in the terminal reaches us alone, and we end everything in order
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, HOME: folder },
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (lines.push(line) > LINES_KEPT) lines.shift();
      options.onLine(line);
    });
  }
  let ended: string | null = null;
  let stopping = false;
  const kill = (signal: NodeJS.Signals): void => {
    if (ended !== null || child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // gone meanwhile
    }
  };
  // whatever ends us, no daemon stays behind
  const killAtExit = (): void => kill('SIGKILL');
  process.once('exit', killAtExit);
  const exited = new Promise<void>((resolve) => {
    const end = (why: string): void => {
      if (ended !== null) return;
      ended = why;
      process.off('exit', killAtExit);
      resolve();
      if (!stopping) options.onExit(`${name} ended (${why}):\n${lines.slice(-20).join('\n')}`);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal ?? `status ${code}`));
  });

  async function stop(): Promise<void> {
    stopping = true;
    // workers end with their main process; what is left of the group after a while does not
    if (ended === null) child.kill('SIGTERM');
    const timer = setTimeout(() => kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(timer);
  }

  const end = performance.now() + START_MS;
  while (!(await options.ready(lines))) {
    if (ended !== null || performance.now() > end) {
      stopping = true;
      const why = ended ?? 'not ready in time';
      await stop();
      throw new Error(`${name} did not start (${why}):\n${lines.slice(-20).join('\n')}`);
    }
    await delay(30);
  }
  if (child.pid === undefined) await once(child, 'spawn');
  return { pid: child.pid!, stop };
}
