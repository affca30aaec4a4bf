/** The RTCP that a browser needs from us and we from it: RFC 3550 section 6, RFC 4585, REMB. */

export interface RtcpReport {
  /** Packets that ask for a key frame (PLI, RFC 4585 section 6.3.1; FIR, RFC 5104 section 4.3.1). */
  readonly keyframeRequests: number;
  /** Sender reports: middle 32 bits of the NTP time, by SSRC. */
  readonly senderReports: ReadonlyMap<number, number>;
}

const SR = 200;
const RR = 201;
const PSFB = 206;
const PLI = 1;
const FIR = 4;
const APPLICATION_LAYER = 15;

/** Reads a compound packet as far as it is well formed. */
export function parseRtcp(data: Buffer): RtcpReport {
  let keyframeRequests = 0;
  const senderReports = new Map<number, number>();
  for (let at = 0; at + 8 <= data.length;) {
    const format = data[at]! & 0x1f;
    const type = data[at + 1];
    const length = (data.readUInt16BE(at + 2) + 1) * 4;
    if (type === PSFB && (format === PLI || format === FIR)) keyframeRequests += 1;
    if (type === SR && at + 16 <= data.length) {
      senderReports.set(data.readUInt32BE(at + 4), data.readUInt32BE(at + 10));
    }
    at += length;
  }
  return { keyframeRequests, senderReports };
}

function header(format: number, type: number, bytes: number): Buffer {
  const data = Buffer.alloc(bytes);
  data[0] = 0x80 | format;
  data[1] = type;
  data.writeUInt16BE(bytes / 4 - 1, 2);
  return data;
}

export interface SenderInfo {
  readonly ssrc: number;
  /** Of the last packet sent, advanced to `nowMs`. */
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
}

const NTP_OFFSET_S = 2_208_988_800; // from 1900 to 1970

/** SR, or RR where nothing was sent yet, with one report block or none. */
export function buildReport(sender: SenderInfo, block: Buffer | null, nowMs: number): Buffer {
  const blocks = block === null ? 0 : 1;
  if (sender.packets === 0) {
    const report = header(blocks, RR, 8 + blocks * 24);
    report.writeUInt32BE(sender.ssrc, 4);
    block?.copy(report, 8);
    return report;
  }
  const report = header(blocks, SR, 28 + blocks * 24);
  report.writeUInt32BE(sender.ssrc, 4);
  report.writeUInt32BE((Math.floor(nowMs / 1000) + NTP_OFFSET_S) >>> 0, 8);
  report.writeUInt32BE(Math.floor(((nowMs % 1000) / 1000) * 2 ** 32) >>> 0, 12);
  report.writeUInt32BE(sender.timestamp, 16);
  report.writeUInt32BE(sender.packets >>> 0, 20);
  report.writeUInt32BE(sender.bytes >>> 0, 24);
  block?.copy(report, 28);
  return report;
}

export function buildPli(sender: number, media: number): Buffer {
  const data = header(PLI, PSFB, 12);
  data.writeUInt32BE(sender, 4);
  data.writeUInt32BE(media, 8);
  return data;
}

/** Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03 section 2.2), bits per second. */
export function buildRemb(sender: number, media: number, bitrate: number): Buffer {
  const data = header(APPLICATION_LAYER, PSFB, 24);
  data.writeUInt32BE(sender, 4);
  data.write('REMB', 12, 'latin1');
  let exponent = 0;
  let mantissa = bitrate;
  for (; mantissa > 0x3ffff; mantissa = Math.floor(mantissa / 2)) exponent += 1;
  data.writeUInt32BE(((1 << 24) | (exponent << 18) | mantissa) >>> 0, 16);
  data.writeUInt32BE(media, 20);
  return data;
}
