import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import packageJson from '../../../package.json' with { type: 'json' };
import { movingFolder } from '../../../test/support/published.js';
import { findFile } from './files.js';
import type { Account } from '../sip/registrar.js';
import type { Origins } from './origins.js';
import { fillPage } from './page.js';
import { readReport, type ReportSummary } from './reports.js';

export interface SiteOptions {
  /** Folder of the pages. */
  readonly pages: string;
  /** Folder of the script-tag build; null where there is none (yet). */
  readonly dist: () => Promise<string>;
  readonly origins: Origins;
  readonly gate: RequestListener;
  readonly captcha: { readonly provider: string; readonly sitekey: string | null };
  /** For the page where a person answers; null: it asks. */
  readonly agent: Account | null;
  readonly onFault: (error: unknown) => void;
  /** The pages' elements have sent the report of a call. */
  readonly onReport?: (report: ReportSummary) => void;
  /** Where the pages' elements connect. Default: `/sip` of the page's own origin. */
  readonly sipUrl?: string;
}

/** Parts of `demo/` that are no pages. */
const HIDDEN = ['service', 'gateway'];
/** Chunks have their hash in their name. */
const HASHED = /\/chunks\/[\w-]+\.js$/;

/** A browser asks again only where it has to, and is told in a line that nothing has changed. */
const CACHING = {
  forGood: 'public, max-age=31536000, immutable',
  minutes: 'public, max-age=300, must-revalidate',
  asked: 'no-cache',
} as const;

const { version } = packageJson;
/** As on a CDN: see "Updates" in the README. */
const VERSIONS = '/call-button/';

/** Where a file of the build is asked for, if it is, and for how long it stays as it is. */
function findScript(path: string): { file: string; caching: string } | null {
  if (path.startsWith('/dist/')) {
    const file = path.slice('/dist'.length);
    return { file, caching: HASHED.test(path) ? CACHING.forGood : CACHING.asked };
  }
  if (!path.startsWith(VERSIONS)) return null;
  const [, folder, file = ''] = /^([^/]+)(\/.*)$/.exec(path.slice(VERSIONS.length)) ?? [];
  if (folder !== version && folder !== movingFolder(version)) return null;
  const moves = folder !== version;
  // hashes belong to bytes that stay; the rest of the folder is the demo's
  if (
    !/^\/(call-button\.js|chunks\/[\w-]+\.js)$/.test(file) &&
    (moves || file !== '/integrity.json')
  )
    return null;
  return { file, caching: moves && !HASHED.test(file) ? CACHING.minutes : CACHING.forGood };
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers })
    .end(`${text}\n`);
}

/** Pages, the script and the gate, under the names in `origins` only. */
export function createSite(options: SiteOptions): RequestListener {
  const { origins, captcha } = options;

  async function servePage(path: string, origin: string, response: ServerResponse): Promise<void> {
    const found = await findFile(options.pages, path, HIDDEN);
    if (found.kind === 'folder') {
      send(response, 301, 'moved', { Location: `${path.replace(/^\/+/, '/')}/` });
      return;
    }
    if (found.kind !== 'file') {
      send(response, 404, 'not found');
      return;
    }
    let { body } = found;
    if (found.type.startsWith('text/html')) {
      const values = {
        sipUrl: options.sipUrl ?? `${origin.replace(/^http/, 'ws')}/sip`,
        gateUrl: `${origin}/call-gate`,
        captcha: captcha.provider,
        sitekey: captcha.sitekey,
        agent: options.agent,
      };
      body = Buffer.from(fillPage(body.toString(), values));
    }
    response
      .writeHead(200, {
        'Content-Type': found.type,
        'Content-Length': body.length,
        'Cache-Control': 'no-cache',
      })
      .end(body);
  }

  async function serveScript(
    { file, caching }: { file: string; caching: string },
    { headers }: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    // the element is meant to be used by pages of other origins, also those that are isolated (COEP)
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    let folder: string;
    try {
      folder = await options.dist();
    } catch (error) {
      options.onFault(error);
      send(response, 503, 'the script could not be built: see the console of the service');
      return;
    }
    const found = await findFile(folder, file);
    if (found.kind !== 'file') {
      send(response, 404, 'not found');
      return;
    }
    const tag = `"${createHash('sha256').update(found.body).digest('base64url')}"`;
    response.setHeader('Cache-Control', caching).setHeader('ETag', tag);
    if (headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    response
      .writeHead(200, { 'Content-Type': found.type, 'Content-Length': found.body.length })
      .end(found.body);
  }

  async function takeReport(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!origins.allows(request.headers.origin)) {
      send(response, 403, 'not for this origin');
      return;
    }
    const report = await readReport(request);
    if (report === null) {
      // the rest of it is not waited for
      send(response, 400, 'this is no report', { Connection: 'close' });
      return;
    }
    options.onReport?.(report);
    response.writeHead(204).end();
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const origin = origins.ofHost(request.headers.host);
    if (origin === null) {
      send(response, 421, 'this service does not answer under that name');
      return;
    }
    const [path = ''] = (request.url ?? '').split('?');
    if (path === '/call-gate' || path.startsWith('/call-gate/')) {
      options.gate(request, response);
      return;
    }
    if (path === '/call-reports' && request.method === 'POST') return takeReport(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(response, 405, 'method not allowed', { Allow: 'GET, HEAD' });
      return;
    }
    if (!path.startsWith('/')) {
      send(response, 400, 'bad request');
      return;
    }
    const script = findScript(path);
    if (script !== null) return serveScript(script, request, response);
    if (path === '/sip') {
      send(response, 426, 'this is a WebSocket', { Upgrade: 'websocket' });
      return;
    }
    return servePage(path, origin, response);
  }

  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      options.onFault(error);
      if (response.headersSent) response.destroy();
      else send(response, 500, 'something went wrong here');
    });
  };
}
