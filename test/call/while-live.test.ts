import { expect } from 'chai';
import { whileLive } from '../../src/call/while-live.js';

describe('reports of a port', () => {
  it('come with what they say for as long as they matter, and to nothing then', () => {
    let live = true;
    const said: unknown[] = [];
    const reports = whileLive<{ onA(value: number): void; onB?(a: string, b: boolean): void }>(
      () => live,
      { onA: (value) => said.push(value), onB: (...values) => said.push(values) },
    );
    reports.onA(1);
    reports.onB!('b', true);
    live = false;
    reports.onA(2);
    expect(said).to.deep.equal([1, ['b', true]]);
  });
});
