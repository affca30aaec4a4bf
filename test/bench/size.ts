/**
 * `npm run size`: bytes of the script-tag build: what a page pays before anybody calls, and what a whole call costs.
 * Fails above the budgets. `--write` puts the table into README.md. kB are 1000 bytes.
 */
import { buildScript } from '../../demo/service/build.js';
import { type Part, readParts } from './parts.js';
import { writeSection } from './readme.js';
import { table } from './report.js';

await buildScript();
const { entry, files, chunk, audioCall } = await readParts();
const languages = files
  .filter(({ file }) => /chunks\/[a-z]{2}-/.test(file))
  .sort((a, b) => b.gzip - a.gzip);

interface Row {
  readonly what: string;
  readonly parts: readonly Part[];
  /** Bytes, gzip. */
  readonly budget?: number;
}
const rows: readonly Row[] = [
  { what: 'before interaction', parts: [entry], budget: 2500 },
  { what: 'the form, when somebody points at it', parts: [chunk('panel')], budget: 12_000 },
  { what: 'SIP, media and the views of a call by voice', parts: [chunk('engine')] },
  {
    what: 'ALTCHA and what else an audio call loads',
    parts: audioCall.filter(({ file }) => !/call-button|panel|engine/.test(file)),
  },
  { what: 'an audio call, everything', parts: audioCall, budget: 56_600 },
  { what: 'a video call, besides', parts: [chunk('video')] },
  { what: 'a language other than English, at most', parts: languages.slice(0, 1) },
];

const kB = (bytes: number): string => (bytes / 1000).toFixed(2);
const sum = (parts: readonly Part[], key: 'raw' | 'gzip'): number =>
  parts.reduce((total, part) => total + part[key], 0);
const over = rows.filter(({ parts, budget = Infinity }) => sum(parts, 'gzip') > budget);
const text = table(
  ['what a page loads', 'kB', 'gzip kB', 'budget, gzip kB'],
  rows.map(({ what, parts, budget }) => [
    what,
    kB(sum(parts, 'raw')),
    kB(sum(parts, 'gzip')),
    budget === undefined ? '' : kB(budget),
  ]),
);
console.log(text);
if (process.argv.includes('--write')) await writeSection('size', text);
for (const { what } of over) console.error(`over its budget: ${what}`);
if (over.length > 0) process.exitCode = 1;
