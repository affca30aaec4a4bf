import { readJson } from './body.js';
import { claimPass } from './claim.js';
import { sameSecret } from './crypto.js';
import { verifyPass } from './pass.js';
import { Refusal } from './problem.js';
import type { Settings } from './settings.js';
import { jsonResponse, type Visit } from './visit.js';

/** Nodes whose clocks differ must not accept a pass for longer than the store remembers its use. */
const SKEW_SECONDS = 60;

/**
 * `POST …/redeem`: for SIP servers that cannot check a MAC themselves. `Authorization: Bearer <redeemSecret>`, body
 * `{pass, callId}`; answers `{alias, name, jti, expiresAt}` to the first Call-ID that uses the pass, and to the same
 * one again.
 */
export function createRedeemRoute(
  { jwtSecret, redeemSecret }: { readonly jwtSecret: string; readonly redeemSecret: string },
  { now, store }: Settings,
): (visit: Visit<unknown>) => Promise<Response> {
  return async ({ request, note }) => {
    const [, given] = /^bearer +(\S+) *$/i.exec(request.headers.get('Authorization') ?? '') ?? [];
    if (given === undefined || !(await sameSecret(given, redeemSecret))) {
      throw new Refusal('unauthorized', { headers: { 'WWW-Authenticate': 'Bearer' } });
    }
    const { pass, callId } = await readJson(request);
    if (typeof pass !== 'string') throw new Refusal('bad-request', { reason: 'pass' });
    if (typeof callId !== 'string' || !/^[!-~]{1,256}$/.test(callId)) {
      throw new Refusal('bad-request', { reason: 'callId' });
    }
    const verdict = await verifyPass(pass, { secret: jwtSecret, now });
    if (!verdict.ok) throw new Refusal('pass-refused', { reason: verdict.reason });
    const { alias, expiresAt, jti, name } = verdict;
    note.alias = alias;
    note.jti = jti;
    const left = Math.ceil(expiresAt - now() / 1000) + SKEW_SECONDS;
    if (!(await claimPass(store, jti, callId, left))) {
      throw new Refusal('pass-refused', { reason: 'used' });
    }
    return jsonResponse({ alias, name, jti, expiresAt });
  };
}
