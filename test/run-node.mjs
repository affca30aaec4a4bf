/**
 * Runs node:test on the TypeScript files of some folders of `test/`: `node test/run-node.mjs gate service e2e`.
 * Node 20 expands no patterns by itself, and npm's shell on Windows neither.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const files = process.argv.slice(2).flatMap((folder) =>
  readdirSync(here + folder, { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${here}${folder}/${name}`),
);
if (files.length === 0) throw new Error('no test files there');
const { status } = spawnSync(
  process.execPath,
  // two files at a time: a call needs a processor for itself
  ['--import', 'tsx', '--test', '--test-concurrency=2', '--test-reporter=spec', ...files],
  { stdio: 'inherit', cwd: fileURLToPath(new URL('..', import.meta.url)) },
);
process.exitCode = status ?? 1;
