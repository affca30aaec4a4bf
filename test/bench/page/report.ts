import { table } from '../report.js';
import { summarize } from '../statistics.js';
import { type Contender, OURS } from './contenders.js';
import type { Load } from './load.js';
import type { Paint, Press } from './paint.js';

export interface Measured {
  readonly contender: Contender;
  /** Added to the blank page of the same round. */
  readonly loads: readonly Load[];
  readonly paints: readonly Paint[];
  /** Bytes, gzip, before anybody calls; and of all a voice call loads. */
  readonly before: number;
  readonly whole: number;
}

/** What no machine has a part in, and fails the run. */
const BUDGETS = { before: 2500, whole: 60_000, requests: 1, elements: 12 } as const;

function of<K extends string>(rows: readonly Readonly<Record<K, number>>[], key: K): number {
  const values = rows.map((row) => row[key]).filter((value) => !Number.isNaN(value));
  return values.length === 0 ? NaN : summarize(values).median;
}

const number = (value: number, digits = 0): string =>
  Number.isNaN(value) ? '–' : (value + 0).toFixed(digits).replace(/^-(0(\.0+)?)$/, '$1');
const kB = (bytes: number): string => (bytes === 0 ? '–' : (bytes / 1000).toFixed(1));

/** One row for each contender: medians of what it adds to a blank page. */
export function loadTable(measured: readonly Measured[]): string {
  return table(
    [
      'added to a blank page, median',
      'gzip kB before a call',
      'gzip kB, voice call',
      'CPU ms',
      'script ms, 4× slower',
      'blocking ms, 4× slower',
      'long tasks',
      'heap kB',
      'requests (to others)',
      'elements',
      'first paint ms, slow 4G',
      'button ms, slow 4G',
    ],
    measured.map(({ contender, loads, paints, before, whole }) => [
      contender.name,
      kB(before),
      contender.kind === 'reference' ? '–' : `${kB(whole)}${contender.later ? ' + more' : ''}`,
      number(of(loads, 'cpu'), 1),
      number(of(loads, 'script'), 1),
      number(of(loads, 'blocking')),
      number(of(loads, 'longTasks')),
      number(of(loads, 'heap')),
      `${number(of(loads, 'requests'))} (${number(of(loads, 'foreign'))})`,
      number(of(loads, 'elements')),
      number(of(paints, 'firstPaint')),
      number(of(paints, 'usable')),
    ]),
  );
}

function ours(measured: readonly Measured[]): Measured {
  const found = measured.find(({ contender }) => contender === OURS);
  if (found === undefined) throw new Error('the element was not measured');
  return found;
}

export function goalTable(
  measured: readonly Measured[],
  presses: Readonly<Record<Press, readonly number[]>>,
): string {
  const { loads, paints, before, whole } = ours(measured);
  const row = (what: string, value: number, goal: number, unit: string, digits = 0): string[] => [
    what,
    `≤ ${goal} ${unit}`.trim(),
    `${number(value, digits)} ${unit}`.trim(),
    value <= goal ? 'yes' : '**no**',
  ];
  return table(
    ['`<call-button>`', 'goal', 'result', 'met'],
    [
      row('script before interaction, gzip', before / 1000, 2.5, 'kB', 2),
      row('all that an audio call loads, gzip', whole / 1000, 60, 'kB', 1),
      row('CPU time of the main thread', of(loads, 'cpu'), 5, 'ms', 1),
      row('total blocking time, CPU 4× slower', of(loads, 'blocking'), 0, 'ms'),
      row('heap after load', of(loads, 'heap'), 110, 'kB'),
      row('requests', of(loads, 'requests'), 1, ''),
      row('elements', of(loads, 'elements'), BUDGETS.elements, ''),
      row('button usable on slow 4G, after the document', of(paints, 'usable'), 650, 'ms'),
      row('press to form on slow 4G, 300 ms after the pointer came', summarize(presses.hovered).median, 350, 'ms'),
      row('press to form, form loaded before', summarize(presses.warmed).median, 100, 'ms'),
      row('press to form on slow 4G, nothing loaded', summarize(presses.cold).median, 700, 'ms'),
    ],
  ); // prettier-ignore
}

/** In words; empty where all is within. */
export function budgetsMissed(measured: readonly Measured[]): string[] {
  const { loads, before, whole } = ours(measured);
  const values = {
    before,
    whole,
    requests: of(loads, 'requests'),
    elements: of(loads, 'elements'),
  } as const;
  return (Object.keys(BUDGETS) as (keyof typeof BUDGETS)[])
    .filter((key) => !(values[key] <= BUDGETS[key]))
    .map((key) => `over its budget: ${key} ${values[key]} > ${BUDGETS[key]}`);
}
