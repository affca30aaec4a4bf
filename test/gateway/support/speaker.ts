/** A far end with a voice of its own: tones in PCMU, with pauses in which it sends nothing at all (RFC 3551 section 4.1). */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const FRAME_MS = 20;
const SAMPLES = 160;
/** 1 kHz at half its level. */
const TONE = Buffer.from(
  Array.from(
    { length: SAMPLES },
    (_, i) => [0xff, 0x96, 0x8f, 0x96, 0x7f, 0x16, 0x0f, 0x16][i % 8]!,
  ),
);

export interface Speaker {
  readonly port: number;
  /** Packets that came. */
  readonly heard: number;
  /** Whether it says something. */
  speaks: boolean;
  close(): void;
}

/** It answers to where packets come from, and speaks from the first of them on. */
export async function openSpeaker(): Promise<Speaker> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const ssrc = randomInt(2 ** 32);
  let sequence = randomInt(2 ** 15);
  let heard = 0;
  let start = 0;
  let frames = 0;
  let spoke = false;
  let to: { readonly port: number; readonly address: string } | null = null;
  const speaker: Speaker = {
    port: socket.address().port,
    get heard() {
      return heard;
    },
    speaks: true,
    close() {
      clearInterval(timer);
      socket.close();
    },
  };
  socket.on('message', (_packet, from) => {
    heard += 1;
    if (to === null) start = performance.now();
    to = from;
  });
  const say = (): void => {
    if (to !== null && speaker.speaks) {
      sequence += 1;
      const header = Buffer.alloc(12);
      header[0] = 0x80;
      header[1] = spoke ? 0 : 0x80; // the first of a talkspurt is marked
      header.writeUInt16BE(sequence & 0xffff, 2);
      // time goes on in a pause, and packets are not counted in it
      header.writeUInt32BE((frames * SAMPLES) >>> 0, 4);
      header.writeUInt32BE(ssrc, 8);
      socket.send(Buffer.concat([header, TONE]), to.port, to.address, () => {});
    }
    spoke = to !== null && speaker.speaks;
    frames += 1;
  };
  const timer = setInterval(() => {
    // a timer that is late makes up for it
    while (to !== null && frames * FRAME_MS <= performance.now() - start) say();
  }, FRAME_MS / 4);
  return speaker;
}
