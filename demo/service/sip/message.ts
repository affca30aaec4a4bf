import { Core } from 'sip.js';

type Request = Core.IncomingRequestMessage;
type Response = Core.IncomingResponseMessage;
export type { Request, Response };

export const isRequest = (message: Request | Response): message is Request =>
  message instanceof Core.IncomingRequestMessage;

export type Parsed =
  | { readonly ok: true; readonly message: Request | Response }
  /** `reply`: a 400 where there is somebody to send it to. */
  | { readonly ok: false; readonly why: string; readonly reply: string | null };

/** Without these nothing can be answered: RFC 3261 section 8.1.1; and SIP.js relies on them. */
const MANDATORY = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];
const COMPACT: Readonly<Record<string, string>> = { v: 'via', f: 'from', t: 'to', i: 'call-id' };
const REQUEST_LINE = /^([A-Za-z0-9.!%*_+`'~-]+) (\S+) SIP\/2\.0$/;

const silent = new Core.LoggerFactory();
silent.builtinEnabled = false;
const logger = silent.getLogger('service');

/** Header values by lower-case full name, as they stand. */
function readHeaders(head: string): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const full = COMPACT[name] ?? name;
    headers.set(full, [...(headers.get(full) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}

function badRequest(headers: ReadonlyMap<string, readonly string[]>, why: string): string {
  const copied = MANDATORY.flatMap((name) =>
    (headers.get(name.toLowerCase()) ?? []).map((value) => `${name}: ${value}`),
  );
  return [
    'SIP/2.0 400 Bad Request',
    ...copied,
    `Warning: 399 call-button "${why}"`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** Never throws, whatever arrives. */
export function parseMessage(text: string): Parsed {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const [start = '', ...rest] = head.split('\r\n');
  const [, method] = REQUEST_LINE.exec(start) ?? [];
  if (method === undefined && !/^SIP\/2\.0 [1-6]\d\d( .*)?$/.test(start)) {
    return { ok: false, why: 'no SIP start line', reply: null };
  }
  const headers = readHeaders(rest.join('\r\n'));
  const refuse = (why: string): Parsed => ({
    ok: false,
    why,
    reply:
      method === undefined || method === 'ACK' || !headers.has('via')
        ? null
        : badRequest(headers, why),
  });
  if (end < 0) return refuse('no end of headers');
  const missing = MANDATORY.find((name) => !headers.has(name.toLowerCase()));
  if (missing !== undefined) return refuse(`${missing} is missing`);
  try {
    const message = Core.Parser.parseMessage(text, logger);
    if (message === undefined || !Number.isSafeInteger(message.cseq)) return refuse('malformed');
    // the type leaves out what a malformed header leaves undefined
    const { callId, fromTag, viaBranch, from } = message as Partial<Request>;
    if (!callId || !fromTag || !viaBranch || !from) return refuse('malformed');
    return { ok: true, message };
  } catch {
    return refuse('malformed');
  }
}

export interface ReplyOptions {
  readonly reason?: string;
  readonly headers?: readonly string[];
}

/** A response outside any transaction: RFC 3261 section 8.2.7. */
export function writeReply(
  request: Request,
  statusCode: number,
  options: ReplyOptions = {},
): string {
  const { reason, headers = [] } = options;
  const { message } = Core.constructOutgoingResponse(request, {
    statusCode,
    extraHeaders: [...headers],
    ...(reason === undefined ? {} : { reasonPhrase: reason }),
  });
  return message;
}

/** RFC 3261 section 20.43; 399 is for humans. */
export const warning = (text: string): string => `Warning: 399 call-button "${text}"`;
