/**
 * `npm run bench:page`: what `<call-button>` costs a page that nobody calls from, beside peers and libraries, in one
 * run, by turns in an order that changes with each round. Bytes, requests and elements above their budgets are a
 * failure; times and memory are printed beside their goals, since they are the machine's as well.
 *
 * Options: `--rounds N` (9), `--write` (puts the tables into README.md).
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpus } from 'node:os';
import { chromium } from 'playwright-core';
import { createRandom } from '../../support/mutate.js';
import { BROWSER_FLAGS, findBrowser } from '../../support/browser.js';
import { readParts } from '../parts.js';
import { installPackages } from '../peers.js';
import { writeSection } from '../readme.js';
import { BLANK, CONTENDERS, type Contender, OURS } from './contenders.js';
import { type Load, measureLoad } from './load.js';
import { measurePaint, measurePress, type Paint, type Press } from './paint.js';
import { budgetsMissed, goalTable, loadTable, type Measured } from './report.js';
import { startSite } from './site.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, write: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds: a whole number from 1');

installPackages(fileURLToPath(new URL('.', import.meta.url)), 'the peers');
const site = await startSite([BLANK, ...CONTENDERS]);
const browser = await chromium.launch({
  executablePath: findBrowser(),
  // no name resolves but this machine's: what a page asks of others fails at once
  args: [...BROWSER_FLAGS, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
});
try {
  const loads = new Map<Contender, Load[]>();
  const paints = new Map<Contender, Paint[]>();
  const presses: Record<Press, number[]> = { cold: [], hovered: [], warmed: [] };
  const random = createRandom(20261126);
  const blank = site.url(BLANK);
  for (let round = 0; round < rounds; round += 1) {
    console.error(`${new Date().toISOString()} round ${round + 1} of ${rounds}`);
    const base = await measureLoad(browser, blank, blank);
    const order = CONTENDERS.map((contender) => ({ contender, at: random(1_000_000) }));
    order.sort((a, b) => a.at - b.at);
    for (const { contender } of order) {
      const load = await measureLoad(browser, blank, site.url(contender));
      const added = Object.fromEntries(
        (Object.keys(load) as (keyof Load)[]).map((key) => [key, load[key] - base[key]]),
      ) as unknown as Load;
      loads.set(contender, [...(loads.get(contender) ?? []), added]);
      if (contender.kind !== 'ours' && contender.kind !== 'widget') continue;
      const paint = await measurePaint(browser, site.url(contender), true);
      paints.set(contender, [...(paints.get(contender) ?? []), paint]);
    }
    for (const press of ['cold', 'hovered', 'warmed'] as const) {
      presses[press].push(await measurePress(browser, site.url(OURS), press));
    }
  }
  const whole = (await readParts()).audioCall.reduce((total, { gzip }) => total + gzip, 0);
  const measured: readonly Measured[] = CONTENDERS.map((contender) => ({
    contender,
    loads: loads.get(contender) ?? [],
    paints: paints.get(contender) ?? [],
    before: site.bytes(contender),
    whole: contender === OURS ? whole : site.bytes(contender),
  }));
  const machine = `Chromium ${browser.version().split('.')[0]!}, ${cpus().length} processors, ${process.platform}, ${rounds} rounds.`;
  const text = `${loadTable(measured)}\n\n${goalTable(measured, presses)}\n\n${machine}`;
  console.log(text);
  if (values.write) await writeSection('bench:page', text);
  const missed = budgetsMissed(measured);
  for (const each of missed) console.error(each);
  if (missed.length > 0) process.exitCode = 1;
} finally {
  await browser.close();
  await site.close();
}
