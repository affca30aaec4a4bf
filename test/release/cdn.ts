/**
 * The folders of a CDN: `/1.2.3/` never changes, so that its hashes can stand in pages; `/1/` is what is newest of it
 * and has no hashes. Before 1.0 each minor is what a major is later: `/0.1/`.
 */
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBuild } from '../support/integrity.js';
import { ENTRY, type Integrity, movingFolder } from '../support/published.js';

async function publishedHashes(folder: string): Promise<Integrity['files'] | null> {
  try {
    const text = await readFile(join(folder, 'integrity.json'), 'utf8');
    return (JSON.parse(text) as Integrity).files;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function copyChunks(dist: string, folder: string): Promise<void> {
  await mkdir(join(folder, 'chunks'), { recursive: true });
  for (const name of await readdir(join(dist, 'chunks'))) {
    await copyFile(join(dist, 'chunks', name), join(folder, 'chunks', name));
  }
}

/**
 * Puts a build into the folders of its version. Chunks of earlier versions stay in the moving folder: an entry that is
 * still cached finds its own. Throws where that version is there with other bytes.
 */
export async function stage(dist: string, cdn: string, version: string): Promise<void> {
  const integrity = await hashBuild(dist, version);
  const fixed = join(cdn, version);
  const before = await publishedHashes(fixed);
  if (before !== null && JSON.stringify(before) !== JSON.stringify(integrity.files)) {
    throw new Error(`${version} is published with other bytes: raise the version`);
  }
  const moving = movingFolder(version);
  for (const folder of moving === null ? [fixed] : [fixed, join(cdn, moving)]) {
    await copyChunks(dist, folder);
    // last: once it is there, so is all that it loads
    await copyFile(join(dist, ENTRY), join(folder, ENTRY));
  }
  await writeFile(join(fixed, 'integrity.json'), `${JSON.stringify(integrity, null, 2)}\n`);
}
