import type { Clock } from '../call/ports.js';
import { ignore } from './guard.js';
import { ANSWER_MS, LATE_MS, QUIET_MS } from './liveness.js';
import type { SipMessage } from './message.js';
import type { SipTransport } from './transport.js';

/** After the first response the server shows whether it answers questions, milliseconds: most calls are answered soon. */
const LEARN_MS = 2_000;

export interface EarlyWatchContext {
  readonly clock: Clock;
  readonly transport: Pick<SipTransport, 'sip' | 'heardAt' | 'connected' | 'renew'>;
  /** An OPTIONS to the server, whole. */
  question(callId: string, cseq: number): string;
}

/**
 * Notices a socket that dies without a word while it rings: nothing need be said then for a minute, and there is no
 * dialog yet to ask in. So the server itself is asked (OPTIONS, RFC 3261 §11), and its silence means something if it
 * has answered before: there are servers that drop questions of strangers.
 */
export interface EarlyWatch {
  start(): void;
  /** Asks now: the network may be another. */
  check(): void;
  /** The message is an answer. */
  took(message: SipMessage): boolean;
  stop(): void;
}

export function createEarlyWatch({ clock, transport, question }: EarlyWatchContext): EarlyWatch {
  const callId = crypto.randomUUID();
  let cseq = 0;
  let on = false;
  let answers = false;
  let cancel = ignore;

  function listen(ms: number): void {
    cancel();
    cancel = clock.after(ms, () => {
      const rest = transport.heardAt + ms - clock.now();
      // what it says of itself spares the question, but the first one, which is to learn
      if (rest > 0 && answers) listen(rest);
      else ask();
    });
  }

  function ask(): void {
    cancel();
    const askedAt = clock.now();
    cancel = clock.after(ANSWER_MS, () => {
      if (transport.heardAt > askedAt) listen(QUIET_MS);
      else if (clock.now() - askedAt - ANSWER_MS > LATE_MS) ask();
      else if (answers) transport.renew();
    });
    transport.sip.send(question(callId, ++cseq)).catch(ignore);
  }

  return {
    start() {
      if (on) return;
      on = true;
      listen(answers ? QUIET_MS : LEARN_MS);
    },
    check() {
      if (!on) return;
      if (transport.connected) ask();
      else transport.renew();
    },
    took(message) {
      if (message.callId !== callId || message.status < 200) return message.callId === callId;
      answers = true;
      if (on) listen(QUIET_MS);
      return true;
    },
    stop() {
      on = false;
      cancel();
    },
  };
}
