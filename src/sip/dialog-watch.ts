import type { Core } from 'sip.js';
import type { Clock, MediaSession } from '../call/ports.js';
import { guard, ignore } from './guard.js';
import { createLiveness, type Liveness } from './liveness.js';
import type { SipTransport } from './transport.js';

export interface DialogWatchContext {
  readonly clock: Clock;
  readonly transport: SipTransport;
  readonly media: Pick<MediaSession, 'packetsReceived'>;
  dialog(): Core.SessionDialog | undefined;
  /** A new offer, unless one is out already. */
  offer(): void;
  onGone(): void;
}

export interface DialogWatch extends Pick<Liveness, 'start' | 'heard' | 'lost' | 'stop'> {
  /** Makes the far end say something: a new offer must be answered. */
  prove(): void;
  /** See `SignallingCall.check`. */
  check(): void;
}

/**
 * Asks by OPTIONS in the dialog. A CRLF ping (RFC 5626 §4.4.1) would tell less, of the next server alone, and servers
 * are known that refuse it. Sent without SIP.js's transaction, whose timers would outlive the call.
 */
export function createDialogWatch(context: DialogWatchContext): DialogWatch {
  const { clock, transport, media } = context;
  let askedAt = 0;
  let packets = 0;

  const count = (): Promise<number> => media.packetsReceived().catch(() => 0);

  const liveness = createLiveness(clock, {
    ask() {
      askedAt = clock.now();
      void count().then((received) => (packets = received));
      guard(() => {
        const options = context.dialog()?.createOutgoingRequestMessage('OPTIONS');
        if (options === undefined) return;
        options.setViaHeader(`z9hG4bK${crypto.randomUUID()}`, transport.sip.protocol);
        transport.sip.send(options.toString()).catch(ignore);
      });
    },
    renew() {
      // where something came through the socket, be it a ping, it is the far end that is silent
      if (transport.heardAt <= askedAt) transport.renew();
      else prove();
    },
    isGone: async () => (await count()) <= packets,
    onGone: () => context.onGone(),
  });

  function prove(): void {
    liveness.proven();
    context.offer();
  }

  return {
    ...liveness,
    prove,
    check() {
      if (transport.connected) liveness.check();
      else transport.renew();
    },
  };
}
