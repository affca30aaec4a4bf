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

/** Digits in the body of an INFO: `application/dtmf-relay` ("Signal=5") or `application/dtmf` ("5"). */
export function parseDigitInfo(contentType: string, body: string): string | null {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  const found =
    type === 'application/dtmf-relay'
      ? /^\s*Signal\s*=\s*([0-9*#A-D])\s*$/im.exec(body)
      : type === 'application/dtmf'
        ? /^\s*([0-9*#A-D])\s*$/i.exec(body)
        : null;
  return found === null ? null : found[1]!.toUpperCase();
}
