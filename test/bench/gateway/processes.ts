/** What processes cost, as Linux counts it. */
import { readdir, readFile } from 'node:fs/promises';

/** `USER_HZ`, the same on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;
const KB_PER_MB = 1024;

export interface Usage {
  /** Processor seconds so far. */
  readonly seconds: number;
  /** MB of memory: what is shared by several processes counts once. */
  readonly mb: number;
}

/** Fields of `/proc/PID/stat` from the third on: the second may contain blanks. Null: gone. */
async function statOf(pid: string): Promise<string[] | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function memoryOf(pid: string): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / KB_PER_MB;
}

/** Of a daemon with its workers: they are a process group. */
export async function usageOfGroup(group: number): Promise<Usage> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  let [seconds, mb] = [0, 0];
  for (const pid of pids) {
    const stat = await statOf(pid);
    if (stat === null || Number(stat[2]) !== group) continue;
    seconds += (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND;
    mb += await memoryOf(pid);
  }
  return { seconds, mb };
}

/** Per cent of one processor between two usages. */
export const load = (before: Usage, after: Usage, wallSeconds: number): number =>
  ((after.seconds - before.seconds) / wallSeconds) * 100;
