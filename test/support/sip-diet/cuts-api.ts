import {
  always,
  body,
  cases,
  type Cut,
  every,
  firstArguments,
  members,
  never,
  properties,
  propertiesBut,
  rewrite,
  statements,
  tail,
} from './cut.js';

/** Options that `src/sip` does not set and what they would turn on; every role but that of a caller. */
const userAgent: readonly Cut[] = [
  members(
    'newUUID',
    'instanceId',
    'stateChange',
    'getLogger',
    'getLoggerFactory',
    'isConnected',
    'reconnect',
    '_makeInviter',
    'attemptReconnection',
    'onTransportConnect',
    'onTransportDisconnect',
    'stripUndefinedProperties',
  ),
  every('constructor', 'this.loggerFactory'),
  statements(
    'constructor',
    'this._publishers',
    'this._registerers',
    'this._subscriptions',
    'this._stateEventEmitter',
    'this.delegate',
    'if (this.options.hackIpInContact)',
    'switch (this.options.logLevel)',
    'if (this.options.logConfiguration)',
    'if (this.options.transportOptions)',
    'if (options.reconnectionDelay !== undefined) {',
    'if (options.reconnectionAttempts !== undefined) {',
    'this._instanceId',
    'if (Grammar.parse(this._instanceId',
  ),
  rewrite(
    'this.options.transportConstructor(this.getLogger("sip.Transport"), this.options.transportOptions)',
    'this.options.transportConstructor()',
  ),
  // `src/sip` names all others, and none as undefined
  propertiesBut(
    'defaultOptions',
    'contactParams',
    'transport', // of contactParams
    'preloadedRouteSet',
    'sessionDescriptionHandlerFactoryOptions',
  ),
  rewrite(
    'Object.assign(Object.assign(Object.assign(Object.assign(Object.assign({}, UserAgent.defaultOptions()), { sipjsId: createRandomToken(5) }), { uri: new URI("sip", "anonymous." + createRandomToken(6), "anonymous.invalid") }), { viaHost: createRandomToken(12) + ".invalid" }), UserAgent.stripUndefinedProperties(options))',
    'Object.assign(UserAgent.defaultOptions(), options)',
  ),
  // it is started once, when it is made
  statements('start', 'if (this.state === UserAgentState.Started)'),
  always('stop', '!this.options.gracefulShutdown'),
  statements('stop', 'this._publishers', 'this._registerers', 'this._subscriptions'),
  tail('stop', 'const publishers'),
  never('initContact', 'anonymous', 'register', 'this.options.instanceIdAlwaysAdded'),
  always('initContact', 'this.options.contactName !== ""', 'outbound'),
  statements('initContact', 'const anonymous', 'const outbound', 'const register'),
  properties('initContact', 'pubGruu', 'tempGruu'),
  rewrite('this.contact.pubGruu || this.contact.uri', 'this.contact.uri'),
  rewrite('(contactToStringOptions = {}) =>', '() =>'),
  statements(
    'initCore',
    'if (this.options.sipExtension100rel',
    'if (this.options.sipExtensionReplaces === SIPExtension.Supported',
    'if (this.options.sipExtensionExtraSupported',
    'if (!this.options.hackAllowUnregisteredOptionTags',
    'if (this.contact.pubGruu || this.contact.tempGruu',
    'supportedOptionTags.push("outbound")',
    'supportedOptionTags = Array.from',
  ),
  properties(
    'initCore',
    'authenticationFactory',
    'hackViaTcp',
    'loggerFactory',
    'sipjsId',
    'viaForceRport',
  ),
  rewrite('let supportedOptionTags = [];', 'const supportedOptionTags = ["outbound"];'),
  properties(
    'userAgentCoreDelegate',
    'onInvite',
    'onMessage',
    'onNotify',
    'onRefer',
    'onRegister',
    'onSubscribe',
  ),
  statements('initTransportCallbacks', 'this.transport.onConnect', 'this.transport.onDisconnect'),
  rewrite(
    'Parser.parseMessage(messageString, this.getLogger("sip.Parser"))',
    'Parser.parseMessage(messageString)',
  ),
  // there are two states, and each is left only where it is the present one
  body('transitionState', 'this._state = newState;'),
  // parsed, so none of them is missing; and `src/sip` passes on no request without To tag, and no Content-Length. Counting
  // a body throws for half a surrogate pair, which no WebSocket frame can hold
  statements(
    'onTransportMessage',
    'const hasMinimumHeaders',
    'throw new Error("Invalid message type.")',
  ),
  every('onTransportMessage', 'if (!hasMinimumHeaders())'),
  statements('onTransportMessage', 'if (!message.toTag && '),
  every('onTransportMessage', 'const len '),
  every('onTransportMessage', 'const contentLength '),
  every('onTransportMessage', 'if (contentLength && '),
];

/**
 * REFER, MESSAGE and NOTIFY, which `src/sip` refuses before they come here; options and modifiers for the description
 * handler, of which ours has none; the delegate, which would only hear of REFER.
 */
const session: readonly Cut[] = [
  members(
    'assertedIdentity',
    'replacee',
    'sessionDescriptionHandler',
    'sessionDescriptionHandlerModifiers',
    'sessionDescriptionHandlerModifiersReInvite',
    'sessionDescriptionHandlerOptions',
    'sessionDescriptionHandlerOptionsReInvite',
    'message',
    'refer',
    '_message',
    '_refer',
    'onMessageRequest',
    'onNotifyRequest',
    'onPrackRequest',
    'onReferRequest',
    'generateResponseOfferAnswer',
    'setSessionDescriptionHandler',
    'referExtraHeaders',
    'referToString',
    'copyRequestOptions',
  ),
  statements('constructor', 'this.delegate', 'this.pendingReinviteAck = false'),
  // without options
  body(
    'bye',
    `return this.state === SessionState.Established
      ? this._bye()
      : Promise.reject(new Error());`,
  ),
  // called when the session is terminated already
  statements('dispose', 'switch (this.state)'),
  // all but Confirmed throw
  body(
    '_bye',
    `const dialog = this.dialog;
    if (dialog.sessionState !== SessionDialogState.Confirmed) throw new Error();
    const request = dialog.bye(delegate, options);
    this.stateTransition(SessionState.Terminated);
    return Promise.resolve(request);`,
  ),
  // `src/sip` makes options anew each time
  rewrite(
    `const requestOptions = this.copyRequestOptions(options.requestOptions);
        return this._info(requestDelegate, requestOptions);`,
    'return this._info(requestDelegate, options.requestOptions);',
  ),
  // since the answer there is a dialog
  every('_info', 'if (!this.dialog)'),
  every('invite', 'if (!this.dialog)'),
  every('onAckRequest', 'if (!dialog)'),
  every('onInviteRequest', 'if (!this.dialog)'),
  every('generateResponseOfferAnswerInDialog', 'if (!this.dialog)'),
  // the codes that come here have phrases
  body(
    'getReasonHeaderValue',
    `return 'SIP;cause=' + code + ';text="' + getReasonPhrase(code) + '"';`,
  ),
  firstArguments('getReasonHeaderValue', 1),
  firstArguments('ackAndBye', 2),
  // the only transitions that are tried and must not be
  body(
    'stateTransition',
    `if (
      this._state === SessionState.Terminated ||
      (this._state === SessionState.Terminating && newState !== SessionState.Terminated)
    ) throw new Error();
    this._state = newState;
    this._stateEventEmitter.emit(this._state);
    if (newState === SessionState.Terminated) this.dispose();`,
  ),
  never('invite', 'options.withoutSdp'),
  statements(
    'invite',
    'if (options.sessionDescriptionHandlerModifiers)',
    'if (options.sessionDescriptionHandlerOptions)',
  ),
  properties(
    'invite',
    'sessionDescriptionHandlerOptions',
    'sessionDescriptionHandlerModifiers',
    'onProgress',
    'onRedirect',
    'onTrying',
  ),
  never('onAckRequest', 'this.delegate && this.delegate.onAck'),
  statements(
    'onAckRequest',
    'const answerOptions',
    'if (body.contentDisposition === "render")',
    'this.pendingReinviteAck',
  ),
  // there was an offer in the INVITE
  cases('onAckRequest', 'SignalingState.Initial'),
  statements('onInviteRequest', 'this.pendingReinviteAck'),
  rewrite('this.setAnswer(body, answerOptions).catch', 'this.setAnswer(body).catch'),
  never('onByeRequest', 'this.delegate && this.delegate.onBye'),
  never('onInfoRequest', 'this.delegate && this.delegate.onInfo'),
  statements('onInviteRequest', 'if (request.message.hasHeader("P-Asserted-Identity"))'),
  never('onInviteRequest', 'this.delegate && this.delegate.onInvite'),
  properties(
    'onInviteRequest',
    'sessionDescriptionHandlerOptions',
    'sessionDescriptionHandlerModifiers',
  ),
  body(
    'getOffer',
    'return this.setupSessionDescriptionHandler().getDescription().then(fromBodyLegacy);',
  ),
  body('rollbackOffer', 'return this.setupSessionDescriptionHandler().rollbackDescription();'),
  body(
    'setAnswer',
    // `src/sip` passes on no other type
    'return this.setupSessionDescriptionHandler().setDescription(answer.content);',
  ),
  body('setOfferAndGetAnswer', `return this.setAnswer(offer).then(() => this.getOffer());`),
  never(
    'setupSessionDescriptionHandler',
    '(_a = this.delegate) === null || _a === void 0 ? void 0 : _a.onSessionDescriptionHandler',
  ),
];

/** The anonymous call, INVITE without SDP, early media of SIP.js's own making, and reports to a referrer. */
const inviter: readonly Cut[] = [
  members(
    'body',
    'localIdentity',
    'remoteIdentity',
    'disposeEarlyMedia',
    'notifyReferer',
    'onTrying',
  ),
  rewrite(
    `userAgent.contact.toString({
            anonymous,
            // Do not add ;ob in initial forming dialog requests if the
            // registration over the current connection got a GRUU URI.
            outbound: anonymous ? !userAgent.contact.tempGruu : !userAgent.contact.pubGruu
        })`,
    'userAgent.contact.toString()',
  ),
  // what is allowed `src/sip` says itself, in the place of this
  rewrite(
    '["ACK", "CANCEL", "INVITE", "MESSAGE", "BYE", "OPTIONS", "INFO", "NOTIFY", "REFER"].toString()',
    '"-"',
  ),
  // only its notice that the session is terminated
  cases(
    'dispose',
    'SessionState.Initial',
    'SessionState.Establishing',
    'SessionState.Established',
    'SessionState.Terminating',
    'default',
  ),
  statements(
    'constructor',
    'const anonymous',
    'if (!fromURI)',
    'if (!toURI)',
    'inviterOptions.extraHeaders = extraHeaders',
    'this.earlyMedia = false',
    'this.earlyMedia = options',
    'this.earlyMediaSessionDescriptionHandlers',
    'this.inviteWithoutSdp = false',
    'this.inviteWithoutSdp = options',
    'if (inviterOptions.params.fromUri)',
    'if (inviterOptions.params.toUri)',
    'if (userAgent.configuration.sipExtension100rel',
    'if (userAgent.configuration.sipExtensionReplaces',
    'this._referralInviterOptions',
    'this._renderbody',
    'this._rendertype',
    'if (options.sessionDescriptionHandlerModifiers)',
    'if (options.sessionDescriptionHandlerOptions)',
    'if (options.sessionDescriptionHandlerModifiersReInvite)',
    'if (options.sessionDescriptionHandlerOptionsReInvite)',
  ),
  every('constructor', 'if (anonymous && userAgent.configuration.uri)'),
  statements('dispose', 'this.disposeEarlyMedia()'),
  statements('cancel', 'function getCancelReason', 'let cancelReason', 'if (options.statusCode'),
  rewrite('.cancel(cancelReason, options)', '.cancel()'),
  statements(
    'invite',
    'if (options.sessionDescriptionHandlerModifiers)',
    'if (options.sessionDescriptionHandlerOptions)',
  ),
  never('invite', 'options.withoutSdp || this.inviteWithoutSdp'),
  properties('invite', 'sessionDescriptionHandlerModifiers', 'sessionDescriptionHandlerOptions'),
  firstArguments('ackAndBye', 2),
  // `src/sip` makes refusals of redirections
  members('onRedirect'),
  properties('sendInvite', 'onRedirect'),
  every('sendInvite', 'this.notifyReferer('),
  every('sendInvite', 'this.disposeEarlyMedia('),
  every('sendInvite', 'if (options.requestDelegate'),
  properties('sendInvite', 'onTrying'),
  statements('onAccept', 'if (response.hasHeader("P-Asserted-Identity"))'),
  properties('onAccept', 'onMessage', 'onNotify', 'onPrack', 'onRefer'),
  // the INVITE had an offer: of the signalling states are left HaveLocalOffer, Stable and Closed
  cases('onAccept', 'SignalingState.Initial', 'SignalingState.HaveRemoteOffer'),
  properties('onAccept', 'sessionDescriptionHandlerModifiers', 'sessionDescriptionHandlerOptions'),
  statements(
    'onAccept',
    'if (this.earlyMediaSessionDescriptionHandlers',
    'if (this.earlyMediaDialog) {',
    'let ackOptions',
    'if (this._renderbody',
  ),
  rewrite('inviteResponse.ack(ackOptions)', 'inviteResponse.ack()'),
  statements(
    'onProgress',
    'if (response.hasHeader("P-Asserted-Identity"))',
    'if (this.earlyMedia &&',
  ),
  cases('onProgress', 'SignalingState.Initial', 'SignalingState.HaveRemoteOffer'),
];
export const API: Readonly<Record<string, readonly Cut[]>> = {
  'api/user-agent.js': userAgent,
  'api/session.js': session,
  'api/inviter.js': inviter,
};
