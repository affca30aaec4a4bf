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
/** Nobody asks for provisional responses, and `src/sip` makes refusals of redirections; other codes do not come here. */
const finalResponses = [
  cases(
    'receiveResponse',
    '/^100$/.test(statusCode)',
    '/^1[0-9]{2}$/.test(statusCode)',
    '/^3[0-9]{2}$/.test(statusCode)',
    'default',
  ),
  statements('receiveResponse', 'if (!statusCode)'),
];
/** Each of its callers has looked at the state before. */
const anyTransition = statements(
  'stateTransition',
  'const invalidStateTransition',
  'switch (newState)',
);
const noLoggers = members('loggerFactory');

export const CORE: Readonly<Record<string, readonly Cut[]>> = {
  // what is allowed `src/sip` says itself, in the place of this
  'core/user-agent-core/allowed-methods.js': [
    rewrite('C.BYE,', ''),
    rewrite('C.CANCEL,', ''),
    rewrite('C.INFO,', ''),
    rewrite('C.INVITE,', ''),
    rewrite('C.MESSAGE,', ''),
    rewrite('C.NOTIFY,', ''),
    rewrite('C.OPTIONS,', ''),
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
      'const callIdPrefix',
      'const forceRport',
      'const hackViaTcp',
    ),
    properties('makeOutgoingRequestMessage', 'callIdPrefix', 'forceRport', 'hackViaTcp'),
    statements('transport', 'if (!transport)'),
    // `src/sip` refuses other methods, and addresses requests anew, to our contact
    statements(
      'receiveRequest',
      'if (!AllowedMethods.includes(message.method))',
      'if (!message.ruri)',
      'if (message.ruri.scheme !== "sip")',
      'const ruri ',
      'const ruriMatches',
      'if (!ruriMatches(',
    ),
    // the user agent has looked
    statements('receiveResponseFromTransport', 'if (message.getHeaders("via").length > 1)'),
    statements('receiveRequestFromTransport', 'if (message.method === C.ACK)'),
    statements(
      'receiveRequestFromTransport',
      'if (uas.transaction instanceof InviteServerTransaction',
    ),
    never('receiveRequest', '!message.toTag'),
    always('receiveRequest', 'message.toTag'),
    statements('receiveInsideDialogRequest', 'if (message.method === C.NOTIFY)'),
  ],
  'core/dialogs/dialog.js': [
    members('initialDialogStateForUserAgentServer', 'secure'),
    // tags and Contact have been looked for, and what we have sent has all of it
    every('initialDialogStateForUserAgentClient', 'if (!'),
    statements('initialDialogStateForUserAgentClient', 'const secure'),
    properties('initialDialogStateForUserAgentClient', 'secure'),
    // no ACK, and nothing out of sequence, comes so far
    body('receiveRequest', 'this.dialogState.remoteSequenceNumber = message.cseq;'),
    statements('sequenceGuard', 'if (message.method === C.ACK)'),
    statements('incrementLocalSequenceNumber', 'if (!'),
    never('createOutgoingRequestMessage', '!this.dialogState.localSequenceNumber'),
  ],
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
    every('receiveRequest', 'if (!(contact instanceof'),
    // transactions of an INVITE of ours
    every('ack', 'if (!(this.'),
    properties('ack', 'extraHeaders', 'body'),
    // the caller sends them after the answer only
    statements('info', 'if (this.early)'),
    statements('invite', 'if (this.early)'),
    statements('reliableSequenceGuard', 'if (!statusCode)'),
    always('reliableSequenceGuard', 'statusCode > 100 && statusCode < 200'),
    // requests as responses: what comes, and what goes
    rewrite(
      'if (message instanceof IncomingRequestMessage) {',
      'if (message instanceof IncomingRequestMessage || message instanceof IncomingResponseMessage) {',
    ),
    statements(
      'signalingStateTransition',
      'if (message instanceof IncomingResponseMessage)',
      'if (isBody(message))',
    ),
    rewrite('if (message instanceof OutgoingRequestMessage) {', 'else {'),
  ],
  'core/user-agents/user-agent-client.js': [
    noLoggers,
    properties('init', 'loggerFactory'),
    statements('constructor', 'this.challenged', 'this.stale'),
    statements('transaction', 'if (!this._transaction)'),
    statements(
      'cancel',
      'if (!this.transaction)',
      'if (!this.message.to)',
      'if (!this.message.from)',
    ),
    // none is set before, and there is no reason
    statements('cancel', 'if (this.message.headers.Route)', 'if (reason)'),
    rewrite('cancel(reason, options = {})', 'cancel()'),
    rewrite('}, options.extraHeaders);', '});'),
    ...finalResponses,
    statements('onRequestTimeout', 'message.reasonPhrase'),
    statements('onTransportError', 'message.reasonPhrase'),
    // the place where `src/sip` answers challenges; what comes through it is a refusal
    body('authenticationGuard', 'return true;'),
  ],
  'core/user-agents/invite-user-agent-client.js': [
    cases('receiveResponse', '/^3[0-9]{2}$/.test(statusCode)', 'default'),
    statements('receiveResponse', 'if (!statusCode)', 'throw new Error(`Executing'),
    statements('receiveResponse', 'if (this.delegate && this.delegate.onTrying)'),
    every('receiveResponse', 'if (!(transaction instanceof'),
    always(
      'receiveResponse',
      'this.delegate && this.delegate.onAccept',
      'this.delegate && this.delegate.onProgress',
    ),
  ],
  'core/user-agents/re-invite-user-agent-client.js': finalResponses,
  'core/user-agents/user-agent-server.js': [
    noLoggers,
    properties('init', 'loggerFactory'),
    // there is a To tag, and the codes are ours
    statements('constructor', 'this.toTag'),
    statements('reply', 'if (!options.toTag'),
    statements('accept', 'const statusCode', 'if (statusCode < 200'),
    statements('reject', 'const statusCode', 'if (statusCode < 400'),
    statements('transaction', 'if (!this._transaction)'),
    statements('acceptable', 'throw new Error'),
    statements('rejectable', 'throw new Error'),
    always('acceptable', 'this.transaction instanceof NonInviteServerTransaction'),
    always('rejectable', 'this.transaction instanceof NonInviteServerTransaction'),
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
  'core/transactions/client-transaction.js': [
    rewrite('state, loggerCategory) {', 'state) {'),
    rewrite('state, loggerCategory);', 'state);'),
    statements('makeId', 'if (!request.branch)'),
  ],
  'core/transactions/server-transaction.js': [
    rewrite('state, loggerCategory) {', 'state) {'),
    rewrite('state, loggerCategory);', 'state);'),
  ],
  'core/transactions/invite-client-transaction.js': [
    forLogs,
    members('timerA'),
    anyTransition,
    rewrite(', "sip.transaction.ict"', ''),
    // other codes do not come here, and what is sent has all of it
    every('receiveResponse', 'if (!statusCode || '),
    every('ackResponse', 'if (!toTag)'),
    every('ack', 'if (!'),
  ],
  'core/transactions/invite-server-transaction.js': [
    forLogs,
    members('timerG', 'startProgressExtensionTimer', 'stopProgressExtensionTimer'),
    statements('dispose', 'this.stopProgressExtensionTimer'),
    never('receiveRequest', 'this.lastProvisionalResponse'),
    never('receiveResponse', 'statusCode >= 100 && statusCode <= 199'),
    statements('stateTransition', 'this.stopProgressExtensionTimer'),
    anyTransition,
    rewrite(', "sip.transaction.ist"', ''),
    every('receiveRequest', 'if (!this.lastFinalResponse)'),
    statements('receiveResponse', 'if (statusCode < 100'),
  ],
  'core/transactions/non-invite-client-transaction.js': [
    forLogs,
    anyTransition,
    rewrite(', "sip.transaction.nict"', ''),
    statements('receiveResponse', 'if (!statusCode || '),
  ],
  'core/transactions/non-invite-server-transaction.js': [
    forLogs,
    anyTransition,
    rewrite(', "sip.transaction.nist"', ''),
    every('receiveRequest', 'if (!this.lastResponse)'),
    // final responses alone are sent
    cases('receiveRequest', 'TransactionState.Proceeding'),
    cases('receiveResponse', 'TransactionState.Proceeding'),
    statements('receiveResponse', 'if (statusCode < 100', 'if (statusCode > 100'),
    never('receiveResponse', 'statusCode >= 100 && statusCode < 200'),
  ],
  'core/messages/body.js': [
    never('fromBodyLegacy', 'typeof bodyLegacy === "string"'),
    never('getBody', 'typeof message.body === "string"'),
  ],
  'core/messages/incoming-message.js': [members('s', 'toString')],
  'core/messages/outgoing-request-message.js': [
    // a page may have added members to `Object.prototype`: they are no headers
    rewrite('const header in this.headers', 'const header of Object.keys(this.headers)'),
    members('getDefaultOptions', 'getHeaders', 'hasHeader'),
    // the core gives all of them, made for this message
    statements(
      'constructor',
      'this.options = OutgoingRequestMessage.getDefaultOptions()',
      'if (this.options.optionTags && ',
      'if (this.options.routeSet && ',
    ),
    rewrite('Object.assign(Object.assign({}, this.options), options)', 'options'),
    always('constructor', 'options'),
    rewrite(
      'this.options.callId ? this.options.callId : this.options.callIdPrefix + createRandomToken(15)',
      'this.options.callId',
    ),
    rewrite('this.options.toDisplayName', '""'),
    // no header that is asked for stands among the further ones
    body('getHeader', 'const header = this.headers[headerize(name)]; return header && header[0];'),
    never('setViaHeader', 'this.options.hackViaTcp', 'this.options.forceRport'),
    never('toString', 'typeof this.body === "string"'),
  ],
  // all have a To tag
  'core/messages/outgoing-response.js': [
    every('constructOutgoingResponse', 'if (options.statusCode'),
  ],
  // lines of `src/sip`'s making, unfolded, with long names; others than these are not parsed, but kept as they are
  'core/messages/parser.js': [
    body(
      'getHeader',
      // not startsWith: that of Prototype.js takes no position
      'const end = data.indexOf("\\r\\n", headerStart); return end === headerStart ? -2 : end;',
    ),
    rewrite('case "c":', ''),
    rewrite('case "f":', ''),
    rewrite('case "i":', ''),
    rewrite('case "m":', ''),
    rewrite('case "t":', ''),
    rewrite('case "v":', ''),
    every('parseHeader', 'if (!(parsed instanceof Array))'),
    rewrite('Parser.getHeader = getHeader;', ''),
    rewrite('Parser.parseHeader = parseHeader;', ''),
    rewrite(
      `{\n                error: "error parsing header '" + headerName + "'"\n            }`,
      '{}',
    ),
    statements('parseMessage', 'message.data = data'),
    statements('parseMessage', 'message.reasonPhrase'),
    never('parseMessage', 'message.hasHeader("content-length")'),
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
    // in quotes, so that they are not shortened
    rewrite('Cseq: ', '"Cseq": '),
    rewrite('Rack: ', '"Rack": '),
    rewrite('Rseq: ', '"Rseq": '),
    propertiesBut('REASON_PHRASE', '200', '400', '481', '488', '491', '500', '501'),
  ],
  'grammar/uri.js': [
    // the same stands in another module
    rewrite(
      'import { Parameters }',
      'import { headerize } from "../core/messages/utils.js"; import { Parameters }',
    ),
    rewrite('this.headers[this.headerize(name)] = ', 'this.headers[headerize(name)] = '),
    members(
      'headerize',
      'getHeader',
      'hasHeader',
      'deleteHeader',
      'set scheme',
      'set user',
      'set host',
      'set port',
    ),
  ],
  'grammar/parameters.js': [members('deleteParam', 'clearParams', 'hasParam')],
  'grammar/name-addr-header.js': [members('friendlyName', 'clone', 'set displayName')],
  'api/emitter.js': [
    members('removeAllListeners', 'removeListener', 'on', 'off', 'once'),
    body('addListener', 'this.listeners.push(listener);'),
  ],
};
