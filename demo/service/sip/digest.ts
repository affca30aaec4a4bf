import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Digest access authentication as SIP proxies use it: RFC 3261 section 22, RFC 2617 (MD5, qop=auth). */

export interface Credentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly cnonce: string;
  readonly nc: string;
}

const NONCE_LIFE_MS = 60_000;
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Null unless everything that `qop=auth` needs is there. */
export function parseCredentials(header: string): Credentials | null {
  const [, list] = /^Digest\s+(.*)$/is.exec(header) ?? [];
  if (list === undefined) return null;
  const values = new Map<string, string>();
  for (const [, name, quoted, token] of list.matchAll(
    /([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi,
  )) {
    values.set(name!.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '');
  }
  if ((values.get('algorithm') ?? 'MD5').toUpperCase() !== 'MD5' || values.get('qop') !== 'auth')
    return null;
  const read = (name: string): string => values.get(name) ?? '';
  const credentials = {
    username: read('username'),
    realm: read('realm'),
    nonce: read('nonce'),
    uri: read('uri'),
    response: read('response').toLowerCase(),
    cnonce: read('cnonce'),
    nc: read('nc'),
  };
  return Object.values(credentials).every((value) => value !== '') ? credentials : null;
}

/** `response` fits method, URI and password. */
export function checkResponse(credentials: Credentials, method: string, password: string): boolean {
  const { username, realm, nonce, uri, nc, cnonce, response } = credentials;
  const wanted = md5(
    [
      md5(`${username}:${realm}:${password}`),
      nonce,
      nc,
      cnonce,
      'auth',
      md5(`${method}:${uri}`),
    ].join(':'),
  );
  return (
    response.length === wanted.length && timingSafeEqual(Buffer.from(response), Buffer.from(wanted))
  );
}

export interface Challenger {
  /** Value of `Proxy-Authenticate`. */
  challenge(stale: boolean): string;
  /** One of ours, and how old. */
  judge(nonce: string): 'fresh' | 'stale' | 'foreign';
}

/** Nonces carry their own time under a MAC, so none has to be remembered; single use is a matter of the pass. */
export function createChallenger(realm: string, secret: string, now: () => number): Challenger {
  const sign = (time: string): string =>
    createHmac('sha256', secret).update(`nonce:${time}`).digest('hex').slice(0, 32);
  return {
    challenge(stale) {
      const time = now().toString(36);
      const nonce = `${time}.${sign(time)}`;
      return `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`;
    },
    judge(nonce) {
      const [time = '', mac = ''] = nonce.split('.');
      const wanted = Buffer.from(sign(time));
      if (mac.length !== wanted.length || !timingSafeEqual(Buffer.from(mac), wanted))
        return 'foreign';
      return now() - Number.parseInt(time, 36) <= NONCE_LIFE_MS ? 'fresh' : 'stale';
    },
  };
}
