import { createTimer } from '../shared/timer.js';
import type { CallProgress } from './call-progress.js';
import { isInCall } from './call-state.js';
import type { Clock, SignallingCall } from './ports.js';

/** Media lost in the call: given up after this. */
export const RECONNECT_TIMEOUT_MS = 30_000;
/** Signalling lost, while the media go on: nobody hangs up on people who talk, but a far end that cannot is no call. */
export const SIGNALLING_TIMEOUT_MS = 120_000;
/** Between an ICE restart that brought nothing and the next. */
const RESTART_PAUSE_MS = 5_000;
/** One on its way, and one to follow: the first may know nothing of a network that came since. */
const RESTARTS_MAX = 2;

export interface RecoveryPorts {
  readonly clock: Clock;
  /** The end of the call. */
  readonly signal: AbortSignal;
  readonly progress: Pick<CallProgress, 'snapshot' | 'recorder'>;
  dialog(): SignallingCall | null;
  readonly giveUp: () => void;
}

/** Brings one call back that has lost its media, its socket or its network, or gives it up. */
export interface Recovery {
  mediaLost(): void;
  mediaRestored(): void;
  socketLost(): void;
  socketRestored(): void;
  networkChanged(): void;
}

export function createRecovery({
  clock,
  signal,
  progress,
  dialog,
  giveUp,
}: RecoveryPorts): Recovery {
  const mediaLimit = createTimer(clock, signal);
  const socketLimit = createTimer(clock, signal);
  const pause = createTimer(clock, signal);
  let restarts = 0;

  function restart(): void {
    const call = dialog();
    if (call === null || restarts >= RESTARTS_MAX) return;
    restarts += 1;
    progress.recorder().count('iceRestarts');
    pause.cancel();
    void call
      .reinvite({ iceRestart: true }, signal)
      // a refusal is no end: the path may come back by itself within the limit
      .catch(() => {})
      .then(() => {
        restarts -= 1;
        if (progress.snapshot().state === 'reconnecting') pause.set(RESTART_PAUSE_MS, restart);
      });
  }

  return {
    mediaLost() {
      mediaLimit.set(RECONNECT_TIMEOUT_MS, giveUp);
      // the socket may have gone the same way
      dialog()?.check();
      restart();
    },
    mediaRestored() {
      mediaLimit.cancel();
      pause.cancel();
    },
    socketLost: () => socketLimit.set(SIGNALLING_TIMEOUT_MS, giveUp),
    socketRestored() {
      socketLimit.cancel();
      // an offer made without a network has no addresses
      if (progress.snapshot().state === 'reconnecting') restart();
    },
    networkChanged() {
      // while it rings nobody has agreed on a path that could be mended, but the answer must find its way
      dialog()?.check();
      if (isInCall(progress.snapshot().state)) restart();
    },
  };
}
