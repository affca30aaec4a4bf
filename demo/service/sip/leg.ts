import { Inviter, SessionState, UserAgent, type SessionDelegate, type URI } from 'sip.js';
import { randomUUID } from 'node:crypto';
import type { CreateMediaPeer, MediaPeer, Wish } from '../media/peer.js';
import { createBearer } from './bearer.js';
import { createDescriptionHandler } from './description.js';
import type { Flow } from './flow.js';
import { watchMedia } from './media-watch.js';
import { isRequest, writeReply, type Request, type Response } from './message.js';
import { reinvite, sendDigit } from './session.js';
import { LineTransport, type LineTransportOptions } from './transport.js';

/** Who calls, as the phone is to be told. */
export interface CallerInfo {
  /** Already signed by the gate, or empty. */
  readonly name: string;
  /** Values of `User-to-User`: passed on as they came. */
  readonly userToUser: readonly string[];
  /** The caller shows a picture, or would. */
  readonly video: boolean;
  readonly audioCodec: string;
}

/** One call of ours to a phone that has registered. */
export interface Leg {
  readonly callId: string;
  readonly flow: Flow;
  readonly media: MediaPeer;
  /** Aborted when it is over, whoever ended it. */
  readonly signal: AbortSignal;
  /** Whether the phone has the call at the moment. */
  readonly answered: boolean;
  owns(message: Request | Response): boolean;
  receive(message: Request | Response): void;
  rebind(flow: Flow): void;
  /** The WebSocket is gone. */
  lose(): void;
  /** CANCEL or BYE. `elsewhere`: another phone was faster (RFC 3326). */
  hangUp(elsewhere?: boolean): void;
  renegotiate(change: Partial<Wish>, addVideo?: boolean): Promise<void>;
  sendDigit(digit: string): Promise<void>;
  /** Tells how a transfer went: RFC 3515 section 2.4.5. */
  notify(fragment: string, last: boolean): void;
  onRemote: (() => void) | null;
  /** REFER: the service that the caller is to be handed to, and whether that will be done. */
  onTransfer: ((alias: string) => boolean) | null;
  dispose(): Promise<void>;
}

export interface LegOptions {
  readonly contact: URI;
  readonly flow: Flow;
  readonly caller: CallerInfo;
  readonly domain: string;
  readonly createMedia: CreateMediaPeer;
  readonly graceMs: number;
  readonly mediaTimeoutMs: number;
  readonly onRinging: () => void;
  readonly onAnswered: () => void;
  /** Final response; 0 where there was none. */
  readonly onRefused: (status: number) => void;
  readonly onEnded: () => void;
  readonly onFault: (error: unknown) => void;
}

/** SIP.js writes header values as they come, line breaks and all. */
const clean = (value: string): string => value.replace(/[^\x20-\x7e]/g, '').slice(0, 1200);

/** The content of a quoted string, likewise. */
const quoted = (name: string): string =>
  name.replace(/[^\x20-\x7e\x80-\uffff]/g, '').replace(/["\\]/g, '\\$&');

/** The user of a SIP URI in Refer-To, with or without angle brackets; null for any other. */
const referred = (value: string | undefined): string | null =>
  /^\s*(?:"[^"]*"\s*)?<?sips?:([a-z0-9_-]{1,32})@[^\s<>?;]+>?\s*$/i.exec(value ?? '')?.[1] ?? null;

/**
 * Calls without an offer, so that the phone makes it (RFC 3261 section 13.2.1): libdatachannel is only up to being
 * the one who answers. What the offer may hold is in the feature tags of Contact (RFC 3840 section 10).
 */
export function createLeg(options: LegOptions): Leg {
  const { caller, createMedia, onFault } = options;
  const ended = new AbortController();
  const callId = randomUUID();
  let answered = false;
  // SIP.js tells that the call is over before it tells why
  let refusal = 0;

  const bearer = createBearer(options.flow, options.graceMs, {
    onLost() {},
    onRestored() {},
    onGone: () => drop(),
  });
  const watch = watchMedia(options.mediaTimeoutMs, () => leg.hangUp());
  const media = createMedia(
    {
      onDigit() {},
      onState(state) {
        watch.onState(state);
        if (watch.down && bearer.lost) drop();
      },
      onRemote: () => leg.onRemote?.(),
    },
    { audioCodec: caller.audioCodec },
  );
  media.wish = { hold: false, video: caller.video ? 'sendrecv' : null };

  const transportOptions: LineTransportOptions = { send: (message) => bearer.flow.send(message) };
  const agent = new UserAgent({
    uri: UserAgent.makeURI(`sip:web@${options.domain}`)!,
    displayName: quoted(caller.name),
    contactParams: { transport: 'ws' },
    transportConstructor: LineTransport,
    transportOptions,
    logBuiltinEnabled: false,
    logConfiguration: false,
    userAgentString: 'call-button demo service',
    sessionDescriptionHandlerFactory: () => createDescriptionHandler(media, null),
  });
  const delegate: SessionDelegate = {
    onBye: (bye) => void bye.accept().catch(onFault),
    onInfo: (info) => void info.reject({ statusCode: 415 }).catch(onFault),
    // REFER is answered in `receive`: SIP.js drops one that it cannot read without a word
    onRefer: (referral) => void referral.reject().catch(onFault),
  };
  agent.start().catch(onFault);
  const inviter = new Inviter(agent, options.contact, {
    inviteWithoutSdp: true,
    params: { callId } as object,
    extraHeaders: caller.userToUser.slice(0, 2).map((value) => `User-to-User: ${clean(value)}`),
    delegate,
  });
  // RFC 3840 section 9
  const features = caller.video ? ';audio;video' : ';audio';
  inviter.request.setHeader('contact', `<${agent.contact.uri.toString()}>${features}`);

  function finish(): void {
    if (ended.signal.aborted) return;
    bearer.stop();
    watch.stop();
    ended.abort();
    void media.close();
    if (!answered) options.onRefused(refusal);
    options.onEnded();
  }

  function drop(): void {
    inviter.dispose().catch(onFault);
    finish();
  }

  inviter.stateChange.addListener((state) => {
    if (state === SessionState.Established) {
      answered = true;
      watch.expect();
      options.onAnswered();
    } else if (state === SessionState.Terminated) finish();
  });

  const deliver = (raw: string): void => {
    try {
      agent.transport.onMessage?.(raw);
    } catch (error) {
      onFault(error);
    }
  };

  function refer(request: Request): void {
    const answer = (status: number): void => bearer.flow.send(writeReply(request, status));
    if (inviter.state !== SessionState.Established) {
      answer(481);
      return;
    }
    const alias = referred(request.getHeader('Refer-To'));
    if (alias === null) {
      answer(400);
      return;
    }
    if (leg.onTransfer === null) {
      answer(603);
      return;
    }
    // the promise first: NOTIFY must not come before
    const deciding = leg.onTransfer;
    answer(202);
    leg.notify('SIP/2.0 100 Trying', false);
    if (!deciding(alias)) leg.notify('SIP/2.0 404 Not Found', true);
  }

  /** One re-INVITE at a time. */
  let turn = Promise.resolve();

  const leg: Leg = {
    callId,
    get flow() {
      return bearer.flow;
    },
    media,
    signal: ended.signal,
    get answered() {
      return answered && !ended.signal.aborted;
    },
    onRemote: null,
    onTransfer: null,
    owns: (incoming) =>
      incoming.callId === callId &&
      (isRequest(incoming) ? incoming.toTag : incoming.fromTag) === inviter.request.fromTag,
    receive(incoming) {
      if (!isRequest(incoming)) {
        const { statusCode = 0, method } = incoming;
        if (method === 'INVITE' && statusCode >= 300 && !answered) refusal = statusCode;
      } else if (incoming.method === 'REFER') {
        refer(incoming);
        return;
      }
      deliver(incoming.data);
    },
    rebind: bearer.rebind,
    lose() {
      if (!ended.signal.aborted) bearer.lose(answered && !watch.down);
    },
    hangUp(elsewhere = false) {
      if (ended.signal.aborted) return;
      switch (inviter.state) {
        case SessionState.Established:
          inviter.bye().catch(onFault);
          return;
        case SessionState.Initial:
        case SessionState.Establishing:
          inviter
            .cancel(elsewhere ? { statusCode: 200, reasonPhrase: 'Call completed elsewhere' } : {})
            .catch(onFault);
          // a 2xx that comes all the same is acknowledged and taken back (RFC 3261 section 15)
          finish();
          return;
        case SessionState.Terminating:
        case SessionState.Terminated:
          return;
      }
    },
    renegotiate(change, addVideo = false) {
      const mine = turn.then(async () => {
        ended.signal.throwIfAborted();
        await reinvite(inviter, { ...media.wish, ...change }, addVideo);
      });
      turn = mine.catch(() => {}); // who asked is told
      return mine;
    },
    sendDigit: (digit) => sendDigit(inviter, digit),
    notify(fragment, last) {
      if (inviter.state !== SessionState.Established) return;
      try {
        inviter.dialog?.notify(undefined, {
          extraHeaders: [
            'Event: refer',
            `Subscription-State: ${last ? 'terminated;reason=noresource' : 'active;expires=60'}`,
          ],
          body: {
            contentDisposition: 'render',
            contentType: 'message/sipfrag;version=2.0',
            content: `${fragment}\r\n`,
          },
        });
      } catch (error) {
        onFault(error);
      }
    },
    async dispose() {
      leg.hangUp();
      finish();
      agent.userAgentCore.dispose();
      await media.close();
    },
  };

  inviter
    .invite({
      requestDelegate: {
        onProgress: ({ message: { statusCode } }) => {
          if (statusCode === 180 && !ended.signal.aborted) options.onRinging();
        },
      },
    })
    .catch(onFault);
  return leg;
}
