import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadAssets } from '../../demo/service/media/assets.js';
import { withoutPause } from './aliases.js';
import { ELEMENT, OPENED_BEFORE } from './contenders.js';
import { judge } from './goals.js';
import { readOptions } from './options.js';
import { report } from './report.js';
import { type Results, summarizeSetUp } from './results.js';
import { slope, summarize } from './statistics.js';

const results = (element: number, peer: number): Results => ({
  machine: '',
  setUp: {
    slow: summarizeSetUp(
      new Map([
        ['`<call-button>`', [{ firstRtp: element }]],
        ['SIP.js, socket opened before', [{ firstRtp: peer }]],
        ['JsSIP, socket opened before', [{ firstRtp: peer + 100 }]],
      ]),
    ),
  },
});

describe('what the benchmark says', () => {
  it('median and quartiles, between two values where there is none in the middle', () => {
    assert.deepEqual(summarize([40, 10, 30, 20]), { count: 4, median: 25, low: 17.5, high: 32.5 });
    assert.deepEqual(summarize([7]), { count: 1, median: 7, low: 7, high: 7 });
    assert.throws(() => summarize([]));
  });

  it('slope of a line through points that lie beside it', () => {
    assert.equal(
      slope([
        [0, 1],
        [1, 3],
        [2, 5],
      ]),
      2,
    );
    assert.equal(
      slope([
        [10, 5],
        [20, 6],
        [30, 5],
      ]),
      0,
    );
    assert.throws(() => slope([[1, 1]]));
  });

  it('leaves the microphone’s opening out of our own time, and of nobody’s INVITE', () => {
    const { element } = summarizeSetUp(
      new Map([['element', [{ asked: 5, devices: 25, invite: 40 }]]]),
    );
    assert.equal(element?.own?.median, 20);
    assert.equal(element.invite?.median, 40);
  });

  it('judges beside the faster of the peers, and says when a goal is missed', () => {
    const before = (value: Results) =>
      judge(value).find(({ what }) => what.includes('opened before'));
    assert.deepEqual(
      [before(results(80, 100))?.result, before(results(80, 100))?.met],
      ['20 %', true],
    );
    assert.equal(before(results(90, 100))?.met, false);
    assert.match(
      report(results(90, 100)),
      /opened before \| ≥ 15 % \| 10.0 % \| \*\*missed\*\* \|/,
    );
  });

  it('of another gateway goes by the connected media, and shows what was measured', () => {
    const summary = (median: number) => ({ median, low: median, high: median, count: 1 });
    const slow = Object.fromEntries(
      [ELEMENT, ...OPENED_BEFORE].map(({ name }, index) => [
        name,
        { connected: summary(index === 0 ? 300 : 400), firstRtp: summary(1) },
      ]),
    );
    const text = report({ machine: '', setUp: { slow } }, 'reference');
    assert.match(text, /^\| ms.* \| INVITE, 100 ms \| media connected, 100 ms \|$/m);
    assert.match(text, /opened before \| ≥ 15 % \| 25 % \| met \|/);
    assert.doesNotMatch(text, /first packet|heap/);
  });

  it('judges nothing that was not measured', () => {
    const nothing: Results = { machine: '', setUp: {} };
    assert.ok(judge(nothing).every(({ met, result }) => met === null && result === '–'));
  });
});

describe('who answers the benchmark', () => {
  it('speaks at once: the pause in front of the recording is gone from both codecs', async () => {
    const { greeting } = await loadAssets();
    const speech = withoutPause(greeting);
    assert.equal(greeting.pcmu.length - speech.pcmu.length, 3);
    assert.equal(greeting.opus.length - speech.opus.length, 3);
  });
});

describe('options of the benchmark', () => {
  it('refuse what would measure something else than was asked for', () => {
    assert.throws(() => readOptions(['--only', 'loopback,nonsense']), /nonsense/);
    assert.throws(() => readOptions(['--calls', '0']), /--calls/);
    assert.throws(() => readOptions(['--url', 'wss://sip.example.com']), /--gate/);
  });

  it('take another gateway, and what it is called by', () => {
    const { gateway } = readOptions([
      ...['--url', 'wss://sip.example.com/ws'],
      ...['--gate', 'https://www.example.com/call-gate'],
      ...['--target', 'sales'],
    ]);
    assert.deepEqual(gateway, {
      url: 'wss://sip.example.com/ws',
      gate: 'https://www.example.com/call-gate',
      origin: 'https://www.example.com',
      domain: 'sip.example.com',
      target: 'sales',
      earlyTarget: 'bench-early',
    });
  });
});
