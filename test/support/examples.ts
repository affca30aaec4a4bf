/**
 * The packages of the examples: frameworks that nobody needs who only works on this project.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const EXAMPLES = fileURLToPath(new URL('../examples/', import.meta.url));

function modifiedMs(path: string): number {
  return statSync(EXAMPLES + path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * Installs them where they are not yet, as the lock file says. Returns `null`, or why they are not to be had here,
 * which is the network; any other failure throws.
 */
export function installExamples(): string | null {
  if (modifiedMs('node_modules/.package-lock.json') >= modifiedMs('package-lock.json')) return null;
  console.error('Installing what the examples need (test/examples) …');
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: EXAMPLES,
    encoding: 'utf8',
    // npm is a batch file on Windows
    shell: process.platform === 'win32',
  });
  if (status === 0) return null;
  const [fault] = /\b(EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT)\b/.exec(
    stderr,
  ) ?? [null];
  if (fault !== null) return `what the examples need cannot be installed here (${fault})`;
  throw new Error(`npm ci in test/examples failed:\n${stderr}`);
}
