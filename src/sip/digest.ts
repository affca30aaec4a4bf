/**
 * Credentials for digest challenges: RFC 7616 but for `auth-int`, and RFC 8760. Loaded at the first challenge; takes and
 * gives nothing but text, because names are shortened chunk by chunk (`test/support/sip-diet/names.ts`).
 */
import { hex, md5 } from './md5.js';

/**
 * What `Authorization` has to say to the first challenge that can be answered (RFC 8760 §2.4); `null`: there is none.
 * `again`: it has been answered, and is answered again only if the nonce alone was refused.
 */
export type Digest = (
  method: string,
  uri: string,
  challenges: readonly string[],
  again: boolean,
) => Promise<string | null>;

type Hash = (text: string) => string | Promise<string>;

async function sha256(text: string): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

const HASHES = new Map<string, Hash>([
  ['MD5', md5],
  ['SHA-256', sha256],
]);

/** Parameters by lower-case name, quoted ones as they stand between the quotes; of any scheme but Digest none. */
function readChallenge(challenge: string): ReadonlyMap<string, string> {
  const [, parameters = ''] = /^Digest[ \t]+(.*)$/i.exec(challenge) ?? [];
  const found = parameters.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"\\]+))/g);
  return new Map(
    [...found].map(([, name = '', quoted, bare = '']) => [name.toLowerCase(), quoted ?? bare]),
  );
}

export function createDigest(
  username: string,
  password: string,
  createCnonce = (): string => crypto.randomUUID(),
): Digest {
  let last = '';
  let count = 0;

  async function answer(
    method: string,
    uri: string,
    challenge: string,
    again: boolean,
  ): Promise<string | null> {
    const parameters = readChallenge(challenge);
    const algorithm = (parameters.get('algorithm') ?? 'MD5').toUpperCase();
    const hash = HASHES.get(algorithm);
    const realm = parameters.get('realm');
    const nonce = parameters.get('nonce');
    const opaque = parameters.get('opaque');
    const qop = parameters.get('qop');
    if (hash === undefined || !realm || !nonce) return null;
    if (qop !== undefined && !/(?:^|[\s,])auth(?:[\s,]|$)/i.test(qop)) return null;
    if (again && parameters.get('stale')?.toLowerCase() !== 'true') return null;

    count = nonce === last ? count + 1 : 1;
    last = nonce;
    const nc = count.toString(16).padStart(8, '0');
    const cnonce = createCnonce();
    const secret = await hash(`${username}:${realm}:${password}`);
    const what = await hash(`${method}:${uri}`);
    const once = qop === undefined ? nonce : `${nonce}:${nc}:${cnonce}:auth`;
    return [
      `Digest algorithm=${algorithm}`,
      `username="${username}"`,
      `realm="${realm}"`,
      `nonce="${nonce}"`,
      `uri="${uri}"`,
      `response="${await hash(`${secret}:${once}:${what}`)}"`,
      ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
      ...(qop === undefined ? [] : ['qop=auth', `cnonce="${cnonce}"`, `nc=${nc}`]),
    ].join(', ');
  }

  return async (method, uri, challenges, again) => {
    for (const challenge of challenges) {
      const credentials = await answer(method, uri, challenge, again);
      if (credentials !== null) return credentials;
    }
    return null;
  };
}
