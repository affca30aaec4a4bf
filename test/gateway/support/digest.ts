/** A caller with digest credentials in place of a header with the pass. */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { digestUsername } from '../../../src/gate/pass.js';
import {
  createDialog,
  createJti,
  finalOf,
  headerOf,
  invite,
  type Answer,
  type Client,
} from './client.js';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** As the gate makes them, with any key: `node:crypto` takes an empty one too. */
export function credentialsFor(alias: string, key: string): Credentials {
  const username = digestUsername({
    expiresAt: Math.floor(Date.now() / 1000) + 60,
    jti: createJti(),
    alias,
  });
  return { username, password: createHmac('sha256', key).update(username).digest('base64') };
}

/** Calls `talk`; is challenged, and answers that. */
export async function callWithDigest(
  client: Client,
  { username, password }: Credentials,
  dialog = createDialog('talk'),
): Promise<Answer> {
  client.send(invite(dialog, { pass: null }));
  const challenge = await finalOf(client, dialog);
  assert.equal(challenge.status, 407);
  dialog.toTag = null;
  const header = headerOf(challenge.message, 'Proxy-Authenticate')!;
  const nonce = /nonce="([^"]+)"/.exec(header)![1]!;
  const realm = /realm="([^"]+)"/.exec(header)![1]!;
  const uri = 'sip:talk@127.0.0.1';
  const response = md5(
    [
      ...[md5(`${username}:${realm}:${password}`), nonce, '00000001', 'c', 'auth'],
      md5(`INVITE:${uri}`),
    ].join(':'),
  );
  client.send(
    invite(dialog, {
      pass: null,
      headers: [
        `Proxy-Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c"`,
      ],
    }),
  );
  return finalOf(client, dialog);
}
