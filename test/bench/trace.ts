import type { Timing, Timings } from './set-up.js';
import { summarize } from './statistics.js';

const STEPS: readonly (readonly [keyof Timing, string])[] = [
  ['socket', 'WebSocket open'],
  ['devices', 'microphone'],
  ['offer', 'offer'],
  ['candidate', 'first candidate'],
  ['invite', 'INVITE'],
  ['progress', '180 or 183'],
  ['answer', '200'],
  ['connected', 'media connected'],
  ['firstRtp', 'first packet'],
];

/** Where the time goes: median ms after the click, contenders side by side. */
export function traceTable(timings: Timings): string {
  const cell = (list: readonly Timing[], step: keyof Timing): string => {
    const values = list.map((timing) => timing[step]).filter((value) => value !== undefined);
    return values.length === 0 ? '–' : summarize(values).median.toFixed(0);
  };
  return [
    `| ms after the click | ${[...timings.keys()].join(' | ')} |`,
    `|---|${'--:|'.repeat(timings.size)}`,
    ...STEPS.map(
      ([step, name]) =>
        `| ${name} | ${[...timings.values()].map((list) => cell(list, step)).join(' | ')} |`,
    ),
  ].join('\n');
}
