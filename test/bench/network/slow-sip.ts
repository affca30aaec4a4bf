import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { rewriteMessage } from './candidates.js';
import { createMediaPath, type MediaPath } from './slow-udp.js';
import { createSlowTcp } from './slow-tcp.js';

export interface SlowSip {
  /** WebSocket URL for the call of this name. */
  url(call: string): string;
  media(call: string): MediaPath;
  /** Lets go of a call's media. */
  forget(call: string): void;
  close(): Promise<void>;
}

export interface SlowSipOptions {
  readonly rttMs: () => number;
  /** WebSocket URL of the gateway. */
  readonly server: () => string;
  /** What the gateway is to believe that the page's origin is. */
  readonly origin: () => string;
}

/** SIP over WebSocket through a slow network, with the media of each call led through it as well. */
export async function createSlowSip({ rttMs, server, origin }: SlowSipOptions): Promise<SlowSip> {
  const paths = new Map<string, MediaPath>();
  const media = (call: string): MediaPath => {
    const path = paths.get(call) ?? createMediaPath(rttMs);
    paths.set(call, path);
    return path;
  };

  const http = createServer();
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => 'sip' });
  sockets.on('connection', (browser, request) => {
    const path = media(new URL(request.url ?? '', 'ws://host').searchParams.get('call') ?? '');
    const gateway = new WebSocket(server(), 'sip', { origin: origin() });
    const opened = new Promise<void>((resolve) => gateway.once('open', resolve));
    const pass = (from: WebSocket, to: WebSocket, side: 'browser' | 'gateway'): void => {
      let last: Promise<unknown> = opened;
      from.on('message', (data: Buffer) => {
        last = last
          .then(() => rewriteMessage(data.toString(), (address) => path.mirror(address, side)))
          .then((text) => to.send(text));
      });
      from.on('error', () => {});
      from.on('close', () => void last.then(() => to.close()));
    };
    pass(browser, gateway, 'browser');
    pass(gateway, browser, 'gateway');
    gateway.once('error', () => browser.terminate());
  });
  const port = await new Promise<number>((resolve) =>
    http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port)),
  );
  const slow = await createSlowTcp(rttMs);
  slow.upstream = { host: '127.0.0.1', port };

  return {
    url: (call) => `ws://127.0.0.1:${slow.port}/sip?call=${call}`,
    media,
    forget(call) {
      paths.get(call)?.close();
      paths.delete(call);
    },
    async close() {
      for (const path of paths.values()) path.close();
      for (const socket of sockets.clients) socket.terminate();
      await slow.close();
      await new Promise((done) => http.close(done));
    },
  };
}
