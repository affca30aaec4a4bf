import { type Core, type Inviter, SessionState } from 'sip.js';
import type {
  CallEnd,
  Clock,
  InviteRequest,
  SignallingCall,
  SignallingEvents,
} from '../call/ports.js';
import { createInfoDtmf } from './dialog-dtmf.js';
import { createReinviter } from './dialog-reinvite.js';
import { answerStray, refusal } from './dialog-requests.js';
import { endOf } from './end-reason.js';
import { guard, ignore } from './guard.js';
import { hasSdp, header, reply, rewrite, type SipMessage } from './message.js';
import { createCallDescription } from './session-description.js';
import type { SipTransport } from './transport.js';
import { createCallAgent } from './user-agent.js';

/** An INVITE without any response by then goes to the next server, milliseconds. */
const FIRST_RESPONSE_MS = 6_000;
/** After the end the final response is waited for, at most, milliseconds. */
const DRAIN_MS = 2_000;
const HELD_MAX = 16;

const UNREACHABLE: CallEnd = { reason: 'gateway-unreachable' };
/** Where SIP.js ends a call by itself, a description could not be applied. */
const UNDESCRIBED: CallEnd = { reason: 'media-not-supported' };

export interface CallContext {
  readonly transport: SipTransport;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface OutgoingCall extends SignallingCall {
  /** Forgets what is left of it: transactions, dialogs, timers. */
  stop(): void;
}

/**
 * One INVITE and its dialog; resolves once the INVITE is sent. What happened is read off the messages themselves,
 * before SIP.js sees them: SIP.js drops responses that it cannot use, hides 1xx without Contact or To tag, and tells
 * the reason of an end after the end.
 */
export async function placeCall(
  context: CallContext,
  request: InviteRequest,
  events: SignallingEvents,
  signal: AbortSignal,
): Promise<OutgoingCall> {
  const { transport, clock } = context;
  const { callId } = request;
  const life = new AbortController();
  const description = createCallDescription(request.media, life.signal);
  const agent = createCallAgent(request, transport.sip, description, () => !over || answered);
  let inviter: Inviter | null = null;
  let over = false;
  let responded = false;
  let answered = false;
  let cause = UNREACHABLE;
  const held: SipMessage[] = [];
  let cancelTimer = ignore;
  let settle = ignore;
  const settled = new Promise<void>((resolve) => {
    settle = () => {
      cancelTimer();
      resolve();
    };
  });

  const emit = (run: () => void): void => {
    if (!over) guard(run);
  };

  /** The call is over, by their doing or ours. */
  function shut(): void {
    over = true;
    cancelTimer();
    life.abort();
  }

  function finish(end: CallEnd): void {
    if (over) return;
    shut();
    settle();
    guard(() => events.onEnded(end));
  }

  function invite(): Promise<void> {
    const mine = agent.createInviter();
    inviter = mine;
    mine.stateChange.addListener((state) => {
      if (mine === inviter) guard(() => onState(state));
    });
    awaitResponse();
    return mine.invite().then(ignore, ignore);
  }

  function awaitResponse(): void {
    responded = false;
    cancelTimer = clock.after(FIRST_RESPONSE_MS, () => void failOver());
  }

  async function failOver(): Promise<void> {
    cancelTimer();
    inviter = null;
    agent.reset();
    try {
      await transport.next(life.signal);
      if (!over) await invite();
    } catch {
      finish(UNREACHABLE);
    }
  }

  function onState(state: SessionState): void {
    if (state === SessionState.Established) {
      cause = UNDESCRIBED;
      emit(() => events.onAnswered());
      if (description.forked) void reachFork();
    } else if (state !== SessionState.Terminated) {
      return;
    }
    // after SIP.js is done with what it is in the middle of
    queueMicrotask(() => {
      release();
      if (state === SessionState.Terminated) finish(cause);
    });
  }

  async function reachFork(): Promise<void> {
    try {
      await reinviter.reinvite({ iceRestart: true }, life.signal);
    } catch {
      if (over) return;
      hangUp();
      finish(UNDESCRIBED);
    }
  }

  const reinviter = createReinviter(
    () => inviter,
    description,
    context,
    (status) => {
      hangUp();
      finish({ reason: 'connection-lost', status });
    },
  );

  const deliver = (message: SipMessage): boolean =>
    guard(() => transport.sip.onMessage?.(rewrite(message, agent.contact)));

  /** SIP.js drops in-dialog requests before our ACK has left, without a response: they wait for it. */
  function release(): void {
    for (const message of held.splice(0)) onRequest(message);
  }

  function onRequest(message: SipMessage): void {
    const status = refusal(message, reinviter.offering);
    if (status !== null) {
      transport.sip.send(reply(message, status)).catch(ignore);
    } else if (answered && !over && inviter?.state === SessionState.Establishing) {
      if (held.length < HELD_MAX) held.push(message);
    } else {
      deliver(message);
      if (message.method === 'BYE' && inviter?.state === SessionState.Terminated) {
        cause = { reason: 'remote-hung-up' };
      }
    }
  }

  function onProgress(message: SipMessage): void {
    if (message.status < 180 || message.status > 183) return;
    const ringing = (): void => emit(() => events.onRinging());
    if (hasSdp(message)) {
      description.early(message.toTag, message.body).then((first) => {
        if (first) emit(() => events.onEarlyMedia());
      }, ringing);
    } else {
      ringing();
    }
  }

  function onResponse(message: SipMessage): void {
    const { status, method, cseq } = message;
    const session = inviter;
    const initial = method === 'INVITE' && cseq === session?.request.cseq;
    if (initial && !responded) {
      responded = true;
      cancelTimer();
    }
    if (initial && !answered) {
      if (status >= 300) {
        cause = endOf(status, header(message, 'retry-after'), request.pass !== null);
      } else if (status >= 200) {
        answered = true;
        cause = UNDESCRIBED;
        description.answerTag = message.toTag;
      } else {
        onProgress(message);
      }
    }
    deliver(message);
    if (status < 200) return;
    if (initial && cseq !== session.request.cseq) {
      // SIP.js has sent the INVITE again, with credentials
      cause = UNREACHABLE;
      awaitResponse();
    } else if (initial && !over && session.state === SessionState.Establishing && !session.dialog) {
      // a final response that SIP.js could not read
      const end: CallEnd = status < 300 ? { reason: 'service-unavailable', status } : cause;
      hangUp();
      finish(end);
    }
    if (over && ((initial && status >= 300) || (method === 'BYE' && !/40[17]/.test(`${status}`)))) {
      settle();
    }
  }

  /** CANCEL or BYE. `false`: there is nothing to end. */
  function hangUp(): boolean {
    const session = inviter;
    if (session?.state === SessionState.Established) {
      return guard(() => void session.bye().catch(ignore));
    }
    if (session?.state !== SessionState.Establishing) return false;
    return guard(() => {
      const dialog = session.dialog as Core.SessionDialog | undefined;
      if (dialog === undefined) {
        // before a provisional response SIP.js remembers it until there is one (RFC 3261 §9.1)
        session.cancel().catch(ignore);
      } else {
        dialog.ack();
        dialog.bye();
      }
    });
  }

  await Promise.all([description.prepare(signal), transport.open(signal)]);
  signal.throwIfAborted();
  transport.listener = {
    onMessage(message) {
      const { status, toTag, fromTag } = message;
      const ours = message.callId === callId && agent.fromTag === (status === 0 ? toTag : fromTag);
      if (!ours) answerStray(transport.sip, message);
      else if (status === 0) onRequest(message);
      else onResponse(message);
    },
    onLost() {
      if (over) settle();
      else if (!responded) void failOver();
      else {
        transport.reconnect();
        emit(() => events.onTransportLost());
      }
    },
    onRestored() {
      emit(() => events.onTransportRestored());
      // the far end's requests find the new socket only after a request of ours through it
      if (over || reinviter.offering || inviter?.state !== SessionState.Established) return;
      reinviter.reinvite({ iceRestart: false }, life.signal).catch(ignore);
    },
  };

  await invite();

  return {
    sendDtmfInfo: createInfoDtmf(() => inviter, clock, life.signal),
    reinvite: (options, reinviteSignal) =>
      reinviter.reinvite(options, AbortSignal.any([reinviteSignal, life.signal])),
    end() {
      if (over) return settled;
      shut();
      if (hangUp() && transport.usable) cancelTimer = clock.after(DRAIN_MS, settle);
      else settle();
      release();
      return settled;
    },
    stop() {
      shut();
      settle();
      agent.stop();
    },
  };
}
