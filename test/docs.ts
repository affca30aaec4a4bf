/**
 * `npm run docs`: puts what the custom elements manifest says into the README's tables, and into the list of all that is
 * public, which a release compares. The manifest is made first, by `npm run manifest`, from the comments in
 * `src/launcher/element.ts`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import type { PackageJson } from './release/api.js';
import { API_FILE, currentApi } from './release/current.js';
import { type Manifest, readmeTables, withTables } from './support/readme-tables.js';

const README = new URL('../README.md', import.meta.url);
const PACKAGE = new URL('../package.json', import.meta.url);
const MANIFEST = new URL('../dist/custom-elements.json', import.meta.url);

const manifest = JSON.parse(await readFile(MANIFEST, 'utf8')) as Manifest;
const text = withTables(await readFile(README, 'utf8'), readmeTables(manifest));
const filepath = fileURLToPath(README);
await writeFile(README, await format(text, { ...(await resolveConfig(filepath)), filepath }));

const packageJson = JSON.parse(await readFile(PACKAGE, 'utf8')) as PackageJson;
const api = JSON.stringify(currentApi(manifest, packageJson), null, 2);
await writeFile(new URL(`../${API_FILE}`, import.meta.url), `${api}\n`);
