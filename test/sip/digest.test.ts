import { expect } from 'chai';
import { createDigest } from '../../src/sip/digest.js';

/** RFC 7616 §3.9.1 */
const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const OPAQUE = 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS';
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const example = (algorithm: string): string =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${NONCE}", opaque="${OPAQUE}"`;

const answer = (...challenges: string[]): Promise<string | null> =>
  createDigest('Mufasa', 'Circle of Life', () => CNONCE)(
    'GET',
    '/dir/index.html',
    challenges,
    false,
  );

describe('digest credentials', () => {
  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const) {
    it(`are those of RFC 7616 for ${algorithm}`, async () => {
      expect(await answer(example(algorithm))).to.equal(
        `Digest algorithm=${algorithm}, username="Mufasa", realm="http-auth@example.org", nonce="${NONCE}", uri="/dir/index.html", response="${response}", opaque="${OPAQUE}", qop=auth, cnonce="${CNONCE}", nc=00000001`,
      );
    });
  }

  it('answer the first challenge of several that can be answered', async () => {
    const [sha512, sha256, md5] = ['SHA-512-256', 'SHA-256', 'MD5'].map(example) as [
      string,
      string,
      string,
    ];
    expect(await answer(sha512, sha256, md5)).to.match(/^Digest algorithm=SHA-256, /);
    expect(await answer('Bearer realm="r"', md5, sha256)).to.match(/^Digest algorithm=MD5, /);
    expect(await answer()).to.equal(null);
  });

  it('say what they are for as it was asked', async () => {
    for (const [challenge, expected] of [
      [
        'Digest realm="atlanta.com", domain="sip:boxesbybob.com", qop="auth", nonce="f84f1cec41e6cbe5", opaque="", stale=FALSE, algorithm=MD5',
        /realm="atlanta\.com", nonce="f84f1cec41e6cbe5", .*, opaque="", qop=auth,/,
      ],
      ['Digest realm="r",nonce="n",qop="auth-int,auth"', /realm="r", nonce="n", .*, qop=auth,/],
      [
        'digest nonce="n", realm="a \\" b", stale=true,algorithm=md5, foo=bar',
        /algorithm=MD5, .*, realm="a \\" b", nonce="n", uri="[^"]*", response="\w{32}"$/,
      ],
      ['Digest realm = "r" , nonce\t=\t"n"', /realm="r", nonce="n"/],
      ['Digest realm="r", nonce="n", qop=auth, algorithm="MD5"', /algorithm=MD5, .*, qop=auth,/],
      [
        'Digest realm="nonce=\\"x\\", qop=auth", nonce="n"',
        /nonce="n", uri="[^"]*", response="\w+"$/,
      ],
    ] as const) {
      expect(await answer(challenge), challenge).to.match(expected);
    }
  });

  it('are not made for what cannot be answered', async () => {
    for (const challenge of [
      '',
      'Digest',
      'Digest ',
      'Digest realm',
      'Digest realm="r"',
      'Digest nonce="n"',
      'Digest realm="", nonce="n"',
      'Digest realm="r", nonce=""',
      'Digest realm="r, nonce=n',
      'Digest realm="r", nonce="n", algorithm=MD5-sess',
      'Digest realm="r", nonce="n", algorithm=constructor',
      'Digest realm="r", nonce="n", qop="auth-int"',
      'Digest realm="r", nonce="n", qop="auth-conf"',
      'Digest realm="r", nonce="n", qop=""',
      'Basic realm="r", nonce="n"',
      'Digestive realm="r", nonce="n"',
      'NoOneKnowsThisScheme opaque-data=here',
    ]) {
      expect(await answer(challenge), challenge).to.equal(null);
    }
  });

  it('count the requests with one nonce', async () => {
    const digest = createDigest('a', 'b');
    const of = async (nonce: string): Promise<string | undefined> =>
      /nc=(\w+)$/.exec(
        (await digest(
          'BYE',
          'sip:a@b',
          [`Digest realm="r", nonce="${nonce}", qop="auth"`],
          false,
        )) ?? '',
      )?.[1];
    expect(await of('n')).to.equal('00000001');
    expect(await of('n')).to.equal('00000002');
    expect(await of('m')).to.equal('00000001');
  });

  it('are made again only where the nonce was too old', async () => {
    const again = (stale: string): Promise<string | null> =>
      createDigest('a', 'b')('BYE', 'sip:a@b', [`Digest realm="r", nonce="n"${stale}`], true);
    expect(await again('')).to.equal(null);
    expect(await again(', stale=false')).to.equal(null);
    expect(await again(', stale=TRUE')).to.match(/^Digest /);
  });
});
