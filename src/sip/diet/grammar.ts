/**
 * The grammar of the headers that a caller's SIP.js reads, put in the place of its own (a PEG parser of 35 kB) when the
 * browser bundle is built. Same results for the same text, linear in its length; where it differs, the tests say why.
 */
import { NameAddrHeader } from 'sip.js/lib/grammar/name-addr-header.js';
import { URI } from 'sip.js/lib/grammar/uri.js';

const TOKEN = "[\\w.!%*+`'~-]+";
// one character of it: lines may be folded
const SPACE = '(?:[ \\t]|\\r\\n[ \\t])';
const WS = `${SPACE}*`;
const QUOTED = '"(?:[^"\\\\\\0-\\x1f\\x7f]|\\t|\\r\\n[ \\t]|\\\\[^\\n\\r\\x80-\\uffff])*"';
const IPV6 = '\\[[\\da-f:.]+\\]';
const HOST = `(?:(?:[\\w-]+\\.)*[a-z][a-z\\d-]*|(?:\\d{1,3}\\.){3}\\d{1,3}|${IPV6})`;
const PORT = '(\\d{0,5})';

/** A character of a URI, where these are allowed as well. */
const char = (others: string): string => `(?:[\\w.!~*'()${others}-]|%[\\da-f]{2})`;
const PARAMETER = `${char('[\\]/:&+$')}+`;
const HEADER = `${char('[\\]/?:+$')}+=${char('[\\]/?:+$')}*`;
/** Without parameters and headers: so it stands where there are no angle brackets. */
const ADDRESS = `sips?:(?:${char('&=+$,;?/')}+(?::${char('&=+$,')}*)?@)?${HOST}(?::\\d{0,5})?`;

const sticky = (source: string): RegExp => new RegExp(source, 'iy');
const whole = (source: string): RegExp => new RegExp(`^${source}$`, 'i');

const URI_PARTS = whole(
  `(sips?):(?:(${char('&=+$,;?/')}+(?::${char('&=+$,')}*)?)@)?(${HOST})(?::${PORT})?` +
    `((?:;${PARAMETER}(?:=${PARAMETER})?)*)(?:\\?(${HEADER}(?:&${HEADER})*))?`,
);
const BRACKETED = `(${TOKEN}(?:${SPACE}+${TOKEN})*|${WS}${QUOTED})?${WS}<([^<>]*)>${WS}`;
const ROUTE = sticky(BRACKETED);
const NAME_ADDR = sticky(`(?:${BRACKETED}|(${ADDRESS}))`);
// `received` of a Via has its address without brackets
const GENERIC_PARAM = sticky(
  `${WS};${WS}(${TOKEN})(?:${WS}=${WS}([\\da-f]*:[\\da-f:.]+|${IPV6}|${TOKEN}|${QUOTED}))?`,
);
const COMMA = sticky(`${WS},${WS}`);
const VIA = sticky(
  `${TOKEN}${WS}/${WS}${TOKEN}${WS}/${WS}${TOKEN}${SPACE}+(${HOST})(?:${WS}:${WS}${PORT})?`,
);
const MEDIA_TYPE = sticky(`${TOKEN}${WS}/${WS}${TOKEN}`);
const DISPOSITION = sticky(TOKEN);
const CSEQ = whole(`(\\d+)${SPACE}+(${TOKEN})`);
const WORD = '[\\w.!%*+`\'~()<>:\\\\"/[\\]?{}-]+';
const CALL_ID = whole(`${WORD}(?:@${WORD})?`);
const STATUS_LINE = /^SIP\/\d+\.\d+ (\d{3}) (.*)$/i;
const REQUEST_LINE = whole(`(${TOKEN}) (\\S+) SIP/\\d+\\.\\d+`);

/** Longer lines do not come here: `message.ts` leaves them out. UTF-16 units. */
const TEXT_MAX = 8_192;

/** One thing after the other from a text. */
interface Reader {
  readonly at: number;
  readonly done: boolean;
  /** `null`: something else comes next. */
  next(pattern: RegExp): RegExpExecArray | null;
}

function createReader(text: string): Reader {
  let at = 0;
  return {
    get at() {
      return at;
    },
    get done() {
      return at === text.length;
    },
    next(pattern) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found !== null) at = pattern.lastIndex;
      return found;
    },
  };
}

function fail(): never {
  throw new SyntaxError();
}

/** All of a text, one item after a comma after the other. */
function parseList<T>(text: string, read: (reader: Reader) => T): T[] {
  const reader = createReader(text);
  const items: T[] = [];
  do items.push(read(reader));
  while (reader.next(COMMA));
  return reader.done ? items : fail();
}

function parseOne<T>(text: string, read: (reader: Reader) => T): T {
  const reader = createReader(text);
  const item = read(reader);
  return reader.done ? item : fail();
}

type Parameters = Record<string, string | null>;

function readParameters(reader: Reader): Parameters {
  const params: Parameters = {};
  for (let item = reader.next(GENERIC_PARAM); item; item = reader.next(GENERIC_PARAM)) {
    params[(item[1] ?? '').toLowerCase()] = item[2] ?? null;
  }
  return params;
}

function parseUri(text: string): URI {
  const [, scheme, user, host = fail(), port, parameters = '', headers] =
    URI_PARTS.exec(text) ?? [];
  const params: Parameters = {};
  for (const parameter of parameters.split(';').slice(1)) {
    const [name = '', value = null] = parameter.split('=');
    const key = name.toLowerCase();
    const lower = key === 'transport' || key === 'user';
    params[key] = key === 'lr' ? null : lower ? (value?.toLowerCase() ?? null) : value;
  }
  const fields: Record<string, string[]> = {};
  for (const field of headers?.split('&') ?? []) {
    const [name = '', value = ''] = field.split('=');
    (fields[name.toLowerCase()] ??= []).push(value);
  }
  return new URI(
    scheme,
    // none is not the same as an empty one
    user === undefined ? (user as unknown as string) : decodeURIComponent(user),
    host,
    port === undefined ? port : parseInt(port),
    params,
    fields,
  );
}

function readAddress(reader: Reader, pattern: RegExp): NameAddrHeader {
  const [, words, bracketed, bare = ''] = reader.next(pattern) ?? [];
  const uri = parseUri(bracketed ?? bare);
  const name = words?.trim();
  const displayName = (name?.startsWith('"') ? name.slice(1, -1) : name) as unknown as string;
  const params = readParameters(reader) as Record<string, string>;
  return new NameAddrHeader(uri, displayName, params);
}

/** With where it stands, in the names of the PEG parser, which has them the wrong way round. */
interface Entry {
  /** End. */
  readonly position: number;
  /** Start. */
  readonly offset: number;
  readonly parsed: NameAddrHeader;
}

function parseEntries(text: string, pattern: RegExp): Entry[] {
  return parseList(text, (reader) => {
    const offset = reader.at;
    const parsed = readAddress(reader, pattern);
    return { position: reader.at, offset, parsed };
  });
}

const parseAddress = (text: string): NameAddrHeader =>
  parseOne(text, (reader) => readAddress(reader, NAME_ADDR));

interface Hop {
  host: string;
  port?: number;
  branch?: string;
}

function readHop(reader: Reader): Hop {
  const [, host = fail(), port] = reader.next(VIA) ?? [];
  const { branch } = readParameters(reader);
  return {
    host,
    ...(port !== undefined && { port: parseInt(port) }),
    ...(branch && { branch }),
  };
}

/** Text with parameters that nobody reads. */
function readTyped(pattern: RegExp, reader: Reader): string {
  const [type = fail()] = reader.next(pattern) ?? [];
  readParameters(reader);
  return type;
}

function parseStart(text: string): unknown {
  const [line, status, phrase] = STATUS_LINE.exec(text) ?? [];
  if (line !== undefined) return { status_code: Number(status), reason_phrase: phrase };
  const [, method, uri = fail()] = REQUEST_LINE.exec(text) ?? [];
  return { method, uri: parseUri(uri) };
}

const RULES: Readonly<Record<string, (text: string) => unknown>> = {
  Request_Response: parseStart,
  SIP_URI: parseUri,
  From: parseAddress,
  To: parseAddress,
  Contact: (text) => parseEntries(text, NAME_ADDR),
  Record_Route: (text) => parseEntries(text, ROUTE),
  // of several hops the topmost counts (RFC 3261 §18.2.2)
  Via: (text) => parseList(text, readHop)[0],
  Call_ID: (text) => (CALL_ID.test(text) ? text : -1),
  CSeq(text) {
    const [, value = fail(), method] = CSEQ.exec(text) ?? [];
    return { value: Number(value), method };
  },
  Content_Type: (text) => parseOne(text, (reader) => readTyped(MEDIA_TYPE, reader)) && text,
  Content_Disposition: (text) => ({
    type: parseOne(text, (reader) => readTyped(DISPOSITION, reader)).toLowerCase(),
  }),
};

/** Takes the place of the namespace of the same name. */
export const Grammar = {
  /** -1: the text does not follow the rule, or there is no such rule here. */
  parse(text: string, rule: string): unknown {
    try {
      return (text.length <= TEXT_MAX && RULES[rule]?.(text)) || -1;
    } catch {
      return -1;
    }
  },
  URIParse(text: string): URI | undefined {
    const uri = Grammar.parse(text, 'SIP_URI');
    return uri instanceof URI ? uri : undefined;
  },
};
