import { expect } from 'chai';
import { onNetworkChange } from '../../src/shared/network.js';

/** A connection of the Network Information API, which Chromium has on mobile devices alone in full. */
class FakeConnection extends EventTarget {
  type = 'wifi';

  become(type: string): void {
    this.type = type;
    this.dispatchEvent(new Event('change'));
  }
}

describe('onNetworkChange', () => {
  let connection: FakeConnection;
  let calls = 0;
  let leave = (): void => {};

  beforeEach(() => {
    connection = new FakeConnection();
    Object.defineProperty(navigator, 'connection', { value: connection, configurable: true });
    calls = 0;
    leave = onNetworkChange(() => calls++);
  });
  afterEach(() => {
    leave();
    Reflect.deleteProperty(navigator, 'connection');
  });

  it('calls back when the browser is online again, until it is left', () => {
    dispatchEvent(new Event('online'));
    expect(calls).to.equal(1);
    leave();
    dispatchEvent(new Event('online'));
    connection.become('cellular');
    expect(calls).to.equal(1);
  });

  it('calls back for another kind of network, not for none, nor for another speed', () => {
    connection.become('wifi');
    connection.become('cellular');
    expect(calls).to.equal(1);
    connection.become('none');
    expect(calls).to.equal(1);
    connection.become('cellular');
    expect(calls).to.equal(2);
  });

  it('does without that API', () => {
    leave();
    Object.defineProperty(navigator, 'connection', { value: undefined, configurable: true });
    leave = onNetworkChange(() => calls++);
    dispatchEvent(new Event('online'));
    expect(calls).to.equal(1);
  });
});
