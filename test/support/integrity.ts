/** The hashes of the script-tag build (https://www.w3.org/TR/sri-2/): makes `dist/integrity.json`. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ENTRY, type Integrity } from './published.js';

const CHUNKS = 'chunks';

export const sri = (data: Uint8Array): string =>
  `sha384-${createHash('sha384').update(data).digest('base64')}`;

/** Hashes of what lies in `folder`: the entry and all of its chunks. */
export async function hashBuild(folder: string, version: string): Promise<Integrity> {
  const chunks = (await readdir(join(folder, CHUNKS))).filter((name) => name.endsWith('.js'));
  const names = [ENTRY, ...chunks.sort().map((name) => `${CHUNKS}/${name}`)];
  const files = await Promise.all(
    names.map(async (name) => [name, sri(await readFile(join(folder, name)))] as const),
  );
  return { version, files: Object.fromEntries(files) };
}

export async function writeIntegrity(folder: string, version: string): Promise<void> {
  const text = JSON.stringify(await hashBuild(folder, version), null, 2);
  await writeFile(join(folder, 'integrity.json'), `${text}\n`);
}
