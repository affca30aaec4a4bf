import type { Clock } from '../call/ports.js';
import type { IceWait } from '../shared/config.js';
import { createTimer } from '../shared/timer.js';
import { abortable } from './abortable.js';

/** Longest wait of `first-usable`: a STUN server that never answers would take 10 s and more. */
export const FIRST_USABLE_CAP_MS = 1500;
/** Longest wait of `complete`. */
export const COMPLETE_CAP_MS = 5000;

// RFC 8839 §5.1: foundation component transport priority address port typ type. TCP candidates are left out: browsers
// offer only active ones, which no SIP gateway can reach first
const ADDRESSED = /^a=candidate:\S+ \d+ udp \d+ (?!\S+\.local )/im;
const RELAYED = /^a=candidate:.* typ relay/im;

/**
 * True when a gateway can start with this description: a candidate with an address (`.local` names are known to
 * the browser's own network alone, RFC 8828), of type relay under the relay policy. In a first offer for every
 * medium, because a gateway without BUNDLE gives each its own port; later descriptions of bundled media carry
 * candidates once.
 */
export function hasUsableCandidates(sdp: string, relayOnly: boolean, first: boolean): boolean {
  const usable = relayOnly ? RELAYED : ADDRESSED;
  const media = sdp.split(/^m=/m).slice(1);
  return first ? media.every((part) => usable.test(part)) : usable.test(sdp);
}

export type GatheringConnection = Pick<
  RTCPeerConnection,
  | 'iceGatheringState'
  | 'localDescription'
  | 'remoteDescription'
  | 'onicecandidate'
  | 'onicegatheringstatechange'
>;

/**
 * Resolves when the local description, already set, is fit to be sent; DESIGN section 4, `ice-wait`. One wait at a time.
 * Rejects with `AbortError`.
 */
export async function candidatesGathered(
  pc: GatheringConnection,
  policy: IceWait,
  relayOnly: boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (policy === 'none') return;
  const all = policy === 'complete';
  const first = pc.remoteDescription === null;
  const complete = (): boolean => pc.iceGatheringState === 'complete';
  const enough = (): boolean => {
    const sdp = pc.localDescription?.sdp ?? '';
    return all
      ? // right after an ICE restart the state is still that of the last gathering, and no candidate there yet
        complete() && sdp.includes('a=candidate:')
      : hasUsableCandidates(sdp, relayOnly, first);
  };
  if (enough()) return;
  const cap = createTimer(clock, signal);
  await abortable(
    () =>
      new Promise<void>((resolve) => {
        pc.onicecandidate = pc.onicegatheringstatechange = () => {
          if (complete() || enough()) resolve();
        };
        cap.set(all ? COMPLETE_CAP_MS : FIRST_USABLE_CAP_MS, resolve);
      }),
    signal,
  ).finally(cap.cancel);
}
