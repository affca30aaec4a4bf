/** Digits in RTP: RFC 4733 section 2.3. */

const EVENTS = '0123456789*#ABCD';

/** Calls back once per digit, at its first packet: each event is sent many times with one timestamp. */
export function createDigitDetector(
  onDigit: (digit: string) => void,
): (payload: Buffer, timestamp: number) => void {
  let last: number | null = null;
  return (payload, timestamp) => {
    if (payload.length < 4 || timestamp === last) return;
    const digit = EVENTS[payload[0]!];
    if (digit === undefined) return;
    last = timestamp;
    onDigit(digit);
  };
}

/**
 * A digit in the body of an INFO, `application/dtmf-relay` ("Signal=5") or `application/dtmf` ("5"), and the status of
 * the response. Without a body an INFO asks only whether the call is there (RFC 2976 section 2.2).
 */
export function readDigitInfo(
  contentType: string,
  body: string,
): { readonly status: 200 | 400 | 415; readonly digit: string | null } {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  if (body === '') return { status: type === '' ? 200 : 400, digit: null };
  if (type !== 'application/dtmf-relay' && type !== 'application/dtmf') {
    return { status: 415, digit: null };
  }
  const found =
    type === 'application/dtmf-relay'
      ? /^[ \t]*Signal[ \t]*=[ \t]*([0-9*#A-D])[ \t]*\r?$/im.exec(body)
      : /^\s*([0-9*#A-D])\s*$/i.exec(body);
  return found === null
    ? { status: 400, digit: null }
    : { status: 200, digit: found[1]!.toUpperCase() };
}
