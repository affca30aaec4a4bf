import type { Clock } from '../call/ports.js';

/** `disconnected` heals by itself when a few consent checks get lost; longer than this it is a loss. */
export const HICCUP_MS = 3000;

/**
 * Tells connection and loss apart from what is neither: Firefox goes `connected → connecting → connected` at each
 * renegotiation, and an added picture may need a transport of its own. But where that of the sound is `connecting` for
 * long, nobody is heard: Chromium (seen with 156) may hang there when an ICE restart leads to another far end.
 *
 * `closing`: ends the watch.
 */
export function watchConnection(
  pc: Pick<RTCPeerConnection, 'connectionState' | 'onconnectionstatechange'>,
  clock: Clock,
  closing: AbortSignal,
  events: { onConnected(): void; onDisconnected(): void; isSoundConnecting(): boolean },
): void {
  let state: 'new' | 'up' | 'lost' = 'new';
  let cancel: (() => void) | null = null;
  const settle = (): void => {
    cancel?.();
    cancel = null;
  };
  closing.addEventListener('abort', settle);
  const lose = (): void => {
    settle();
    if (state !== 'lost') events.onDisconnected();
    state = 'lost';
  };
  pc.onconnectionstatechange = () => {
    const { connectionState } = pc;
    if (connectionState === 'connected') {
      settle();
      if (state !== 'up') events.onConnected();
      state = 'up';
    } else if (connectionState === 'failed') lose();
    else if (connectionState === 'disconnected') cancel ??= clock.after(HICCUP_MS, lose);
    else if (connectionState === 'connecting' && state === 'up') {
      cancel ??= clock.after(HICCUP_MS, () => {
        if (events.isSoundConnecting()) lose();
        else settle();
      });
    }
  };
}
