import { equivalentURI, UserAgent } from 'sip.js';
import {
  claimPass,
  digestPassword,
  parseDigestUsername,
  verifyPass,
  type PassVerdict,
  type Store,
} from '../../../src/gate/index.js';
import { assertNever } from '../../../src/shared/assert-never.js';
import { checkResponse, createChallenger, parseCredentials } from './digest.js';
import { warning, type Request } from './message.js';

export type Admission =
  | { readonly ok: true; readonly name: string; readonly by: 'pass' | 'digest' | 'nothing' }
  | {
      readonly ok: false;
      readonly status: number;
      readonly reason: string;
      readonly headers: readonly string[];
    };

/** Judges an initial INVITE as a production gateway would: DESIGN section 6. */
export type Admit = (invite: Request, alias: string) => Promise<Admission>;

export interface AdmissionOptions {
  readonly jwtSecret: string;
  readonly digestSecret: string;
  readonly realm: string;
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type Bad = Extract<PassVerdict, { ok: false }>['reason'];

const refuse = (reason: string, detail: string): Admission => ({
  ok: false,
  status: 403,
  reason,
  headers: [warning(detail)],
});

function refuseVerdict(reason: Bad): Admission {
  switch (reason) {
    case 'expired':
      return refuse('Pass Expired', 'the call pass has expired');
    case 'forged':
      return refuse('Pass Invalid', 'the call pass was not issued here');
    case 'malformed':
      return refuse('Pass Invalid', 'the call pass cannot be read');
    default:
      return assertNever(reason);
  }
}

export function createAdmission(options: AdmissionOptions): Admit {
  const { jwtSecret, digestSecret, realm, store, now } = options;
  const challenger = createChallenger(realm, digestSecret, now);

  const challenge = (stale: boolean): Admission => ({
    ok: false,
    status: 407,
    reason: 'Proxy Authentication Required',
    headers: [`Proxy-Authenticate: ${challenger.challenge(stale)}`],
  });

  /** What both renderings of a grant have in common. */
  async function claim(
    grant: { alias: string; jti: string; expiresAt: number },
    invite: Request,
    alias: string,
    success: Admission,
  ): Promise<Admission> {
    if (grant.alias !== alias)
      return refuse('Pass For Another Service', 'the call pass names another alias');
    const left = Math.ceil(grant.expiresAt - now() / 1000);
    if (left <= 0) return refuseVerdict('expired');
    const claimed = await claimPass(store, grant.jti, invite.callId, left);
    return claimed ? success : refuse('Pass Already Used', 'the call pass belongs to another call');
  }

  async function admitDigest(header: string, invite: Request, alias: string): Promise<Admission> {
    const credentials = parseCredentials(header);
    if (credentials?.realm !== realm) return challenge(false);
    const { username, nonce } = credentials;
    const age = challenger.judge(nonce);
    if (age !== 'fresh') return challenge(age === 'stale');
    const user = parseDigestUsername(username);
    const uri = UserAgent.makeURI(credentials.uri);
    // RFC 3261 section 22.4 item 1: the URI of the credentials is that of the request
    const sameUri =
      uri !== undefined && invite.ruri !== undefined && equivalentURI(uri, invite.ruri);
    const password = await digestPassword(username, digestSecret);
    if (user === null || !sameUri || !checkResponse(credentials, invite.method, password)) {
      return refuse('Bad Credentials', 'the credentials are not those of a call pass');
    }
    return claim(user, invite, alias, { ok: true, name: '', by: 'digest' });
  }

  return async (invite, alias) => {
    const pass = invite.getHeader('X-Call-Pass');
    if (pass !== undefined) {
      const verdict = await verifyPass(pass, { secret: jwtSecret, now });
      if (!verdict.ok) return refuseVerdict(verdict.reason);
      return claim(verdict, invite, alias, { ok: true, name: verdict.name, by: 'pass' });
    }
    const authorization = invite.getHeader('Proxy-Authorization');
    return authorization === undefined
      ? challenge(false)
      : admitDigest(authorization, invite, alias);
  };
}

/** For a service without a gate. */
export const admitEverybody: Admit = () => Promise.resolve({ ok: true, name: '', by: 'nothing' });
