import {
  type Core,
  Inviter,
  type InviterOptions,
  type SessionDescriptionHandler,
  type Transport,
  type URI,
  UserAgent,
} from 'sip.js';
import { CallError, type EndReason } from '../call/errors.js';
import type { InviteRequest } from '../call/ports.js';
import { guard } from './guard.js';

/** SIP.js writes header values as they come: a line break would begin a header of the caller's choice. */
export function headerValue(value: string, reason: EndReason): string {
  if (/^[\x20-\x7e]+$/.test(value)) return value;
  throw new CallError(reason, 'not a header value');
}

export function makeUri(text: string): URI {
  // also refuses line breaks, spaces and angle brackets
  const uri = UserAgent.makeURI(text);
  if (uri === undefined) throw new CallError('misconfigured', `not a SIP URI: ${text}`);
  uri.clearHeaders();
  return uri;
}

/** Content of a quoted-string (RFC 3261 §25.1), which SIP.js does not escape. */
export function quoted(name: string): string {
  return name
    .slice(0, 128)
    .replace(/[^\x20-\x7e\x80-\uffff]/g, '')
    .replace(/["\\]/g, '\\$&');
}

/** RFC 4028 is ours, not SIP.js's, and said in all requests and responses all the same. */
export function offerTimer({ userAgentCore: { configuration } }: UserAgent): void {
  configuration.supportedOptionTags.push('timer');
  configuration.supportedOptionTagsResponse.push('timer');
}

/** What SIP.js 0.21.2 keeps of a request until its final response; partly private there. */
export interface RequestClient {
  readonly message: Core.OutgoingRequestMessage;
  /** Asked about each response before anything else is done with it; `false`: it is dealt with. */
  authenticationGuard?: () => boolean;
  /** Sends the message in a transaction of its own. */
  init(): void;
}

export interface CallAgent {
  readonly fromTag: string;
  /** What requests to us must be addressed to. */
  readonly contact: string;
  /** An INVITE yet to be sent: the same request for every server, but for the branch. */
  createInviter(cseq: number, headers: readonly string[]): Inviter;
  /** Requests under way, by branch and method. */
  readonly clients: ReadonlyMap<string, RequestClient>;
  /** OPTIONS to the server, outside of the call. */
  question(callId: string, cseq: number): string;
  /** Forgets all transactions and dialogs. */
  reset(): void;
  /** The same, for good. */
  stop(): void;
}

/**
 * A user agent for one call. Challenges are not for SIP.js to answer (`challenge.ts`).
 * Throws `misconfigured` for a target or context, `gate-error` for a pass, that cannot stand in a SIP message.
 *
 * Reliable provisional responses (100rel) are not offered: the WebSocket is reliable, and SIP.js 0.21.2 handles PRACK
 * in one of many orders only.
 */
export function createCallAgent(
  request: InviteRequest,
  sip: Transport,
  description: SessionDescriptionHandler,
): CallAgent {
  const { pass } = request;
  const target = makeUri(request.targetUri);
  const callId = headerValue(request.callId, 'internal-error');
  const extraHeaders: string[] = [];
  if (pass !== null) {
    headerValue(pass.username, 'gate-error');
    extraHeaders.push(`X-Call-Pass: ${headerValue(pass.pass, 'gate-error')}`);
  }
  if (request.userToUser !== null) {
    extraHeaders.push(`User-to-User: ${headerValue(request.userToUser, 'misconfigured')}`);
  }

  const userAgent = new UserAgent({
    // not InviterOptions.anonymous: with its Contact a BYE of the far end gets 404
    uri: makeUri(`sip:anonymous@${request.domain}`),
    contactName: crypto.randomUUID(),
    viaHost: `${crypto.randomUUID()}.invalid`,
    // not of the INVITE alone: From of a CANCEL must be the same (RFC 3261 §9.1)
    displayName: quoted(request.displayName),
    userAgentString: 'call-button',
    // a constructor that returns an object: the socket is older than the user agent
    transportConstructor: function () {
      return sip;
    } as unknown as new () => Transport,
    sessionDescriptionHandlerFactory: () => description,
    gracefulShutdown: false,
    logBuiltinEnabled: false,
    logConfiguration: false,
  });
  const { configuration } = userAgent.userAgentCore;
  offerTimer(userAgent);
  configuration.authenticationFactory = () => undefined;
  void userAgent.start();
  const fromTag = crypto.randomUUID();

  return {
    fromTag,
    contact: userAgent.contact.uri.toString(),
    clients: userAgent.userAgentCore.userAgentClients as unknown as CallAgent['clients'],
    createInviter(cseq, headers) {
      const inviter = new Inviter(userAgent, target, {
        // missing in the types alone
        params: { callId, cseq } as NonNullable<InviterOptions['params']>,
        extraHeaders: [...extraHeaders, ...headers],
        // without a handler SIP.js follows REFER by itself, and takes our headers along
        delegate: { onRefer: (referral) => void referral.reject({ statusCode: 603 }) },
      });
      // failover keeps Call-ID, From tag and CSeq: to the gateway it is the same call (RFC 3263 §4.3)
      const message = inviter.request;
      message.from.setParam('tag', fromTag);
      message.setHeader('from', message.from.toString());
      Object.assign(message, { fromTag });
      return inviter;
    },
    question(id, cseq) {
      const { userAgentCore } = userAgent;
      const server = makeUri(`sip:${request.domain}`);
      const message = userAgentCore.makeOutgoingRequestMessage(
        'OPTIONS',
        server,
        configuration.aor,
        server,
        // it need not know who asks
        { callId: id, cseq, fromDisplayName: '' },
      );
      // without SIP.js's transaction, whose timers would outlive the call
      message.setViaHeader(`z9hG4bK${crypto.randomUUID()}`, sip.protocol);
      return message.toString();
    },
    reset: () => guard(() => userAgent.userAgentCore.reset()),
    stop: () => guard(() => void userAgent.stop()),
  };
}
