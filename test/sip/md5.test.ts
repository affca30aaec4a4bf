import { expect } from 'chai';
import { md5 } from '../../src/sip/md5.js';
import { md5 as otherMd5 } from '../support/md5.js';
import { createRandom } from '../support/mutate.js';

describe('the small MD5', () => {
  it('knows the examples of RFC 1321', () => {
    for (const [text, hash] of [
      ['', 'd41d8cd98f00b204e9800998ecf8427e'],
      ['a', '0cc175b9c0f1b6a831c399e269772661'],
      ['abc', '900150983cd24fb0d6963f7d28e17f72'],
      ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
      ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
      ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
    ] as const) {
      expect(md5(text), text).to.equal(hash);
    }
  });

  it('agrees with another implementation for each length around the block size, in UTF-8', () => {
    const random = createRandom(1);
    for (let length = 0; length < 200; length++) {
      const text = Array.from({ length }, () => String.fromCharCode(random(0x500))).join('');
      expect(md5(text), text).to.equal(otherMd5(text));
    }
  });
});
