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

interface Builder {
  buildScript(): Promise<void>;
}

const isBuilder = (module: unknown): module is Builder =>
  typeof module === 'object' && module !== null && 'buildScript' in module;

/** Builds the script-tag build where it is missing or older than its sources. Resolves with its folder. */
export async function prepareScript(): Promise<string> {
  if (await isFresh()) return DIST;
  const module: unknown = await import(new URL('./build.js', import.meta.url).href);
  if (!isBuilder(module)) throw new Error('demo/service/build.ts exports no buildScript');
  await module.buildScript();
  return DIST;
}
