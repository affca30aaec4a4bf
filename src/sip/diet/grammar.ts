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
const NAME_ADDR = sticky(
  `${WS}(?:(?:(${TOKEN}(?:${SPACE}+${TOKEN})*|${QUOTED})${WS})?<([^<>]*)>${WS}|(${ADDRESS}))`,
);
const GENERIC_PARAM = sticky(`${WS};${WS}(${TOKEN})(?:${WS}=${WS}(${TOKEN}|${IPV6}|${QUOTED}))?`);
const COMMA = sticky(`${WS},${WS}`);
const VIA = sticky(
  `${TOKEN}${WS}/${WS}${TOKEN}${WS}/${WS}${TOKEN}${SPACE}+(${HOST})(?:${WS}:${WS}${PORT})?`,
);
const SCHEME = sticky(`(${TOKEN})${SPACE}+`);
const AUTH_PARAM = sticky(`(${TOKEN})${WS}=${WS}(${TOKEN}|${QUOTED})`);
const MEDIA_TYPE = sticky(`${TOKEN}${WS}/${WS}${TOKEN}`);
const DISPOSITION = sticky(TOKEN);
const CSEQ = whole(`(\\d+)${SPACE}+(${TOKEN})`);
const WORD = '[\\w.!%*+`\'~()<>:\\\\"/[\\]?{}-]+';
const CALL_ID = whole(`${WORD}(?:@${WORD})?`);
const STATUS_LINE = /^SIP\/\d+\.\d+ (\d{3}) (.*)$/i;
const REQUEST_LINE = whole(`(${TOKEN}) (\\S+) SIP/\\d+\\.\\d+`);

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
      const match = pattern.exec(text);
      if (match !== null) at = pattern.lastIndex;
      return match;
    },
  };
}

function match(pattern: RegExp, text: string): RegExpExecArray {
  const found = pattern.exec(text);
  if (found === null) throw new SyntaxError();
  return found;
}

type Parameters = Record<string, string | null>;

function parseUri(text: string): URI {
  const [, scheme, user, host = '', port, parameters = '', headers = ''] = match(URI_PARTS, text);
  const params: Parameters = {};
  for (const [, name = '', value] of parameters.matchAll(/;([^;=]+)(?:=([^;]+))?/g)) {
    const key = name.toLowerCase();
    const lower = key === 'transport' || key === 'user';
    params[key] = key === 'lr' ? null : ((lower ? value?.toLowerCase() : value) ?? null);
  }
  const fields: Record<string, string[]> = {};
  for (const [, name = '', value = ''] of headers.matchAll(/([^&=]+)=([^&]*)/g)) {
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

function readParameters(reader: Reader): Parameters {
  const params: Parameters = {};
  for (let item = reader.next(GENERIC_PARAM); item; item = reader.next(GENERIC_PARAM)) {
    params[(item[1] ?? '').toLowerCase()] = item[2] ?? null;
  }
  return params;
}

/** With where it stands, in the names of the PEG parser, which has them the wrong way round. */
interface Entry {
  /** End. */
  readonly position: number;
  /** Start. */
  readonly offset: number;
  readonly parsed: NameAddrHeader;
}

function parseAddresses(text: string): Entry[] {
  const reader = createReader(text);
  const entries: Entry[] = [];
  do {
    const offset = reader.at;
    const [, name, bracketed, bare] = reader.next(NAME_ADDR) ?? [];
    const uri = parseUri(bracketed ?? bare ?? '');
    const displayName = name?.startsWith('"') ? name.slice(1, -1) : name;
    const params = readParameters(reader) as Record<string, string>;
    const parsed = new NameAddrHeader(uri, displayName!, params);
    entries.push({ position: reader.at, offset, parsed });
  } while (reader.next(COMMA));
  return reader.done ? entries : fail();
}

function fail(): never {
  throw new SyntaxError();
}

function parseAddress(text: string): NameAddrHeader {
  const [entry, second] = parseAddresses(text);
  return entry === undefined || second !== undefined ? fail() : entry.parsed;
}

/** Of several hops the topmost counts (RFC 3261 §18.2.2). */
function parseVia(text: string): { host: string; port?: number; branch?: string } {
  const reader = createReader(text);
  const hops = [];
  do {
    const [, host = fail(), port] = reader.next(VIA) ?? [];
    const { branch } = readParameters(reader);
    hops.push({
      host,
      ...(port !== undefined && { port: parseInt(port) }),
      ...(branch && { branch }),
    });
  } while (reader.next(COMMA));
  return (reader.done && hops[0]) || fail();
}

interface Challenge {
  realm?: string;
  nonce?: string;
  opaque?: string;
  stale?: boolean;
  algorithm?: string;
  qop?: string[];
}

/** Of any scheme but Digest nothing is read. */
function parseChallenge(text: string): Challenge {
  const reader = createReader(text);
  const [, scheme = fail()] = reader.next(SCHEME) ?? [];
  const challenge: Challenge = {};
  do {
    const [, name = fail(), value = ''] = reader.next(AUTH_PARAM) ?? [];
    const quoted = value.startsWith('"') ? value.slice(1, -1) : undefined;
    const key = name.toLowerCase();
    if (quoted === undefined) {
      if (key === 'algorithm') challenge.algorithm = value.toUpperCase();
      if (key === 'stale') challenge.stale = /^true$/i.test(value);
    } else if (key === 'realm' || key === 'nonce' || key === 'opaque') {
      challenge[key] = quoted;
    } else if (key === 'qop') {
      const options = quoted.toLowerCase().match(/[^\s,]+/g);
      if (options !== null) challenge.qop = options;
    }
  } while (reader.next(COMMA));
  if (!reader.done) fail();
  return /^Digest$/i.test(scheme) ? challenge : {};
}

/** Text with parameters that nobody reads. */
function parseTyped(pattern: RegExp, text: string): string {
  const reader = createReader(text);
  const [type = fail()] = reader.next(pattern) ?? [];
  readParameters(reader);
  return reader.done ? type : fail();
}

function parseStart(text: string): unknown {
  const [line, status, phrase] = STATUS_LINE.exec(text) ?? [];
  if (line !== undefined) return { status_code: Number(status), reason_phrase: phrase };
  const [, method, uri = ''] = match(REQUEST_LINE, text);
  return { method, uri: parseUri(uri) };
}

const RULES: Readonly<Record<string, (text: string) => unknown>> = {
  Request_Response: parseStart,
  SIP_URI: parseUri,
  From: parseAddress,
  To: parseAddress,
  Contact: parseAddresses,
  Record_Route: parseAddresses,
  Via: parseVia,
  Call_ID: (text) => match(CALL_ID, text)[0],
  CSeq(text) {
    const [, value, method] = match(CSEQ, text);
    return { value: Number(value), method };
  },
  Content_Type: (text) => parseTyped(MEDIA_TYPE, text) && text,
  Content_Disposition: (text) => ({ type: parseTyped(DISPOSITION, text).toLowerCase() }),
  WWW_Authenticate: parseChallenge,
  Proxy_Authenticate: parseChallenge,
};

/** Takes the place of the namespace of the same name. */
export const Grammar = {
  /** -1: the text does not follow the rule, or there is no such rule here. */
  parse(text: string, rule: string): unknown {
    try {
      return RULES[rule]?.(text) ?? -1;
    } catch {
      return -1;
    }
  },
  URIParse(text: string): URI | undefined {
    try {
      return parseUri(text);
    } catch {
      return undefined;
    }
  },
};
