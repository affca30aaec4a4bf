/** A SIP caller made of strings: it says what it is told, right or wrong. */
import { createHmac, randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Secrets, Service } from '../../demo/service/server.js';

export const SECRETS: Secrets = {
  jwt: 'jwt-secret-of-the-tests-0123456789abcdef',
  digest: 'digest-secret-of-the-tests-0123456789abc',
  altcha: 'altcha-secret-of-the-tests-0123456789abc',
};

const LIMIT_MS = 8000;

export interface SipClient {
  send(text: string): void;
  /** First message, of those not yet taken, that matches. */
  next(pattern: RegExp): Promise<string>;
  /** Close code. */
  readonly closed: Promise<number>;
  close(): void;
  /** Breaks the connection without a closing handshake. */
  terminate(): void;
}

/** Rejects with the HTTP status of a refused handshake. */
export async function connectSip(
  service: Service,
  options: { origin?: string | null; protocols?: string[]; path?: string } = {},
): Promise<SipClient> {
  const { origin = service.url.slice(0, -1), protocols = ['sip'], path = '/sip' } = options;
  const url = service.sipUrl.replace(/\/sip$/, path);
  const socket = new WebSocket(url, protocols, origin === null ? {} : { origin });
  const inbox: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    inbox.push((data as Buffer).toString());
    for (const look of [...waiting]) look();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) =>
      reject(new Error(String(response.statusCode))),
    );
    socket.once('error', reject);
  });
  socket.on('error', () => {});
  return {
    closed,
    send: (text) => socket.send(text),
    close: () => socket.close(),
    terminate: () => socket.terminate(),
    next: (pattern) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(
            new Error(
              `no message matches ${String(pattern)}; there were:\n${inbox.join('\n---\n')}`,
            ),
          );
        }, LIMIT_MS);
        const look = (): void => {
          const index = inbox.findIndex((text) => pattern.test(text));
          if (index < 0) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(inbox.splice(index, 1)[0]!);
        };
        waiting.add(look);
        look();
      }),
  };
}

const token = (): string => randomBytes(9).toString('hex');

export interface Dialog {
  readonly alias: string;
  readonly callId: string;
  readonly fromTag: string;
  toTag: string | null;
  /** Of the last response with a Contact. */
  target: string | null;
  cseq: number;
  branch: string;
}

export const createDialog = (alias = 'echo', callId = token()): Dialog => ({
  alias,
  callId,
  fromTag: token(),
  toTag: null,
  target: null,
  cseq: 0,
  branch: '',
});

export interface RequestExtras {
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly contentType?: string | null;
  /** Of the INVITE that it belongs to: for CANCEL, and for ACK to a refusal. */
  readonly same?: boolean;
}

/** Headers that a browser would send. */
export function request(method: string, dialog: Dialog, extras: RequestExtras = {}): string {
  if (extras.same !== true) {
    dialog.branch = `z9hG4bK${token()}`;
    if (method !== 'ACK') dialog.cseq += 1;
  }
  const uri = dialog.target ?? `sip:${dialog.alias}@127.0.0.1`;
  const body = extras.body ?? '';
  const type = extras.contentType === undefined ? 'application/sdp' : extras.contentType;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/WS client.invalid;branch=${dialog.branch}`,
    'Max-Forwards: 70',
    `From: "Ada" <sip:anonymous@anonymous.invalid>;tag=${dialog.fromTag}`,
    `To: <sip:${dialog.alias}@127.0.0.1>${dialog.toTag === null ? '' : `;tag=${dialog.toTag}`}`,
    `Call-ID: ${dialog.callId}`,
    `CSeq: ${dialog.cseq} ${method}`,
    'Contact: <sip:caller@client.invalid;transport=ws>',
    ...(extras.headers ?? []),
    ...(body === '' || type === null ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

export function learn(dialog: Dialog, response: string): void {
  dialog.toTag = /^To:.*;tag=([^\s;]+)/im.exec(response)?.[1] ?? dialog.toTag;
  dialog.target = /^Contact: <([^>]+)>/im.exec(response)?.[1] ?? dialog.target;
}

export const bodyOf = (message: string): string => message.slice(message.indexOf('\r\n\r\n') + 4);
export const headerOf = (message: string, name: string): string | null =>
  new RegExp(`^${name}: (.*)$`, 'im').exec(message)?.[1]?.trim() ?? null;

/** A response to a request of the service. */
export function respond(incoming: string, status: string, body = ''): string {
  const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(
    (name) => `${name}: ${headerOf(incoming, name) ?? ''}`,
  );
  return [
    `SIP/2.0 ${status}`,
    ...copied,
    'Contact: <sip:caller@client.invalid;transport=ws>',
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

export interface PassClaims {
  readonly alias?: string;
  readonly jti?: string;
  /** From now. */
  readonly seconds?: number;
  readonly secret?: string;
}

export const createJti = (): string => randomBytes(16).toString('base64url');

/** The JWT of DESIGN section 6, made without the gate's own code. */
export function signPass({
  alias = 'echo',
  jti = createJti(),
  seconds = 60,
  secret = SECRETS.jwt,
}: PassClaims): string {
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: alias, jti, exp, iat: exp - 60, name: 'Ada' })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
