import { DISPLAY_NAME_MAX, sanitizeDisplayName } from '../shared/display-name.js';

/** Longest context that is read, in bytes: what an element may send (DESIGN section 4). */
export const CONTEXT_MAX = 512;

/** Who calls, in their own words: to be shown as text, and believed by nobody. */
export interface Caller {
  /** Display name without control characters, at most 64 code points; may be empty. */
  readonly name: string;
  /** The URI of From, as it came. */
  readonly address: string;
  /** What the page sent along, usually JSON; `null` where there is none that can be read. */
  readonly context: string | null;
  /** Video is offered; `null`: the offer is left to us. */
  readonly video: boolean | null;
}

/** Display name and address of a From header (RFC 3261 §20.10). Never throws. */
export function parseFrom(value: string): Pick<Caller, 'name' | 'address'> {
  const [, quoted, bare, inside] =
    /^\s*(?:"((?:\\.|[^"\\])*)"|([^<"]*?))\s*<([^>]*)>/.exec(value) ?? [];
  const name = sanitizeDisplayName(quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
  return {
    name: [...name].slice(0, DISPLAY_NAME_MAX).join(''),
    // without brackets the parameters are the header's
    address: inside ?? value.split(';')[0]?.trim() ?? '',
  };
}

/** Most rows of a context that are shown, and longest label and value, UTF-16 units. */
const ROWS_MAX = 12;
const LABEL_MAX = 32;
const VALUE_MAX = 256;

const short = (text: string, max: number): string => {
  const clean = sanitizeDisplayName(text);
  return clean.length > max ? `${clean.slice(0, max).replace(/[\ud800-\udbff]$/, '')}…` : clean;
};

/**
 * A context as rows of label and value, to be shown as text and never as HTML or as links: the caller could have
 * written anything. The label is empty where the context is no JSON object.
 */
export function contextRows(context: string): readonly (readonly [label: string, value: string])[] {
  let value: unknown = context;
  try {
    value = JSON.parse(context);
  } catch {
    // plain text
  }
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
      : [['', value] as const];
  return entries
    .slice(0, ROWS_MAX)
    .map(([label, each]) => [
      short(label, LABEL_MAX),
      short(typeof each === 'string' ? each : JSON.stringify(each), VALUE_MAX),
    ]);
}

const HEX = new RegExp(`^(?:[\\da-f]{2}){1,${CONTEXT_MAX}}$`, 'i');

/**
 * The text in `User-to-User` headers (RFC 7433 §4), of the first that is ours or names no purpose: hexadecimal UTF-8 of
 * at most `CONTEXT_MAX` bytes. `null` for anything else. Never throws.
 */
export function parseUserToUser(values: readonly string[]): string | null {
  for (const value of values.flatMap((line) => line.split(','))) {
    const [data = '', ...parameters] = value.split(';').map((part) => part.trim());
    const given = (name: string): string | undefined =>
      parameters
        .find((parameter) => parameter.toLowerCase().startsWith(`${name}=`))
        ?.slice(name.length + 1)
        .toLowerCase();
    const hex = data.replace(/^"(.*)"$/, '$1');
    if ((given('purpose') ?? 'call-button') !== 'call-button') continue;
    if ((given('encoding') ?? 'hex') !== 'hex' || !HEX.test(hex)) continue;
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      // not UTF-8
    }
  }
  return null;
}
