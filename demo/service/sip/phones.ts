import type { ServiceEvents } from '../events.js';
import type { CreateMediaPeer } from '../media/peer.js';
import type { Flow } from './flow.js';
import { createLeg, type CallerInfo, type Leg } from './leg.js';
import { isRequest, writeReply, type Request, type Response } from './message.js';
import { createRegistrar, type Account } from './registrar.js';

/** No phone took the call. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  /** What the caller is to be told: 480, 486 or 603. */
  readonly status: number;

  constructor(status: number) {
    super(`unanswered: ${status}`);
    this.status = status;
  }
}

/** The phones that have registered, and our calls to them. */
export interface Phones {
  readonly registered: number;
  /**
   * Rings all at once; the first that answers has the call. Rejects with `Unanswered`, or with the signal's reason
   * once it is aborted.
   */
  ring(caller: CallerInfo, onRinging: () => void, signal: AbortSignal): Promise<Leg>;
  /** REGISTER, and what belongs to a call of ours. False: it is not for phones. */
  receive(flow: Flow, message: Request | Response): boolean;
  onFlowClosed(flow: Flow): void;
  close(): Promise<void>;
}

export interface PhonesOptions {
  readonly account: Account;
  readonly realm: string;
  readonly domain: string;
  readonly createMedia: CreateMediaPeer;
  readonly events: ServiceEvents;
  readonly graceMs: number;
  readonly mediaTimeoutMs: number;
}

/** 64 * T1: a late 2xx must still be acknowledged and taken back. */
const LINGER_MS = 32_000;

/** Of several refusals, the one that tells most. */
function verdict(statuses: readonly number[]): number {
  if (statuses.some((status) => status >= 600)) return 603;
  return statuses.includes(486) ? 486 : 480;
}

export function createPhones(options: PhonesOptions): Phones {
  const { account, realm, events } = options;
  const registrar = createRegistrar({
    account,
    realm,
    now: Date.now,
    onChange: (count) => void events.emit('phones', { count }),
  });
  /** By Call-ID. */
  const legs = new Map<string, Leg>();
  const lingering = new Map<string, NodeJS.Timeout>();

  function forget(leg: Leg): void {
    clearTimeout(lingering.get(leg.callId));
    lingering.delete(leg.callId);
    legs.delete(leg.callId);
    void leg.dispose();
  }

  function ring(caller: CallerInfo, onRinging: () => void, signal: AbortSignal): Promise<Leg> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const bindings = registrar.bindings();
      if (bindings.length === 0) throw new Unanswered(480);
      const ringing: Leg[] = [];
      const refusals: number[] = [];
      let settled = false;

      function settle(run: () => void, elsewhere: boolean, winner?: Leg): void {
        if (settled) return;
        settled = true;
        signal.removeEventListener('abort', onAbort);
        for (const leg of ringing) if (leg !== winner) leg.hangUp(elsewhere);
        run();
      }
      function onAbort(): void {
        settle(() => reject(signal.reason as Error), false);
      }
      signal.addEventListener('abort', onAbort);

      for (const { flow, contact } of bindings) {
        const leg = createLeg({
          ...options,
          flow,
          contact,
          caller,
          onRinging: () => {
            if (!settled) onRinging();
          },
          onAnswered() {
            // two at the same time: the second hears so at once
            if (settled) leg.hangUp();
            else settle(() => resolve(leg), true, leg);
          },
          onRefused(status) {
            refusals.push(status);
            const over = status >= 600 || refusals.length === bindings.length;
            if (over) settle(() => reject(new Unanswered(verdict(refusals))), false);
          },
          onEnded: () =>
            void lingering.set(
              leg.callId,
              setTimeout(() => forget(leg), LINGER_MS),
            ),
          onFault: (error) => void events.emit('fault', error),
        });
        legs.set(leg.callId, leg);
        ringing.push(leg);
      }
    });
  }

  return {
    get registered() {
      return registrar.bindings().length;
    },
    ring,
    receive(flow, message) {
      const leg = legs.get(message.callId);
      if (leg?.owns(message) === true) {
        if (leg.flow !== flow) {
          // only requests show where the phone is now
          if (!isRequest(message) || leg.signal.aborted) return false;
          leg.rebind(flow);
        }
        leg.receive(message);
        return true;
      }
      if (!isRequest(message) || message.method !== 'REGISTER') return false;
      const { status, ...extra } = registrar.register(flow, message);
      flow.send(writeReply(message, status, extra));
      return true;
    },
    onFlowClosed(flow) {
      registrar.onFlowClosed(flow);
      for (const leg of legs.values()) if (leg.flow === flow) leg.lose();
    },
    async close() {
      const all = [...legs.values()];
      for (const leg of all) leg.hangUp();
      await Promise.all(all.map((leg) => leg.dispose()));
      // onEnded has set timers meanwhile
      for (const timer of lingering.values()) clearTimeout(timer);
      lingering.clear();
      legs.clear();
    },
  };
}
