/**
 * `npm run docs`: puts what the custom elements manifest says into the README's tables. The manifest is made first, by
 * `npm run manifest`, from the comments in `src/launcher/element.ts`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { type Manifest, readmeTables, withTables } from './support/readme-tables.js';

const README = new URL('../README.md', import.meta.url);
const MANIFEST = new URL('../dist/custom-elements.json', import.meta.url);

const manifest = JSON.parse(await readFile(MANIFEST, 'utf8')) as Manifest;
const text = withTables(await readFile(README, 'utf8'), readmeTables(manifest));
const filepath = fileURLToPath(README);
await writeFile(README, await format(text, { ...(await resolveConfig(filepath)), filepath }));
