/** Media of a far end: sends back every packet to where it came from, while it is not told to be silent. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface Echo {
  readonly port: number;
  /** Packets that came, and that went back. */
  readonly heard: number;
  readonly said: number;
  /** Whether it sends. */
  speaks: boolean;
  close(): void;
}

export async function openEcho(onPacket: (packet: Buffer) => void = () => {}): Promise<Echo> {
  const socket = createSocket('udp4');
  let heard = 0;
  let said = 0;
  const echo: Echo = {
    get port() {
      return socket.address().port;
    },
    get heard() {
      return heard;
    },
    get said() {
      return said;
    },
    speaks: true,
    close: () => socket.close(),
  };
  socket.on('message', (packet, from) => {
    heard += 1;
    onPacket(packet);
    if (!echo.speaks) return;
    said += 1;
    socket.send(packet, from.port, from.address, () => {});
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return echo;
}
