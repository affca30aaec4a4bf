import { sequenceDelta, type RtpPacket } from './rtp.js';

/** Reception of one SSRC as a report block counts it: RFC 3550 section 6.4.1 and appendix A. */
export interface Receiver {
  readonly ssrc: number;
  onPacket(packet: RtpPacket, nowMs: number): { gap: boolean };
  onSenderReport(ntpMiddle: number, nowMs: number): void;
  /** 24 bytes. Counts the fraction lost since the last call. */
  block(nowMs: number): Buffer;
  lost(): number;
}

export function createReceiver(first: RtpPacket, clockRate: number): Receiver {
  let highest = first.sequence;
  let cycles = 0;
  let received = 0;
  let jitter = 0;
  let transit: number | null = null;
  let report: { ntpMiddle: number; atMs: number } | null = null;
  let before = { expected: 0, received: 0 };

  const expected = (): number => cycles * 0x10000 + highest - first.sequence + 1;
  const lost = (): number => Math.max(0, expected() - received);

  return {
    ssrc: first.ssrc,
    onPacket(packet, nowMs) {
      received += 1;
      const delta = received === 1 ? 0 : sequenceDelta(highest, packet.sequence);
      if (delta > 0) {
        if (packet.sequence < highest) cycles += 1;
        highest = packet.sequence;
      }
      const now = Math.round((nowMs * clockRate) / 1000) - packet.timestamp;
      if (transit !== null) {
        const change = Math.abs((now - transit) | 0);
        jitter += (change - jitter) / 16;
      }
      transit = now;
      return { gap: delta > 1 };
    },
    onSenderReport(ntpMiddle, atMs) {
      report = { ntpMiddle, atMs };
    },
    lost,
    block(nowMs) {
      const data = Buffer.alloc(24);
      const wanted = expected();
      const interval = wanted - before.expected;
      const missing = interval - (received - before.received);
      before = { expected: wanted, received };
      data.writeUInt32BE(first.ssrc, 0);
      data[4] =
        interval > 0 && missing > 0 ? Math.min(255, Math.floor((missing * 256) / interval)) : 0;
      data.writeUIntBE(Math.min(lost(), 0x7fffff), 5, 3);
      data.writeUInt32BE((cycles * 0x10000 + highest) >>> 0, 8);
      data.writeUInt32BE(Math.floor(jitter) >>> 0, 12);
      if (report !== null) {
        data.writeUInt32BE(report.ntpMiddle, 16);
        data.writeUInt32BE(Math.round(((nowMs - report.atMs) * 65536) / 1000) >>> 0, 20);
      }
      return data;
    },
  };
}
