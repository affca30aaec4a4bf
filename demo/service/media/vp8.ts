/** VP8 in RTP, RFC 7741. */

/** Below every path MTU with room for SRTP, UDP and IPv6. */
const PAYLOAD_MAX = 1100;

/** A whole frame is a key frame: frame header of RFC 6386 section 9.1. */
export function isKeyframe(frame: Buffer): boolean {
  return frame.length > 0 && (frame[0]! & 0x01) === 0;
}

/** The packet starts a key frame. */
export function startsKeyframe(payload: Buffer): boolean {
  const first = payload[0];
  if (first === undefined || (first & 0x10) === 0 || (first & 0x07) !== 0) return false;
  let at = 1;
  if ((first & 0x80) !== 0) {
    const extension = payload[1] ?? 0;
    at = 2;
    if ((extension & 0x80) !== 0) at += ((payload[at] ?? 0) & 0x80) !== 0 ? 2 : 1;
    if ((extension & 0x40) !== 0) at += 1;
    if ((extension & 0x30) !== 0) at += 1;
  }
  return isKeyframe(payload.subarray(at));
}

/** Payloads of one frame. `pictureId` counts frames modulo 2^15. */
export function packetizeVp8(frame: Buffer, pictureId: number): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < frame.length; at += PAYLOAD_MAX) {
    const descriptor = Buffer.from([
      0x80 | (at === 0 ? 0x10 : 0),
      0x80,
      0x80 | ((pictureId >> 8) & 0x7f),
      pictureId & 0xff,
    ]);
    payloads.push(Buffer.concat([descriptor, frame.subarray(at, at + PAYLOAD_MAX)]));
  }
  return payloads;
}
