/**
 * The packages of the examples: frameworks that nobody needs who only works on this project.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const EXAMPLES = fileURLToPath(new URL('../examples/', import.meta.url));

/** One for each framework that the element is used in. */
export const FRAMEWORKS = fileURLToPath(new URL('../frameworks/', import.meta.url));

function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * Installs them where they are not yet, as the lock file says. Returns `null`, or why they are not to be had here,
 * which is the network; any other failure throws.
 */
export function installExamples(folder = EXAMPLES): string | null {
  const installed = modifiedMs(`${folder}node_modules/.package-lock.json`);
  if (installed >= modifiedMs(`${folder}package-lock.json`)) return null;
  console.error(`Installing what the examples need (${folder}) …`);
  // peers, such as Vite and TypeScript, are this project's own
  const ci = ['ci', '--no-audit', '--no-fund', '--legacy-peer-deps'];
  const { status, stderr } = spawnSync('npm', ci, {
    cwd: folder,
    encoding: 'utf8',
    // npm is a batch file on Windows
    shell: process.platform === 'win32',
  });
  if (status === 0) return null;
  const [fault] = /\b(EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT)\b/.exec(
    stderr,
  ) ?? [null];
  if (fault !== null) return `what the examples need cannot be installed here (${fault})`;
  throw new Error(`npm ci in ${folder} failed:\n${stderr}`);
}
