import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { randomInt } from 'node:crypto';

async function listenTcp(host: string, port: number): Promise<number> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return taken;
}

async function bindUdp(host: string, port: number): Promise<void> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, host);
    await once(socket, 'listening');
  } finally {
    socket.close();
  }
}

/** A port that nobody uses, for TCP and UDP alike. Somebody else may take it before it is bound. */
export async function findPort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    // below the range that the kernel gives to clients, so that no connection of theirs is in the way later
    const port = randomInt(10_000, 20_000);
    try {
      await listenTcp(host, port);
      await bindUdp(host, port);
      return port;
    } catch {
      // taken: try another
    }
  }
}

/** First of `count` ports for media, even. Which of them are taken is found out by their user. */
export const findPortRange = (count: number): number =>
  20_000 + 2 * randomInt(0, (12_000 - count) / 2);
