import { expect } from 'chai';
import type { QualityLevel, QualityReport } from '../../src/call/ports.js';
import {
  createQualityMeter,
  judgeQuality,
  qualityOf,
  type QualitySample,
  readQuality,
  type Stats,
  WINDOW,
} from '../../src/media/quality.js';
import { createManualClock } from '../support/manual-clock.js';
import { until } from '../support/until.js';

type Entry = Record<string, unknown> & { id: string; type: string };

const statsReport = (...entries: Entry[]): Stats =>
  new Map(entries.map((entry) => [entry.id, entry as { id: string; type: RTCStatsType }]));

const inbound = (lost: number, received: number, jitter = 0.004, kind = 'audio'): Entry => ({
  id: `in-${kind}`,
  type: 'inbound-rtp',
  kind,
  packetsLost: lost,
  packetsReceived: received,
  jitter,
});
const outbound = (sent: number): Entry => ({
  id: 'out-audio',
  type: 'outbound-rtp',
  kind: 'audio',
  packetsSent: sent,
});
const remoteInbound = (lost: number, roundTripTime?: number): Entry => ({
  id: 'remote-in-audio',
  type: 'remote-inbound-rtp',
  kind: 'audio',
  localId: 'out-audio',
  packetsLost: lost,
  jitter: 0.001,
  ...(roundTripTime !== undefined && { roundTripTime }),
});

describe('judgeQuality', () => {
  const rows: [number, number, number, QualityLevel][] = [
    // loss (share), jitter (ms), delay (ms)
    [0, 0, 0, 'good'],
    [0.000999, 9.99, 39.9, 'good'],
    [0.001, 0, 0, 'medium'],
    [0, 10, 0, 'medium'],
    [0, 0, 40, 'medium'],
    [0.00999, 19.9, 99.9, 'medium'],
    [0.01, 0, 0, 'poor'],
    [0, 20, 0, 'poor'],
    [0, 0, 100, 'poor'],
    [0.0499, 59.9, 399.9, 'poor'],
    [0.05, 0, 0, 'bad'],
    [0, 60, 0, 'bad'],
    [0, 0, 400, 'bad'],
    [1, 5000, 5000, 'bad'],
    // the worst of the three decides
    [0.0005, 15, 150, 'poor'],
    [0.06, 15, 0, 'bad'],
  ];
  for (const [loss, jitter, delay, level] of rows) {
    it(`loss ${loss}, jitter ${jitter} ms, delay ${delay} ms: ${level}`, () => {
      expect(judgeQuality({ loss, jitter, delay })).to.deep.include({ level, loss, jitter, delay });
    });
  }

  it('names what makes it no better', () => {
    for (const [loss, jitter, delay, reasons] of [
      [0, 0, 0, []],
      [0, 15, 0, ['jitter']],
      [0, 15, 150, ['delay']],
      [0.02, 25, 150, ['loss', 'jitter', 'delay']],
      [0.06, 15, 500, ['loss', 'delay']],
      [null, null, 50, ['delay']],
    ] as const) {
      expect(judgeQuality({ loss, jitter, delay })?.reasons, `${loss}`).to.deep.equal(reasons);
    }
  });

  it('judges by what is known, and not at all when nothing is', () => {
    expect(judgeQuality({ loss: null, jitter: null, delay: 150 })?.level).to.equal('poor');
    expect(judgeQuality({ loss: null, jitter: 15, delay: null })).to.deep.equal({
      level: 'medium',
      reasons: ['jitter'],
      loss: null,
      jitter: 15,
      delay: null,
    });
    expect(judgeQuality({ loss: null, jitter: null, delay: null })).to.equal(null);
  });
});

describe('readQuality', () => {
  it('reads loss both ways, jitter in ms, and half the round trip', () => {
    const sample = readQuality(
      statsReport(inbound(3, 97, 0.0125), outbound(200), remoteInbound(5, 0.18)),
    );
    expect([...sample.streams]).to.deep.equal([
      ['in-audio', [3, 100]],
      ['remote-in-audio', [5, 200]],
    ]);
    expect(sample.jitter).to.be.closeTo(12.5, 1e-9);
    expect(sample.delay).to.be.closeTo(90, 1e-9);
  });

  it('ignores the jitter of video, which the line does not cause', () => {
    const sample = readQuality(statsReport(inbound(0, 10, 0.002), inbound(0, 10, 0.05, 'video')));
    expect(sample.jitter).to.be.closeTo(2, 1e-9);
    expect(sample.streams.size).to.equal(2);
  });

  it('takes the delay of the selected pair, Chromium or Firefox style, where RTCP tells none', () => {
    const pair = (id: string, rtt: number, more = {}): Entry => ({
      id,
      type: 'candidate-pair',
      currentRoundTripTime: rtt,
      ...more,
    });
    const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'b' };
    expect(
      readQuality(statsReport(pair('a', 0.9), pair('b', 0.05), transport)).delay,
    ).to.be.closeTo(25, 1e-9);
    expect(
      readQuality(statsReport(pair('a', 0.9), pair('b', 0.03, { selected: true }))).delay,
    ).to.be.closeTo(15, 1e-9);
    expect(
      readQuality(statsReport(pair('b', 0.05), transport, outbound(1), remoteInbound(0, 0.2)))
        .delay,
    ).to.be.closeTo(100, 1e-9);
  });

  it('says null for what the browser does not tell', () => {
    const { streams, jitter, delay } = readQuality(
      statsReport({ id: 'in', type: 'inbound-rtp', kind: 'audio' }, { id: 'x', type: 'codec' }),
    );
    expect(streams.size).to.equal(0);
    expect([jitter, delay]).to.deep.equal([null, null]);
  });

  it('takes no share of packets whose number sent is unknown', () => {
    expect(readQuality(statsReport(remoteInbound(5))).streams.size).to.equal(0);
  });
});

describe('qualityOf', () => {
  const at = (streams: Record<string, [number, number]>): QualitySample => ({
    streams: new Map(Object.entries(streams)),
    jitter: null,
    delay: null,
  });
  const loss = (...samples: QualitySample[]): number | null | undefined =>
    qualityOf(samples.map((sample) => ({ ...sample, delay: 1 })))?.loss;

  it('counts from the first sample of the window, not from the start of the call', () => {
    expect(loss(at({ a: [50, 1000] }), at({ a: [50, 1050] }))).to.equal(0);
    expect(loss(at({ a: [50, 1000] }), at({ a: [52, 1040] }), at({ a: [55, 1100] }))).to.equal(
      0.05,
    );
  });

  it('takes the stream that loses most, whichever way it goes', () => {
    const before = at({ in: [0, 100], out: [0, 100] });
    expect(loss(before, at({ in: [1, 200], out: [10, 200] }))).to.equal(0.1);
    expect(loss(before, at({ in: [20, 200], out: [10, 200] }))).to.equal(0.2);
  });

  it('knows nothing from one sample, or while no packet was due', () => {
    expect(loss(at({ a: [1, 100] }))).to.equal(null);
    expect(loss(at({ a: [1, 100] }), at({ a: [1, 100] }))).to.equal(null);
    expect(qualityOf([])).to.equal(null);
  });

  it('does not take a stream for lost that began, ended or restarted', () => {
    expect(loss(at({}), at({ a: [7, 100] }))).to.equal(null);
    expect(loss(at({}), at({ a: [7, 100] }), at({ a: [7, 150] }))).to.equal(0);
    expect(loss(at({ a: [7, 100] }), at({}))).to.equal(null);
    expect(loss(at({ a: [7, 1000] }), at({ a: [0, 10] }))).to.equal(null);
  });

  it('stays between 0 and 1 when counters shrink or leap', () => {
    expect(loss(at({ a: [7, 100] }), at({ a: [3, 150] }))).to.equal(0);
    expect(loss(at({ a: [0, 100] }), at({ a: [90, 150] }))).to.equal(1);
  });
});

describe('createQualityMeter', () => {
  it('reports each second, over the last ten, until it is stopped', async () => {
    const clock = createManualClock();
    const reports: QualityReport[] = [];
    // one packet of 50 lost in the first second only
    let reading = 0;
    const closing = new AbortController();
    createQualityMeter(
      () =>
        Promise.resolve(statsReport(inbound(Math.min(reading, 1), 50 * ++reading), outbound(0))),
      (report) => reports.push(report),
      clock,
      closing.signal,
    );
    for (let second = 1; second <= WINDOW + 2; second++) {
      await until(() => reports.length === second && clock.pending === 1);
      clock.advance(999);
      expect(reading).to.equal(second);
      clock.advance(1);
    }
    await until(() => reports.length === WINDOW + 3);
    expect(reports[0]?.loss).to.equal(null);
    expect(reports[1]?.loss).to.be.closeTo(1 / 51, 1e-9);
    expect(reports[WINDOW]?.loss).to.be.closeTo(1 / 501, 1e-9);
    expect(reports[WINDOW + 1]?.loss, 'out of the window').to.equal(0);
    await until(() => clock.pending === 1);
    closing.abort();
    expect(clock.pending).to.equal(0);
  });

  it('forgets what was before the page was frozen', async () => {
    const clock = createManualClock();
    const reports: QualityReport[] = [];
    const readings = [inbound(0, 50), inbound(400, 100), inbound(400, 150)];
    const closing = new AbortController();
    createQualityMeter(
      () => Promise.resolve(statsReport(readings.shift()!)),
      (report) => reports.push(report),
      clock,
      closing.signal,
    );
    for (const [pause, loss] of [
      [60_000, null],
      [1000, null],
      [1000, 0],
    ] as const) {
      const seen = reports.length;
      await until(() => reports.length > seen && clock.pending === 1);
      expect(reports.at(-1)?.loss).to.equal(loss);
      if (readings.length > 0) clock.advance(pause);
    }
    closing.abort();
  });

  it('skips a reading that fails, and says nothing while nothing is known', async () => {
    const clock = createManualClock();
    const reports: QualityReport[] = [];
    const readings: (() => Promise<Stats>)[] = [
      () => Promise.reject(new DOMException('gone', 'InvalidStateError')),
      () => Promise.resolve(statsReport()),
      () => Promise.resolve(statsReport(inbound(0, 1))),
    ];
    const closing = new AbortController();
    createQualityMeter(
      () => readings.shift()!(),
      (report) => reports.push(report),
      clock,
      closing.signal,
    );
    for (const left of [2, 1]) {
      await until(() => clock.pending === 1);
      expect(readings).to.have.length(left);
      expect(reports).to.have.length(0);
      clock.advance(1000);
    }
    await until(() => reports.length === 1);
    closing.abort();
  });

  it('says nothing of a reading that comes after the end', async () => {
    const clock = createManualClock();
    const reports: QualityReport[] = [];
    let arrive: (value: Stats) => void = () => {};
    const late = new Promise<Stats>((resolve) => (arrive = resolve));
    const closing = new AbortController();
    createQualityMeter(
      () => late,
      (report) => reports.push(report),
      clock,
      closing.signal,
    );
    closing.abort();
    arrive(statsReport(inbound(0, 1)));
    await late;
    await Promise.resolve();
    expect(reports).to.have.length(0);
    expect(clock.pending).to.equal(0);
  });
});
