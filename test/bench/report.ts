import { CONTENDERS } from './contenders.js';
import { judge, SLOW_RTT_MS } from './goals.js';
import { writeSection } from './readme.js';
import type { Callee, Metric, Results, SetUpPart } from './results.js';
import type { Summary } from './statistics.js';

const COLUMNS: readonly (readonly [title: string, part: SetUpPart, metric: Metric])[] = [
  ['INVITE', 'loopback', 'invite'],
  ['first packet', 'loopback', 'firstRtp'],
  [`INVITE, ${SLOW_RTT_MS} ms`, 'slow', 'invite'],
  [`first packet, ${SLOW_RTT_MS} ms`, 'slow', 'firstRtp'],
  ['INVITE, dead STUN server', 'stun', 'invite'],
  ['first packet, dead STUN server', 'stun', 'firstRtp'],
  [`answer to sound, ${SLOW_RTT_MS} ms`, 'sound', 'answerToSound'],
  ['the same with early media', 'early', 'answerToSound'],
];

const cell = (summary: Summary | undefined): string => {
  if (summary === undefined) return '–';
  const { median, low, high } = summary;
  return `**${median.toFixed(0)}** ${low.toFixed(0)}–${high.toFixed(0)}`;
};

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|---|${'--:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
}

/** The whole table, in Markdown: what is not measured shows as a dash. */
export function report(results: Results): string {
  const setUp = table(
    ['ms: **median** and quartiles', ...COLUMNS.map(([title]) => title)],
    CONTENDERS.map(({ name }) => [
      name,
      ...COLUMNS.map(([, part, metric]) => cell(results.setUp[part]?.[name]?.[metric])),
    ]),
  );
  const goals = table(
    ['goal', 'wanted', 'measured', ''],
    judge(results).map(({ what, goal, result, met }) => [
      what,
      goal,
      result,
      met === null ? '–' : met ? 'met' : '**missed**',
    ]),
  );
  return [setUp, goals, results.machine].filter((part) => part !== '').join('\n\n');
}

/** Puts the table between the markers in README.md. Throws where something was not measured. */
export async function writeReadme(callee: Callee, results: Results): Promise<void> {
  const missing = judge(results).filter(({ met }) => met === null);
  if (missing.length > 0) {
    throw new Error(`not measured yet: ${missing.map(({ what }) => what).join('; ')}`);
  }
  await writeSection(callee === 'embedded' ? 'bench' : `bench:${callee}`, report(results));
}
