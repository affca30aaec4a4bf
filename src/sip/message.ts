/**
 * A first look at a SIP message, before SIP.js sees it: what is malformed is dropped here, because SIP.js 0.21.2
 * throws on some of it, parses long lines very slowly, and silently drops a whole message for one header it cannot
 * read, be it one that nobody needs.
 */

/** Longest frame that is read, in bytes (binary) or UTF-16 units (text). */
export const FRAME_MAX = 65_536;
const LINE_MAX = 8_192;

/** What we do, not what SIP.js could: who reads MESSAGE or REFER here would send it. */
export const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE';
/** What a phone does: it sends REFER, so it must read NOTIFY. */
export const PHONE_ALLOW = `${ALLOW}, NOTIFY`;

type Header = readonly [name: string, value: string];

export interface SipMessage {
  /** 100 to 699; 0 for a request. */
  readonly status: number;
  /** Empty for a response. */
  readonly uri: string;
  /** Of the request, or of the request that is answered. */
  readonly method: string;
  readonly cseq: number;
  readonly callId: string;
  /** Tags are empty where there is none. */
  readonly fromTag: string;
  readonly toTag: string;
  /** Of the topmost Via. */
  readonly branch: string;
  /** Lower-case long names, in order; malformed and overlong lines are left out. */
  readonly headers: readonly Header[];
  readonly body: string;
}

const LONG_NAMES = new Map([
  ['v', 'via'],
  ['f', 'from'],
  ['t', 'to'],
  ['i', 'call-id'],
  ['m', 'contact'],
  ['c', 'content-type'],
  ['l', 'content-length'],
  ['k', 'supported'],
  ['x', 'session-expires'],
]);
const ONCE = ['from', 'to', 'call-id', 'cseq'];
const QUOTED = /"(?:\\.|[^"\\])*"/g;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function header({ headers }: Pick<SipMessage, 'headers'>, name: string): string | undefined {
  return headers.find(([key]) => key === name)?.[1];
}

function readHeaders(lines: readonly string[]): Header[] {
  return lines.flatMap((line): Header[] => {
    if (line.length > LINE_MAX) return [];
    // no control characters but as quoted-pair (RFC 3261 §25.1), and never a bare CR or LF: it would begin a line of its
    // own in a reply that copies the header
    const [, name, value] =
      /^([\w.!%*+`'~-]+)[ \t]*:((?:[\t\x20-[\]-~\x80-\uffff]|\\[^\r\n])*\\?)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const key = name.toLowerCase();
    return [[LONG_NAMES.get(key) ?? key, value.trim()]];
  });
}

function tagOf(value: string): string {
  // parameters inside <> are the URI's
  const parameters = value.replace(QUOTED, '').replace(/^.*>/, '');
  return /;\s*tag\s*=\s*([^\s;,]+)/i.exec(parameters)?.[1] ?? '';
}

/** One frame is one message (RFC 7118 §5), so Content-Length can only cut off what does not belong. */
function cut(body: string, length: string | undefined): string {
  if (length === undefined || !/^\d{1,6}$/.test(length)) return body;
  const bytes = encoder.encode(body);
  return bytes.length > Number(length) ? decoder.decode(bytes.subarray(0, Number(length))) : body;
}

/** `null`: not a SIP message, or one without what RFC 3261 §8.1.1 demands. Never throws. */
export function parseMessage(data: string): SipMessage | null {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [start = '', ...lines] = data
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const [line, status = 0, method, uri = ''] =
    /^(?:SIP\/2\.0 ([1-6]\d\d)(?: .*)?|([\w.!%*+`'~-]+) (\S+) SIP\/2\.0)$/i.exec(start) ?? [];
  if (line === undefined) return null;

  const headers = readHeaders(lines);
  const value = (name: string): string => header({ headers }, name) ?? '';
  if (ONCE.some((name) => headers.filter(([key]) => key === name).length !== 1)) return null;
  const [, number, of] = /^(\d{1,10})[ \t]+([\w.!%*+`'~-]+)$/.exec(value('cseq')) ?? [];
  const cseq = Number(number);
  if (of === undefined || cseq >= 2 ** 31 || (method ?? of) !== of) return null;
  const via = value('via');
  if (via === '' || value('call-id') === '') return null;

  return {
    status: Number(status),
    uri,
    method: of,
    cseq,
    callId: value('call-id'),
    fromTag: tagOf(value('from')),
    toTag: tagOf(value('to')),
    branch: /;\s*branch\s*=\s*([^\s;,]+)/i.exec(via)?.[1] ?? '',
    headers,
    body: cut(data.slice(end + 4), header({ headers }, 'content-length')),
  };
}

/** A description of media is in the body. */
export function hasSdp(message: SipMessage): boolean {
  return message.body !== '' && /^application\/sdp\b/i.test(header(message, 'content-type') ?? '');
}

export function isReadableContact(value: string): boolean {
  try {
    // SIP.js decodes the user part when it sends to it, and throws in the middle of an ACK or BYE
    decodeURIComponent(value.replace(QUOTED, ''));
    return true;
  } catch {
    return false;
  }
}

const NEEDED = /^(?:via|from|to|call-id|cseq|content-disposition|require|rseq)$/;

/**
 * The message as SIP.js shall read it: only headers it has a use for, and no body but a description; no Content-Length,
 * which it counts in UTF-16 units; the request URI it knows, because servers rewrite it and SIP.js answers 404 to a
 * BYE for any other user; and a redirection as a refusal, because one of a re-INVITE leaves SIP.js waiting for ever.
 * `also`: names of further headers. Challenges are not among them: SIP.js drops a response with one it cannot read.
 */
export function rewrite(message: SipMessage, requestUri: string, also?: RegExp): string {
  const { status, method, headers, body } = message;
  const target = method === 'INVITE' && status < 300;
  const start =
    status === 0
      ? `${method} ${requestUri} SIP/2.0`
      : `SIP/2.0 ${status >= 300 && status < 400 ? 488 : status} -`;
  const kept = headers.filter(
    ([name, value]) =>
      NEEDED.test(name) ||
      also?.test(name) === true ||
      (target && (name === 'record-route' || (name === 'contact' && isReadableContact(value)))),
  );
  const lines = [start, ...kept.map(([name, value]) => `${name}: ${value}`)];
  const sdp = hasSdp(message);
  if (sdp) lines.push('content-type: application/sdp');
  return `${lines.join('\r\n')}\r\n\r\n${sdp ? body : ''}`;
}

const COPIED = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];

/** A stateless final response (RFC 3261 §8.2.7). `status`: code and phrase, and further header lines if any. */
export function reply(message: SipMessage, status: string, sdp = ''): string {
  const copied = COPIED.flatMap((name) =>
    message.headers
      .filter(([key]) => key === name.toLowerCase())
      .map(([, value]) => {
        // the same tag each time, without state: the branch is the sender's own and unique
        const tag = name === 'To' && message.toTag === '' ? `;tag=${message.branch}` : '';
        return `${name}: ${value}${tag}`;
      }),
  );
  return [
    `SIP/2.0 ${status}`,
    ...copied,
    `Allow: ${ALLOW}`,
    ...(sdp === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${encoder.encode(sdp).length}`,
    '',
    sdp,
  ].join('\r\n');
}
