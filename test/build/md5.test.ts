import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { md5 } from '../../src/sip/md5.js';
import { createRandom } from '../support/mutate.js';

describe('the small MD5', () => {
  it('agrees with that of Node', () => {
    const random = createRandom(2);
    for (let length = 0; length < 1_000; length++) {
      const text = Array.from({ length }, () => String.fromCharCode(random(0xd800))).join('');
      assert.equal(md5(text), createHash('md5').update(text).digest('hex'));
    }
  });
});
