import type { Flow } from './flow.js';

export interface BearerEvents {
  onLost(): void;
  onRestored(): void;
  /** Too long without a WebSocket, or too early in the call to be without. */
  onGone(): void;
}

/** The WebSocket that a dialog has at the moment. */
export interface Bearer {
  readonly flow: Flow;
  readonly lost: boolean;
  /** The far end is back, perhaps on another one. */
  rebind(flow: Flow): void;
  /** It is gone. `patient`: the far end may come back. */
  lose(patient: boolean): void;
  stop(): void;
}

export function createBearer(first: Flow, graceMs: number, events: BearerEvents): Bearer {
  let flow = first;
  let lost = false;
  let timer: NodeJS.Timeout | undefined;
  return {
    get flow() {
      return flow;
    },
    get lost() {
      return lost;
    },
    rebind(next) {
      flow = next;
      clearTimeout(timer);
      if (!lost) return;
      lost = false;
      events.onRestored();
    },
    lose(patient) {
      if (lost) return;
      lost = true;
      events.onLost();
      if (patient) timer = setTimeout(() => events.onGone(), graceMs);
      else events.onGone();
    },
    stop: () => clearTimeout(timer),
  };
}
