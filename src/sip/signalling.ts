import type { Signalling } from '../call/ports.js';
import { type Clock, systemClock } from '../shared/clock.js';
import type { LoadDigest } from './challenge.js';
import { answerStray } from './dialog-requests.js';
import { ignore } from './guard.js';
import { type OutgoingCall, placeCall } from './outgoing-call.js';
import {
  createTransport,
  type SocketConstructor,
  type Trace,
  type TransportListener,
} from './transport.js';

export interface SignallingOptions {
  /** WebSocket URLs, tried in order; never empty. */
  readonly servers: readonly string[];
  readonly webSocket?: SocketConstructor;
  readonly clock?: Clock;
  /** From 0 to below 1: spreads reconnections and retries, decides nothing that must be secret. */
  readonly random?: () => number;
  readonly trace?: Trace;
  readonly loadDigest?: LoadDigest;
}

/** SIP over WebSocket (RFC 3261, RFC 7118): one socket, opened ahead of the call, and one call at a time. */
export function createSignalling({
  servers,
  webSocket = WebSocket,
  clock = systemClock,
  random = Math.random,
  trace,
  loadDigest = () => import('./digest.js'),
}: SignallingOptions): Signalling {
  const transport = createTransport({ servers, webSocket, clock, random, trace });
  let call: OutgoingCall | null = null;
  let closed = false;

  const idle: TransportListener = {
    onMessage: (message) => answerStray(transport.sip, message),
    // nobody is calling: `invite` opens the socket again
    onLost: ignore,
    onRestored: ignore,
  };
  transport.listener = idle;

  return {
    connect: (signal) => transport.open(signal),
    async invite(request, events, signal) {
      call?.stop();
      call = await placeCall({ transport, clock, random, loadDigest }, request, events, signal);
      return call;
    },
    useServers: (list) => transport.useServers(list),
    close() {
      if (closed) return;
      closed = true;
      void (call?.end() ?? Promise.resolve()).then(() => {
        call?.stop();
        transport.close();
      });
    },
  };
}
