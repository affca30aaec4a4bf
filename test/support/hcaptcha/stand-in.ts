import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TEST_SECRET, TEST_SITEKEY, TEST_TOKEN } from './scenarios.js';
import { decodeToken, encodeToken } from './token.js';

const TOKEN_MS = 120_000;
const FORM = 'application/x-www-form-urlencoded';

export type ScriptFault = 'not-found' | 'onload-never' | 'hang';
export type VerifyFault = 'http-500' | 'html' | 'hang' | 'wrong-hostname' | 'stale';

export interface HCaptchaStandInOptions {
  readonly sites: readonly { readonly sitekey: string; readonly secret: string }[];
  readonly now?: () => number;
}

export interface HCaptchaStandIn {
  /** `GET /1/api.js` and `POST /siteverify`. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** What is wrong with the script from now on. */
  scriptFault: ScriptFault | null;
  /** What is wrong with verification from now on. */
  verifyFault: VerifyFault | null;
  /** Forms of all verifications so far. */
  readonly verifications: readonly Readonly<Record<string, string>>[];
  /** A token as the browser side makes it. */
  issue(claims: {
    readonly sitekey: string;
    readonly host?: string;
    readonly issuedAt?: number;
  }): string;
  /** Listens on 127.0.0.1 at a free port. */
  start(): Promise<{ readonly origin: string; close(): Promise<void> }>;
}

interface Verdict {
  readonly success: boolean;
  readonly challenge_ts?: string;
  readonly hostname?: string;
  readonly credit?: boolean;
  readonly 'error-codes'?: readonly string[];
}

const refusal = (...codes: string[]): Verdict => ({ success: false, 'error-codes': codes });

/** hCaptcha for a machine without internet: its script, and the verification of its tokens by hCaptcha's rules. */
export function createHCaptchaStandIn({
  sites,
  now = Date.now,
}: HCaptchaStandInOptions): HCaptchaStandIn {
  const seen = new Set<string>();
  const verifications: Record<string, string>[] = [];
  const script = readFileSync(new URL('1/api.js', import.meta.url), 'utf8');

  function judge({
    secret,
    response,
    sitekey,
    remoteip,
  }: Partial<Record<string, string>>): Verdict {
    if (!secret) return refusal('missing-input-secret');
    if (!response) return refusal('missing-input-response');
    if (remoteip !== undefined && !/^[0-9a-f:.]+$/i.test(remoteip)) {
      return refusal('invalid-remoteip');
    }
    if (secret === TEST_SECRET) {
      if (response !== TEST_TOKEN) return refusal('not-using-dummy-passcode');
      if (sitekey !== undefined && sitekey !== TEST_SITEKEY) {
        return refusal('sitekey-secret-mismatch');
      }
      return pass('dummy-key-pass', now());
    }
    const site = sites.find((candidate) => candidate.secret === secret);
    if (!site) return refusal('invalid-input-secret');
    if (response === TEST_TOKEN) return refusal('not-using-dummy-secret');
    const claims = decodeToken(response);
    if (!claims) return refusal('invalid-input-response');
    if (claims.sitekey !== site.sitekey || (sitekey !== undefined && sitekey !== site.sitekey)) {
      return refusal('sitekey-secret-mismatch');
    }
    if (seen.has(response)) return refusal('already-seen-response');
    seen.add(response);
    if (now() - claims.issuedAt > TOKEN_MS) return refusal('expired-input-response');
    return pass(claims.host, claims.issuedAt);
  }

  function pass(hostname: string, issuedAt: number): Verdict {
    return {
      success: true,
      challenge_ts: new Date(
        issuedAt - (standIn.verifyFault === 'stale' ? 3_600_000 : 0),
      ).toISOString(),
      hostname: standIn.verifyFault === 'wrong-hostname' ? 'evil.example' : hostname,
      credit: false,
    };
  }

  function serveScript(response: ServerResponse): void {
    const { scriptFault } = standIn;
    // a connection without an answer ends when the server is closed
    if (scriptFault === 'hang') return;
    if (scriptFault === 'not-found') return void response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': 'text/javascript; charset=utf-8',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'no-store',
    });
    const before =
      scriptFault === 'onload-never' ? 'window.hcaptchaStandIn = { onload: "never" };\n' : '';
    response.end(before + script);
  }

  async function verify(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
    verifications.push(form);
    switch (standIn.verifyFault) {
      case 'hang':
        return;
      case 'http-500':
        return void response.writeHead(500).end('internal error');
      case 'html':
        return void response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<!doctype html><title>Maintenance</title>');
      case 'stale':
      case 'wrong-hostname':
      case null: {
        const readable = (request.headers['content-type'] ?? '').startsWith(FORM);
        const verdict = readable ? judge(form) : refusal('bad-request');
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(verdict));
      }
    }
  }

  const standIn: HCaptchaStandIn = {
    scriptFault: null,
    verifyFault: null,
    verifications,
    issue: ({ sitekey, host = 'localhost', issuedAt = now() }) =>
      encodeToken({ sitekey, host, issuedAt, nonce: crypto.randomUUID() }),
    handler(request, response) {
      const { pathname } = new URL(request.url ?? '/', 'http://stand-in');
      if (request.method === 'GET' && pathname === '/1/api.js') serveScript(response);
      else if (request.method === 'POST' && pathname === '/siteverify') {
        verify(request, response).catch(() => response.destroy());
      } else response.writeHead(404).end();
    },
    async start() {
      const server = createServer(standIn.handler);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      return {
        origin: `http://127.0.0.1:${port}`,
        close: () =>
          new Promise((resolve, reject) => {
            server.close((error) => (error ? reject(error) : resolve()));
            server.closeAllConnections();
          }),
      };
    },
  };
  return standIn;
}
