/** Keeps account of what a page opens and must close. Loaded before every other script. */
import type { Counts } from './counts.js';

declare global {
  var counts: () => Counts;
}

/** 64 * T1, RFC 3261 §17.1.1.2. */
const TRANSACTION_MS = 32_000;

/** Instances that are not over, strongly held: one that is only forgotten counts as open. */
function keep<T extends object>(
  type: new (...values: never[]) => T,
  isOver: (kept: T) => boolean,
): { type: typeof type; add(made: T): void; live(): number } {
  const kept = new Set<T>();
  return {
    type: new Proxy(type, {
      construct(target, values, newTarget) {
        const made = Reflect.construct(target, values, newTarget) as T;
        kept.add(made);
        return made;
      },
    }),
    add: (made) => void kept.add(made),
    live() {
      for (const each of kept) if (isOver(each)) kept.delete(each);
      return kept.size;
    },
  };
}

const sockets = keep(WebSocket, ({ readyState }) => readyState === WebSocket.CLOSED);
const peers = keep(RTCPeerConnection, ({ signalingState }) => signalingState === 'closed');
const contexts = keep(AudioContext, ({ state }) => state === 'closed');
const tracks = keep(MediaStreamTrack, ({ readyState }) => readyState === 'ended');
globalThis.WebSocket = sockets.type as typeof WebSocket;
globalThis.RTCPeerConnection = peers.type as typeof RTCPeerConnection;
globalThis.AudioContext = contexts.type as typeof AudioContext;

const devices = navigator.mediaDevices;
const getUserMedia = devices.getUserMedia.bind(devices);
devices.getUserMedia = async (constraints) => {
  const stream = await getUserMedia(constraints);
  for (const track of stream.getTracks()) tracks.add(track);
  return stream;
};

type Callback = (...values: unknown[]) => void;
const waiting = new Map<number, number>();
const { setTimeout: later, setInterval: often, clearTimeout: never } = globalThis;

globalThis.setTimeout = ((run: Callback, ms = 0, ...values: unknown[]) => {
  const id = later(() => {
    waiting.delete(id);
    run(...values);
  }, ms) as unknown as number;
  waiting.set(id, ms);
  return id;
}) as unknown as typeof setTimeout;
globalThis.setInterval = ((run: Callback, ms = 0, ...values: unknown[]) => {
  const id = often(run, ms, ...values) as unknown as number;
  waiting.set(id, ms);
  return id;
}) as unknown as typeof setInterval;
// one pool of ids for both (HTML §8.6)
globalThis.clearTimeout = globalThis.clearInterval = ((id?: number) => {
  if (id === undefined) return;
  waiting.delete(id);
  never(id);
}) as typeof clearTimeout;

globalThis.counts = () => {
  const all = [...waiting.values()];
  const transactionTimers = all.filter((ms) => ms === TRANSACTION_MS).length;
  return {
    sockets: sockets.live(),
    peerConnections: peers.live(),
    tracks: tracks.live(),
    audioContexts: contexts.live(),
    timers: all.length - transactionTimers,
    transactionTimers,
  };
};
