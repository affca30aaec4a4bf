/**
 * Between a page and a SIP server: hands WebSocket frames on, both ways, keeps them, cuts the connection, and puts in
 * what the server never said.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

export interface SipProxy {
  /** For the page. */
  readonly url: string;
  /** Frames so far, both ways. */
  readonly fromCaller: readonly string[];
  readonly fromServer: readonly string[];
  /** Connections of the page that were taken. */
  readonly connections: number;
  /** The page's next tries to connect fail. */
  refusing: boolean;
  /** Ends all connections as a dead network does: without a close frame. */
  cut(): void;
  /** Connections stay open, and nothing gets through in either direction any more. */
  swallow(): void;
  /** To the page, as if from the server. */
  inject(frame: string | Buffer): void;
  close(): Promise<void>;
}

const textOf = (data: RawData): string => (data as Buffer).toString();

/** `edit`: what becomes of a frame of the page's on its way. */
export async function startSipProxy(
  target: string,
  edit = (frame: string): string => frame,
): Promise<SipProxy> {
  const fromCaller: string[] = [];
  const fromServer: string[] = [];
  const pairs = new Set<readonly [WebSocket, WebSocket]>();
  let connections = 0;
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    handleProtocols: () => 'sip',
    verifyClient: () => !proxy.refusing,
  });
  await once(server, 'listening');

  server.on('connection', (caller, request) => {
    connections++;
    const upstream = new WebSocket(target, 'sip', { origin: request.headers.origin ?? '' });
    const pair = [caller, upstream] as const;
    pairs.add(pair);
    const early: RawData[] = [];
    const toServer = (data: RawData): void => upstream.send(edit(textOf(data)), { binary: false });
    caller.on('message', (data: RawData) => {
      fromCaller.push(textOf(data));
      if (upstream.readyState === WebSocket.OPEN) toServer(data);
      else early.push(data);
    });
    upstream.on('open', () => early.splice(0).forEach(toServer));
    upstream.on('message', (data: RawData) => {
      fromServer.push(textOf(data));
      caller.send(textOf(data));
    });
    const end = (): void => {
      pairs.delete(pair);
      caller.terminate();
      upstream.terminate();
    };
    for (const socket of pair) socket.on('close', end).on('error', end);
  });

  const proxy: SipProxy = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    fromCaller,
    fromServer,
    get connections() {
      return connections;
    },
    refusing: false,
    cut() {
      for (const [caller, upstream] of pairs) {
        caller.terminate();
        upstream.terminate();
      }
    },
    swallow() {
      for (const socket of [...pairs].flat()) socket.removeAllListeners('message');
    },
    inject(frame) {
      for (const [caller] of pairs) caller.send(frame, { binary: typeof frame !== 'string' });
    },
    async close() {
      proxy.cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
