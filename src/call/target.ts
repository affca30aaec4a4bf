import { ALIAS_PATTERN } from '../shared/alias.js';

/** The Request-URI: `sip:alias@domain`, a full `sip:` URI as it is, a `tel:` number at the domain (RFC 3261 §19.1.6). */
export function targetUri(target: string, domain: string): string {
  if (ALIAS_PATTERN.test(target)) return `sip:${target}@${domain}`;
  if (target.startsWith('tel:')) {
    return `sip:${target.slice(4).replace(/[-.()\s]/g, '')}@${domain};user=phone`;
  }
  return target;
}

/** Value of `User-to-User` (RFC 7433 §4): the JSON's UTF-8 in hexadecimal, or `null`. */
export function userToUser(context: string | null): string | null {
  if (context === null) return null;
  let hex = '';
  for (const byte of new TextEncoder().encode(context)) hex += byte.toString(16).padStart(2, '0');
  return `${hex};encoding=hex;purpose=call-button`;
}
