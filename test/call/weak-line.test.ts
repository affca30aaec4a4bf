import { expect } from 'chai';
import type { QualityLevel } from '../../src/call/ports.js';
import { createWeakLine, type WeakLine } from '../../src/call/weak-line.js';

const hear = (line: WeakLine, level: QualityLevel, times: number): void => {
  for (let second = 0; second < times; second++) line.report(level);
};

describe('advice about a weak line', () => {
  it('comes after three weak seconds in a row', () => {
    const line = createWeakLine();
    hear(line, 'poor', 2);
    hear(line, 'good', 1);
    hear(line, 'bad', 2);
    expect(line.advise).to.equal(false);
    hear(line, 'poor', 1);
    expect(line.advise).to.equal(true);
  });

  it('stays while the line comes and goes, and ends after ten good seconds', () => {
    const line = createWeakLine();
    hear(line, 'bad', 3);
    for (let round = 0; round < 5; round++) {
      hear(line, 'medium', 9);
      hear(line, 'poor', 1);
      expect(line.advise).to.equal(true);
    }
    hear(line, 'good', 10);
    expect(line.advise).to.equal(false);
  });

  it('is given once in a call', () => {
    const line = createWeakLine();
    hear(line, 'bad', 3);
    hear(line, 'good', 10);
    hear(line, 'bad', 100);
    expect(line.advise).to.equal(false);
  });

  it('is gone for good once it was dismissed', () => {
    const line = createWeakLine();
    hear(line, 'bad', 3);
    line.dismiss();
    expect(line.advise).to.equal(false);
    hear(line, 'bad', 100);
    expect(line.advise).to.equal(false);
  });
});
