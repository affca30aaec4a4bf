import { expect } from 'chai';
import { lazily } from '../../src/panel/lazily.js';
import { rejection } from '../support/rejection.js';

describe('what is loaded lazily', () => {
  it('is loaded by the first who asks, once for all', async () => {
    let loads = 0;
    const load = lazily(() => Promise.resolve((loads += 1)));
    expect(loads).to.equal(0);
    expect(await Promise.all([load(), load()])).to.deep.equal([1, 1]);
    expect(await load()).to.equal(1);
  });

  it('is asked for again after a failure', async () => {
    let loads = 0;
    const load = lazily(() => {
      loads += 1;
      return loads === 1 ? Promise.reject(new TypeError('no network')) : Promise.resolve(loads);
    });
    const [first, second] = [load(), load()];
    expect(await rejection(first)).to.be.instanceOf(TypeError);
    expect(await rejection(second)).to.be.instanceOf(TypeError);
    expect(loads).to.equal(1);
    expect(await load()).to.equal(2);
  });
});
