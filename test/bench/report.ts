import { CONTENDERS } from './contenders.js';
import { judge, SLOW_RTT_MS } from './goals.js';
import { writeSection } from './readme.js';
import { ARRIVALS, type Callee, type Metric, type Results, type SetUpPart } from './results.js';
import type { Summary } from './statistics.js';

type Column = readonly [title: string, part: SetUpPart, metric: Metric];

function columns(callee: Callee): Column[] {
  const { title, metric } = ARRIVALS[callee];
  return [
    ['INVITE', 'loopback', 'invite'],
    [title, 'loopback', metric],
    [`INVITE, ${SLOW_RTT_MS} ms`, 'slow', 'invite'],
    [`${title}, ${SLOW_RTT_MS} ms`, 'slow', metric],
    ['INVITE, dead STUN server', 'stun', 'invite'],
    [`${title}, dead STUN server`, 'stun', metric],
    [`answer to sound, ${SLOW_RTT_MS} ms`, 'sound', 'answerToSound'],
    ['the same with early media', 'early', 'answerToSound'],
  ];
}

const cell = (summary: Summary | undefined): string => {
  if (summary === undefined) return '–';
  const { median, low, high } = summary;
  return `**${median.toFixed(0)}** ${low.toFixed(0)}–${high.toFixed(0)}`;
};

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|---|${'--:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
}

/** The whole table, in Markdown: what is not measured shows as a dash, of another gateway not at all. */
export function report(results: Results, callee: Callee = 'embedded'): string {
  const whole = callee === 'embedded';
  const all = columns(callee).filter(([, part]) => whole || results.setUp[part] !== undefined);
  const setUp = table(
    ['ms: **median** and quartiles', ...all.map(([title]) => title)],
    CONTENDERS.map(({ name }) => [
      name,
      ...all.map(([, part, metric]) => cell(results.setUp[part]?.[name]?.[metric])),
    ]),
  );
  const goals = table(
    ['goal', 'wanted', 'measured', ''],
    judge(results, callee)
      .filter(({ met }) => whole || met !== null)
      .map(({ what, goal, result, met }) => [
        what,
        goal,
        result,
        met === null ? '–' : met ? 'met' : '**missed**',
      ]),
  );
  return [setUp, goals, results.machine].filter((part) => part !== '').join('\n\n');
}

/**
 * Puts the table between the markers in README.md. Throws where something was not measured; of another gateway, whose
 * own work is in the figures, what was measured will do.
 */
export async function writeReadme(callee: Callee, results: Results): Promise<void> {
  const missing = judge(results).filter(({ met }) => met === null);
  if (callee === 'embedded' && missing.length > 0) {
    throw new Error(`not measured yet: ${missing.map(({ what }) => what).join('; ')}`);
  }
  await writeSection(callee === 'embedded' ? 'bench' : `bench:${callee}`, report(results, callee));
}
