import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Capacity } from './capacity.js';
import { missing, report } from './results.js';

const relay: Capacity = {
  calls: 300,
  end: 'a call lost 2.0 % of its packets',
  kamailio: { cpu: 0.01, mb: 0.08 },
  rtpengine: { cpu: 0.19, mb: 0.16 },
  gatewayCpu: 46,
  generatorCpu: 100,
};

describe('what the gateway’s benchmark says', () => {
  it('what was measured, and beside it what follows for a gateway that has two processors for itself', () => {
    const text = report({ relay, machine: '' });
    assert.match(
      text,
      /\| Opus passed through \| \*\*300\*\* \| 46 % \/ 100 % \| 0\.20 % \| 0\.08 MB \| 0\.16 MB \| 800 \|/,
    );
  });

  it('that nothing went wrong, where it did not try further', () => {
    assert.match(
      report({ relay: { ...relay, end: null }, machine: '' }),
      /300\*\* \(no more were tried\)/,
    );
  });

  it('a dash for what was not measured, and does not write that anywhere', () => {
    const results = { relay, machine: '' };
    assert.match(report(results), /\| passes for ALTCHA solutions \| – \| – \| – \|/);
    assert.deepEqual(missing(results), ['transcoding', 'rate', 'flood', 'gate']);
  });
});
