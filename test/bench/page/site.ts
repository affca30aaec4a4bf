/** The pages of the benchmark and what they load, from memory: as a CDN would send it, by Brotli, nothing cached. */
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { buildScript } from '../../../demo/service/build.js';
import { type Contender, OURS } from './contenders.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const DIST = fileURLToPath(new URL('../../../dist/', import.meta.url));

export interface Site {
  /** Address of a contender's page. */
  url(contender: Contender): string;
  /** Bytes of its script, gzip -9. */
  bytes(contender: Contender): number;
  close(): Promise<void>;
}

interface Served {
  readonly type: string;
  readonly data: Buffer;
  /** Bytes, as a server without Brotli would send. */
  readonly gzip: number;
}

async function bundle(source: string): Promise<Buffer> {
  const [result] = [
    await build({
      configFile: false,
      root: HERE,
      logLevel: 'warn',
      publicDir: false,
      build: {
        write: false,
        target: 'chrome125',
        minify: true,
        lib: { entry: HERE + source, formats: ['iife'], name: 'contender' },
      },
    }),
  ].flat();
  if (result === undefined || !('output' in result))
    throw new Error(`${source}: nothing was built`);
  return Buffer.from(result.output[0].code);
}

function page({ body, script }: Contender): string {
  const tag = script === null ? '' : `<script async src="${scriptPath(script)}"></script>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,">
<h1>A page</h1><p>With some words in it.</p>${body}${tag}`;
}

function scriptPath(script: string): string {
  return `/${script.replace(/\.ts$/, '.js')}`;
}

/** Builds what must be built and serves it on loopback. */
export async function startSite(contenders: readonly Contender[]): Promise<Site> {
  const files = new Map<string, Served>();
  const put = (path: string, type: string, data: Buffer | string): void => {
    files.set(path, {
      type,
      data: brotliCompressSync(data),
      gzip: gzipSync(data, { level: 9 }).length,
    });
  };
  await buildScript();
  for (const [at, contender] of contenders.entries()) {
    put(`/${at}.html`, 'text/html', page(contender));
    const { script } = contender;
    if (script === null || contender === OURS) continue;
    const data = script.startsWith('sources/')
      ? await bundle(script)
      : await readFile(`${HERE}node_modules/${script}`);
    put(scriptPath(script), 'text/javascript', data);
  }
  put('/call-button.js', 'text/javascript', await readFile(`${DIST}call-button.js`));
  for (const name of await readdir(`${DIST}chunks`)) {
    put(`/chunks/${name}`, 'text/javascript', await readFile(`${DIST}chunks/${name}`));
  }
  const server = createServer(({ url = '' }, response) => {
    const file = files.get(url);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': file.type,
      'Content-Encoding': 'br',
      'Content-Length': file.data.length,
      'Cache-Control': 'no-store',
    });
    response.end(file.data);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (contender) => `http://127.0.0.1:${port}/${contenders.indexOf(contender)}.html`,
    bytes: ({ script }) => (script === null ? 0 : (files.get(scriptPath(script))?.gzip ?? 0)),
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}
