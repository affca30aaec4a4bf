import type { Core, UserAgent } from 'sip.js';
import type { Clock } from '../call/ports.js';
import type { Registration } from '../call/phone-ports.js';
import { endReason, parseRetryAfter } from './end-reason.js';
import { ignore } from './guard.js';
import { header, PHONE_ALLOW, type SipMessage } from './message.js';

/** Asked for, seconds: short, so that a server which lost us hears of us soon. */
const EXPIRES_S = 120;
const EXPIRES_MAX_S = 3_600;
/** A REGISTER without a final response by then counts as unanswered, milliseconds. */
const RESPONSE_MS = 6_000;
/** Pauses between tries after a refusal that may pass: doubled each time, of which half to all is waited. */
const RETRY_MS = 2_000;
const RETRY_MAX_MS = 60_000;
/** An unregistration is waited for, at most, milliseconds. */
const DRAIN_MS = 2_000;

export interface RegistrationClient {
  /** REGISTER now, and again before it expires. Resolves when it is known how it went. Needs an open socket. */
  register(): Promise<void>;
  /** A response to REGISTER; it is passed on to SIP.js here. */
  onResponse(message: SipMessage): void;
  /** The socket closed by itself: whatever was asked is answered by nobody. */
  onLost(): void;
  /** Takes the registration back, at once; resolves with the response, at most 2 s later. No report follows. */
  unregister(): Promise<void>;
}

export interface RegistrationContext {
  readonly userAgent: UserAgent;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hands a response to SIP.js, which answers a challenge by itself: once for each request. */
  deliver(message: SipMessage): void;
  /** The server says nothing: another one, or another socket. */
  onSilence(): void;
}

/** Seconds that the registrar grants the contact of this user (RFC 3261 §10.3 step 8). */
function granted(message: SipMessage, user: string | undefined, asked: number): number {
  const mine = message.headers
    .filter(([name]) => name === 'contact')
    .flatMap(([, value]) => value.split(','))
    .find((value) => user !== undefined && value.includes(user));
  const text = /;\s*expires\s*=\s*"?(\d{1,9})/i.exec(mine ?? '')?.[1] ?? header(message, 'expires');
  const seconds = /^\d{1,9}$/.test(text ?? '') ? Number(text) : asked;
  // 0 would be no registration at all, and a request each moment
  return Math.min(Math.max(seconds, 2), EXPIRES_MAX_S);
}

/** Registers a user agent and keeps it registered: RFC 3261 §10. */
export function createRegistration(
  context: RegistrationContext,
  report: (registration: Registration) => void,
): RegistrationClient {
  const { userAgent, clock, random } = context;
  const { uri, user } = { uri: userAgent.contact.uri.toString(), user: userAgent.contact.uri.user };
  // one for all that one user agent sends to a registrar (RFC 3261 §10.2)
  const callId = crypto.randomUUID();
  let cseq = 0;
  let expires = EXPIRES_S;
  let registered = false;
  let leaving = false;
  let failures = 0;
  let current: Core.OutgoingRequestMessage | null = null;
  let cancelTimer = ignore;
  let settle = ignore;

  function after(ms: number, run: () => void): void {
    cancelTimer();
    cancelTimer = clock.after(ms, run);
  }

  /** What was asked is answered, or of no interest any more. */
  function done(): void {
    cancelTimer();
    current = null;
    settle();
  }

  function send(seconds: number): Promise<void> {
    done();
    const { userAgentCore, configuration } = userAgent;
    const registrar = configuration.uri.clone();
    registrar.user = undefined;
    const request = userAgentCore.makeOutgoingRequestMessage(
      'REGISTER',
      registrar,
      configuration.uri,
      configuration.uri,
      { callId, cseq: ++cseq },
      [`Contact: <${uri}>;expires=${seconds}`, `Allow: ${PHONE_ALLOW}`],
    );
    current = request;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    userAgentCore.register(request);
    return settled;
  }

  function fail(failure: Omit<Extract<Registration, { state: 'failed' }>, 'state'>): void {
    registered = false;
    report({ state: 'failed', ...failure });
  }

  function silence(): void {
    done();
    fail({ reason: 'gateway-unreachable', retrying: true });
    context.onSilence();
  }

  function register(): Promise<void> {
    if (!registered) report({ state: 'registering' });
    const settled = send(expires);
    after(RESPONSE_MS, silence);
    return settled;
  }

  function onFinal(message: SipMessage): void {
    const { status } = message;
    if (status < 300) {
      const seconds = granted(message, user, expires);
      failures = 0;
      registered = true;
      report({ state: 'registered' });
      done();
      // half of it: time for a second try, and a sign of life
      after(seconds * 500, () => void register());
      return;
    }
    const least = Number(header(message, 'min-expires'));
    if (status === 423 && least > expires && least <= EXPIRES_MAX_S) {
      expires = least;
      void register();
      return;
    }
    const retrying = status >= 500 || status === 408 || status === 429 || status === 480;
    const reason = retrying ? 'service-unavailable' : endReason(status, false);
    done();
    fail({ reason, status, retrying });
    if (!retrying) return;
    const pause = Math.min(RETRY_MS * 2 ** failures++, RETRY_MAX_MS);
    const seconds = parseRetryAfter(header(message, 'retry-after')) ?? 0;
    after(Math.max(seconds * 1000, (pause * (1 + random())) / 2), () => void register());
  }

  return {
    register,
    onResponse(message) {
      const request = current;
      const mine = request?.callId === message.callId && request.cseq === message.cseq;
      context.deliver(message);
      if (!mine || message.status < 200 || request !== current) return;
      cseq = request.cseq;
      // SIP.js has sent it again, with credentials
      const again = cseq !== message.cseq;
      if (leaving) {
        if (!again) done();
      } else if (again) after(RESPONSE_MS, silence);
      else onFinal(message);
    },
    onLost() {
      done();
      fail({ reason: 'connection-lost', retrying: true });
    },
    async unregister() {
      leaving = true;
      if (!registered && current === null) {
        done();
        return;
      }
      const settled = send(0);
      after(DRAIN_MS, done);
      await settled;
    },
  };
}
