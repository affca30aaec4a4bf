/**
 * Finds the programs that gateway and tests need, and installs their Debian packages where that needs no question.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first of the names that is in `PATH`, or where daemons are, which is not in everybody's. */
export function findInPath(names: readonly string[]): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin'];
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

export const isDebian = (): boolean => existsSync('/etc/debian_version');

function apt(...args: readonly string[]): boolean {
  // in runlevel 1 invoke-rc.d starts nothing: we start what we need, on ports of our own
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status } = spawnSync('apt-get', ['-qq', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  return status === 0;
}

/** Those that dpkg does not have; all of them where there is no dpkg. */
export function packagesNotInstalled(names: readonly string[]): string[] {
  const { stdout } = spawnSync(
    'dpkg-query',
    ['--show', '--showformat=${Package} ${db:Status-Status}\\n', ...names],
    { encoding: 'utf8' },
  );
  const installed = new Set((stdout ?? '').split('\n'));
  return names.filter((name) => !installed.has(`${name} installed`));
}

/** As root on Debian, which needs no question. Nothing is started by it. */
export function installPackages(names: readonly string[]): boolean {
  if (process.getuid?.() !== 0 || !isDebian()) return false;
  console.error(`Installing Debian packages: ${names.join(' ')} …`);
  return apt('update') && apt('-y', '--no-install-recommends', 'install', ...names);
}

/**
 * What `search` finds. As root on Debian the package is installed where it finds nothing; elsewhere, and where that
 * fails, the result is `null`.
 */
export function findOrInstall(search: () => string | null, debianPackage: string): string | null {
  const found = search();
  if (found !== null) return found;
  return installPackages([debianPackage]) ? search() : null;
}
