import type { Clock } from '../call/ports.js';
import { createTimer } from '../shared/timer.js';

/** How finely it is known when the first packet came. */
export const LOOK_MS = 20;
/** Without a packet by then nothing is to be expected, milliseconds. */
export const LOOK_FOR_MS = 10_000;

/**
 * Tells once that a packet has come. Looked for, because browsers fire `unmute` of a track as soon as the description
 * is applied.
 */
export function watchFirstPacket(
  pc: Pick<RTCPeerConnection, 'getReceivers'>,
  clock: Clock,
  signal: AbortSignal,
  onPacket: () => void,
): void {
  const end = clock.now() + LOOK_FOR_MS;
  const next = createTimer(clock, signal);
  const look = (): void => {
    if (pc.getReceivers().some((receiver) => receiver.getSynchronizationSources().length > 0)) {
      onPacket();
    } else if (clock.now() < end) next.set(LOOK_MS, look);
  };
  look();
}
