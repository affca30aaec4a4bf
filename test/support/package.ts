/** The package as a customer gets it: packed, unpacked, installed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(
  program: string,
  values: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ran> {
  // npm is a batch file on Windows
  const shell = process.platform === 'win32' && program === 'npm';
  const child = spawn(program, values, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Standard output of a program that ends well. Throws with what it said where it does not. */
export async function output(
  program: string,
  values: readonly string[],
  cwd: string,
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  const { code, stdout, stderr } = await run(program, values, cwd, env);
  if (code === 0) return stdout;
  throw new Error(`${program} ${values.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
}

/** What `npm pack --json` says. */
export interface Packed {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  /** Bytes, packed and unpacked. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly integrity: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Packs what `dist/` has now, without building it. The archive is `filename` in `folder`. */
export async function pack(folder: string): Promise<Packed> {
  await mkdir(folder, { recursive: true });
  const values = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const said = JSON.parse(await output('npm', values, root)) as Packed[] | Record<string, Packed>;
  const [packed] = Object.values(said);
  if (packed === undefined) throw new Error('npm packed nothing');
  return packed;
}

/** Unpacks an archive of npm's into `folder`. */
export async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await output('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'], root);
}

/**
 * Installs what the lock file of a project says, and the archive. Returns `null`, or why it cannot be had here, which
 * is the network; any other failure throws.
 */
export async function install(project: string, archive: string): Promise<string | null> {
  const values = ['install', '--prefer-offline', '--no-audit', '--no-fund', archive];
  const { code, stderr } = await run('npm', values, project);
  if (code === 0) return null;
  const [fault] = /\b(EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT)\b/.exec(
    stderr,
  ) ?? [null];
  if (fault !== null) return `what the project needs cannot be installed here (${fault})`;
  throw new Error(`npm install in ${join(project)} failed:\n${stderr}`);
}
