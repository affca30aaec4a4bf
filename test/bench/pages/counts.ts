export interface Counts {
  readonly sockets: number;
  readonly peerConnections: number;
  readonly tracks: number;
  readonly audioContexts: number;
  /** Timers that wait, 64 * T1 of RFC 3261 transactions aside. */
  readonly timers: number;
  readonly transactionTimers: number;
}

/** The higher of each. */
export function most(a: Counts, b: Counts): Counts {
  return {
    sockets: Math.max(a.sockets, b.sockets),
    peerConnections: Math.max(a.peerConnections, b.peerConnections),
    tracks: Math.max(a.tracks, b.tracks),
    audioContexts: Math.max(a.audioContexts, b.audioContexts),
    timers: Math.max(a.timers, b.timers),
    transactionTimers: Math.max(a.transactionTimers, b.transactionTimers),
  };
}
