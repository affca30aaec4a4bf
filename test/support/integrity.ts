/**
 * What a page needs to load the script-tag build by its hashes (https://www.w3.org/TR/sri-2/): `dist/integrity.json`,
 * and the lines to paste that are made of it.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `dist/integrity.json`. */
export interface Integrity {
  readonly version: string;
  /** SHA-384 of each file as the attribute `integrity` has it, by its path beside `call-button.js`. */
  readonly files: Readonly<Record<string, string>>;
}

export const ENTRY = 'call-button.js';
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

/**
 * An import map that lets the browser run chunks of these bytes alone, and the entry's tag. `modulepreload` would not
 * do: it protects no `import()`. `base` is the folder of the entry, with its slash; `only` leaves out chunks of which
 * the page knows that it never loads them, which would load unchecked.
 */
export function integrityLines(
  { files }: Integrity,
  base: string,
  only: (name: string) => boolean = () => true,
): string {
  const hashes = Object.entries(files)
    .filter(([name]) => name !== ENTRY && only(name))
    .map(([name, hash]) => [new URL(name, base).href, hash] as const);
  const map = JSON.stringify({ integrity: Object.fromEntries(hashes) }, null, 2);
  const entry = files[ENTRY];
  if (entry === undefined) throw new Error(`no hash of ${ENTRY}`);
  return `<script type="importmap">
${map}
</script>
<script async crossorigin integrity="${entry}" src="${new URL(ENTRY, base).href}"></script>
`;
}
