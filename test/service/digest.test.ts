import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkResponse,
  createChallenger,
  parseCredentials,
} from '../../demo/service/sip/digest.js';

// the example of RFC 2617 section 3.5
const EXAMPLE =
  'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
  'uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", ' +
  'response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"';

describe('digest credentials', () => {
  it('of RFC 2617 are right, and wrong in every other part', () => {
    const credentials = parseCredentials(EXAMPLE)!;
    assert.ok(checkResponse(credentials, 'GET', 'Circle Of Life'));
    assert.ok(!checkResponse(credentials, 'GET', 'circle of life'));
    assert.ok(!checkResponse(credentials, 'POST', 'Circle Of Life'));
    for (const name of ['username', 'realm', 'nonce', 'uri', 'nc', 'cnonce'] as const) {
      assert.ok(!checkResponse({ ...credentials, [name]: 'other' }, 'GET', 'Circle Of Life'), name);
    }
    for (const response of ['', 'ä'.repeat(16), credentials.response.slice(1)]) {
      assert.ok(!checkResponse({ ...credentials, response }, 'GET', 'Circle Of Life'));
    }
  });

  it('are read with quoted pairs, and in any order and case', () => {
    const text = EXAMPLE.replace('Digest ', 'DIGEST  ')
      .replace('"Mufasa"', '"Mu\\"fa\\\\sa"')
      .replace('qop=', 'QOP = ');
    assert.equal(parseCredentials(text)?.username, 'Mu"fa\\sa');
  });

  for (const [what, text] of [
    ['another scheme', EXAMPLE.replace('Digest', 'Basic')],
    ['another algorithm', `${EXAMPLE}, algorithm=SHA-256`],
    ['no quality of protection', EXAMPLE.replace('qop=auth, ', '')],
    ['auth-int', EXAMPLE.replace('qop=auth,', 'qop=auth-int,')],
    ['no response', EXAMPLE.replace(/response="\w+", /, '')],
    ['an empty user name', EXAMPLE.replace('Mufasa', '')],
    ['nothing', ''],
  ] as const) {
    it(`are no credentials with ${what}`, () => assert.equal(parseCredentials(text), null));
  }
});

describe('nonce', () => {
  const nonceOf = (challenge: string): string => /nonce="([^"]+)"/.exec(challenge)![1]!;

  it('is good for a minute, then stale', () => {
    let now = 1_800_000_000_000;
    const challenger = createChallenger('realm', 'secret', () => now);
    const nonce = nonceOf(challenger.challenge(false));
    assert.equal(challenger.judge(nonce), 'fresh');
    now += 60_000;
    assert.equal(challenger.judge(nonce), 'fresh');
    now += 1;
    assert.equal(challenger.judge(nonce), 'stale');
    assert.match(challenger.challenge(true), /, stale=true$/);
  });

  it('of another secret, or with another time, is foreign', () => {
    const challenger = createChallenger('realm', 'secret', Date.now);
    const nonce = nonceOf(challenger.challenge(false));
    const other = nonceOf(createChallenger('realm', 'other', Date.now).challenge(false));
    for (const text of [other, nonce.replace(/^./, 'z'), nonce.slice(0, -1), '', '.', 'a.b']) {
      assert.equal(challenger.judge(text), 'foreign', text);
    }
  });
});
