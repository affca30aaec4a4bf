import type { RtpPacket } from './rtp.js';

export interface StreamStats {
  readonly packets: number;
  /** Of payload. */
  readonly bytes: number;
  readonly lost: number;
  /** Mean payload size of the last 50 packets, bytes. A muted Opus sender falls to a few bytes. */
  readonly payloadMean: number;
  /** Loudest of the last 50 packets in dBov, 0 (loudest) to -127 (digital silence); null where nobody says. */
  readonly level: number | null;
}

export interface Meter {
  onPacket(packet: RtpPacket, level: number | null): void;
  stats(lost: number): StreamStats;
}

const WINDOW = 50;

export function createMeter(): Meter {
  let packets = 0;
  let bytes = 0;
  const sizes: number[] = [];
  const levels: number[] = [];
  return {
    onPacket({ payload }, level) {
      packets += 1;
      bytes += payload.length;
      sizes.push(payload.length);
      if (sizes.length > WINDOW) sizes.shift();
      if (level !== null) levels.push(level);
      if (levels.length > WINDOW) levels.shift();
    },
    stats: (lost) => ({
      packets,
      bytes,
      lost,
      payloadMean:
        sizes.length === 0 ? 0 : sizes.reduce((sum, size) => sum + size, 0) / sizes.length,
      level: levels.length === 0 ? null : Math.max(...levels),
    }),
  };
}

/** Level of RFC 6464 (client-to-mixer): dBov, 0 to -127. */
export function levelOfExtension(element: Buffer | undefined): number | null {
  const first = element?.[0];
  return first === undefined ? null : 0 - (first & 0x7f);
}

/** Level of µ-law samples (ITU-T G.711): root mean square in dBov. */
export function levelOfPcmu(payload: Buffer): number {
  let squares = 0;
  for (const byte of payload) {
    const code = ~byte & 0xff;
    const magnitude = (((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4);
    squares += (magnitude - 0x84) ** 2;
  }
  if (squares === 0) return -127;
  const below = Math.round(-10 * Math.log10(squares / payload.length / 32768 ** 2));
  return 0 - Math.min(127, below);
}
