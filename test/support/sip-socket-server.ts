/**
 * A SIP peer behind a real WebSocket, for tests in a browser: it answers every INVITE, and tells over HTTP what it
 * got. `/sip-peer/<behaviour>`: `text`, `binary` (frames), `refuse` (the handshake), `drop` (the first socket of each
 * call, after the ACK); `/sip-peer/log/<Call-ID>`: what came, in order.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

const PATH = '/sip-peer/';
const SDP = 'v=0\r\no=peer 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n';

function headers(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`^${name}: (.*)\r$`, 'gm'))].map(([, value]) => value ?? '');
}

function ok(request: string): string {
  const invite = request.startsWith('INVITE ');
  const [to = ''] = headers(request, 'To');
  return [
    'SIP/2.0 200 OK',
    ...headers(request, 'Via').map((via) => `Via: ${via}`),
    `From: ${headers(request, 'From')[0]}`,
    `To: ${to.includes(';tag=') ? to : `${to};tag=peer`}`,
    `Call-ID: ${headers(request, 'Call-ID')[0]}`,
    `CSeq: ${headers(request, 'CSeq')[0]}`,
    'Contact: <sip:peer@192.0.2.1;transport=ws>',
    ...(invite ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${invite ? SDP.length : 0}`,
    '',
    invite ? SDP : '',
  ].join('\r\n');
}

/** A plugin of web-test-runner's server. */
export function sipSocketServer(): {
  name: string;
  serverStart(args: { server?: unknown }): void;
  serve(context: { path: string }): { body: string; type: string } | undefined;
} {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (protocols) => (protocols.has('sip') ? 'sip' : false),
  });
  const logs = new Map<string, string[]>();

  function play(socket: WebSocket, behaviour: string): void {
    let log: string[] | undefined;
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      const callId = headers(text, 'Call-ID')[0] ?? '';
      log = logs.get(callId) ?? [];
      logs.set(callId, log);
      const method = text.split(' ')[0] ?? '';
      log.push(method);
      if (method === 'ACK') {
        if (behaviour === 'drop' && log.filter((entry) => entry === 'ACK').length === 1) {
          socket.terminate();
        }
      } else if (!method.startsWith('SIP/')) {
        socket.send(behaviour === 'binary' ? Buffer.from(ok(text)) : ok(text));
      }
    });
    socket.on('close', (code) => log?.push(`closed ${code}`));
  }

  return {
    name: 'sip-socket-server',
    serverStart({ server }) {
      (server as Server | undefined)?.on(
        'upgrade',
        (request: IncomingMessage, socket: Duplex, head: Buffer) => {
          const path = request.url ?? '';
          if (!path.startsWith(PATH)) return;
          const behaviour = path.slice(PATH.length);
          if (behaviour === 'refuse') {
            socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
          } else {
            sockets.handleUpgrade(request, socket, head, (accepted) => play(accepted, behaviour));
          }
        },
      );
    },
    serve({ path }) {
      if (!path.startsWith(`${PATH}log/`)) return undefined;
      const log = logs.get(decodeURIComponent(path.slice(`${PATH}log/`.length))) ?? [];
      return { body: JSON.stringify(log), type: 'json' };
    },
  };
}
