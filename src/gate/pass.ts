/**
 * The call pass: one grant, rendered as a JWT and as ephemeral digest credentials (DESIGN section 6).
 */
import { isAlias } from '../shared/alias.js';
import { createMac, fromBase64Url, toBase64, toBase64Url, utf8 } from './crypto.js';

/** Longest life of a pass, in seconds: gateways remember used passes for little longer. */
export const PASS_SECONDS_MAX = 90;

const JWT_MAX = 2048;
const JTI = /^[A-Za-z0-9_-]{16,64}$/;
const HEADER = toBase64Url(utf8('{"alg":"HS256","typ":"JWT"}'));

/** What the gate grants: one call of one visitor to one service. */
export interface Grant {
  readonly alias: string;
  readonly jti: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** The visitor's name, sanitised. */
  readonly name: string;
}

export type PassVerdict =
  | ({ readonly ok: true } & Grant)
  | { readonly ok: false; readonly reason: 'malformed' | 'forged' | 'expired' };

export interface VerifyPassOptions {
  /** The gate's `jwtSecret`. */
  readonly secret: string;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** The grant as an HS256 JWT (RFC 7519) for `X-Call-Pass`. `issuedAt` in seconds since 1970. */
export async function signPass(grant: Grant, issuedAt: number, secret: string): Promise<string> {
  const { alias: sub, jti, expiresAt: exp, name } = grant;
  const claims = toBase64Url(utf8(JSON.stringify({ sub, jti, exp, iat: issuedAt, name })));
  const signed = `${HEADER}.${claims}`;
  return `${signed}.${toBase64Url(await createMac('SHA-256', secret).sign(signed))}`;
}

/**
 * Checks the JWT as a gateway must: shape, algorithm (HS256 and nothing else, RFC 8725 §3.1), signature in constant
 * time, claims, expiry. Never rejects because of what the caller sent. Single use is another step: `claimPass`.
 */
export async function verifyPass(
  jwt: string,
  { secret, now = Date.now }: VerifyPassOptions,
): Promise<PassVerdict> {
  const malformed = { ok: false, reason: 'malformed' } as const;
  const [head, body, signature, ...rest] = jwt.length > JWT_MAX ? [] : jwt.split('.');
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) {
    return malformed;
  }
  const header = parseJson(head);
  const mac = fromBase64Url(signature);
  if (header === null || mac === null) return malformed;
  const honest =
    header.alg === 'HS256' &&
    header.crit === undefined &&
    (await createMac('SHA-256', secret).verify(`${head}.${body}`, mac));
  if (!honest) return { ok: false, reason: 'forged' };
  const { sub, jti, exp, iat, name } = parseJson(body) ?? {};
  if (!isAlias(sub) || typeof jti !== 'string' || !JTI.test(jti) || typeof name !== 'string') {
    return malformed;
  }
  if (!isSeconds(exp) || !isSeconds(iat) || exp - iat > PASS_SECONDS_MAX) return malformed;
  if (exp <= now() / 1000) return { ok: false, reason: 'expired' };
  return { ok: true, alias: sub, jti, expiresAt: exp, name };
}

function parseJson(part: string): Record<string, unknown> | null {
  const bytes = fromBase64Url(part);
  if (bytes === null) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

// --- Digest credentials ----------------------------------------------------------------------------------------

export type DigestUser = Omit<Grant, 'name'>;

/** `<exp>:<jti>.<alias>`: what Kamailio's `auth_ephemeral` reads an expiry from. */
export function digestUsername({ expiresAt, jti, alias }: DigestUser): string {
  return `${expiresAt}:${jti}.${alias}`;
}

/** `null` unless it is spelled as the gate spells it. Says nothing about expiry: compare `expiresAt`, in seconds since 1970. */
export function parseDigestUsername(username: string): DigestUser | null {
  const [, exp = '', jti = '', alias] = /^(\d{1,12}):([^.:]+)\.([^.:]+)$/.exec(username) ?? [];
  return isAlias(alias) && JTI.test(jti) ? { expiresAt: Number(exp), jti, alias } : null;
}

/**
 * The password that belongs to such a username under the gate's `digestSecret`: base64 of its HMAC-SHA256, as
 * `auth_ephemeral` computes it (`sha_algorithm` 1).
 */
export async function digestPassword(username: string, secret: string): Promise<string> {
  return toBase64(await createMac('SHA-256', secret).sign(username));
}

/** TURN REST credentials (draft-uberti-behave-turn-rest-00, coturn's `use-auth-secret`): HMAC-SHA1 of `<exp>:<jti>`. */
export async function turnCredentials(
  expiresAt: number,
  jti: string,
  secret: string,
): Promise<{ username: string; credential: string }> {
  const username = `${expiresAt}:${jti}`;
  return { username, credential: toBase64(await createMac('SHA-1', secret).sign(username)) };
}
