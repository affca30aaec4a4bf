import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createDelayLine } from './delay-line.js';

export interface SlowTcp {
  readonly port: number;
  /** Where connections go from now on. */
  upstream: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/**
 * Passes TCP connections on, with half a round trip for each byte in each direction.
 *
 * A user-space proxy cannot hold back the SYN: the client believes to be connected at once. What it writes in the
 * first round trip counts as written at its end, when a client over a real network could have written it. A WebSocket
 * handshake costs two round trips in this way, as it should.
 */
export function createSlowTcp(rttMs: () => number): Promise<SlowTcp> {
  const sockets = new Set<Socket>();
  let upstream = { host: '127.0.0.1', port: 0 };

  function pass(from: Socket, to: Socket, openedAt: number): void {
    const line = createDelayLine(() => rttMs() / 2);
    sockets.add(from.setNoDelay());
    from.on('data', (data) => line.push(() => to.write(data), openedAt));
    from.on('end', () => line.push(() => to.end(), openedAt));
    // the other side learns of it by a reset of its own
    from.on('error', () => {});
    from.on('close', (failed) => {
      sockets.delete(from);
      if (failed) line.push(() => to.destroy());
    });
  }

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const target = connect({ ...upstream, allowHalfOpen: true });
    pass(client, target, performance.now() + rttMs());
    pass(target, client, 0);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        get upstream() {
          return upstream;
        },
        set upstream(next) {
          upstream = next;
        },
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}
