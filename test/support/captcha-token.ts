/** What a token of a CAPTCHA stand-in says of itself: nobody has to register it with the server. */
export interface TokenClaims {
  readonly sitekey: string;
  /** Host name of the page. */
  readonly host: string;
  /** What it was solved for, where the provider tells. */
  readonly action?: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly nonce: string;
}

/** FNV-1a, against slips of the pen and not against forgers: a stand-in has no secrets. */
function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (const char of text) sum = Math.imul(sum ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return sum.toString(16);
}

export function encodeToken(claims: TokenClaims): string {
  const body = btoa(JSON.stringify(claims))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
  return `P1_${body}.${checksum(body)}`;
}

/** `null`: not a token of a stand-in. */
export function decodeToken(token: string): TokenClaims | null {
  const [, body, sum] = /^P1_([\w-]+)\.([0-9a-f]+)$/.exec(token) ?? [];
  if (body === undefined || sum !== checksum(body)) return null;
  return JSON.parse(atob(body.replace(/-/g, '+').replace(/_/g, '/'))) as TokenClaims;
}
