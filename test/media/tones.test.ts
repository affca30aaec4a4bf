import { expect } from 'chai';
import { createTones } from '../../src/media/tones.js';
import { until } from '../support/until.js';

const RATE = 48_000;
const Real = globalThis.AudioContext;

/** An AudioContext whose sound comes as samples, much faster than it would play. */
function offline(seconds: number): OfflineAudioContext {
  const context = new OfflineAudioContext(1, seconds * RATE, RATE);
  globalThis.AudioContext = function () {
    return context;
  } as unknown as typeof AudioContext;
  // a suspended offline context may not be resumed before it is rendering
  context.resume = () => Promise.resolve();
  return context;
}

/** Strength of one frequency (Goertzel), 0 to about 1 for a pure tone of that amplitude. */
function strength(samples: Float32Array, hertz: number): number {
  const k = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let [a, b] = [0, 0];
  for (const sample of samples) [a, b] = [sample + k * a - b, a];
  return (2 * Math.sqrt(a * a + b * b - k * a * b)) / samples.length;
}

const loudest = (samples: Float32Array): number =>
  samples.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);

/** Largest step between samples: a click is a step, a soft tone has none. */
const steepest = (samples: Float32Array): number =>
  samples.reduce((max, sample, i) => Math.max(max, Math.abs(sample - (samples[i - 1] ?? 0))), 0);

describe('createTones', () => {
  afterEach(() => (globalThis.AudioContext = Real));

  async function render(
    seconds: number,
    play: (tones: ReturnType<typeof createTones>, context: OfflineAudioContext) => void,
  ): Promise<(from: number, to: number) => Float32Array> {
    const context = offline(seconds);
    const tones = createTones();
    tones.unlock();
    play(tones, context);
    const samples = (await context.startRendering()).getChannelData(0);
    return (from, to) => samples.subarray(from * RATE, to * RATE);
  }

  it('rings 1 s of 425 Hz in every 5 s, softly', async () => {
    const heard = await render(12, (tones) => tones.startRingback());
    for (const start of [0, 5, 10]) {
      const ring = heard(start + 0.05, start + 0.95);
      expect(strength(ring, 425)).to.be.within(0.08, 0.11);
      expect(strength(ring, 697)).to.be.below(0.001);
    }
    expect(loudest(heard(1.01, 4.99))).to.be.below(0.0001);
    expect(loudest(heard(6.01, 9.99))).to.be.below(0.0001);
    expect(loudest(heard(0, 12))).to.be.below(0.11);
    // a sine of this level and pitch moves 0.0056 a sample
    expect(steepest(heard(0, 12))).to.be.below(0.007);
  });

  it('stops ringing without a click, and rings again', async () => {
    const heard = await render(4, (tones, context) => {
      tones.startRingback();
      tones.startRingback(); // a second 180 is no second ring
      void context.suspend(0.5).then(() => {
        tones.stopRingback();
        tones.stopRingback();
        return OfflineAudioContext.prototype.resume.call(context);
      });
    });
    expect(strength(heard(0.05, 0.45), 425)).to.be.within(0.08, 0.11);
    expect(loudest(heard(0.6, 4))).to.be.below(0.001);
    expect(steepest(heard(0, 4))).to.be.below(0.012);
    const again = await render(2, (tones) => {
      tones.startRingback();
      tones.stopRingback();
      tones.startRingback();
    });
    expect(strength(again(0.2, 0.9), 425)).to.be.within(0.08, 0.11);
  });

  const DIGITS: [string, number, number][] = [
    ['1', 697, 1209],
    ['5', 770, 1336],
    ['9', 852, 1477],
    ['0', 941, 1336],
    ['*', 941, 1209],
    ['#', 941, 1477],
    ['A', 697, 1633],
    ['d', 941, 1633],
  ];
  for (const [digit, row, column] of DIGITS) {
    it(`plays ${digit} as ${row} Hz and ${column} Hz for 120 ms`, async () => {
      const heard = await render(0.5, (tones) => tones.digit(digit));
      const tone = heard(0.01, 0.11);
      for (const hertz of [697, 770, 852, 941, 1209, 1336, 1477, 1633]) {
        if (hertz === row || hertz === column) {
          expect(strength(tone, hertz), `${hertz}`).to.be.within(0.04, 0.06);
        } else expect(strength(tone, hertz), `${hertz}`).to.be.below(0.01);
      }
      expect(loudest(heard(0.121, 0.5))).to.be.below(0.0001);
      expect(steepest(heard(0, 0.5))).to.be.below(0.02);
    });
  }

  it('has no sound for what is no digit', async () => {
    const heard = await render(0.5, (tones) => {
      for (const digit of [',', 'x', '', '12']) tones.digit(digit);
    });
    expect(loudest(heard(0, 0.5))).to.equal(0);
  });

  it('is silent, and does not fail, without Web Audio', () => {
    for (const broken of [
      undefined,
      function () {
        throw new DOMException('too many', 'NotSupportedError');
      },
    ]) {
      globalThis.AudioContext = broken as unknown as typeof AudioContext;
      const tones = createTones();
      tones.unlock();
      tones.startRingback();
      tones.digit('1');
      tones.stopRingback();
      tones.close();
    }
  });

  it('makes one AudioContext, in unlock, and closes it', () => {
    const made: AudioContext[] = [];
    globalThis.AudioContext = class extends Real {
      constructor() {
        super();
        made.push(this);
      }
    };
    const tones = createTones();
    tones.startRingback();
    tones.digit('1');
    expect(made).to.have.length(0);
    tones.unlock();
    tones.unlock();
    tones.startRingback();
    tones.digit('1');
    expect(made).to.have.length(1);
    tones.close();
    tones.close();
    tones.digit('1');
    tones.startRingback();
    expect(made[0]?.state).to.equal('closed');
  });

  it('sounds on another device where the browser can do that, and does not fail elsewhere', async () => {
    const sinks: string[] = [];
    const refusal = Promise.reject(new DOMException('gone', 'NotFoundError'));
    await render(1, (tones, context) => {
      tones.setSink('none can');
      Object.assign(context, {
        setSinkId(id: string) {
          sinks.push(id);
          return refusal;
        },
      });
      tones.setSink('headset');
      Object.assign(context, { close: () => Promise.resolve() });
      tones.close();
      tones.setSink('late');
    });
    expect(sinks).to.deep.equal(['headset']);
  });

  it('sounds again after close, once it is unlocked again', async () => {
    const heard = await render(1, (tones, context) => {
      // an offline context can be closed by nobody; the one that follows it is what counts
      Object.assign(context, { close: () => Promise.resolve() });
      tones.startRingback();
      tones.close();
      tones.unlock();
      tones.digit('1');
    });
    expect(strength(heard(0.01, 0.11), 697)).to.be.within(0.04, 0.06);
    expect(loudest(heard(0.2, 1)), 'the old ringing').to.be.below(0.001);
  });

  it('closes while it is still starting up', async () => {
    const made: AudioContext[] = [];
    globalThis.AudioContext = class extends Real {
      constructor() {
        super();
        made.push(this);
      }
    };
    const tones = createTones();
    tones.unlock();
    tones.close();
    await new Promise((resolve) => {
      if (made[0]?.state === 'closed') resolve(undefined);
      else made[0]?.addEventListener('statechange', resolve);
    });
    expect(made[0]?.state).to.equal('closed');
  });

  it('lets the AudioContext rest while nothing plays: one that runs costs the processor', async () => {
    const made: AudioContext[] = [];
    globalThis.AudioContext = class extends Real {
      constructor() {
        super();
        made.push(this);
      }
    };
    const tones = createTones();
    tones.unlock();
    const [context] = made as [AudioContext];
    await until(() => context.state === 'suspended');
    tones.startRingback();
    await until(() => context.state === 'running');
    tones.digit('1');
    tones.stopRingback();
    tones.startRingback();
    // the digit and the first ring are over: the second ring is not
    await until(() => context.currentTime > 0.5);
    expect(context.state).to.equal('running');
    tones.stopRingback();
    await until(() => context.state === 'suspended');
    tones.digit('2');
    await until(() => context.state === 'running');
    await until(() => context.state === 'suspended');
    tones.close();
  });
});
