import { expect } from 'chai';
import { forget, recall, remember } from '../../src/panel/extras/remembered.js';
import { takeTurnsWithStorage } from '../support/storage-turns.js';

const KEY = 'call-button.devices';
const devices = new Map([
  ['audioinput', 'microphone-2'],
  ['audiooutput', 'speaker-3'],
] as const);

describe('the devices that are remembered', () => {
  takeTurnsWithStorage();
  const { setItem, getItem, removeItem } = Storage.prototype;
  afterEach(() => {
    Object.assign(Storage.prototype, { setItem, getItem, removeItem });
    localStorage.clear();
  });

  it('are kept under one key, and gone with it', () => {
    expect(recall()).to.equal(null);
    remember({ devices, volume: null });
    expect(Object.keys(localStorage)).to.deep.equal([KEY]);
    expect(recall()).to.deep.equal({ devices, volume: null });
    remember({ devices, volume: 0.5 });
    expect(recall()).to.deep.equal({ devices, volume: 0.5 });
    forget();
    expect(localStorage.length).to.equal(0);
  });

  for (const [what, text] of [
    ['no JSON', '{'],
    ['null', 'null'],
    ['other types and kinds', '{"audioinput":7,"videoinput":{},"audiooutput":"","door":"x"}'],
    ['ids longer than any', JSON.stringify({ audioinput: 'x'.repeat(257) })],
  ] as const) {
    it(`are none where somebody else wrote ${what}`, () => {
      localStorage.setItem(KEY, text);
      expect([...(recall()?.devices ?? [])]).to.deep.equal([]);
    });
  }

  it('come with a volume that can be heard, or with none', () => {
    remember({ devices, volume: 0 });
    expect(recall()!.volume).to.equal(0.1);
    for (const volume of [0, 1.5, -1, '0.5', null]) {
      localStorage.setItem(KEY, JSON.stringify({ volume }));
      expect(recall()!.volume, String(volume)).to.equal(null);
    }
  });

  it('do no harm where storage is blocked or full', () => {
    const refuse = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    Object.assign(Storage.prototype, { setItem: refuse, getItem: refuse, removeItem: refuse });
    remember({ devices, volume: 1 });
    expect(recall()).to.equal(null);
    forget();
  });
});
