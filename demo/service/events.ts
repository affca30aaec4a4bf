import { EventEmitter } from 'node:events';
import type { ReportSummary } from './http/reports.js';
import type { MediaState } from './media/peer.js';

export type EndedBy = 'caller' | 'service' | 'cancelled' | 'refused' | 'network';

/** Whose call. */
interface About {
  /** SIP Call-ID. */
  readonly callId: string;
  readonly alias: string;
}

export interface ServiceEventMap {
  /** A WebSocket of a caller was opened. */
  flow: [{ readonly state: 'opened' | 'closed' }];
  /** An initial INVITE, before anything was judged. */
  invite: [About & { readonly raw: string }];
  /** The pass was good; `name` is what the gate signed, or empty with digest credentials. */
  admitted: [About & { readonly name: string; readonly by: 'pass' | 'digest' | 'nothing' }];
  /** A final response of ours to an INVITE, 4xx to 6xx. */
  refused: [About & { readonly status: number; readonly reason: string | null }];
  answered: [About];
  media: [About & { readonly state: MediaState }];
  digit: [About & { readonly digit: string; readonly via: 'rtp' | 'info' }];
  /** Any INFO of the caller. */
  info: [About & { readonly contentType: string; readonly body: string }];
  /** The caller's WebSocket went away in the call, or the caller came back on another. */
  connection: [About & { readonly state: 'lost' | 'restored' }];
  bye: [About & { readonly by: 'caller' | 'service' }];
  /** A phone has registered or gone; how many there are now. */
  phones: [{ readonly count: number }];
  /** The caller was handed to another service. */
  transferred: [About & { readonly to: string }];
  ended: [About & { readonly by: EndedBy }];
  /** An element of the pages says how its call went. */
  report: [ReportSummary];
  /** A message that no SIP element should have sent. */
  dropped: [{ readonly why: string }];
  /** A fault of ours, caught at the last line of defence. */
  fault: [unknown];
}

export type ServiceEvents = EventEmitter<ServiceEventMap>;

export const createServiceEvents = (): ServiceEvents => new EventEmitter<ServiceEventMap>();
