/**
 * Bytes of the script-tag build: what a page pays before anybody calls, and what a whole call costs. Fails above the
 * budgets. kB are 1000 bytes; gzip -9, as a CDN would serve it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { buildScript } from '../../demo/service/build.js';

const DIST = new URL('../../dist/', import.meta.url);
const BUDGETS = {
  'before interaction': 3000,
  'panel (form)': 12_500,
  'audio call, everything': 70_000,
} as const;

interface Part {
  readonly file: string;
  readonly raw: number;
  readonly gzip: number;
}

async function read(file: string): Promise<Part & { text: string }> {
  const data = await readFile(new URL(file, DIST));
  return {
    file,
    raw: data.length,
    gzip: gzipSync(data, { level: 9 }).length,
    text: data.toString(),
  };
}

await buildScript();
const entry = await read('call-button.js');
const files = await Promise.all(
  (await readdir(new URL('chunks/', DIST))).map((name) => read(`chunks/${name}`)),
);
const byName = (name: string): (typeof files)[number] => {
  // the one the entry or another part of this build names; older builds may lie beside it
  const found = files.find(
    ({ file }) =>
      file.startsWith(`chunks/${name}-`) &&
      [entry, ...files].some(({ text }) => text.includes(file.slice('chunks/'.length))),
  );
  if (found === undefined) throw new Error(`no chunk "${name}"`);
  return found;
};

/** Follows imports, static and dynamic, except those that only some calls need. */
const OPTIONAL =
  /^(hcaptcha|turnstile|script-loader|bar|explain|hours|devices-view|extra|check|permission|rating|[a-z]{2})-/;
const LANGUAGE = /chunks\/[a-z]{2}-/;
function closure(part: Part & { text: string }, seen = new Map<string, Part>()): Map<string, Part> {
  seen.set(part.file, part);
  for (const [, name] of part.text.matchAll(/["'`](?:\.\/)?(?:chunks\/)?([\w-]+\.js)["'`]/g)) {
    if (name === undefined || OPTIONAL.test(name)) continue;
    const next = files.find(({ file }) => file === `chunks/${name}`);
    if (next !== undefined && !seen.has(next.file)) closure(next, seen);
  }
  return seen;
}

const whole = [...closure(entry).values()];
const rows: (readonly [string, readonly Part[], number | null])[] = [
  ['before interaction', [entry], BUDGETS['before interaction']],
  ['panel (form)', [byName('panel')], BUDGETS['panel (form)']],
  ['engine (SIP, media, call views)', [byName('engine')], null],
  [
    'ALTCHA, pass and the rest',
    whole.filter(({ file }) => !/call-button|panel|engine/.test(file)),
    null,
  ],
  [
    'another language than English, the largest',
    files
      .filter(({ file }) => LANGUAGE.test(file))
      .sort((a, b) => b.gzip - a.gzip)
      .slice(0, 1),
    null,
  ],
  ['audio call, everything', whole, BUDGETS['audio call, everything']],
];
let failed = 0;
console.log('| what a page loads | raw kB | gzip kB | budget kB |');
console.log('|---|--:|--:|--:|');
for (const [what, parts, budget] of rows) {
  const sum = (key: 'raw' | 'gzip'): number => parts.reduce((total, part) => total + part[key], 0);
  const over = budget !== null && sum('gzip') > budget;
  if (over) failed += 1;
  const kB = (bytes: number): string => (bytes / 1000).toFixed(2);
  console.log(
    `| ${what} | ${kB(sum('raw'))} | ${kB(sum('gzip'))} | ${budget === null ? '' : kB(budget)}${over ? ' **over**' : ''} |`,
  );
}
if (failed > 0) {
  console.error(`${failed} over budget`);
  process.exitCode = 1;
}
