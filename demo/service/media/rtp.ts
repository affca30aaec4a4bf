/** RTP packets, RFC 3550 section 5.1, with one-byte header extensions (RFC 8285 section 4.2). */

export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  /** 16 bits. */
  readonly sequence: number;
  /** 32 bits, in units of the codec's clock. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
  /** Elements of a one-byte header extension by their id. */
  readonly extensions: ReadonlyMap<number, Buffer>;
}

export type RtpFields = Omit<RtpPacket, 'extensions'>;

const HEADER = 12;
const ONE_BYTE_PROFILE = 0xbede;
const NO_EXTENSIONS: ReadonlyMap<number, Buffer> = new Map();

/** RFC 5761 section 4: with RTP and RTCP on one port, packet types 192 to 223 are RTCP. */
export function isRtcp(data: Buffer): boolean {
  const type = data[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** Null for anything that is not a whole RTP packet. */
export function parseRtp(data: Buffer): RtpPacket | null {
  if (data.length < HEADER || data[0]! >> 6 !== 2) return null;
  let start = HEADER + (data[0]! & 0x0f) * 4;
  let end = data.length;
  let extensions = NO_EXTENSIONS;
  if ((data[0]! & 0x10) !== 0) {
    if (start + 4 > end) return null;
    const length = data.readUInt16BE(start + 2) * 4;
    if (start + 4 + length > end) return null;
    if (data.readUInt16BE(start) === ONE_BYTE_PROFILE) {
      extensions = parseExtensions(data.subarray(start + 4, start + 4 + length));
    }
    start += 4 + length;
  }
  if ((data[0]! & 0x20) !== 0) end -= data[data.length - 1]!;
  if (end < start) return null;
  return {
    payloadType: data[1]! & 0x7f,
    marker: (data[1]! & 0x80) !== 0,
    sequence: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    ssrc: data.readUInt32BE(8),
    payload: data.subarray(start, end),
    extensions,
  };
}

function parseExtensions(data: Buffer): ReadonlyMap<number, Buffer> {
  const elements = new Map<number, Buffer>();
  for (let at = 0; at < data.length;) {
    const head = data[at]!;
    at += 1;
    if (head === 0) continue; // padding
    const id = head >> 4;
    if (id === 15) break; // reserved: stop reading
    const length = (head & 0x0f) + 1;
    elements.set(id, data.subarray(at, at + length));
    at += length;
  }
  return elements;
}

export function buildRtp(fields: RtpFields): Buffer {
  const data = Buffer.allocUnsafe(HEADER + fields.payload.length);
  data[0] = 0x80;
  data[1] = (fields.marker ? 0x80 : 0) | fields.payloadType;
  data.writeUInt16BE(fields.sequence, 2);
  data.writeUInt32BE(fields.timestamp, 4);
  data.writeUInt32BE(fields.ssrc, 8);
  fields.payload.copy(data, HEADER);
  return data;
}

/** Signed distance from one 16-bit sequence number to another. */
export function sequenceDelta(from: number, to: number): number {
  return ((to - from + 0x18000) & 0xffff) - 0x8000;
}
