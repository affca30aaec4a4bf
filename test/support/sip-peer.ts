/**
 * The other side of a SIP WebSocket, played with raw strings: no parser and no transaction of SIP.js, so that nothing
 * of what is tested judges itself. Sockets are fakes given to the transport in place of `WebSocket`.
 */
import type { Socket, SocketConstructor } from '../../src/sip/transport.js';

const CRLF = '\r\n';

/** One message as the browser sent it, cut into pieces by hand. */
export interface Received {
  readonly text: string;
  readonly start: string;
  /** Of a request; empty for a response. */
  readonly method: string;
  /** Of a response; 0 for a request. */
  readonly status: number;
  readonly body: string;
  /** Name and value of each header, as written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly socket: FakeSocket;
  header(name: string): string;
}

function cut(text: string, socket: FakeSocket): Received {
  const end = text.indexOf(CRLF + CRLF);
  const [start = '', ...lines] = text.slice(0, end).split(CRLF);
  const headers = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(': ');
    if (colon < 1) throw new Error(`not a header: ${line}`);
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
  const response = start.startsWith('SIP/2.0 ');
  return {
    text,
    start,
    method: response ? '' : (start.split(' ')[0] ?? ''),
    status: response ? Number(start.split(' ')[1]) : 0,
    body: text.slice(end + 4),
    headers,
    socket,
    header(name) {
      const found = headers.filter(([key]) => key.toLowerCase() === name.toLowerCase());
      if (found.length > 1) throw new Error(`${name} stands there ${found.length} times`);
      return found[0]?.[1] ?? '';
    },
  };
}

export class FakeSocket implements Socket {
  binaryType: BinaryType = 'blob';
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  readonly url: string;
  readonly protocol: string;
  state: 'connecting' | 'open' | 'closed' = 'connecting';
  readonly #peer: SipPeer;

  constructor(peer: SipPeer, url: string, protocol: string) {
    this.#peer = peer;
    this.url = url;
    this.protocol = protocol;
  }

  /** The server takes the socket. */
  open(): void {
    if (this.state !== 'connecting') return;
    this.state = 'open';
    this.#call(this.onopen, new Event('open'));
  }

  /** The server refuses or drops it. */
  drop(): void {
    if (this.state === 'closed') return;
    const { onerror, onclose } = this;
    const refused = this.state === 'connecting';
    this.state = 'closed';
    if (refused) this.#call(onerror, new Event('error'));
    this.#call(onclose, new CloseEvent('close', { code: 1006 }));
  }

  /** A frame from the server. */
  deliver(data: unknown): void {
    if (this.state !== 'open') throw new Error('the socket is not open');
    this.#call(this.onmessage, new MessageEvent('message', { data }));
  }

  send(data: string): void {
    if (this.state === 'connecting') throw new DOMException('connecting', 'InvalidStateError');
    if (this.state === 'open') this.#peer.take(data, this);
  }

  close(): void {
    this.state = 'closed';
  }

  #call<E extends Event>(handler: ((this: WebSocket, event: E) => unknown) | null, event: E): void {
    handler?.call(this as unknown as WebSocket, event);
  }
}

export interface ResponseOptions {
  /** Added to To where the request has none; `null`: no tag at all. */
  readonly toTag?: string | null;
  /** `null`: none. */
  readonly contact?: string | null;
  readonly headers?: readonly string[];
  readonly sdp?: string;
}

export interface RequestOptions {
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly type?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly uri?: string;
}

/** The far end's view of a dialog that an INVITE of the browser began. */
export interface PeerDialog {
  readonly invite: Received;
  readonly tag: string;
  cseq: number;
}

export class SipPeer {
  readonly sockets: FakeSocket[] = [];
  readonly received: Received[] = [];
  /** Frames that were no message: keep-alives. */
  readonly pings: string[] = [];
  readonly WebSocket: SocketConstructor;
  /** What becomes of a new socket. */
  accept: (url: string) => 'open' | 'refuse' | 'nothing' = () => 'open';
  #read = 0;
  #wake = (): void => {};
  #branch = 0;

  constructor() {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a constructor function has a `this` of its own
    const peer = this;
    this.WebSocket = function (url: string, protocol: string) {
      const socket = new FakeSocket(peer, url, protocol);
      peer.sockets.push(socket);
      queueMicrotask(() => {
        const fate = peer.accept(url);
        if (fate === 'open') socket.open();
        if (fate === 'refuse') socket.drop();
      });
      return socket;
    } as unknown as SocketConstructor;
  }

  /** The newest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  }

  take(data: string, socket: FakeSocket): void {
    if (data.trim() === '') this.pings.push(data);
    else this.received.push(cut(data, socket));
    this.#wake();
  }

  /** The next message that was not read yet; fails if it is another than expected. */
  async next(expected: string): Promise<Received> {
    while (this.received.length <= this.#read) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const message = this.received[this.#read++]!;
    const kind = message.method || String(message.status);
    if (kind !== expected) throw new Error(`expected ${expected}, but got\n${message.text}`);
    return message;
  }

  /** Messages that `next` has not given out. */
  get unread(): readonly string[] {
    return this.received.slice(this.#read).map(({ start }) => start);
  }

  responseText(request: Received, status: string, options: ResponseOptions = {}): string {
    const { toTag = 'callee', contact = 'sip:callee@192.0.2.9:5060;transport=ws' } = options;
    const to = request.header('To');
    const sdp = options.sdp ?? '';
    return [
      `SIP/2.0 ${status}`,
      ...request.headers.filter(([name]) => name === 'Via').map(([, value]) => `Via: ${value}`),
      `From: ${request.header('From')}`,
      `To: ${to}${toTag === null || to.includes(';tag=') ? '' : `;tag=${toTag}`}`,
      `Call-ID: ${request.header('Call-ID')}`,
      `CSeq: ${request.header('CSeq')}`,
      ...(contact === null ? [] : [`Contact: <${contact}>`]),
      ...(options.headers ?? []),
      ...(sdp === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${new TextEncoder().encode(sdp).length}`,
      '',
      sdp,
    ].join(CRLF);
  }

  respond(request: Received, status: string, options: ResponseOptions = {}): void {
    request.socket.deliver(this.responseText(request, status, options));
  }

  /** A request of the far end inside a dialog. */
  requestText(method: string, dialog: PeerDialog, options: RequestOptions = {}): string {
    const { invite, tag } = dialog;
    const contact = /<([^>]+)>/.exec(invite.header('Contact'))?.[1] ?? '';
    const body = options.body ?? '';
    return [
      `${method} ${options.uri ?? contact} SIP/2.0`,
      `Via: SIP/2.0/WSS gateway.example;branch=${options.branch ?? `z9hG4bKpeer${++this.#branch}`}`,
      `From: ${invite.header('To')};tag=${tag}`,
      `To: ${invite.header('From')}`,
      `Call-ID: ${invite.header('Call-ID')}`,
      `CSeq: ${options.cseq ?? ++dialog.cseq} ${method}`,
      'Max-Forwards: 70',
      ...(method === 'INVITE' ? ['Contact: <sip:callee@192.0.2.9:5060;transport=ws>'] : []),
      ...(options.headers ?? []),
      ...(body === '' ? [] : [`Content-Type: ${options.type ?? 'application/sdp'}`]),
      `Content-Length: ${new TextEncoder().encode(body).length}`,
      '',
      body,
    ].join(CRLF);
  }

  request(method: string, dialog: PeerDialog, options: RequestOptions = {}): void {
    this.socket.deliver(this.requestText(method, dialog, options));
  }
}
