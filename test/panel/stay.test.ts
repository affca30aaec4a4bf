import { expect } from 'chai';
import { createStay, type Stay } from '../../src/panel/stay.js';
import { until } from '../support/until.js';

/** Whether the browser would ask before the page is left. */
const asks = (): boolean => !dispatchEvent(new Event('beforeunload', { cancelable: true }));

describe('a page in a call', () => {
  let stay: Stay;
  let log: string[];
  let answer: () => Promise<void>;
  const visible = (state: DocumentVisibilityState): void => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const locks = (wakeLock: unknown): void => {
    Object.defineProperty(navigator, 'wakeLock', { value: wakeLock, configurable: true });
  };

  beforeEach(() => {
    log = [];
    answer = () => Promise.resolve();
    locks({
      async request(type: string) {
        log.push(`request ${type}`);
        await answer();
        return {
          release() {
            log.push('release');
            return Promise.resolve();
          },
        };
      },
    });
    // that of a test runner may be in the background
    visible('visible');
    stay = createStay();
  });
  afterEach(async () => {
    stay.set(false);
    // a lock that is still to come belongs to this test
    await new Promise((resolve) => setTimeout(resolve));
    Reflect.deleteProperty(document, 'visibilityState');
    Reflect.deleteProperty(navigator, 'wakeLock');
  });

  it('asks before it is left, and only then', () => {
    expect(asks()).to.equal(false);
    stay.set(true);
    expect(asks()).to.equal(true);
    stay.set(true);
    stay.set(false);
    expect(asks()).to.equal(false);
  });

  it('keeps the screen on until the end', async () => {
    stay.set(true);
    await until(() => log.length === 1);
    await Promise.resolve();
    stay.set(false);
    expect(log).to.deep.equal(['request screen', 'release']);
  });

  it('keeps it on again when it comes back into sight', async () => {
    stay.set(true);
    visible('hidden');
    expect(log).to.deep.equal(['request screen']);
    visible('visible');
    expect(log.filter((line) => line.startsWith('request'))).to.have.length(2);
    stay.set(false);
    visible('visible');
    expect(log.filter((line) => line.startsWith('request'))).to.have.length(2);
    await until(() => log.filter((line) => line === 'release').length === 2);
  });

  it('lets go of what is granted after the end', async () => {
    let grant = (): void => {};
    answer = () => new Promise((resolve) => (grant = resolve));
    stay.set(true);
    stay.set(false);
    grant();
    await until(() => log.includes('release'));
  });

  it('goes on where the browser refuses, or has no such thing', async () => {
    answer = () => Promise.reject(new DOMException('low battery', 'NotAllowedError'));
    stay.set(true);
    await until(() => log.length === 1);
    stay.set(false);
    locks(undefined);
    stay.set(true);
    expect(asks()).to.equal(true);
  });
});
