import type { MediaState } from '../media/peer.js';

export interface MediaWatch {
  /** Media must be up within the limit from now on. */
  expect(): void;
  /** Of the peer connection. */
  onState(state: MediaState): void;
  readonly down: boolean;
  stop(): void;
}

/** Calls back where a call has been without media for too long: at its start, or after ICE or DTLS failed. */
export function watchMedia(limitMs: number, onSilence: () => void): MediaWatch {
  let timer: NodeJS.Timeout | undefined;
  let state: MediaState = 'new';
  const expect = (): void => {
    clearTimeout(timer);
    if (state !== 'connected') timer = setTimeout(onSilence, limitMs);
  };
  return {
    expect,
    onState(next) {
      state = next;
      if (next === 'connected') clearTimeout(timer);
      else if (next === 'failed' || next === 'closed') expect();
    },
    get down() {
      return state === 'failed' || state === 'closed';
    },
    stop: () => clearTimeout(timer),
  };
}
