import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { digestPassword, parseDigestUsername, verifyPass } from '../../src/gate/index.js';
import {
  createHarness,
  DIGEST_SECRET,
  good,
  JWT_SECRET,
  passOf,
  post,
  TURN_SECRET,
} from './support.js';

const key = new TextEncoder().encode(JWT_SECRET);
const NOW = 1_800_000_000;
const now = () => NOW * 1000;
const CLAIMS = {
  sub: 'sales',
  jti: '0123456789abcdef0123456789abcdef',
  iat: NOW - 10,
  exp: NOW + 50,
  name: 'Zoë 李',
};

/** A JWT by jose, not by our own code. */
function sign(claims: Record<string, unknown>, alg = 'HS256', secret = key): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' }).sign(secret);
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs whatever stands there, as somebody could who has the key. */
function forge(header: unknown, claims: unknown, secret = JWT_SECRET): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

async function verdict(jwt: string, secret = JWT_SECRET): Promise<string> {
  const result = await verifyPass(jwt, { secret, now });
  return result.ok ? 'ok' : result.reason;
}

describe('a pass', () => {
  it('is an HS256 JWT that another library verifies, with the claims of the grant', async () => {
    const harness = createHarness({ passSeconds: 45 });
    const { clock } = harness;
    const { pass, expiresAt } = await passOf(await post(harness, good({ name: 'Zoë 李' })));
    assert.deepEqual(decodeProtectedHeader(pass), { alg: 'HS256', typ: 'JWT' });
    const { payload } = await jwtVerify(pass, key, { currentDate: new Date(clock.ms) });
    const { jti, ...claims } = payload;
    const issuedAt = Math.floor(clock.ms / 1000);
    assert.match(String(jti), /^[0-9a-f]{32}$/);
    assert.deepEqual(claims, {
      sub: 'sales',
      iat: issuedAt,
      exp: issuedAt + 45,
      name: 'Zoë 李',
    });
    assert.equal(expiresAt, issuedAt + 45);
  });

  it('lives 60 seconds by default and never has the same jti', async () => {
    const harness = createHarness();
    const first = await passOf(await post(harness, good()));
    const second = await passOf(await post(harness, good()));
    assert.equal(first.expiresAt, Math.floor(harness.clock.ms / 1000) + 60);
    assert.notEqual(
      parseDigestUsername(first.username)?.jti,
      parseDigestUsername(second.username)?.jti,
    );
  });

  it('has digest credentials as Kamailio computes them, for the same grant', async () => {
    const harness = createHarness();
    const { pass, username, password } = await passOf(await post(harness, good()));
    const { payload } = await jwtVerify(pass, key);
    assert.equal(username, `${payload.exp}:${payload.jti}.sales`);
    assert.equal(password, createHmac('sha256', DIGEST_SECRET).update(username).digest('base64'));
    assert.equal(password, await digestPassword(username, DIGEST_SECRET));
  });

  it('brings TURN credentials as coturn computes them, and only where TURN is configured', async () => {
    const urls = ['turn:turn.example:3478?transport=udp', 'turns:turn.example:5349'];
    const stun = { urls: 'stun:stun.example' };
    const turn = { urls, secret: TURN_SECRET, seconds: 600 };
    const harness = createHarness({ turn, iceServers: [stun] });
    const { iceServers, username } = await passOf(await post(harness, good()));
    const jti = parseDigestUsername(username)?.jti;
    const turnName = `${Math.floor(harness.clock.ms / 1000) + 600}:${jti}`;
    const credential = createHmac('sha1', TURN_SECRET).update(turnName).digest('base64');
    assert.deepEqual(iceServers, [stun, { urls, username: turnName, credential }]);
    const plain = await passOf(await post(createHarness(), good()));
    assert.ok(!('iceServers' in plain));
  });

  it('names server and domain where the gate knows better than the page', async () => {
    const harness = createHarness({ server: 'wss://sip.example', domain: 'pbx.example' });
    const { server, domain } = await passOf(await post(harness, good()));
    assert.deepEqual([server, domain], ['wss://sip.example', 'pbx.example']);
    const plain = await passOf(await post(createHarness(), good()));
    assert.ok(!('server' in plain) && !('domain' in plain));
  });
});

describe('verifyPass', () => {
  it('accepts what the gate and what another library signs', async () => {
    const harness = createHarness();
    const { pass, expiresAt, username } = await passOf(await post(harness, good()));
    assert.deepEqual(await verifyPass(pass, { secret: JWT_SECRET, now: () => harness.clock.ms }), {
      ok: true,
      alias: 'sales',
      jti: parseDigestUsername(username)?.jti,
      expiresAt,
      name: 'Ada Lovelace',
    });
    assert.deepEqual(await verifyPass(await sign(CLAIMS), { secret: JWT_SECRET, now }), {
      ok: true,
      alias: 'sales',
      jti: CLAIMS.jti,
      expiresAt: CLAIMS.exp,
      name: CLAIMS.name,
    });
  });

  it('refuses every other key and every other algorithm as forged', async () => {
    const jwt = await sign(CLAIMS);
    const [header = '', body = ''] = jwt.split('.');
    assert.equal(await verdict(jwt, DIGEST_SECRET), 'forged');
    assert.equal(await verdict(jwt, `${JWT_SECRET} `), 'forged');
    assert.equal(await verdict(`${header}.${body}.`), 'forged');
    for (const alg of ['none', 'None', 'NONE', 'hs256', 'HS512', 'RS256', '', null]) {
      assert.equal(await verdict(forge({ alg }, CLAIMS)), 'forged', String(alg));
      assert.equal(await verdict(`${encode({ alg })}.${body}.`), 'forged', String(alg));
    }
    assert.equal(await verdict(await sign(CLAIMS, 'HS384', new Uint8Array(48))), 'forged');
    assert.equal(await verdict(await sign(CLAIMS, 'HS512', new Uint8Array(64))), 'forged');
    // RFC 7515 section 4.1.11: what is critical and not understood must be refused
    assert.equal(await verdict(forge({ alg: 'HS256', crit: ['exp'] }, CLAIMS)), 'forged');
  });

  it('refuses changed claims as forged', async () => {
    const [header = '', , signature = ''] = (await sign(CLAIMS)).split('.');
    for (const change of [
      { sub: 'support' },
      { exp: CLAIMS.exp + 30 },
      { name: 'Bob' },
      { jti: CLAIMS.jti.replace('0', '1') },
    ]) {
      const body = encode({ ...CLAIMS, ...change });
      assert.equal(await verdict(`${header}.${body}.${signature}`), 'forged');
    }
  });

  it('refuses every change of a single character', async () => {
    const jwt = await sign(CLAIMS);
    for (let index = 0; index < jwt.length; index++) {
      for (const char of ['A', 'b', '_', '.', ' ', '=']) {
        if (jwt[index] === char) continue;
        const changed = jwt.slice(0, index) + char + jwt.slice(index + 1);
        assert.notEqual(await verdict(changed), 'ok', `${char} at ${index}`);
      }
    }
  });

  it('refuses a signature spelled in another way', async () => {
    const jwt = await sign(CLAIMS);
    // the last character holds four bits of the MAC and two of nothing
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(jwt.at(-1)!);
    assert.equal(last % 4, 0);
    for (const twin of [1, 2, 3]) {
      const changed = jwt.slice(0, -1) + alphabet.charAt(last + twin);
      const [, , signature = ''] = changed.split('.');
      const [, , original = ''] = jwt.split('.');
      assert.deepEqual(Buffer.from(signature, 'base64url'), Buffer.from(original, 'base64url'));
      assert.equal(await verdict(changed), 'malformed');
    }
  });

  it('refuses white space, padding and anything before or after', async () => {
    const jwt = await sign(CLAIMS);
    for (const changed of [
      ` ${jwt}`,
      `${jwt} `,
      `${jwt}\r\n`,
      `${jwt}=`,
      `${jwt}.`,
      `.${jwt}`,
      `${jwt}.${jwt}`,
      `Bearer ${jwt}`,
      jwt.replace('.', ' .'),
      jwt.replaceAll('.', '. '),
      jwt.replaceAll('-', '+').replaceAll('_', '/') + '=',
    ]) {
      assert.equal(await verdict(changed), 'malformed', JSON.stringify(changed));
    }
  });

  it('calls it malformed where there is no JWT at all', async () => {
    const long = `${encode({ alg: 'HS256' })}.${'A'.repeat(4000)}.AAAA`;
    for (const text of ['', '.', '..', 'a.b', 'a.b.c', '....', '💣.💣.💣', '\0', long]) {
      assert.equal(await verdict(text), 'malformed', text.slice(0, 20));
    }
    for (const header of [null, 1, 'x']) {
      assert.equal(await verdict(forge(header, CLAIMS)), 'malformed');
    }
    assert.equal(await verdict(forge([], CLAIMS)), 'forged');
  });

  it('refuses claims that no gate makes, even when they are signed', async () => {
    const wrong: Record<string, readonly unknown[]> = {
      sub: [undefined, '', 'Sales', 'sip:+1900@x', 7, null],
      jti: [undefined, '', 'short', 'x'.repeat(65), 'has.a.dot.in.it.here', 5],
      exp: [undefined, String(CLAIMS.exp), NaN, 1e300, CLAIMS.exp + 0.5, CLAIMS.iat + 91],
      iat: [undefined, null, 'now'],
      name: [undefined, 1, null],
    };
    for (const [claim, values] of Object.entries(wrong)) {
      for (const value of values) {
        const jwt = forge({ alg: 'HS256' }, { ...CLAIMS, [claim]: value });
        assert.equal(await verdict(jwt), 'malformed', `${claim}: ${String(value)}`);
      }
    }
    for (const claims of [null, 1, 'x', []]) {
      assert.equal(await verdict(forge({ alg: 'HS256' }, claims)), 'malformed');
    }
  });

  it('refuses it from the second on in which it expires', async () => {
    const jwt = await sign(CLAIMS);
    const at = async (ms: number) => {
      const result = await verifyPass(jwt, { secret: JWT_SECRET, now: () => ms });
      return result.ok ? 'ok' : result.reason;
    };
    assert.equal(await at(CLAIMS.exp * 1000 - 1), 'ok');
    assert.equal(await at(CLAIMS.exp * 1000), 'expired');
    assert.equal(await at(CLAIMS.exp * 1000 + 86_400_000), 'expired');
  });
});

describe('parseDigestUsername', () => {
  it('reads what the gate writes', () => {
    assert.deepEqual(parseDigestUsername('1800000000:0123456789abcdef.my-sales_2'), {
      expiresAt: 1_800_000_000,
      jti: '0123456789abcdef',
      alias: 'my-sales_2',
    });
  });

  it('reads nothing else', () => {
    for (const username of [
      '',
      'alice',
      '1800000000',
      '1800000000:0123456789abcdef',
      '1800000000:0123456789abcdef.',
      '1800000000:0123456789abcdef.Sales',
      '1800000000:0123456789abcdef.sales.more',
      '1800000000:short.sales',
      ':0123456789abcdef.sales',
      '-1:0123456789abcdef.sales',
      '1e9:0123456789abcdef.sales',
      ' 1800000000:0123456789abcdef.sales',
      '1800000000:0123456789abcdef.sales\n',
      '1800000000:1:0123456789abcdef.sales',
    ]) {
      assert.equal(parseDigestUsername(username), null, JSON.stringify(username));
    }
  });
});
