/** Packets of the single logical stream of an Ogg-Opus file: RFC 3533 and RFC 7845. */

const SAMPLES_PER_MS = 48;

export interface OpusPacket {
  readonly data: Buffer;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** Throws on anything but Ogg-Opus. */
export function parseOggOpus(file: Buffer): OpusPacket[] {
  const packets: Buffer[] = [];
  let open: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    if (file.toString('latin1', at, at + 4) !== 'OggS' || at + 27 > file.length) {
      throw new Error(`no Ogg page at byte ${at}`);
    }
    const segments = file.subarray(at + 27, at + 27 + file[at + 26]!);
    at += 27 + segments.length;
    for (const size of segments) {
      if (at + size > file.length) throw new Error('Ogg page is cut short');
      open.push(file.subarray(at, at + size));
      at += size;
      // a lacing value of 255 means: the packet goes on
      if (size < 255) {
        packets.push(Buffer.concat(open));
        open = [];
      }
    }
  }
  const [head, tags, ...audio] = packets;
  if (head?.toString('latin1', 0, 8) !== 'OpusHead') throw new Error('not an Ogg-Opus file');
  if (tags?.toString('latin1', 0, 8) !== 'OpusTags') throw new Error('Ogg-Opus file without tags');
  return audio
    .filter((data) => data.length > 0)
    .map((data) => ({ data, durationMs: opusDuration(data) }));
}

/** Milliseconds of sound in a packet, from its first two bytes: RFC 6716 section 3.1. */
export function opusDuration(packet: Buffer): number {
  const toc = packet[0] ?? 0;
  const config = toc >> 3;
  const frame =
    config < 12
      ? [480, 960, 1920, 2880][config & 3]!
      : config < 16
        ? [480, 960][config & 1]!
        : [120, 240, 480, 960][config & 3]!;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? (packet[1] ?? 0) & 0x3f : 2;
  return (frame * frames) / SAMPLES_PER_MS;
}
