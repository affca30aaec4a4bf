import { sequenceDelta } from './rtp.js';

/** A packet on its way out, numbered as its source numbers it. */
export interface SourcePacket {
  readonly sequence: number;
  readonly timestamp: number;
}

/**
 * One outgoing stream out of several sources (speech, picture, echo): the receiver must see a single SSRC whose
 * sequence numbers go on by one and whose timestamps follow the wall clock, or it freezes at each change.
 * Inside a source gaps and reordering are kept: a decoder must notice a lost packet.
 */
export interface Timeline {
  /** Null for a late packet from before the change to its source. */
  place(source: object, packet: SourcePacket, nowMs: number): SourcePacket | null;
  /** Timestamp that belongs to `nowMs`, for sender reports. */
  at(nowMs: number): number;
}

export function createTimeline(clockRate: number): Timeline {
  let source: object | null = null;
  let sequenceOffset = 0;
  let timestampOffset = 0;
  let firstOfSource = 0;
  let lastSequence = Math.floor(Math.random() * 0x8000);
  let lastTimestamp = Math.floor(Math.random() * 0x8000_0000);
  let lastMs: number | null = null;

  const at = (nowMs: number): number =>
    (lastTimestamp + (lastMs === null ? 0 : Math.round(((nowMs - lastMs) * clockRate) / 1000))) >>>
    0;

  return {
    at,
    place(from, packet, nowMs) {
      if (from !== source) {
        source = from;
        firstOfSource = packet.sequence;
        sequenceOffset = lastSequence + 1 - packet.sequence;
        const next = at(nowMs);
        timestampOffset = (next === lastTimestamp ? next + 1 : next) - packet.timestamp;
        lastSequence = (lastSequence + 1) & 0xffff;
      } else if (sequenceDelta(firstOfSource, packet.sequence) < 0) {
        return null;
      }
      const sequence = (packet.sequence + sequenceOffset) & 0xffff;
      const timestamp = (packet.timestamp + timestampOffset) >>> 0;
      if (sequenceDelta(lastSequence, sequence) >= 0) {
        lastSequence = sequence;
        lastTimestamp = timestamp;
        lastMs = nowMs;
        // half a turn of the counter later, the first packet would look like one to come
        if (sequenceDelta(firstOfSource, packet.sequence) > 0x1000) {
          firstOfSource = (packet.sequence - 0x1000) & 0xffff;
        }
      }
      return { sequence, timestamp };
    },
  };
}
