/**
 * SIP messages for a log: what an administrator compares with the server's trace, and nothing private. Only what is
 * listed here is taken over, in a form that leaves no room for anything else: no URI, name, address, tag, pass, digest,
 * context or description. Has no part of the engine in it: loaded by few.
 */

/** More is not looked at, in characters. */
const LOOK_MAX = 16_384;
const METHOD = /^[A-Z]{1,16}$/;
/** Random ones like ours; others may name a host (RFC 3261 §8.1.1.4). */
const CALL_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
/** A reason phrase; neither figures nor anything that addresses are made of. */
const PHRASE = /^[A-Za-z][A-Za-z '/-]{0,47}$/;

type Fields = ReadonlyMap<string, string>;

function readFields(lines: readonly string[]): Fields {
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const at = line.indexOf(':');
      return at > 0 ? [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]] : [];
    }),
  );
}

/** The far end's words, unless they have the caller's name in them. */
function readPhrase(text: string, fields: Fields): string {
  const name = (fields.get('from') ?? fields.get('f') ?? '').replace(/<.*$/, '');
  const said = text.toLowerCase();
  const named = (name.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? []).some((word) =>
    said.includes(word),
  );
  return PHRASE.test(text) && !named ? text : '';
}

/** Each m-line with its direction, and how many candidates of each type: `audio sendrecv (2 host, 1 relay)`. */
function summarizeDescription(body: string): string[] {
  const [session = '', ...media] = body.split(/^m=/m);
  const directionIn = (text: string): string | undefined =>
    /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(text)?.[1];
  return media.map((text) => {
    const [, kind = 'media', port = ''] = /^(audio|video|application) (\d+)/.exec(text) ?? [];
    if (port === '0') return `${kind} off`;
    const counts = new Map<string, number>();
    for (const [, type = ''] of text.matchAll(/^a=candidate:.* typ (host|srflx|prflx|relay)\b/gm)) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    const candidates = [...counts].map(([type, count]) => `${count} ${type}`).join(', ');
    const direction = directionIn(text) ?? directionIn(session) ?? 'sendrecv';
    return `${kind} ${direction}${candidates && ` (${candidates})`}`;
  });
}

/** `INVITE`, or `486 Busy Here to INVITE`, and what else of it is of use. Never throws. */
export function summarize(message: string): string {
  const text = message.slice(0, LOOK_MAX);
  const [head = '', ...rest] = text.split(/\r\n\r\n/);
  const [start = '', ...lines] = head.split('\r\n');
  const fields = readFields(lines);
  const [, status, phrase = '', method = ''] =
    /^(?:SIP\/2\.0 ([1-6]\d\d)(?: (.*))?|(\S+) \S+ SIP\/2\.0)$/.exec(start) ?? [];
  const [, number = '', of = ''] = /^(\d{1,10})\s+(\S+)$/.exec(fields.get('cseq') ?? '') ?? [];
  const known = METHOD.test(of) ? of : 'unknown method';
  if (status === undefined && !METHOD.test(method)) {
    return `${message.length} characters that are no SIP message`;
  }
  const [, , cause] =
    /^(SIP|Q\.850)\s*;\s*cause\s*=\s*(\d{1,3})(?!\d)/i.exec(fields.get('reason') ?? '') ?? [];
  const after = /^\d{1,6}/.exec(fields.get('retry-after') ?? '')?.[0];
  const callId = fields.get('call-id') ?? fields.get('i') ?? '';
  const type = fields.get('content-type') ?? fields.get('c') ?? '';
  const details = [
    ...(number === '' ? [] : [`CSeq ${number}`]),
    ...(CALL_ID.test(callId) ? [`Call-ID ${callId}`] : []),
    ...(cause === undefined ? [] : [`cause ${cause}`]),
    ...(after === undefined ? [] : [`Retry-After ${after}`]),
    ...(/^application\/sdp\b/i.test(type) ? summarizeDescription(rest.join('\r\n\r\n')) : []),
  ];
  const what =
    status === undefined
      ? method
      : [status, readPhrase(phrase, fields), 'to', known].filter(Boolean).join(' ');
  return [what, ...details].join(', ');
}
