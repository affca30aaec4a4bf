import { type Invitation, UserAgent } from 'sip.js';
import type { SessionDescriptionHandler, Transport } from 'sip.js';
import { CallError } from '../call/errors.js';
import type { PhoneAccount, PhoneLine, PhoneLineEvents } from '../call/phone-ports.js';
import { type Clock, systemClock } from '../shared/clock.js';
import { answerStray } from './dialog-requests.js';
import { guard, ignore } from './guard.js';
import { inviteRefusal, receiveCall, type ReceivedCall } from './incoming-call.js';
import { PHONE_ALLOW, reply, rewrite, type SipMessage } from './message.js';
import { createRegistration } from './registration.js';
import { createTransport, type SipTransport, type SocketConstructor } from './transport.js';
import { makeUri, offerTimer } from './user-agent.js';

/** A phone waits for days: no need to ask a server that is down more often, milliseconds. */
const BACKOFF_MAX_MS = 30_000;
/** SIP.js answers them here by itself. */
const CHALLENGES = /^(?:www|proxy)-authenticate$/;
/** SIP.js's own limit of ringing, seconds: never reached before ours. */
const NO_ANSWER_S = 600;

export interface PhoneLineOptions {
  readonly account: Pick<PhoneAccount, 'servers' | 'domain' | 'user' | 'password'>;
  readonly webSocket?: SocketConstructor;
  readonly clock?: Clock;
  /** From 0 to below 1: spreads reconnections and retries, decides nothing that must be secret. */
  readonly random?: () => number;
}

function createPhoneAgent(
  { user, domain, password }: PhoneLineOptions['account'],
  sip: Transport,
  onInvite: (invitation: Invitation) => void,
  describe: () => SessionDescriptionHandler,
): UserAgent {
  // it stands in headers that SIP.js writes as they come
  if (!/^[\w.+-]{1,64}$/.test(user)) throw new CallError('misconfigured', 'not a user name');
  const userAgent = new UserAgent({
    uri: makeUri(`sip:${user}@${domain}`),
    contactName: crypto.randomUUID(),
    viaHost: `${crypto.randomUUID()}.invalid`,
    userAgentString: 'call-button phone',
    authorizationUsername: user,
    authorizationPassword: password,
    // a constructor that returns an object: see `createCallAgent`
    transportConstructor: function () {
      return sip;
    } as unknown as new () => Transport,
    sessionDescriptionHandlerFactory: describe,
    delegate: { onInvite },
    sendInitialProvisionalResponse: false,
    noAnswerTimeout: NO_ANSWER_S,
    gracefulShutdown: false,
    logBuiltinEnabled: false,
    logConfiguration: false,
  });
  offerTimer(userAgent);
  void userAgent.start();
  return userAgent;
}

/**
 * A user agent that is registered and called: SIP over WebSocket (RFC 7118), one socket, one call at a time.
 * Throws `misconfigured` for an account that cannot stand in a SIP message.
 */
export function createPhoneLine(
  { account, webSocket = WebSocket, clock = systemClock, random = Math.random }: PhoneLineOptions,
  events: PhoneLineEvents,
): PhoneLine {
  const transport: SipTransport = createTransport({
    servers: account.servers,
    webSocket,
    clock,
    random,
    allow: PHONE_ALLOW,
    backoffMaxMs: BACKOFF_MAX_MS,
  });
  const life = new AbortController();
  let invitation: Invitation | null = null;
  let call: ReceivedCall | null = null;
  let closed: Promise<void> | null = null;

  const userAgent = createPhoneAgent(
    account,
    transport.sip,
    (incoming) => (invitation = incoming),
    () => {
      if (!call?.description) throw new CallError('internal-error', 'no call');
      return call.description;
    },
  );
  const contact = userAgent.contact.uri.toString();
  const deliver = (message: SipMessage): void =>
    void guard(() => transport.sip.onMessage?.(rewrite(message, contact, CHALLENGES)));
  const registration = createRegistration(
    { userAgent, clock, random, deliver, onSilence: move },
    (state) => {
      if (closed === null) guard(() => events.onRegistration(state));
    },
  );

  /** There is a socket: who we are first, then where the call goes on. */
  function onOpen(): void {
    if (closed !== null) return;
    void registration.register().then(() => call?.onRestored());
  }

  function reconnect(): void {
    if (closed === null) transport.reconnect();
  }

  function move(): void {
    call?.onLost();
    transport.next(life.signal).then(onOpen, reconnect);
  }

  function respond(message: SipMessage, status: string): void {
    transport.sip.send(reply(message, status)).catch(ignore);
  }

  /** SIP.js's invitation, or `null` where it could not read the INVITE. */
  function toInvitation(message: SipMessage): Invitation | null {
    invitation = null;
    deliver(message);
    const made = invitation as Invitation | null;
    invitation = null;
    return made;
  }

  function onInvite(message: SipMessage): void {
    const refused = inviteRefusal(message);
    if (refused !== null || (call !== null && !call.over)) {
      respond(message, refused ?? '486 Busy Here');
      return;
    }
    const made = toInvitation(message);
    if (made === null) {
      respond(message, '400 Bad Request');
      return;
    }
    const ringing = receiveCall({ transport, clock, random, contact, deliver }, made, message);
    const taken = closed === null ? events.onCall(ringing) : null;
    if (taken === null) {
      void ringing.end(closed === null ? 'busy' : 'unavailable');
      return;
    }
    call = ringing;
    call.events = taken;
    call.ring();
  }

  transport.listener = {
    onMessage(message) {
      const { status, method, toTag } = message;
      if (call?.owns(message)) call.onMessage(message);
      else if (method === 'REGISTER' && status > 0) registration.onResponse(message);
      // SIP.js knows its transactions: the ACK to a refusal, responses of a call that is over
      else if (method === 'ACK' || status > 0) deliver(message);
      else if (method === 'INVITE' && toTag === '') onInvite(message);
      else answerStray(transport.sip, message);
    },
    rewrite: (text) => call?.rewrite(text) ?? text,
    onLost() {
      registration.onLost();
      call?.onLost();
      reconnect();
    },
    onRestored: onOpen,
  };

  async function close(): Promise<void> {
    // both now: there may be no later
    const ended = call?.end('unavailable');
    await registration.unregister();
    await ended;
    life.abort();
    guard(() => void userAgent.stop());
    transport.close();
  }

  return {
    open() {
      if (closed !== null) return;
      guard(() => events.onRegistration({ state: 'registering' }));
      transport.open(life.signal).then(onOpen, () => {
        if (closed !== null) return;
        guard(() =>
          events.onRegistration({ state: 'failed', reason: 'gateway-unreachable', retrying: true }),
        );
        transport.reconnect();
      });
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}
