/** A host for files alone, as a CDN is: another origin than the page's, with CORS. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { findFile } from '../../demo/service/http/files.js';

export interface FileHost {
  /** With a slash at its end. */
  readonly url: string;
  /** Paths asked for, in their order. */
  readonly asked: string[];
  /** Instead of the file: bytes that somebody has changed. By path, with a slash at its start. */
  readonly tampered: Map<string, string>;
  close(): Promise<void>;
}

/** Serves a folder on a port of its own. */
export async function startFileHost(folder: string): Promise<FileHost> {
  const asked: string[] = [];
  const tampered = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    void findFile(folder, path).then(
      (found) => {
        if (found.kind !== 'file') return response.writeHead(404).end();
        const body = tampered.get(path) ?? found.body;
        const headers = { 'Content-Type': found.type, 'Access-Control-Allow-Origin': '*' };
        return response.writeHead(200, headers).end(body);
      },
      () => response.writeHead(500).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    tampered,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
