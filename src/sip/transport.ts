import type { Transport } from 'sip.js';
import { CallError } from '../call/errors.js';
import type { Clock } from '../call/ports.js';
import { abortable, delay, guard, ignore } from './guard.js';
import { ALLOW, FRAME_MAX, parseMessage, type SipMessage } from './message.js';

/** A server that has not taken the WebSocket by then is given up, milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Pauses between two rounds of reconnecting, milliseconds: doubled each time, of which half to all is waited. */
const BACKOFF_MS = 250;
const BACKOFF_MAX_MS = 4_000;
/** After so long without a word a socket may be dead without our knowing: sleep, another network. Milliseconds. */
const STALE_MS = 30_000;
const UNANSWERED_MAX = 32;

/** What is used of a `WebSocket`. */
export type Socket = Pick<
  WebSocket,
  'binaryType' | 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose' | 'onerror'
>;
export type SocketConstructor = new (url: string, protocol: string) => Socket;

export interface TransportListener {
  onMessage(message: SipMessage): void;
  /** What is sent in place of a message of SIP.js's. */
  rewrite?(text: string): string;
  /** The open socket closed by itself. */
  onLost(): void;
  /** `reconnect` has succeeded, and unanswered requests were sent again. */
  onRestored(): void;
}

/** SIP over one WebSocket at a time (RFC 7118), to the first of several servers that takes it. */
export interface SipTransport {
  /** The side that SIP.js sees. It cannot close the socket: a user agent lasts for a call, the socket longer. */
  readonly sip: Transport;
  listener: TransportListener | null;
  /** Frames that were no SIP message. */
  readonly dropped: number;
  /** A message sent now will leave, or will leave as soon as the socket is back. */
  readonly usable: boolean;
  /** The socket is open, as far as is known. */
  readonly connected: boolean;
  /** When the last frame came, milliseconds as `Clock.now`. */
  readonly heardAt: number;
  /** Opens the socket unless it is open. Rejects with `gateway-unreachable`. */
  open(signal: AbortSignal): Promise<void>;
  /**
   * Closes the socket and opens one to the next server, or to the same if the socket had been silent for so long
   * that it may have been dead. Rejects with `gateway-unreachable` after the last.
   */
  next(signal: AbortSignal): Promise<void>;
  /** Tries all servers again and again, until `close`. Requests sent meanwhile are kept. */
  reconnect(): void;
  /** The socket may be dead: closes it as if it had closed by itself. Does not wait any longer where it is gone. */
  renew(): void;
  useServers(servers: readonly string[]): void;
  close(): void;
}

/** Told of each message as it is on the wire, for a log, which must not show it as it is. Must not throw. */
export type Trace = (direction: 'sent' | 'received', message: string) => void;

export interface TransportOptions {
  readonly servers: readonly string[];
  readonly webSocket: SocketConstructor;
  readonly clock: Clock;
  readonly random: () => number;
  /** Default: what a call of ours answers. */
  readonly allow?: string;
  /** Longest pause of `reconnect`, milliseconds. Default: what fits a call. */
  readonly backoffMaxMs?: number;
  readonly trace?: Trace | undefined;
}

const nothing = (): Promise<void> => Promise.resolve();

export function createTransport(options: TransportOptions): SipTransport {
  const { webSocket, clock, random, allow = ALLOW, backoffMaxMs = BACKOFF_MAX_MS, trace } = options;
  let { servers } = options;
  let index = 0;
  let socket: Socket | null = null;
  let opening: Promise<void> | null = null;
  let reconnecting = false;
  let hurry = ignore;
  let attempt = new AbortController();
  let heardAt = 0;
  let dropped = 0;
  const decoder = new TextDecoder();
  // by branch and method. SIP.js never sends again on a reliable transport; over a new socket somebody has to, and
  // the same branch tells a server that knows the request already (RFC 3261 §17.1)
  const unanswered = new Map<string, string>();

  function discard(old: Socket): void {
    old.onopen = old.onmessage = old.onclose = old.onerror = null;
    guard(() => old.close());
  }

  /** Back to no socket and nothing under way. */
  function reset(): void {
    attempt.abort();
    attempt = new AbortController();
    opening = null;
    if (socket !== null) discard(socket);
    socket = null;
    unanswered.clear();
  }

  function receive(data: unknown): void {
    heardAt = clock.now();
    let text = typeof data === 'string' ? data : '';
    // RFC 7118 §5: servers may use binary frames
    if (data instanceof ArrayBuffer && data.byteLength <= FRAME_MAX) text = decoder.decode(data);
    // RFC 5626 §3.5.1: a ping wants a pong, and a pong nothing
    if (text === '\r\n\r\n') socket?.send('\r\n');
    if (text === '\r\n\r\n' || text === '\r\n') return;
    trace?.('received', text);
    const message = text.length > FRAME_MAX ? null : parseMessage(text);
    if (message === null) {
      dropped++;
      return;
    }
    if (message.status >= 200) unanswered.delete(message.branch + message.method);
    transport.listener?.onMessage(message);
  }

  function lost(): void {
    socket = null;
    if (!reconnecting) guard(() => transport.listener?.onLost());
  }

  function dial(url: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const candidate = new webSocket(url, 'sip');
      const settled = (): void => {
        cancel();
        signal.removeEventListener('abort', failed);
      };
      const failed = (): void => {
        settled();
        discard(candidate);
        reject(new CallError('gateway-unreachable', url));
      };
      const cancel = clock.after(CONNECT_TIMEOUT_MS, failed);
      signal.addEventListener('abort', failed);
      candidate.binaryType = 'arraybuffer';
      candidate.onerror = candidate.onclose = failed;
      candidate.onopen = () => {
        settled();
        candidate.onerror = null;
        candidate.onclose = lost;
        candidate.onmessage = (event: MessageEvent<unknown>) => {
          guard(() => receive(event.data));
        };
        socket = candidate;
        heardAt = clock.now();
        resolve();
      };
    });
  }

  async function dialAll({ signal }: AbortController): Promise<void> {
    for (let url = servers[index]; url !== undefined; url = servers[++index]) {
      try {
        await dial(url, signal);
        return;
      } catch (error) {
        if (signal.aborted) throw error;
      }
    }
    index = 0;
    throw new CallError('gateway-unreachable', 'no server takes the WebSocket');
  }

  function open(signal: AbortSignal): Promise<void> {
    if (socket !== null) return Promise.resolve();
    if (opening === null) {
      const mine = dialAll(attempt).finally(() => {
        if (opening === mine) opening = null;
      });
      opening = mine;
    }
    return abortable(opening, signal);
  }

  async function reconnect(): Promise<void> {
    if (reconnecting) return;
    reconnecting = true;
    const { signal } = attempt;
    try {
      for (let pause = BACKOFF_MS; socket === null; pause = Math.min(pause * 2, backoffMaxMs)) {
        const patience = new AbortController();
        hurry = () => patience.abort();
        const either = AbortSignal.any([signal, patience.signal]);
        await delay(clock, (pause * (1 + random())) / 2, either).catch(ignore);
        signal.throwIfAborted();
        await open(signal).catch(ignore);
      }
    } finally {
      reconnecting = false;
    }
    for (const text of unanswered.values()) socket.send(text);
    guard(() => transport.listener?.onRestored());
  }

  function send(text: string): Promise<void> {
    const rewritten = transport.listener?.rewrite?.(text) ?? text;
    const honest = rewritten.replace(/^Allow: .*$/m, `Allow: ${allow}`);
    const sent = socket === null ? reconnecting : guard(() => socket?.send(honest));
    if (!sent) return Promise.reject(new CallError('connection-lost', 'no socket'));
    trace?.('sent', honest);
    const [, method = '', branch = ''] =
      /^([A-Z]+) [^]*?\r\nVia: [^\r]*;branch=([^\r;]+)/.exec(text) ?? [];
    // the first INVITE is not for another server to repeat: `next` brings a new transaction
    const first = method === 'INVITE' && !/\r\nTo: [^\r]*;tag=/.test(text);
    if (branch !== '' && method !== 'ACK' && !first && unanswered.size < UNANSWERED_MAX) {
      unanswered.set(branch + method, honest);
    }
    return nothing();
  }

  const transport: SipTransport = {
    sip: {
      get protocol() {
        return /^wss:/i.test(servers[index] ?? '') ? 'WSS' : 'WS';
      },
      connect: nothing,
      dispose: nothing,
      send,
      // SIP.js's user agent uses no more of it, and sets `onMessage` itself
    } as Transport,
    listener: null,
    get dropped() {
      return dropped;
    },
    get usable() {
      return socket !== null || reconnecting;
    },
    get connected() {
      return socket !== null;
    },
    get heardAt() {
      return heardAt;
    },
    open,
    next(signal) {
      const stale = clock.now() - heardAt > STALE_MS;
      reset();
      if (!stale) index++;
      return open(signal);
    },
    reconnect: () => void reconnect().catch(ignore),
    renew() {
      if (socket === null) {
        hurry();
        return;
      }
      discard(socket);
      lost();
    },
    useServers(list) {
      if (list.join(' ') === servers.join(' ')) return;
      reset();
      servers = list;
      index = 0;
    },
    close() {
      reset();
      servers = [];
    },
  };
  return transport;
}
