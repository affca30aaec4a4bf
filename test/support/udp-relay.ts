/**
 * A path between two peer connections that can be cut, for tests in a browser: two UDP ports, of which each hands on
 * what it gets to who last wrote to the other. `/udp-relay/open` answers with both ports, `/udp-relay/cut/<port>` lets
 * the packets of that pair disappear.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const PATH = '/udp-relay/';

interface End {
  readonly socket: Socket;
  /** Port of who wrote last. */
  from: number | null;
}

async function openEnd(): Promise<End> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, from: null };
}

/** A plugin of web-test-runner's server. */
export function udpRelay(): {
  name: string;
  serve(context: { path: string }): Promise<{ body: string; type: string } | undefined>;
  serverStop(): void;
} {
  const cuts = new Map<number, () => void>();

  async function open(): Promise<number[]> {
    const ends = [await openEnd(), await openEnd()] as const;
    const close = (): void => {
      for (const { socket } of ends) socket.close();
    };
    for (const [here, there] of [ends, [ends[1], ends[0]]] as const) {
      here.socket.on('message', (data, { port }) => {
        here.from = port;
        if (there.from !== null) there.socket.send(data, there.from, '127.0.0.1');
      });
      // a peer connection that is gone
      here.socket.on('error', () => {});
    }
    const ports = ends.map(({ socket }) => socket.address().port);
    for (const port of ports) cuts.set(port, close);
    return ports;
  }

  function cut(port: number): void {
    const close = cuts.get(port);
    for (const [key, value] of cuts) if (value === close) cuts.delete(key);
    close?.();
  }

  return {
    name: 'udp-relay',
    async serve({ path }) {
      if (path === `${PATH}open`) return { body: JSON.stringify(await open()), type: 'json' };
      if (!path.startsWith(`${PATH}cut/`)) return undefined;
      cut(Number(path.slice(`${PATH}cut/`.length)));
      return { body: '{}', type: 'json' };
    },
    serverStop() {
      for (const port of cuts.keys()) cut(port);
    },
  };
}
