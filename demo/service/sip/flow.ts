import type { RawData, WebSocket } from 'ws';

/** One WebSocket of a caller: RFC 7118. */
export interface Flow {
  readonly open: boolean;
  /** Network address of the other side; empty where it is not known. */
  readonly address: string;
  /** Dropped when the socket is gone. */
  send(message: string): void;
  close(): void;
}

export interface FlowEvents {
  /** One SIP message as text. */
  onMessage(message: string): void;
  onClosed(): void;
}

const PING_INTERVAL_MS = 25_000;
const NORMAL_CLOSURE = 1000;

function decode(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString();
}

/** Answers keep-alives and notices sockets that died without a word. */
export function createFlow(socket: WebSocket, address: string, events: FlowEvents): Flow {
  let alive = true;
  const pings = setInterval(() => {
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  const flow: Flow = {
    address,
    get open() {
      return socket.readyState === socket.OPEN;
    },
    send(message) {
      if (flow.open) socket.send(message);
    },
    close() {
      socket.close(NORMAL_CLOSURE);
    },
  };
  socket.on('pong', () => (alive = true));
  socket.on('message', (data) => {
    alive = true;
    const message = decode(data);
    // RFC 5626 section 4.4.1: CRLF CRLF asks, CRLF answers
    if (/^(\r\n)+$/.test(message)) {
      if (message.length > 2) flow.send('\r\n');
      return;
    }
    events.onMessage(message);
  });
  // an oversized frame or bad UTF-8: ws closes the socket itself, with 1009 or 1007
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(pings);
    events.onClosed();
  });
  return flow;
}
