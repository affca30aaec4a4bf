import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Service } from '../../demo/service/server.js';
import type { PassResponse } from '../../src/shared/pass.js';
import {
  connectSip,
  createDialog,
  createJti,
  headerOf,
  request,
  SECRETS,
  signPass,
  type Dialog,
  type SipClient,
} from './sip-client.js';
import { event, start } from './start.js';

const SDP = 'v=0\r\ns=-\r\n';
const GUARDED = { requirePass: true };

/** Final response to an INVITE; `silent` rings where it is let in. */
async function dial(
  client: SipClient,
  dialog: Dialog,
  headers: readonly string[],
): Promise<string> {
  client.send(request('INVITE', dialog, { body: SDP, headers }));
  return client.next(/^SIP\/2\.0 (?:180|[2-6])/);
}

async function dialOnce(
  service: Service,
  alias: string,
  headers: readonly string[],
): Promise<string> {
  return dial(await connectSip(service), createDialog(alias), headers);
}

const statusOf = (response: string): string => response.split('\r\n')[0]!.slice('SIP/2.0 '.length);
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

interface DigestParts {
  alias?: string;
  seconds?: number;
  jti?: string;
  secret?: string;
  uri?: string;
  nonce?: string;
  response?: string;
}

/** Credentials as a browser with the gate's answer would compute them. */
function authorize(challenge: string, parts: DigestParts = {}): string {
  const { alias = 'silent', seconds = 60, jti = createJti(), secret = SECRETS.digest } = parts;
  const realm = /realm="([^"]*)"/.exec(challenge)![1]!;
  const nonce = parts.nonce ?? /nonce="([^"]*)"/.exec(challenge)![1]!;
  const uri = parts.uri ?? 'sip:silent@127.0.0.1';
  const username = `${Math.floor(Date.now() / 1000) + seconds}:${jti}.${alias}`;
  const password = createHmac('sha256', secret).update(username).digest('base64');
  const ha1 = md5(`${username}:${realm}:${password}`);
  const response =
    parts.response ?? md5([ha1, nonce, '00000001', 'abc', 'auth', md5(`INVITE:${uri}`)].join(':'));
  return (
    `Proxy-Authorization: Digest algorithm=MD5, username="${username}", realm="${realm}", nonce="${nonce}", ` +
    `uri="${uri}", response="${response}", qop=auth, cnonce="abc", nc=00000001`
  );
}

describe('call pass as a JWT', () => {
  it('is demanded: without one the INVITE is challenged', async (t) => {
    const response = await dialOnce(await start(t, GUARDED), 'silent', []);
    assert.equal(statusOf(response), '407 Proxy Authentication Required');
    assert.match(
      headerOf(response, 'Proxy-Authenticate') ?? '',
      /^Digest realm="call-button", nonce="[^"]+", algorithm=MD5, qop="auth"$/,
    );
  });

  it('lets its call in, under the name that the gate signed', async (t) => {
    const service = await start(t, GUARDED);
    const admitted = event(service, 'admitted');
    const response = await dialOnce(service, 'silent', [
      `X-Call-Pass: ${signPass({ alias: 'silent' })}`,
    ]);
    assert.equal(statusOf(response), '180 Ringing');
    const { by, name } = await admitted;
    assert.deepEqual({ by, name }, { by: 'pass', name: 'Ada' });
    assert.equal(service.calls()[0]?.callerName, 'Ada');
  });

  for (const [what, pass, reason] of [
    ['expired', signPass({ alias: 'silent', seconds: -1 }), '403 Pass Expired'],
    [
      'forged',
      signPass({ alias: 'silent', secret: 'another-secret-0123456789abcdefghij' }),
      '403 Pass Invalid',
    ],
    ['of another alias', signPass({ alias: 'echo' }), '403 Pass For Another Service'],
    ['unreadable', 'not.a.pass', '403 Pass Invalid'],
    ['empty', '', '403 Pass Invalid'],
    [
      'unsigned',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${signPass({ alias: 'silent' }).split('.')[1]!}.`,
      '403 Pass Invalid',
    ],
  ] as const) {
    it(`is refused when ${what}`, async (t) => {
      const response = await dialOnce(await start(t, GUARDED), 'silent', [`X-Call-Pass: ${pass}`]);
      assert.equal(statusOf(response), reason);
      assert.match(headerOf(response, 'Warning') ?? '', /^399 call-button "the call pass /);
    });
  }

  it('lets the same call try again, and no other', async (t) => {
    const service = await start(t, GUARDED);
    const client = await connectSip(service);
    const headers = [`X-Call-Pass: ${signPass({ alias: 'busy' })}`];
    const dialog = createDialog('busy');
    assert.match(await dial(client, dialog, headers), / 486 /);
    // as after the failover to a second server
    assert.match(await dial(client, { ...dialog }, headers), / 486 /);
    assert.equal(
      statusOf(await dial(client, createDialog('busy'), headers)),
      '403 Pass Already Used',
    );
  });

  it('reaches no alias that does not exist', async (t) => {
    const response = await dialOnce(await start(t, GUARDED), 'nobody', [
      `X-Call-Pass: ${signPass({ alias: 'nobody' })}`,
    ]);
    assert.match(statusOf(response), /^404 /);
  });
});

describe('call pass as digest credentials', () => {
  async function challenged(
    service: Service,
  ): Promise<{ client: SipClient; dialog: Dialog; challenge: string }> {
    const client = await connectSip(service);
    const dialog = createDialog('silent');
    const response = await dial(client, dialog, []);
    return { client, dialog, challenge: headerOf(response, 'Proxy-Authenticate')! };
  }

  it('answer the challenge of their call', async (t) => {
    const service = await start(t, GUARDED);
    const { client, dialog, challenge } = await challenged(service);
    const admitted = event(service, 'admitted');
    assert.equal(statusOf(await dial(client, dialog, [authorize(challenge)])), '180 Ringing');
    assert.equal((await admitted).by, 'digest');
  });

  for (const [what, parts, reason] of [
    ['a wrong response', { response: 'f'.repeat(32) }, '403 Bad Credentials'],
    ['another secret', { secret: 'another' }, '403 Bad Credentials'],
    ['another URI', { uri: 'sip:echo@127.0.0.1' }, '403 Bad Credentials'],
    ['an expired user name', { seconds: -1 }, '403 Pass Expired'],
    ['another alias', { alias: 'echo' }, '403 Pass For Another Service'],
    ['a user name of another make', { jti: 'short' }, '403 Bad Credentials'],
    [
      'a nonce of somebody else',
      { nonce: 'abc.0123456789abcdef0123456789abcdef' },
      '407 Proxy Authentication Required',
    ],
  ] as const) {
    it(`are refused with ${what}`, async (t) => {
      const { client, dialog, challenge } = await challenged(await start(t, GUARDED));
      assert.equal(statusOf(await dial(client, dialog, [authorize(challenge, parts)])), reason);
    });
  }

  it('are challenged again where they cannot be read', async (t) => {
    const { client, dialog } = await challenged(await start(t, GUARDED));
    for (const header of [
      'Digest username="x"',
      'Basic abc',
      'Digest realm="call-button", algorithm=SHA-256',
    ]) {
      assert.match(await dial(client, dialog, [`Proxy-Authorization: ${header}`]), / 407 /);
    }
  });

  it('are the same grant as the JWT: whichever is used first binds the other', async (t) => {
    const service = await start(t, GUARDED);
    const jti = createJti();
    const { client, dialog, challenge } = await challenged(service);
    assert.match(await dial(client, dialog, [authorize(challenge, { jti })]), / 180 /);
    const second = await dial(client, createDialog('silent'), [
      `X-Call-Pass: ${signPass({ alias: 'silent', jti })}`,
    ]);
    assert.equal(statusOf(second), '403 Pass Already Used');
  });
});

describe('pass of the built-in gate', () => {
  it('is issued to the own page and opens its alias, once', async (t) => {
    const service = await start(t, { ...GUARDED, captcha: { provider: 'none' } });
    const ask = (origin: string): Promise<Response> =>
      fetch(`${service.gateUrl}/pass`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: origin },
        body: JSON.stringify({ target: 'silent', provider: 'none', name: 'Ada' }),
      });
    assert.equal((await ask('http://evil.example')).status, 403);
    const response = await ask(service.url.slice(0, -1));
    assert.equal(response.status, 200);
    const { pass } = (await response.json()) as PassResponse;
    const headers = [`X-Call-Pass: ${pass}`];
    assert.equal(statusOf(await dialOnce(service, 'silent', headers)), '180 Ringing');
    assert.equal(statusOf(await dialOnce(service, 'silent', headers)), '403 Pass Already Used');
  });

  it('costs a CAPTCHA where one is configured', async (t) => {
    const service = await start(t, GUARDED);
    const origin = service.url.slice(0, -1);
    const response = await fetch(`${service.gateUrl}/pass`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin },
      body: JSON.stringify({ target: 'silent', provider: 'none', name: 'Ada' }),
    });
    assert.equal(response.status, 403);
    assert.match(((await response.json()) as { type: string }).type, /captcha-required$/);
  });
});
