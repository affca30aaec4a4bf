import { readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SOURCES = folder('../../src/');
const DIST = folder('../../dist/');

async function modifiedMs(file: string): Promise<number | null> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}

/** The script-tag build is there and no source is newer. */
async function isFresh(): Promise<boolean> {
  const built = await modifiedMs(`${DIST}call-button.js`);
  if (built === null) return false;
  const sources = await readdir(SOURCES, { recursive: true });
  const times = await Promise.all(sources.map((name) => modifiedMs(SOURCES + name)));
  return times.every((time) => time === null || time <= built);
}

/** Builds the script-tag build where it is missing or older than its sources. Resolves with its folder. */
export async function prepareScript(): Promise<string> {
  if (await isFresh()) return DIST;
  // Vite is needed only here, and takes its time to load
  const { buildScript } = await import('./build.js');
  await buildScript();
  return DIST;
}
