import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { loadAssets, splitPcmu } from '../../demo/service/media/assets.js';
import { parseIvf } from '../../demo/service/media/ivf.js';
import { levelOfPcmu } from '../../demo/service/media/meter.js';
import { opusDuration, parseOggOpus } from '../../demo/service/media/ogg.js';

const asset = (name: string): Promise<Buffer> =>
  readFile(new URL(`../../demo/service/assets/${name}`, import.meta.url));

describe('speech', () => {
  it('lasts as long in both codecs, in packets of 20 ms', async () => {
    const { greeting, digits } = await loadAssets();
    assert.deepEqual([...digits.keys()].sort(), [...'#*0123456789'.split('')].sort());
    for (const clip of [greeting, ...digits.values()]) {
      for (const packet of [...clip.opus, ...clip.pcmu]) assert.equal(packet.durationMs, 20);
      // Opus adds its own delay at the start, and fills its last packet
      assert.ok(Math.abs(clip.opus.length - clip.pcmu.length) <= 2);
    }
    const seconds = greeting.opus.length / 50;
    assert.ok(seconds > 4 && seconds < 8, `the greeting takes ${seconds} s`);
  });

  it('is loud enough to be heard and has no clipped stretch', async () => {
    const { greeting } = await loadAssets();
    const levels = greeting.pcmu.map(({ data }) => levelOfPcmu(data));
    const loudest = Math.max(...levels);
    assert.ok(loudest > -20 && loudest < -3, `loudest packet at ${loudest} dBov`);
    assert.ok(levels.filter((level) => level > -40).length > levels.length / 2);
  });

  it('fills its last G.711 packet with silence', () => {
    const [first, last, ...rest] = splitPcmu(Buffer.alloc(161, 0x10));
    assert.equal(rest.length, 0);
    assert.deepEqual(first!.data, Buffer.alloc(160, 0x10));
    assert.equal(last!.data[0], 0x10);
    assert.deepEqual(last!.data.subarray(1), Buffer.alloc(159, 0xff));
    assert.equal(levelOfPcmu(last!.data.subarray(1)), -127);
  });

  it('is refused where the file is damaged', async () => {
    const file = await asset('digit-1.opus');
    const headless = Buffer.from(file);
    headless.write('X', headless.indexOf('OpusHead'));
    for (const broken of [Buffer.alloc(0), file.subarray(1), file.subarray(0, 100), headless]) {
      assert.throws(() => parseOggOpus(broken), Error);
    }
    assert.throws(() => parseOggOpus(file.subarray(0, file.length - 1)), /cut short/);
  });

  it('joins packets that span lacing values and pages', () => {
    const page = (segments: number[], body: Buffer): Buffer => {
      const head = Buffer.alloc(27);
      head.write('OggS');
      head[26] = segments.length;
      return Buffer.concat([head, Buffer.from(segments), body]);
    };
    const file = Buffer.concat([
      page([8], Buffer.from('OpusHead')),
      page([8], Buffer.from('OpusTags')),
      page([2, 255], Buffer.concat([Buffer.from([0x78, 1]), Buffer.alloc(255, 0x78)])),
      page([3], Buffer.alloc(3, 0x78)),
    ]);
    assert.deepEqual(
      parseOggOpus(file).map(({ data }) => data.length),
      [2, 258],
    );
  });

  for (const [toc, frames, ms] of [
    [0x00, 0, 10], // SILK 10 ms, one frame
    [0x18, 0, 60],
    [0x60, 0, 10], // hybrid
    [0x78, 0, 20],
    [0x80, 0, 2.5], // CELT
    [0xf8, 0, 20],
    [0xf9, 0, 40], // two frames
    [0xfb, 3, 60], // as many as the next byte says
  ] as const) {
    it(`has ${ms} ms in a packet that starts with 0x${toc.toString(16)}`, () => {
      assert.equal(opusDuration(Buffer.from([toc, frames])), ms);
    });
  }
});

describe('moving picture', () => {
  it('is small, loops in whole seconds and has a key frame every two', async () => {
    const file = await asset('moving-picture.ivf');
    assert.ok(file.length <= 250_000);
    const { width, height, frameMs, frames } = parseIvf(file);
    assert.deepEqual([width, height], [640, 360]);
    assert.ok(Math.abs(frameMs - 1000 / 15) < 0.01);
    assert.equal(frames.length, 120);
    assert.deepEqual(
      frames.flatMap(({ key }, index) => (key ? [index] : [])),
      [0, 30, 60, 90],
    );
  });

  it('is refused where the file is damaged', async () => {
    const file = await asset('moving-picture.ivf');
    const other = Buffer.from(file);
    other.write('VP90', 8);
    const inter = Buffer.from(file);
    inter[32 + 12] = inter[32 + 12]! | 1;
    for (const [broken, message] of [
      [Buffer.alloc(10), /not an IVF/],
      [other, /not VP8/],
      [inter, /key frame/],
      [file.subarray(0, file.length - 1), /cut short/],
      [file.subarray(0, 40), /cut short/],
    ] as const) {
      assert.throws(() => parseIvf(broken), message);
    }
  });
});
