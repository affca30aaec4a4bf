/** A caller made of strings, from any address of the loopback network. */
import { WebSocket } from 'ws';
import {
  createDialog,
  headerOf,
  learn,
  request,
  signPass,
  type Dialog,
  type RequestExtras,
} from '../../service/sip-client.js';
import type { GatewayWorld } from './world.js';

export {
  bodyOf,
  createDialog,
  createJti,
  headerOf,
  learn,
  request,
  respond,
} from '../../service/sip-client.js';
export { signPass } from '../../service/sip-client.js';

const LIMIT_MS = 8000;

export interface Client {
  send(text: string): void;
  /** First message, of those not yet taken, that matches. */
  next(pattern: RegExp, limitMs?: number): Promise<string>;
  /** What has come and was not taken. */
  readonly inbox: readonly string[];
  /** The far end has closed it, or broken it off. */
  readonly closed: Promise<void>;
  close(): void;
  terminate(): void;
}

export interface ConnectOptions {
  readonly origin?: string | null;
  readonly protocols?: readonly string[];
  /** Another one of 127.0.0.0/8. */
  readonly from?: string;
  /** Of a secure server whose certificate nobody else signed. */
  readonly ca?: Buffer;
}

/** Rejects with the HTTP status of a refused handshake. */
export async function connect(
  { service }: { readonly service: Pick<GatewayWorld['service'], 'url' | 'sipUrl'> },
  { origin = service.url.slice(0, -1), protocols = ['sip'], from, ca }: ConnectOptions = {},
): Promise<Client> {
  const socket = new WebSocket(service.sipUrl, [...protocols], {
    handshakeTimeout: LIMIT_MS,
    ...(origin === null ? {} : { origin }),
    ...(from === undefined ? {} : { localAddress: from }),
    ...(ca === undefined ? {} : { ca }),
  });
  const inbox: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    inbox.push((data as Buffer).toString());
    for (const look of [...waiting]) look();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) =>
      reject(new Error(String(response.statusCode))),
    );
    socket.once('error', reject);
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    inbox,
    closed,
    send: (text) => socket.send(text),
    close: () => socket.close(),
    terminate: () => socket.terminate(),
    next: (pattern, limitMs = LIMIT_MS) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`nothing matches ${String(pattern)}:\n${inbox.join('\n---\n')}`));
        }, limitMs);
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

/** An audio offer as Chromium writes it; nothing answers at its address. */
export const OFFER = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 0 126',
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2122194687 198.51.100.77 40000 typ host',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:126 telephone-event/8000',
  '',
].join('\r\n');

/** An INVITE with a pass; `pass: null` leaves it out. */
export function invite(
  dialog: Dialog,
  { pass, ...extras }: RequestExtras & { pass?: string | null } = {},
): string {
  const value = pass === undefined ? signPass({ alias: dialog.alias }) : pass;
  return request('INVITE', dialog, {
    body: OFFER,
    ...extras,
    headers: [...(value === null ? [] : [`X-Call-Pass: ${value}`]), ...(extras.headers ?? [])],
  });
}

export interface Answer {
  readonly status: number;
  readonly message: string;
}

/** Final response to the dialog's INVITE, acknowledged. */
export async function finalOf(client: Client, dialog: Dialog, limitMs?: number): Promise<Answer> {
  const pattern = new RegExp(
    `^SIP/2\\.0 [2-6][\\s\\S]*^Call-ID: ${dialog.callId}\r$[\\s\\S]*|^SIP/2\\.0 [2-6]`,
    'm',
  );
  for (;;) {
    const message = await client.next(pattern, limitMs);
    const mine =
      headerOf(message, 'Call-ID') === dialog.callId &&
      headerOf(message, 'CSeq')?.endsWith('INVITE') === true;
    if (!mine) continue;
    const status = Number(message.slice(8, 11));
    learn(dialog, message);
    if (status < 300) client.send(inDialog('ACK', dialog, message));
    else
      client.send(
        request('ACK', dialog, { same: true }).replace(/^CSeq:.*$/m, `CSeq: ${dialog.cseq} ACK`),
      );
    return { status, message };
  }
}

/** A request with the route that the answer recorded. */
export function inDialog(
  method: string,
  dialog: Dialog,
  answer: string,
  extras?: RequestExtras,
): string {
  const routes = [...answer.matchAll(/^Record-Route: (.*)\r$/gm)].map(
    ([, route]) => `Route: ${route}`,
  );
  return request(method, dialog, {
    ...extras,
    headers: [...routes.reverse(), ...(extras?.headers ?? [])],
  });
}

/** Sends an INVITE of its own dialog and waits for its end. */
export async function call(
  client: Client,
  alias: string,
  options?: Parameters<typeof invite>[1],
): Promise<Answer & { readonly dialog: Dialog }> {
  const dialog = createDialog(alias);
  client.send(invite(dialog, options));
  return { ...(await finalOf(client, dialog)), dialog };
}
