/** What the stand-ins of CAPTCHA providers have in common: a script, a siteverify, and what can be wrong with both. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeToken, encodeToken, type TokenClaims } from './captcha-token.js';

export type ScriptFault = 'not-found' | 'onload-never' | 'hang';
export type VerifyFault = 'http-500' | 'html' | 'hang' | 'wrong-hostname' | 'stale';

export interface CaptchaStandIn {
  /** Serves the script by GET and siteverify by POST. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** What is wrong with the script from now on. */
  scriptFault: ScriptFault | null;
  /** What is wrong with verification from now on. */
  verifyFault: VerifyFault | null;
  /** Members of all verifications so far. */
  readonly verifications: readonly Form[];
  /** A token as the browser side makes it. */
  issue(claims: { readonly sitekey: string } & Partial<TokenClaims>): string;
  /** Listens on 127.0.0.1 at a free port. */
  start(): Promise<{ readonly origin: string; close(): Promise<void> }>;
}

export type Form = Readonly<Partial<Record<string, string>>>;

export interface Verdict {
  readonly success: boolean;
  readonly challenge_ts?: string;
  readonly hostname?: string;
  readonly 'error-codes'?: readonly string[];
}

/** What the judge of a provider is lent. */
export interface Bench {
  readonly now: () => number;
  /** A refusal by its error codes. */
  refuse(...codes: string[]): Verdict;
  /** A yes, unless something is to be wrong with it. */
  pass(hostname: string, issuedAt: number): Verdict;
  /** What the token says of itself; `null` for what is none. */
  read(token: string): TokenClaims | null;
  /** True the first time. */
  spend(token: string): boolean;
}

export interface StandInProvider {
  /** Path of the script, and where it stands. */
  readonly script: readonly [path: string, file: URL];
  readonly verifyPath: string;
  /** Global by which the script is told that it never gets ready. */
  readonly settings: string;
  /** Members of a verification; `null` where the type of its body is not one that the provider reads. */
  readonly parse: (type: string, body: string) => Form | null;
  readonly judge: (form: Form, bench: Bench) => Verdict;
}

export function parseForm(body: string): Form {
  return Object.fromEntries(new URLSearchParams(body));
}

export function createCaptchaStandIn(
  { script: [scriptPath, file], verifyPath, settings, parse, judge }: StandInProvider,
  now: () => number = Date.now,
): CaptchaStandIn {
  const seen = new Set<string>();
  const verifications: Form[] = [];
  const script = readFileSync(file, 'utf8');

  const bench: Bench = {
    now,
    refuse: (...codes) => ({ success: false, 'error-codes': codes }),
    pass: (hostname, issuedAt) => ({
      success: true,
      challenge_ts: new Date(
        issuedAt - (standIn.verifyFault === 'stale' ? 3_600_000 : 0),
      ).toISOString(),
      hostname: standIn.verifyFault === 'wrong-hostname' ? 'evil.example' : hostname,
    }),
    read: decodeToken,
    spend: (token) => !seen.has(token) && Boolean(seen.add(token)),
  };

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
      scriptFault === 'onload-never' ? `window.${settings} = { onload: "never" };\n` : '';
    response.end(before + script);
  }

  async function verify(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = parse(request.headers['content-type'] ?? '', Buffer.concat(chunks).toString());
    verifications.push(form ?? {});
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
        const verdict = form === null ? bench.refuse('bad-request') : judge(form, bench);
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(verdict));
      }
    }
  }

  const standIn: CaptchaStandIn = {
    scriptFault: null,
    verifyFault: null,
    verifications,
    issue: (claims) =>
      encodeToken({ host: 'localhost', issuedAt: now(), nonce: crypto.randomUUID(), ...claims }),
    handler(request, response) {
      const { pathname } = new URL(request.url ?? '/', 'http://stand-in');
      if (request.method === 'GET' && pathname === scriptPath) serveScript(response);
      else if (request.method === 'POST' && pathname === verifyPath) {
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
