import { DISPLAY_NAME_MAX } from './limits.js';

export { DISPLAY_NAME_MAX };

// C0, DEL, C1; line and paragraph separators; bidi marks, embeddings, overrides and isolates (they could
// reverse what the callee reads); zero-width space, word joiner and BOM; interlinear and tag characters;
// lone surrogates. ZWJ and ZWNJ stay: emoji, Persian and Indic names need them.
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex -- these are the characters removed
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

/**
 * Makes a visitor's name safe to show and to send in a SIP header: NFC, forbidden controls removed, white
 * space folded. `"`, `\`, `<` and `>` become look-alikes that no header parser gives a meaning (RFC 3261 §25.1
 * `quoted-string`; SIP.js 0.21.2 does not escape display names, so nothing dangerous may reach it).
 */
export function sanitizeDisplayName(name: string): string {
  return name
    .normalize('NFC')
    .replace(/[\t\r\n\u2028\u2029]+/g, ' ')
    .replace(FORBIDDEN, '')
    .replace(/"/g, '\u2033')
    .replace(/\\/g, '\u2216')
    .replace(/</g, '\u2039')
    .replace(/>/g, '\u203a')
    .replace(/\s+/gu, ' ')
    .trim();
}

export type DisplayNameIssue = 'empty' | 'too-long';

export type DisplayNameResult =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly issue: DisplayNameIssue };

/** Sanitises and judges a name. A name without any letter or digit left counts as empty. */
export function parseDisplayName(name: string): DisplayNameResult {
  const clean = sanitizeDisplayName(name);
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(clean)) return { ok: false, issue: 'empty' };
  if ([...clean].length > DISPLAY_NAME_MAX) return { ok: false, issue: 'too-long' };
  return { ok: true, name: clean };
}
