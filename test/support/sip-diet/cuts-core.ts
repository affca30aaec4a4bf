import {
  always,
  body,
  cases,
  type Cut,
  every,
  members,
  never,
  properties,
  propertiesBut,
  rewrite,
  statements,
} from './cut.js';

/** What a transaction tells its log. */
const forLogs = members('kind', 'typeToString');
const noLoggers = members('loggerFactory');

export const CORE: Readonly<Record<string, readonly Cut[]>> = {
  'core/user-agent-core/allowed-methods.js': [
    rewrite('C.MESSAGE,', ''),
    rewrite('C.NOTIFY,', ''),
    rewrite('C.PRACK,', ''),
    rewrite('C.REFER,', ''),
    rewrite('C.REGISTER,', ''),
    rewrite('C.SUBSCRIBE', ''),
  ],
  'core/user-agent-core/user-agent-core.js': [
    noLoggers,
    members(
      'message',
      'publish',
      'register',
      'subscribe',
      'request',
      'receiveOutsideDialogRequest',
    ),
    statements('constructor', 'this.subscribers', 'this.delegate'),
    every('reset', 'this.subscribers'),
    statements(
      'makeOutgoingRequestMessage',
      'if (method === C.REGISTER)',
      'if (method === C.INVITE',
    ),
    statements('receiveRequestFromTransport', 'if (message.method === C.ACK)'),
    statements(
      'receiveRequestFromTransport',
      'if (uas.transaction instanceof InviteServerTransaction',
    ),
    never('receiveRequest', '!message.toTag'),
    always('receiveRequest', 'message.toTag'),
    statements('receiveInsideDialogRequest', 'if (message.method === C.NOTIFY)'),
  ],
  'core/dialogs/dialog.js': [members('initialDialogStateForUserAgentServer', 'secure')],
  'core/dialogs/session-dialog.js': [
    members('message', 'notify', 'refer', 'confirm', 'start2xxRetransmissionTimer'),
    statements(
      'constructor',
      'this.ackWait = false',
      'if (initialTransaction instanceof InviteServerTransaction)',
      'if (!this.early)',
    ),
    never('sessionState', 'this.ackWait'),
    statements('bye', 'if (this.initialTransaction instanceof InviteServerTransaction)'),
    never(
      'receiveRequest',
      'this.ackWait',
      'this.ackWait && this.signalingState !== SignalingState.Stable',
    ),
    statements('receiveRequest', 'const warning'),
    every('receiveRequest', 'warning()'),
    cases('receiveRequest', 'C.MESSAGE', 'C.NOTIFY', 'C.PRACK', 'C.REFER'),
  ],
  'core/user-agents/user-agent-client.js': [
    noLoggers,
    properties('init', 'loggerFactory'),
    statements('constructor', 'this.challenged', 'this.stale'),
    // the place where `src/sip` answers challenges; what comes through it is a refusal
    body('authenticationGuard', 'return true;'),
  ],
  'core/user-agents/user-agent-server.js': [
    noLoggers,
    properties('init', 'loggerFactory'),
    members(
      'progress',
      'redirect',
      'trying',
      'receiveCancel',
      'progressable',
      'redirectable',
      'tryingable',
    ),
  ],
  'core/user-agents/re-invite-user-agent-server.js': [members('progress', 'redirect')],
  'core/transactions/transaction.js': [
    forLogs,
    members('logTransportError'),
    // whose errors src/sip makes itself
    body(
      'send',
      `return this.transport.send(message).catch((error) => {
        this.onTransportError(error);
        throw error;
      });`,
    ),
  ],
  'core/transactions/invite-client-transaction.js': [forLogs, members('timerA')],
  'core/transactions/invite-server-transaction.js': [
    forLogs,
    members('timerG', 'startProgressExtensionTimer', 'stopProgressExtensionTimer'),
    statements('dispose', 'this.stopProgressExtensionTimer'),
    never('receiveRequest', 'this.lastProvisionalResponse'),
    never('receiveResponse', 'statusCode >= 100 && statusCode <= 199'),
    statements('stateTransition', 'this.stopProgressExtensionTimer'),
  ],
  'core/transactions/non-invite-client-transaction.js': [forLogs],
  'core/transactions/non-invite-server-transaction.js': [forLogs],
  'core/messages/body.js': [
    never('fromBodyLegacy', 'typeof bodyLegacy === "string"'),
    never('getBody', 'typeof message.body === "string"'),
  ],
  'core/messages/incoming-message.js': [members('s', 'toString')],
  'core/messages/outgoing-request-message.js': [
    // a page may have added members to `Object.prototype`: they are no headers
    rewrite('const header in this.headers', 'const header of Object.keys(this.headers)'),
    members('getHeaders', 'hasHeader'),
    never('setViaHeader', 'this.options.hackViaTcp', 'this.options.forceRport'),
    never('toString', 'typeof this.body === "string"'),
  ],
  // not parsed, but kept as they are, like any other header
  'core/messages/parser.js': [
    cases(
      'parseHeader',
      '"content-length"',
      '"l"',
      '"max-forwards"',
      '"proxy-authenticate"',
      '"refer-to"',
      '"r"',
      '"www-authenticate"',
    ),
  ],
  // of the responses that we send; others go without a phrase
  'core/messages/utils.js': [
    propertiesBut(
      'REASON_PHRASE',
      '200',
      '400',
      '404',
      '405',
      '416',
      '481',
      '488',
      '491',
      '500',
      '501',
    ),
  ],
  'grammar/uri.js': [
    members(
      'getHeader',
      'hasHeader',
      'deleteHeader',
      'set scheme',
      'set user',
      'set host',
      'set port',
    ),
  ],
  'grammar/parameters.js': [members('deleteParam', 'clearParams')],
  'grammar/name-addr-header.js': [members('friendlyName', 'clone', 'set displayName')],
  'api/emitter.js': [
    members('removeAllListeners', 'removeListener', 'on', 'off', 'once'),
    body('addListener', 'this.listeners.push(listener);'),
  ],
};
