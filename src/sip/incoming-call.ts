import { type Core, type Invitation, SessionState } from 'sip.js';
import { parseFrom, parseUserToUser } from '../call/caller.js';
import { CallError } from '../call/errors.js';
import type {
  IncomingCall,
  IncomingCallEvents,
  PhoneEndReason,
  Refusal,
} from '../call/phone-ports.js';
import type { Clock, MediaSession } from '../call/ports.js';
import { createReinviter, type Reinviter } from './dialog-reinvite.js';
import { badExtension, refusal, UNSUPPORTED_MEDIA } from './dialog-requests.js';
import { createUpdates } from './dialog-update.js';
import { createDialogWatch } from './dialog-watch.js';
import { abortable, guard, ignore } from './guard.js';
import { readDigit } from './info-digit.js';
import { hasSdp, header, isReadableContact, reply, type SipMessage } from './message.js';
import { createReferral } from './referral.js';
import { type CallDescription, createCallDescription } from './session-description.js';
import { createSessionTimer, tooBrief, withTimer } from './session-timer.js';
import type { SipTransport } from './transport.js';
import { makeUri } from './user-agent.js';

/** Rung for so long, the phone gives up (480); the caller has usually done so before. Milliseconds. */
const RING_MS = 180_000;
/** After the end the final response is waited for, at most, milliseconds. */
const DRAIN_MS = 2_000;

const REFUSALS: Readonly<Record<Refusal, number>> = { busy: 486, declined: 603, unavailable: 480 };

/** Between two offers after 491: who does not own the Call-ID, RFC 3261 §14.1. */
const guestPause = (random: number): number => Math.floor(random * 201) * 10;

export interface IncomingCallContext {
  readonly transport: SipTransport;
  readonly clock: Clock;
  readonly random: () => number;
  /** Where requests to us go. */
  readonly contact: string;
  /** Hands a message to SIP.js. */
  deliver(message: SipMessage): void;
}

/** The line's side of a call. */
export interface ReceivedCall extends IncomingCall {
  readonly over: boolean;
  events: IncomingCallEvents | null;
  /** What SIP.js asks for offers and answers. */
  readonly description: CallDescription | null;
  /** Tells the caller that it rings. */
  ring(): void;
  /** Whether a request or a response belongs to it. */
  owns(message: SipMessage): boolean;
  onMessage(message: SipMessage): void;
  /** See `TransportListener`. */
  rewrite(text: string): string;
  onLost(): void;
  onRestored(): void;
}

/** What an INVITE must be for us to ring; else the final response, code and phrase. */
export function inviteRefusal(message: SipMessage): string | null {
  const bad = badExtension(message) ?? tooBrief(message);
  if (bad !== null) return bad;
  if (message.body !== '' && !hasSdp(message)) return UNSUPPORTED_MEDIA;
  const contact = header(message, 'contact') ?? '';
  // SIP.js has answered some of these by then, and not others
  return /<?sips?:/i.test(contact) && isReadableContact(contact) ? null : '400 Bad Request';
}

/** By the offer, or, where that is left to us, by the feature tags of Contact (RFC 3840 §9); `null`: nobody says. */
function offersVideo(invite: SipMessage): boolean | null {
  if (hasSdp(invite)) return /^m=video [1-9]/m.test(invite.body);
  const features = (header(invite, 'contact') ?? '').replace(/^.*>/, '');
  if (/;\s*video\b(?!\s*=\s*"?FALSE)/i.test(features)) return true;
  return /;\s*audio\b/i.test(features) ? false : null;
}

/**
 * One INVITE from the far end and its dialog. As with calls of our own, what happens is read off the messages before
 * SIP.js sees them: it drops a BYE before the answer is out, and tells no reason of a CANCEL.
 */
export function receiveCall(
  { transport, clock, random, contact, deliver }: IncomingCallContext,
  invitation: Invitation,
  invite: SipMessage,
): ReceivedCall {
  const life = new AbortController();
  const tag = invitation.request.toTag;
  let description: CallDescription | null = null;
  let session: MediaSession | null = null;
  let reinviter: Reinviter | null = null;
  let over = false;
  let confirmed = false;
  let lastInfo = 0;
  let mayRepeat = false;
  // their last offer, whose 2xx SIP.js makes
  let asked = invite;
  let cause: PhoneEndReason = 'media-not-supported';
  let cancelTimer = clock.after(RING_MS, () => {
    refuse(480);
    finish('no-answer');
  });
  let settle = ignore;
  const settled = new Promise<void>((resolve) => {
    settle = () => {
      cancelTimer();
      resolve();
    };
  });
  const referral = createReferral(invitation, clock);

  const answer = (message: SipMessage, status: string): void =>
    void transport.sip.send(reply(message, status)).catch(ignore);

  function emit(run: (events: IncomingCallEvents) => void): void {
    const { events } = call;
    if (!over && events !== null) guard(() => run(events));
  }

  function shut(): void {
    over = true;
    cancelTimer();
    timer.stop();
    watch.stop();
    life.abort();
  }

  function finish(reason: PhoneEndReason): void {
    if (over) return;
    const { events } = call;
    shut();
    settle();
    if (events !== null) guard(() => events.onEnded(reason));
  }

  /** A final response to the INVITE, if there was none. */
  function refuse(statusCode: number): void {
    const { state } = invitation;
    if (state !== SessionState.Initial && state !== SessionState.Establishing) return;
    guard(() => void invitation.reject({ statusCode }).catch(ignore));
  }

  invitation.stateChange.addListener((state) => {
    // no ACK: SIP.js says BYE after 32 s
    if (state === SessionState.Established) cause = 'connection-lost';
    // after SIP.js is done with what it is in the middle of
    if (state === SessionState.Terminated) queueMicrotask(() => finish(cause));
  });

  /** SIP.js would say 480 to a caller whose description no browser takes. */
  function describe(media: MediaSession): CallDescription {
    const made = createCallDescription(media, life.signal, false);
    const { setDescription, getDescription } = made;
    const refused = (error: unknown): never => {
      refuse(488);
      throw error;
    };
    made.setDescription = (sdp) => setDescription(sdp).catch(refused);
    made.getDescription = () => getDescription().catch(refused);
    return made;
  }

  function onGone(): void {
    guard(() => void invitation.bye().catch(ignore));
    finish('connection-lost');
  }

  const reoffer = async (): Promise<void> =>
    reinviter?.reinvite({ iceRestart: false }, life.signal);
  const timer = createSessionTimer(clock, reoffer, onGone);
  const dialogOf = (): Core.SessionDialog | undefined =>
    invitation.dialog as Core.SessionDialog | undefined;
  const watch = createDialogWatch({
    clock,
    transport,
    media: { packetsReceived: async () => session?.packetsReceived() ?? 0 },
    dialog: dialogOf,
    offer() {
      if (reinviter?.offering === false) reoffer().catch(ignore);
    },
    onGone,
  });
  const updates = createUpdates({
    answer: (sdp) => description?.answer(sdp) ?? Promise.reject(new Error('no media yet')),
    timer,
    contact,
    random,
    dialog: dialogOf,
    offering: () => reinviter?.offering === true,
    answering: () => !confirmed || dialogOf()?.reinviteUserAgentServer !== undefined,
    send: (text) => transport.sip.send(text),
  });

  function onInvite(message: SipMessage): void {
    // sent again, over another socket
    if (message.toTag === '') {
      deliver(message);
      return;
    }
    const status =
      refusal(message, reinviter?.offering === true) ??
      (updates.answering ? updates.busy() : tooBrief(message));
    if (status !== null) {
      answer(message, status);
      return;
    }
    asked = message;
    deliver(message);
  }

  function onAck(message: SipMessage): void {
    const first = !confirmed && message.cseq === invite.cseq;
    if (first) cause = 'media-not-supported';
    deliver(message);
    if (!first || invitation.state !== SessionState.Established) return;
    confirmed = true;
    watch.start();
    emit((events) => events.onConfirmed());
  }

  function onBye(message: SipMessage): void {
    if (!over && invitation.state === SessionState.Established) {
      cause = referral.promised ? 'transferred' : 'remote-hung-up';
      deliver(message);
      finish(cause);
      return;
    }
    // before the answer SIP.js would go on as if nothing had been said; after our own BYE it says nothing
    answer(message, '200 OK');
    refuse(487);
    finish('missed');
  }

  function onCancel(message: SipMessage): void {
    // RFC 3326 §2
    const elsewhere = /\bSIP\b.*;\s*cause\s*=\s*200\b/i.test(header(message, 'reason') ?? '');
    if (invitation.state !== SessionState.Established) {
      cause = elsewhere ? 'answered-elsewhere' : 'missed';
    }
    deliver(message);
  }

  function onInfo(message: SipMessage): void {
    const { status, digit } = readDigit(message);
    answer(message, status);
    // over a new socket it may come again
    if (message.cseq <= lastInfo) return;
    lastInfo = message.cseq;
    if (digit !== undefined && confirmed) emit((events) => events.onDigit(digit));
  }

  function onRequest(message: SipMessage): void {
    switch (message.method) {
      case 'INVITE':
        onInvite(message);
        return;
      case 'ACK':
        onAck(message);
        return;
      case 'BYE':
        onBye(message);
        return;
      case 'CANCEL':
        onCancel(message);
        return;
      case 'INFO':
        onInfo(message);
        return;
      case 'UPDATE':
        if (over) answer(message, '481 Call/Transaction Does Not Exist');
        else updates.onUpdate(message);
        return;
      case 'NOTIFY':
        answer(message, referral.onNotify(message));
        return;
      default: {
        const status = refusal(message, false);
        if (status === null) deliver(message);
        else answer(message, status);
      }
    }
  }

  const call: ReceivedCall = {
    callId: invite.callId,
    caller: {
      ...parseFrom(header(invite, 'from') ?? ''),
      context: parseUserToUser(
        invite.headers.filter(([name]) => name === 'user-to-user').map(([, value]) => value),
      ),
      video: offersVideo(invite),
    },
    events: null,
    get over() {
      return over;
    },
    get description() {
      return description;
    },
    ring: () => void invitation.progress({ statusCode: 180 }).catch(ignore),

    accept(media) {
      if (over || description !== null) return;
      cancelTimer();
      session = media;
      description = describe(media);
      reinviter = createReinviter(
        () => invitation,
        description,
        { clock, random },
        { onGone, headers: () => timer.request(), mayRepeat: () => mayRepeat },
        guestPause,
      );
      // a failure ends the invitation, and that is reported
      invitation.accept().catch(ignore);
    },

    check: watch.check,

    async reinvite(options, signal) {
      await reinviter?.reinvite(options, AbortSignal.any([signal, life.signal]));
    },

    async transfer(targetUri, signal) {
      if (over || !confirmed) throw new CallError('internal-error', 'no call');
      await abortable(
        referral.transfer(makeUri(targetUri), signal),
        AbortSignal.any([signal, life.signal]),
      );
    },

    owns: ({ callId, status, fromTag, toTag, method }) =>
      callId === invite.callId &&
      (status === 0
        ? fromTag === invite.fromTag && (toTag === tag || (toTag === '' && method !== 'BYE'))
        : toTag === invite.fromTag && fromTag === tag),

    onMessage(message) {
      const { status, method } = message;
      // 100 comes from the next server
      if (status === 0 || status >= 200) watch.heard(method === 'OPTIONS' && status > 0);
      if (status === 0) {
        onRequest(message);
        return;
      }
      if (method === 'OPTIONS') {
        // an old server's shrug is a sign of life; that the call is gone a new offer must show
        if (status === 481 || status === 408) watch.prove();
        return;
      }
      if (method === 'INVITE' && !over) {
        if (status === 422) mayRepeat = timer.raise(message);
        else if (status >= 200 && status < 300) timer.agreed(message);
      }
      deliver(message);
      if (over && method === 'BYE' && status >= 200 && status !== 401 && status !== 407) settle();
    },

    rewrite: (text) => (over ? text : withTimer(text, asked, timer)),

    onLost() {
      watch.lost();
      if (over) settle();
      else if (confirmed) emit((events) => events.onTransportLost());
      else {
        // who called hears nothing of us any more
        refuse(480);
        finish('connection-lost');
      }
    },

    onRestored() {
      emit((events) => events.onTransportRestored());
      // the far end's requests find the new socket only after a request of ours through it
      if (!over && invitation.state === SessionState.Established) watch.prove();
    },

    end(how) {
      if (over) return settled;
      shut();
      if (invitation.state === SessionState.Established && transport.usable) {
        cancelTimer = clock.after(DRAIN_MS, settle);
        // before the ACK, SIP.js waits for it (RFC 3261 §15)
        guard(() => void invitation.bye().catch(ignore));
      } else {
        refuse(REFUSALS[how]);
        settle();
      }
      return settled;
    },
  };
  return call;
}
