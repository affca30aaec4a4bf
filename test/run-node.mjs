/**
 * Runs node:test on the TypeScript files of some folders of `test/`: `node test/run-node.mjs gate service e2e`.
 * Node 20 expands no patterns by itself, and npm's shell on Windows neither.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const folders = process.argv.slice(2);
const files = folders.flatMap((folder) =>
  readdirSync(here + folder, { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${here}${folder}/${name}`),
);
if (files.length === 0) throw new Error('no test files there');
// two files at a time: a call needs a processor for itself; one through the gateway, with its engines, needs two
const atATime = folders.includes('gateway') ? 1 : 2;
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', `--test-concurrency=${atATime}`, '--test-reporter=spec', ...files],
  { stdio: 'inherit', cwd: fileURLToPath(new URL('..', import.meta.url)) },
);
process.exitCode = status ?? 1;
