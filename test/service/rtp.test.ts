import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDigitDetector, readDigitInfo } from '../../demo/service/media/dtmf.js';
import { createMeter, levelOfExtension, levelOfPcmu } from '../../demo/service/media/meter.js';
import { createReceiver } from '../../demo/service/media/receiver.js';
import { buildPli, buildRemb, buildReport, parseRtcp } from '../../demo/service/media/rtcp.js';
import {
  buildRtp,
  isRtcp,
  parseRtp,
  sequenceDelta,
  type RtpPacket,
} from '../../demo/service/media/rtp.js';
import { createTimeline } from '../../demo/service/media/timeline.js';
import { packetizeVp8, startsKeyframe } from '../../demo/service/media/vp8.js';

const packet = (sequence: number, timestamp = 0): RtpPacket => ({
  payloadType: 111,
  marker: false,
  sequence: sequence & 0xffff,
  timestamp,
  ssrc: 7,
  payload: Buffer.from('sound'),
  extensions: new Map(),
});

describe('RTP', () => {
  it('is read as it was written', () => {
    const fields = {
      payloadType: 96,
      marker: true,
      sequence: 65_535,
      timestamp: 4_294_967_295,
      ssrc: 1,
      payload: Buffer.from('x'),
    };
    assert.deepEqual(parseRtp(buildRtp(fields)), { ...fields, extensions: new Map() });
  });

  it('may have contributing sources, extensions and padding', () => {
    const data = Buffer.concat([
      Buffer.from([0xb1, 0x6f, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]),
      Buffer.from([9, 9, 9, 9]), // CSRC
      Buffer.from([0xbe, 0xde, 0, 2, 0x10, 0x85, 0x00, 0x21, 0xaa, 0xbb, 0xf0, 0x00]),
      Buffer.from('sound'),
      Buffer.from([0, 2]),
    ]);
    const { payload, extensions } = parseRtp(data)!;
    assert.equal(payload.toString(), 'sound');
    assert.deepEqual([...extensions.keys()], [1, 2]);
    assert.equal(levelOfExtension(extensions.get(1)), -5);
    assert.deepEqual(extensions.get(2), Buffer.from([0xaa, 0xbb]));
  });

  it('is told from noise, and never throws', () => {
    for (const data of [
      Buffer.alloc(0),
      Buffer.alloc(11, 0x80),
      Buffer.from([0x40, ...Buffer.alloc(11)]),
      Buffer.from([0x90, ...Buffer.alloc(11)]), // extension missing
      Buffer.from([0x90, ...Buffer.alloc(11), 0xbe, 0xde, 0xff, 0xff]),
      Buffer.from([0xa0, ...Buffer.alloc(11), 200]), // more padding than packet
      Buffer.from([0x8f, ...Buffer.alloc(11)]), // sources missing
    ]) {
      assert.equal(parseRtp(data), null);
    }
  });

  it('counts across the end of its sequence numbers', () => {
    for (const [from, to, delta] of [
      [1, 2, 1],
      [65_535, 0, 1],
      [0, 65_535, -1],
      [0, 32_767, 32_767],
      [5, 5, 0],
    ] as const) {
      assert.equal(sequenceDelta(from, to), delta);
    }
  });
});

describe('RTCP', () => {
  it('is told from RTP by its type', () => {
    assert.ok(isRtcp(buildPli(1, 2)));
    assert.ok(!isRtcp(buildRtp(packet(1))));
    // an RTP packet with marker and payload type 111 starts with 0x80 0xef
    assert.ok(!isRtcp(buildRtp({ ...packet(1), marker: true })));
  });

  it('carries wishes for key frames and the clocks of senders in one packet', () => {
    const report = buildReport(
      { ssrc: 5, timestamp: 1, packets: 1, bytes: 1 },
      null,
      Date.UTC(2026, 0, 1, 0, 0, 0, 500),
    );
    const { keyframeRequests, senderReports } = parseRtcp(
      Buffer.concat([report, buildPli(1, 2), buildPli(1, 2)]),
    );
    assert.equal(keyframeRequests, 2);
    // lower 16 bits of the seconds since 1900, upper 16 of the fraction
    const seconds = (Date.UTC(2026, 0, 1) / 1000 + 2_208_988_800) & 0xffff;
    assert.deepEqual([...senderReports], [[5, seconds * 0x10000 + 0x8000]]);
  });

  it('is read as far as it goes', () => {
    const whole = Buffer.concat([buildPli(1, 2), buildPli(1, 2)]);
    for (let length = 0; length <= whole.length; length += 1) {
      assert.ok(parseRtcp(whole.subarray(0, length)).keyframeRequests <= 2);
    }
    assert.equal(parseRtcp(Buffer.alloc(64)).keyframeRequests, 0);
  });

  it('is a receiver report as long as nothing was sent', () => {
    const report = buildReport(
      { ssrc: 5, timestamp: 0, packets: 0, bytes: 0 },
      Buffer.alloc(24, 1),
      0,
    );
    assert.deepEqual([report[0], report[1], report.length], [0x81, 201, 32]);
  });

  it('states a bitrate with 18 bits of mantissa', () => {
    const data = buildRemb(1, 2, 1_500_000);
    assert.equal(data.length, (data.readUInt16BE(2) + 1) * 4);
    const word = data.readUInt32BE(16);
    assert.equal(word >>> 24, 1);
    assert.equal((word & 0x3ffff) * 2 ** ((word >>> 18) & 0x3f), 1_500_000);
  });
});

describe('receiver report', () => {
  it('counts what is lost, in all and since the last one', () => {
    const receiver = createReceiver(packet(65_534), 48_000);
    for (const sequence of [65_534, 65_535, 1, 2]) receiver.onPacket(packet(sequence), 0);
    const first = receiver.block(0);
    assert.equal(receiver.lost(), 1);
    assert.equal(first[4], Math.floor(256 / 5));
    assert.equal(first.readUIntBE(5, 3), 1);
    assert.equal(first.readUInt32BE(8), 0x10002);
    receiver.onPacket(packet(3), 0);
    const second = receiver.block(0);
    assert.equal(second[4], 0);
    assert.equal(second.readUIntBE(5, 3), 1);
  });

  it('notices a gap, but neither reordering nor the first packet', () => {
    const receiver = createReceiver(packet(10), 48_000);
    const gaps = [10, 11, 13, 12, 14].map((sequence) => receiver.onPacket(packet(sequence), 0).gap);
    assert.deepEqual(gaps, [false, false, true, false, false]);
    assert.equal(receiver.lost(), 0);
  });

  it('measures jitter as RFC 3550 does', () => {
    const receiver = createReceiver(packet(0, 0), 48_000);
    receiver.onPacket(packet(0, 0), 1000);
    receiver.onPacket(packet(1, 960), 1020);
    assert.equal(receiver.block(0).readUInt32BE(12), 0);
    receiver.onPacket(packet(2, 1920), 1050); // 10 ms late: 480 ticks, a sixteenth of which counts
    assert.equal(receiver.block(0).readUInt32BE(12), 30);
  });

  it('lets the sender compute its round trip', () => {
    const receiver = createReceiver(packet(0), 48_000);
    receiver.onPacket(packet(0), 0);
    assert.equal(receiver.block(0).readUInt32BE(16), 0);
    receiver.onSenderReport(0x12345678, 1000);
    const block = receiver.block(1500);
    assert.equal(block.readUInt32BE(16), 0x12345678);
    assert.equal(block.readUInt32BE(20), 32_768); // half a second in 1/65536 s
  });
});

describe('timeline', () => {
  it('goes on without a gap when the source changes, and with the clock', () => {
    const timeline = createTimeline(48_000);
    const [speech, echo] = [{}, {}];
    const a = timeline.place(speech, { sequence: 0, timestamp: 0 }, 1000)!;
    const b = timeline.place(speech, { sequence: 1, timestamp: 960 }, 1020)!;
    const c = timeline.place(echo, { sequence: 40_000, timestamp: 123_456 }, 1040)!;
    const d = timeline.place(echo, { sequence: 40_001, timestamp: 124_416 }, 1060)!;
    const e = timeline.place(speech, { sequence: 2, timestamp: 1920 }, 2060)!;
    const sequences = [a, b, c, d, e].map(({ sequence }) => (sequence - a.sequence) & 0xffff);
    const ticks = [a, b, c, d, e].map(({ timestamp }) => (timestamp - a.timestamp) >>> 0);
    assert.deepEqual(sequences, [0, 1, 2, 3, 4]);
    assert.deepEqual(ticks, [0, 960, 1920, 2880, 2880 + 48_000]);
    assert.equal(timeline.at(3060), (e.timestamp + 48_000) >>> 0);
  });

  it('keeps gaps and order inside a source, and drops what is older than its start', () => {
    const timeline = createTimeline(90_000);
    const source = {};
    const start = timeline.place(source, { sequence: 65_534, timestamp: 0 }, 0)!;
    const place = (sequence: number): number | null => {
      const placed = timeline.place(source, { sequence, timestamp: 10 }, 10);
      return placed === null ? null : (placed.sequence - start.sequence) & 0xffff;
    };
    assert.deepEqual([place(65_535), place(2), place(1), place(65_533)], [1, 4, 3, null]);
  });

  it('never repeats a timestamp, even where two sources meet in one instant', () => {
    const timeline = createTimeline(48_000);
    const a = timeline.place({}, { sequence: 1, timestamp: 5 }, 100)!;
    const b = timeline.place({}, { sequence: 1, timestamp: 5 }, 100)!;
    assert.notEqual(a.timestamp, b.timestamp);
  });

  it('survives many turns of the sequence number in one source', () => {
    const timeline = createTimeline(48_000);
    const source = {};
    const first = timeline.place(source, { sequence: 0, timestamp: 0 }, 0)!;
    for (let index = 1; index < 200_000; index += 1) {
      const placed = timeline.place(source, { sequence: index & 0xffff, timestamp: index }, index)!;
      assert.equal(placed.sequence, (first.sequence + index) & 0xffff);
    }
  });
});

describe('VP8', () => {
  const key = Buffer.alloc(2500, 0x10);
  const delta = Buffer.alloc(10, 0x11);

  it('is cut into packets that fit every path, the first of which is marked', () => {
    const payloads = packetizeVp8(key, 0x7abc);
    assert.deepEqual(
      payloads.map((payload) => payload.subarray(0, 4).toString('hex')),
      ['9080fabc', '8080fabc', '8080fabc'],
    );
    assert.ok(payloads.every(({ length }) => length <= 1104));
    assert.deepEqual(Buffer.concat(payloads.map((payload) => payload.subarray(4))), key);
  });

  it('shows where a key frame starts, whatever the payload descriptor holds', () => {
    const descriptors = [
      '10',
      '9080' + '05',
      '9080' + '8005',
      '90e0' + '800501',
      '90f0' + '80050120',
      '9020' + '00',
    ];
    for (const hex of descriptors) {
      const descriptor = Buffer.from(hex, 'hex');
      assert.ok(startsKeyframe(Buffer.concat([descriptor, key])), hex);
      assert.ok(!startsKeyframe(Buffer.concat([descriptor, delta])), hex);
    }
    assert.ok(!startsKeyframe(packetizeVp8(key, 1)[1]!));
    for (const noise of ['', '90', '9080', '11'])
      assert.ok(!startsKeyframe(Buffer.from(noise, 'hex')), noise);
  });
});

describe('digits', () => {
  it('in RTP count once for each press', () => {
    const digits: string[] = [];
    const onEvent = createDigitDetector((digit) => digits.push(digit));
    for (const [event, timestamp] of [
      [5, 100],
      [5, 100],
      [5, 900],
      [11, 1000],
      [15, 2000],
      [16, 3000],
    ] as const) {
      onEvent(Buffer.from([event, 0x80, 0, 0]), timestamp);
    }
    onEvent(Buffer.from([1]), 4000);
    assert.deepEqual(digits, ['5', '5', '#', 'D']);
  });

  it('in INFO are read from both usual bodies', () => {
    const digit = (type: string, body: string) => readDigitInfo(type, body);
    assert.deepEqual(digit('application/dtmf-relay', 'Signal=5\r\nDuration=100'), {
      status: 200,
      digit: '5',
    });
    assert.equal(digit('Application/DTMF-Relay; x=1', 'Duration=100\r\nSignal= a\r\n').digit, 'A');
    assert.equal(digit('application/dtmf', ' # ').digit, '#');
  });

  it('in INFO are refused where the body is malformed, or of another type', () => {
    for (const [type, body, status] of [
      ['application/dtmf', '55', 400],
      ['application/dtmf', 'five', 400],
      ['application/dtmf-relay', 'Signal=55', 400],
      ['application/dtmf-relay', 'Duration=100', 400],
      ['application/dtmf-relay', '', 400],
      ['application/dtmf-relay', `Signal=${'5'.repeat(60_000)}`, 400],
      ['text/plain', '5', 415],
      ['', '5', 415],
      ['', '', 200],
    ] as const) {
      assert.deepEqual(readDigitInfo(type, body), { status, digit: null }, `${type} ${body}`);
    }
  });
});

describe('meter', () => {
  it('means the last fifty packets', () => {
    const meter = createMeter();
    for (let index = 0; index < 50; index += 1)
      meter.onPacket({ ...packet(index), payload: Buffer.alloc(100) }, -10);
    for (let index = 0; index < 25; index += 1)
      meter.onPacket({ ...packet(index), payload: Buffer.alloc(2) }, -127);
    assert.deepEqual(meter.stats(3), {
      packets: 75,
      bytes: 5050,
      lost: 3,
      payloadMean: 51,
      level: -10,
    });
    for (let index = 0; index < 25; index += 1)
      meter.onPacket({ ...packet(index), payload: Buffer.alloc(2) }, -127);
    assert.deepEqual(meter.stats(3), {
      packets: 100,
      bytes: 5100,
      lost: 3,
      payloadMean: 2,
      level: -127,
    });
  });

  it('knows no level where nobody states one', () => {
    const meter = createMeter();
    meter.onPacket(packet(1), null);
    assert.equal(meter.stats(0).level, null);
  });

  it('hears G.711: full scale near 0, silence at the bottom', () => {
    assert.equal(levelOfPcmu(Buffer.alloc(160, 0xff)), -127);
    assert.equal(levelOfPcmu(Buffer.alloc(160, 0x7f)), -127);
    assert.equal(levelOfPcmu(Buffer.alloc(160, 0x80)), 0);
    assert.equal(levelOfPcmu(Buffer.alloc(160, 0x00)), 0);
    assert.equal(levelOfPcmu(Buffer.alloc(160, 0x9f)), -12);
  });
});
