/** A PBX made of strings, over TCP: it reads what came byte by byte, and says what it is told. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { until } from '../../support/until.js';
import { headerOf } from './client.js';

export interface Pbx {
  /** First message, of those not yet taken, that matches. */
  next(pattern: RegExp): Promise<string>;
  /** All that came, as it came. */
  readonly messages: readonly string[];
  /** By the connection that the gateway opened last. */
  send(text: string): void;
  close(): Promise<void>;
}

/** Of one text that may hold several messages: the first, by its Content-Length; `null` while it is not whole. */
function firstOf(text: string): string | null {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const length = Number(headerOf(text.slice(0, end + 2), 'Content-Length') ?? 0);
  const whole = end + 4 + length;
  return text.length < whole ? null : text.slice(0, whole);
}

export async function openPbx(port: number): Promise<Pbx> {
  const messages: string[] = [];
  const taken = new Set<number>();
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    let rest = '';
    socket.on('error', () => {});
    socket.on('data', (data: Buffer) => {
      rest += data.toString('latin1');
      for (;;) {
        rest = rest.replace(/^(?:\r\n)+/, ''); // keep-alive, RFC 5626 section 3.5.1
        const message = firstOf(rest);
        if (message === null) return;
        rest = rest.slice(message.length);
        messages.push(message);
      }
    });
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    messages,
    async next(pattern) {
      const index = await until(() => {
        const found = messages.findIndex((text, i) => !taken.has(i) && pattern.test(text));
        return found < 0 ? undefined : found + 1;
      });
      taken.add(index - 1);
      return messages[index - 1]!;
    },
    send: (text) => sockets.at(-1)!.write(text),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Audio at a port of this machine. */
export const pbxSdp = (port = 4000, address = '127.0.0.1'): string =>
  [
    'v=0',
    `o=pbx 1 ${port} IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0`,
    'a=rtpmap:0 PCMU/8000',
    'a=sendrecv',
    '',
  ].join('\r\n');

/** A response to a request that the PBX got. */
export function pbxReply(
  request: string,
  status: string,
  extras: { readonly headers?: readonly string[]; readonly body?: string } = {},
): string {
  const all = (name: string): string[] =>
    request.split('\r\n').filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  const body = extras.body ?? '';
  const to = all('To')[0]!;
  return [
    `SIP/2.0 ${status}`,
    ...all('Via'),
    ...all('Record-Route'),
    all('From')[0]!,
    to.includes(';tag=') ? to : `${to};tag=pbx-tag`,
    all('Call-ID')[0]!,
    all('CSeq')[0]!,
    'Contact: <sip:telephone@127.0.0.1:5999;transport=tcp>',
    ...(extras.headers ?? []),
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** A request in the dialog of that INVITE, from the telephone that answered it. */
export function pbxRequest(
  method: string,
  invite: string,
  cseq: number,
  extras: {
    readonly headers?: readonly string[];
    readonly body?: string;
    /** Request-URI; default the caller's Contact. */
    readonly uri?: string;
  } = {},
): string {
  const body = extras.body ?? '';
  const routes = [...invite.matchAll(/^Record-Route: (.*)\r$/gm)].map(
    ([, route]) => `Route: ${route}`,
  );
  return [
    `${method} ${extras.uri ?? /^Contact: .*<([^>]+)>/m.exec(invite)![1]!} SIP/2.0`,
    `Via: SIP/2.0/TCP 127.0.0.1:5999;branch=z9hG4bKpbx${cseq}${method}`,
    ...routes,
    'Max-Forwards: 70',
    `From: ${headerOf(invite, 'To')};tag=pbx-tag`,
    `To: ${headerOf(invite, 'From')}`,
    `Call-ID: ${headerOf(invite, 'Call-ID')}`,
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:telephone@127.0.0.1:5999;transport=tcp>',
    ...(extras.headers ?? []),
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
