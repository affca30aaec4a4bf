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

/** The file is there and none of its sources is newer. */
async function isFresh(file: string, sources: readonly string[]): Promise<boolean> {
  const built = await modifiedMs(file);
  if (built === null) return false;
  for (const root of sources) {
    const names = await readdir(root, { recursive: true });
    const times = await Promise.all(names.map((name) => modifiedMs(root + name)));
    if (times.some((time) => time !== null && time > built)) return false;
  }
  return true;
}

async function preparePage(page: 'agent' | 'configurator'): Promise<void> {
  if (await isFresh(`${DIST}demo/${page}.js`, [SOURCES, folder(`../${page}/`)])) return;
  const { buildPage } = await import('./build.js');
  await buildPage(page, `${DIST}demo/`);
}

/** What the form of the configurator is made of. */
async function prepareManifest(): Promise<void> {
  if (await isFresh(`${DIST}custom-elements.json`, [SOURCES])) return;
  const { buildManifest } = await import('./build.js');
  await buildManifest();
}

async function prepare(): Promise<string> {
  // Vite is needed only here, and takes its time to load
  if (!(await isFresh(`${DIST}call-button.js`, [SOURCES]))) {
    const { buildScript } = await import('./build.js');
    await buildScript();
  }
  // after the script, which empties the folder; of each other they know nothing
  await Promise.all([preparePage('agent'), preparePage('configurator'), prepareManifest()]);
  return DIST;
}

let prepared: Promise<string> | null = null;

/**
 * Builds the script, the manifest and the pages' scripts where they are missing or older than their sources, once in a
 * process; again after a failure, for whoever mends a source meanwhile. Resolves with the folder.
 */
export function prepareScript(): Promise<string> {
  prepared ??= prepare().catch((error: unknown) => {
    prepared = null;
    throw error;
  });
  return prepared;
}
