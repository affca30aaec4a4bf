/**
 * A site that is not the service's: its pages bring the headers that strict hosts send. Real pages of a real server,
 * since one that Playwright fulfils cannot open a WebSocket to this machine.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface HostFile {
  readonly body: string;
  /** Default `text/html`. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HostSite {
  /** Without a slash at the end. */
  readonly origin: string;
  readonly port: number;
  /** What browsers reported to `/reports`, parsed. */
  readonly reports: unknown[];
  /** Publishes a file from now on; its address. */
  put(path: string, file: HostFile): string;
  close(): Promise<void>;
}

export interface TlsFiles {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** Listens on 127.0.0.1 at a free port, with TLS where there is a certificate. */
export async function startHostSite(tls?: TlsFiles): Promise<HostSite> {
  const files = new Map<string, HostFile>();
  const reports: unknown[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    if (request.method === 'POST' && pathname === '/reports') {
      reports.push(JSON.parse(await text(request)));
      response.writeHead(204).end();
      return;
    }
    const file = files.get(pathname);
    if (file === undefined) {
      // nobody asked for an icon but the browser
      response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    response
      .writeHead(200, {
        'Content-Type': `${file.type ?? 'text/html'}; charset=utf-8`,
        'Cache-Control': 'no-cache',
        ...file.headers,
      })
      .end(file.body);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  return {
    origin,
    port,
    reports,
    put(path, file) {
      files.set(path, file);
      return origin + path;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
