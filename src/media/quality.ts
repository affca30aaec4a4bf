import type { Clock, QualityReport } from '../call/ports.js';
import { createTimer } from '../shared/timer.js';

/** What one reading of getStats says of a call. */
export interface QualitySample {
  /** Per RTP stream, either direction: packets lost and packets expected, since the stream began. */
  readonly streams: ReadonlyMap<string, readonly [lost: number, expected: number]>;
  /** Milliseconds. */
  readonly jitter: number | null;
  /** Milliseconds, one way. */
  readonly delay: number | null;
}

/** Loss is taken over this many seconds: receiver reports on our own sending come only every 5 s (RFC 3550 §6.2). */
export const WINDOW = 10;
const PERIOD_MS = 1000;
/** Without a reading for so long the page was frozen: what was lost meanwhile says nothing of the line now. */
const GAP_MS = 5000;

type Stat = Pick<RTCStats, 'id' | 'type'> & {
  readonly kind?: string;
  readonly localId?: string;
  readonly packetsLost?: number;
  readonly packetsReceived?: number;
  readonly packetsSent?: number;
  readonly jitter?: number;
  readonly roundTripTime?: number;
  readonly selectedCandidatePairId?: string;
  readonly currentRoundTripTime?: number;
  readonly selected?: boolean;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
  readonly protocol?: string;
  readonly relayProtocol?: string;
  readonly codecId?: string;
  readonly mimeType?: string;
};

export type Stats = Pick<ReadonlyMap<string, Stat>, 'get' | 'values'>;

/** Maxima below start at -1: nothing known. */
const known = (value: number, scale: number): number | null => (value < 0 ? null : value * scale);

/** Of a candidate pair: media go by it. */
export const isSelected = ({ id, selected }: Stat, all: readonly Stat[]): boolean =>
  // Firefox marks the pair itself
  selected === true || all.some((other) => other.selectedCandidatePairId === id);

/**
 * Reads https://www.w3.org/TR/webrtc-stats/. Jitter of audio alone: the packets of one picture share a timestamp, so
 * that video shows jitter on a perfect line. Delay by RTCP, which reaches the far end where a gateway lets it pass;
 * else that of the selected candidate pair, which ends at the gateway.
 */
export function readQuality(stats: Stats): QualitySample {
  const streams = new Map<string, readonly [number, number]>();
  let jitter = -1;
  let roundTrip = -1;
  let toGateway = -1;
  const all = [...stats.values()];
  for (const stat of all) {
    const { id, type, packetsLost: lost = NaN } = stat;
    const ofRemote = type === 'remote-inbound-rtp';
    if (ofRemote || type === 'inbound-rtp') {
      const expected = ofRemote
        ? stats.get(stat.localId ?? '')?.packetsSent
        : lost + (stat.packetsReceived ?? NaN);
      if (!isNaN(lost + (expected ?? NaN))) streams.set(id, [lost, expected ?? 0]);
      if (stat.kind === 'audio') jitter = Math.max(jitter, stat.jitter ?? -1);
      roundTrip = Math.max(roundTrip, stat.roundTripTime ?? -1);
    }
    if (isSelected(stat, all)) {
      toGateway = Math.max(toGateway, stat.currentRoundTripTime ?? -1);
    }
  }
  return {
    streams,
    jitter: known(jitter, 1000),
    delay: known(roundTrip < 0 ? toGateway : roundTrip, 500),
  };
}

/**
 * Share of packets lost, 0 to 1, since the oldest sample that knows the stream, of the stream that lost most; `null`
 * while no packet was due.
 */
function lossOf(samples: readonly QualitySample[], now: QualitySample): number | null {
  let worst = -1;
  for (const [id, [lost, expected]] of now.streams) {
    const [lostBefore, expectedBefore] = samples
      .find(({ streams }) => streams.has(id))
      ?.streams.get(id) ?? [0, expected];
    const packets = expected - expectedBefore;
    // duplicates make packetsLost shrink (RFC 3550 §6.4.1); a counter may start anew
    if (packets > 0)
      worst = Math.max(worst, Math.min(1, Math.max(0, (lost - lostBefore) / packets)));
  }
  return known(worst, 1);
}

type Values = Pick<QualityReport, 'loss' | 'jitter' | 'delay'>;

/** Exclusive upper limits of DESIGN section 7: loss (share), jitter and one-way delay (ms). */
const LIMITS = [
  { level: 'good', loss: 0.001, jitter: 10, delay: 40 },
  { level: 'medium', loss: 0.01, jitter: 20, delay: 100 },
  { level: 'poor', loss: 0.05, jitter: 60, delay: 400 },
] as const;

const NAMES = ['loss', 'jitter', 'delay'] as const;

/** Worst of what is known; `null` while nothing is. */
export function judgeQuality(values: Values): QualityReport | null {
  if (NAMES.every((name) => values[name] === null)) return null;
  let reasons: QualityReport['reasons'] = [];
  for (const limits of LIMITS) {
    const beyond = NAMES.filter((name) => (values[name] ?? 0) >= limits[name]);
    if (beyond.length === 0) return { level: limits.level, reasons, ...values };
    reasons = beyond;
  }
  return { level: 'bad', reasons, ...values };
}

/** From the samples of the last seconds, oldest first. */
export function qualityOf(samples: readonly QualitySample[]): QualityReport | null {
  const now = samples.at(-1);
  if (now === undefined) return null;
  const { jitter, delay } = now;
  return judgeQuality({ loss: lossOf(samples, now), jitter, delay });
}

/** Reports each second until the signal is aborted. */
export function createQualityMeter(
  getStats: () => Promise<Stats>,
  onReport: (report: QualityReport) => void,
  clock: Clock,
  signal: AbortSignal,
): void {
  let samples: QualitySample[] = [];
  let readAt = 0;
  const next = createTimer(clock, signal);
  const tick = async (): Promise<void> => {
    // a reading that fails is skipped: the next may do
    const stats = await getStats().catch(() => null);
    if (signal.aborted) return;
    if (stats !== null) {
      const now = clock.now();
      if (now - readAt > GAP_MS) samples = [];
      readAt = now;
      samples = [...samples.slice(-WINDOW), readQuality(stats)];
      const report = qualityOf(samples);
      if (report !== null) onReport(report);
    }
    next.set(PERIOD_MS, () => void tick());
  };
  void tick();
}
