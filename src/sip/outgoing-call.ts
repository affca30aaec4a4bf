import { type Core, type Inviter, SessionState } from 'sip.js';
import type {
  CallEnd,
  Clock,
  InviteRequest,
  SignallingCall,
  SignallingEvents,
} from '../call/ports.js';
import { createChallenges, type LoadDigest } from './challenge.js';
import { createInfoDtmf } from './dialog-dtmf.js';
import { createReinviter } from './dialog-reinvite.js';
import { answerStray, refusal } from './dialog-requests.js';
import { createUpdates } from './dialog-update.js';
import { createDialogWatch } from './dialog-watch.js';
import { createEarlyWatch } from './early-watch.js';
import { endOf } from './end-reason.js';
import { guard, ignore } from './guard.js';
import { hangUp } from './hang-up.js';
import { hasSdp, header, reply, rewrite, type SipMessage } from './message.js';
import { createCallDescription } from './session-description.js';
import { createSessionTimer, tooBrief, withTimer } from './session-timer.js';
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
  readonly loadDigest: LoadDigest;
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
  const agent = createCallAgent(request, transport.sip, description);
  let inviter: Inviter | null = null;
  let over = false;
  let responded = false;
  let answered = false;
  let cseq = 1;
  let mayRepeat = false;
  let asked: SipMessage | null = null;
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
    timer.stop();
    watch.stop();
    early.stop();
    life.abort();
    challenges.drop();
  }

  function finish(end: CallEnd): void {
    if (over) return;
    shut();
    settle();
    guard(() => events.onEnded(end));
  }

  function invite(): Promise<void> {
    const mine = agent.createInviter(cseq, timer.request());
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
      watch.start();
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
      hangUp(inviter);
      finish(UNDESCRIBED);
    }
  }

  /** Nothing is heard of the far end any more, or it has forgotten the call. */
  function lose(status?: number): void {
    hangUp(inviter);
    finish({ reason: 'connection-lost', ...(status !== undefined && { status }) });
  }

  const reoffer = (): Promise<void> => reinviter.reinvite({ iceRestart: false }, life.signal);
  const timer = createSessionTimer(clock, reoffer, lose);
  const reinviter = createReinviter(() => inviter, description, context, {
    onGone: lose,
    headers: () => timer.request(),
    mayRepeat: () => mayRepeat,
  });
  const dialogOf = (): Core.SessionDialog | undefined =>
    inviter?.dialog as Core.SessionDialog | undefined;
  const updates = createUpdates({
    answer: (sdp) => description.answer(sdp),
    timer,
    contact: agent.contact,
    random: context.random,
    dialog: dialogOf,
    offering: () => !answered || reinviter.offering,
    answering: () => dialogOf()?.reinviteUserAgentServer !== undefined,
    send: (text) => transport.sip.send(text),
  });

  const watch = createDialogWatch({
    clock,
    transport,
    media: request.media,
    dialog: dialogOf,
    offer() {
      if (!reinviter.offering) reoffer().catch(ignore);
    },
    onGone: lose,
  });

  const early = createEarlyWatch({ clock, transport, question: agent.question });

  const challenges = createChallenges({
    clock,
    pass: request.pass,
    clients: agent.clients,
    dialog: dialogOf,
    load: context.loadDigest,
    // no phone may ring after the caller has hung up
    mayAnswer: (method) => !over || (answered && method === 'BYE'),
    onReady: onResponse,
  });

  const deliver = (message: SipMessage): boolean =>
    guard(() => transport.sip.onMessage?.(rewrite(message, agent.contact)));

  /** SIP.js drops in-dialog requests before our ACK has left, without a response: they wait for it. */
  function release(): void {
    for (const message of held.splice(0)) onRequest(message);
  }

  function refusalOf(message: SipMessage): string | null {
    const { method } = message;
    if (method === 'UPDATE') return over ? '481 Call/Transaction Does Not Exist' : null;
    // who is called must not (RFC 3261 §15); SIP.js would be deaf to the final response then
    if (method === 'BYE' && !answered && !over) return '200 OK';
    const status = refusal(message, reinviter.offering);
    if (status !== null || method !== 'INVITE') return status;
    return updates.answering ? updates.busy() : tooBrief(message);
  }

  function onRequest(message: SipMessage): void {
    const { method } = message;
    const status = refusalOf(message);
    if (status !== null) {
      transport.sip.send(reply(message, status)).catch(ignore);
    } else if (answered && !over && inviter?.state === SessionState.Establishing) {
      if (held.length < HELD_MAX) held.push(message);
    } else if (method === 'UPDATE') {
      updates.onUpdate(message);
    } else {
      if (method === 'INVITE') asked = message;
      deliver(message);
      if (method === 'BYE' && inviter?.state === SessionState.Terminated) {
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

  function onSessionTimer(message: SipMessage): void {
    const { status, toTag } = message;
    // a second branch that answers is left at once
    const mine = !answered || toTag === description.answerTag;
    if (status === 422) mayRepeat = timer.raise(message);
    else if (status >= 200 && status < 300 && mine) timer.agreed(message);
  }

  /** The first INVITE again, with what the session timer has learned. */
  function inviteAgain(refusedBy: SipMessage): void {
    cancelTimer();
    cseq = refusedBy.cseq + 1;
    inviter = null;
    deliver(refusedBy);
    void invite();
  }

  /** Of the first INVITE, as it was sent last. */
  const isInitial = ({ method, cseq }: SipMessage): boolean =>
    method === 'INVITE' && cseq === inviter?.request.cseq;

  /** `false`: it is for `onResponse`. */
  function isForOthers(message: SipMessage): boolean {
    const { status, method } = message;
    if (method === 'OPTIONS') {
      // an old server's shrug is a sign of life; that the call is gone a new offer must show
      if (status === 481 || status === 408) watch.prove();
      return true;
    }
    emit(() => events.onResponse?.(status));
    if (!challenges.took(message)) return false;
    if (isInitial(message) && !answered) {
      // with its socket the server that has asked is gone
      responded = false;
      cancelTimer();
      early.stop();
    }
    return true;
  }

  /** `failure`: it has asked for credentials that could not be had. */
  function onResponse(message: SipMessage, failure?: CallEnd): void {
    const { status, method } = message;
    const session = inviter;
    const initial = session !== null && isInitial(message);
    if (method === 'INVITE' && !over) onSessionTimer(message);
    if (initial && !answered && !over && status === 422 && mayRepeat) {
      inviteAgain(message);
      return;
    }
    if (initial && !responded) {
      responded = true;
      cancelTimer();
      if (!over) early.start();
    }
    if (initial && status >= 200) early.stop();
    if (initial && !answered) {
      if (status >= 300) {
        cause = failure ?? endOf(status, header(message, 'retry-after'), request.pass !== null);
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
    if (initial && message.cseq !== session.request.cseq) {
      // sent again, with credentials
      cause = UNREACHABLE;
      awaitResponse();
    } else if (initial && !over && session.state === SessionState.Establishing && !session.dialog) {
      // a final response that SIP.js could not read
      const end: CallEnd = status < 300 ? { reason: 'service-unavailable', status } : cause;
      hangUp(inviter);
      finish(end);
    }
    if (over && ((initial && status >= 300) || (method === 'BYE' && !/40[17]/.test(`${status}`)))) {
      settle();
    }
  }

  await Promise.all([description.prepare(signal), transport.open(signal)]);
  signal.throwIfAborted();
  transport.listener = {
    onMessage(message) {
      const { status, method, toTag, fromTag } = message;
      if (early.took(message)) return;
      const ours = message.callId === callId && agent.fromTag === (status === 0 ? toTag : fromTag);
      if (!ours) {
        answerStray(transport.sip, message);
        return;
      }
      // 100 comes from the next server
      if (status === 0 || status >= 200) watch.heard(method === 'OPTIONS' && status > 0);
      if (status === 0) onRequest(message);
      else if (!isForOthers(message)) onResponse(message);
    },
    rewrite: (text) => (asked === null || over ? text : withTimer(text, asked, timer)),
    onLost() {
      watch.lost();
      early.stop();
      if (over) settle();
      else if (!responded) void failOver();
      else {
        transport.reconnect();
        emit(() => events.onTransportLost());
      }
    },
    onRestored() {
      emit(() => events.onTransportRestored());
      if (!over && responded && !answered) early.start();
      // the far end's requests find the new socket only after a request of ours through it
      if (!over && inviter?.state === SessionState.Established) watch.prove();
    },
  };

  await invite();

  return {
    sendDtmfInfo: createInfoDtmf(() => inviter, clock, life.signal),
    reinvite: (options, reinviteSignal) =>
      reinviter.reinvite(options, AbortSignal.any([reinviteSignal, life.signal])),
    check: () => (answered ? watch : early).check(),
    end() {
      if (over) return settled;
      shut();
      if (hangUp(inviter) && transport.usable) cancelTimer = clock.after(DRAIN_MS, settle);
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
