/** What the benchmark is to show, beside what it showed. */
import { AS_USED, type Contender, ELEMENT, OPENED_BEFORE } from './contenders.js';
import {
  type Arrival,
  ARRIVALS,
  type Callee,
  type Metric,
  type Results,
  type SetUpPart,
} from './results.js';

export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly result: string;
  /** Null: not measured. */
  readonly met: boolean | null;
}

/** Round trip of the slow network, ms. */
export const SLOW_RTT_MS = 100;
const OWN_MS = 25;
const STUN_MORE_MS = 10;
const HEAP_KB = 1;
const CPU_PERCENT = 5;

export function judge(results: Results, callee: Callee = 'embedded'): Goal[] {
  const arrival: Arrival = ARRIVALS[callee];
  const median = (part: SetUpPart, { name }: Contender, metric: Metric): number =>
    results.setUp[part]?.[name]?.[metric]?.median ?? NaN;
  const goal = (what: string, wanted: string, value: number, unit: string, met: boolean): Goal => ({
    what,
    goal: wanted,
    result: Number.isNaN(value)
      ? '–'
      : `${value.toFixed(unit !== '' && Math.abs(value) < 10 ? 1 : 0)} ${unit}`.trim(),
    met: Number.isNaN(value) ? null : met,
  });
  /** Per cent below the faster of the peers. */
  const gain = (peers: readonly Contender[]): number => {
    const best = Math.min(...peers.map((peer) => median('slow', peer, arrival.metric)));
    return (1 - median('slow', ELEMENT, arrival.metric) / best) * 100;
  };
  const ownMs = median('loopback', ELEMENT, 'own');
  const stunMs = median('stun', ELEMENT, 'invite') - median('loopback', ELEMENT, 'invite');
  const soundMs = median('early', ELEMENT, 'answerToSound');
  const asUsed = gain(AS_USED);
  const before = gain(OPENED_BEFORE);
  const { soak, cpu } = results;
  const open =
    soak === undefined ? NaN : (Object.values(soak.left) as number[]).reduce((a, b) => a + b);
  const uncollected = soak?.uncollected ?? NaN;
  const slope = soak?.heapKbPerCall ?? NaN;
  return [
    goal(
      'click to INVITE on loopback, without the microphone’s opening',
      `≤ ${OWN_MS} ms`,
      ownMs,
      'ms',
      ownMs <= OWN_MS,
    ),
    goal(
      `${arrival.title} at 100 ms, below both with the socket opened by the click`,
      '≥ 35 %',
      asUsed,
      '%',
      asUsed >= 35,
    ),
    goal(
      `${arrival.title} at 100 ms, below both with the socket opened before`,
      '≥ 15 %',
      before,
      '%',
      before >= 15,
    ),
    goal(
      'click to INVITE with a dead STUN server, more than without',
      `≤ ${STUN_MORE_MS} ms`,
      stunMs,
      'ms',
      stunMs <= STUN_MORE_MS,
    ),
    goal(
      'answer to first sound at 100 ms with early media',
      `≤ ${SLOW_RTT_MS} ms`,
      soundMs,
      'ms',
      soundMs <= SLOW_RTT_MS,
    ),
    goal(
      `sockets, peer connections, tracks, audio contexts, timers left after any of ${soak?.calls ?? 0} calls`,
      '0',
      open,
      '',
      open === 0,
    ),
    goal('peer connections in the heap at the end', '0', uncollected, '', uncollected === 0),
    goal('heap per call', `≤ ${HEAP_KB} kB`, slope, 'kB', slope <= HEAP_KB),
    ...(['audio', 'video'] as const).map((kind) => {
      const more = cpu?.[kind].more.median ?? NaN;
      return goal(
        `processor time of ${kind === 'audio' ? 'an audio' : 'a 640×480 video'} call, more than a bare peer connection`,
        `≤ ${CPU_PERCENT} %`,
        more,
        '%',
        more <= CPU_PERCENT,
      );
    }),
  ];
}
