import { SessionState, UserAgent, type Invitation, type SessionDelegate } from 'sip.js';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { EndedBy, ServiceEvents } from '../events.js';
import { readDigitInfo } from '../media/dtmf.js';
import {
  MediaError,
  type CreateMediaPeer,
  type MediaPeer,
  type MediaState,
  type Wish,
} from '../media/peer.js';
import { linesOf, planAnswer } from '../media/plan.js';
import { parseDescription, type MediaKind } from '../media/sdp.js';
import { createBearer } from './bearer.js';
import type { Alias, Call, IncomingCall } from './call.js';
import { createDescriptionHandler } from './description.js';
import type { Flow } from './flow.js';
import { watchMedia } from './media-watch.js';
import { warning, type Request } from './message.js';
import { reinvite, sendInfo } from './session.js';
import { LineTransport, type LineTransportOptions } from './transport.js';

/** One dialog: an INVITE and all that follows from it, over one WebSocket or several in turn. */
export interface Line {
  readonly flow: Flow;
  readonly call: Call;
  /** Our tag, which every later request of the caller carries in To. */
  readonly tag: string;
  receive(raw: string): void;
  /** The caller is back on another WebSocket. */
  rebind(flow: Flow): void;
  /** The WebSocket is gone. */
  lose(): void;
  /** Ends the call, if it still runs, and forgets every transaction. Resolves when its media are gone. */
  dispose(): Promise<void>;
}

export interface LineOptions {
  readonly invite: Request;
  readonly alias: string;
  readonly answerAs: Alias;
  readonly callerName: string;
  readonly flow: Flow;
  readonly createMedia: CreateMediaPeer;
  readonly events: ServiceEvents;
  /** How long a dialog outlives its WebSocket. */
  readonly graceMs: number;
  /** How long a call may be without media: at its start, or after ICE or DTLS failed. */
  readonly mediaTimeoutMs: number;
  readonly onEnded: () => void;
}

/** Longer than any caller lets it ring. */
const RING_LIMIT_S = 300;

/** Null where SIP.js has refused the INVITE by itself. */
export function createLine(options: LineOptions): Line | null {
  const { invite, alias, callerName, events, createMedia } = options;
  const about = { callId: invite.callId, alias };
  const ended = new AbortController();
  let endedBy: EndedBy = 'network';
  let invitation: Invitation | null = null;
  let media: MediaPeer | null = null;
  let prepared = '';
  let early = false;
  const fault = (error: unknown): void => void events.emit('fault', error);

  const bearer = createBearer(options.flow, options.graceMs, {
    onLost: () => void events.emit('connection', { ...about, state: 'lost' }),
    onRestored: () => void events.emit('connection', { ...about, state: 'restored' }),
    onGone: () => drop(),
  });
  const watch = watchMedia(options.mediaTimeoutMs, () => void hangUp('network').catch(fault));

  const transportOptions: LineTransportOptions = { send: (message) => bearer.flow.send(message) };
  const agent = new UserAgent({
    uri: UserAgent.makeURI(`sip:${alias}@${invite.ruri?.host ?? 'invalid'}`)!,
    transportConstructor: LineTransport,
    transportOptions,
    // SIP.js sends it without awaiting: a body that it cannot read would end the process
    sendInitialProvisionalResponse: false,
    noAnswerTimeout: RING_LIMIT_S,
    logBuiltinEnabled: false,
    logConfiguration: false,
    userAgentString: 'call-button demo service',
    sessionDescriptionHandlerFactory: () => {
      if (media === null) throw new Error('no media before the answer');
      return createDescriptionHandler(media, prepared);
    },
    delegate: { onInvite: (incoming) => (invitation = incoming) },
  });

  const digit = (pressed: string, via: 'rtp' | 'info'): void => {
    events.emit('digit', { ...about, digit: pressed, via });
    incoming.onDigit?.(pressed);
  };

  // a re-INVITE that crosses the caller's ACK confuses both ends (RFC 5407 §3.1.4): it waits
  let onAcked = (): void => {};
  let acked = false;
  const ackArrived = new Promise<void>((resolve) => (onAcked = resolve));

  const delegate: SessionDelegate = {
    onAck() {
      acked = true;
      onAcked();
    },
    onBye(bye) {
      endedBy = 'caller';
      events.emit('bye', { ...about, by: 'caller' });
      void bye.accept();
    },
    onCancel: () => (endedBy = 'cancelled'),
    onInfo(info) {
      const { request } = info;
      const contentType = request.getHeader('Content-Type') ?? '';
      events.emit('info', { ...about, contentType, body: request.body });
      const { status, digit: pressed } = readDigitInfo(contentType, request.body);
      if (status === 200) void info.accept();
      else void info.reject({ statusCode: status });
      if (pressed !== null) digit(pressed, 'info');
    },
  };

  function finish(): void {
    if (ended.signal.aborted) return;
    bearer.stop();
    watch.stop();
    ended.abort();
    void media?.close();
    events.emit('ended', { ...about, by: endedBy });
    options.onEnded();
  }

  /** Ends the call from our side, in whatever state it is. */
  async function hangUp(
    by: EndedBy = 'service',
    status = 480,
    headers: readonly string[] = [],
  ): Promise<void> {
    if (invitation === null || ended.signal.aborted) return;
    switch (invitation.state) {
      case SessionState.Initial:
      case SessionState.Establishing:
        endedBy = by;
        return invitation.reject({ statusCode: status, extraHeaders: [...headers] });
      case SessionState.Established:
        endedBy = by;
        events.emit('bye', { ...about, by: 'service' });
        await invitation.bye();
        return;
      case SessionState.Terminating:
      case SessionState.Terminated:
        return;
    }
  }

  /** Ends without waiting for an answer from a caller who may not be there. */
  function drop(by: EndedBy = 'network'): void {
    if (ended.signal.aborted) return;
    endedBy = by;
    invitation?.dispose().catch(fault);
    finish();
  }

  function onMediaState(state: MediaState): void {
    events.emit('media', { ...about, state });
    watch.onState(state);
    if (watch.down && bearer.lost) drop();
  }

  /** Media with the answer to the INVITE; 488 where there is none. */
  async function prepare(wish: Partial<Wish>): Promise<MediaPeer> {
    ended.signal.throwIfAborted();
    if (media !== null) return media;
    const peer = createMedia({
      onDigit: (pressed) => digit(pressed, 'rtp'),
      onState: onMediaState,
      onRemote: () => incoming.onRemote?.(),
    });
    media = peer;
    peer.wish = { ...peer.wish, ...wish };
    try {
      prepared = await peer.answer(invite.body);
    } catch (error) {
      if (error instanceof MediaError) await refuse(488, [warning(error.message)]);
      throw error;
    }
    ended.signal.throwIfAborted();
    return peer;
  }

  const answered = (): boolean => invitation?.state === SessionState.Established;

  async function answer(wish: Partial<Wish> = {}): Promise<MediaPeer> {
    const peer = await prepare(wish);
    if (answered()) return peer;
    await invitation!.accept();
    ended.signal.throwIfAborted();
    watch.expect();
    events.emit('answered', about);
    return peer;
  }

  async function refuse(status: number, headers: readonly string[] = []): Promise<void> {
    ended.signal.throwIfAborted();
    events.emit('refused', { ...about, status, reason: null });
    await hangUp('refused', status, headers);
  }

  /** One re-INVITE at a time. */
  let turn = Promise.resolve();
  function renegotiate(change: Partial<Wish>, addVideo = false): Promise<void> {
    const mine = turn.then(async () => {
      const session = invitation;
      if (session === null || media === null) throw new Error('no call');
      ended.signal.throwIfAborted();
      await Promise.race([ackArrived, once(ended.signal, 'abort')]);
      ended.signal.throwIfAborted();
      await reinvite(session, { ...media.wish, ...change }, addVideo);
    });
    turn = mine.catch(() => {}); // who asked is told
    return mine;
  }

  const offer = parseDescription(invite.body);
  const offered = linesOf(planAnswer(offer));
  const codec = (kind: MediaKind): string | null =>
    offered.find((line) => line.kind === kind)?.codec.name ?? null;

  const incoming: IncomingCall = {
    id: invite.callId,
    alias,
    callerName,
    address: options.flow.address,
    userToUser: invite.getHeaders('User-to-User'),
    offered: { audio: codec('audio'), video: codec('video') },
    signal: ended.signal,
    get media() {
      return media;
    },
    onDigit: null,
    onRemote: null,
    async ring() {
      ended.signal.throwIfAborted();
      if (!answered() && !early) await invitation!.progress({ statusCode: 180 });
    },
    async early() {
      const peer = await prepare({});
      if (answered() || early) return peer;
      early = true;
      await invitation!.progress({ statusCode: 183 });
      ended.signal.throwIfAborted();
      watch.expect();
      return peer;
    },
    waitMs: (durationMs) => delay(durationMs, undefined, { signal: ended.signal }),
    answer,
    renegotiate,
    reject: (status, headers) => (answered() ? hangUp() : refuse(status, headers)),
    hangUp: () => hangUp(),
  };

  const call: Call = {
    id: invite.callId,
    alias,
    callerName,
    get state() {
      if (ended.signal.aborted) return 'ended';
      if (answered() && acked) return 'established';
      return answered() || (media !== null && !early) ? 'answering' : 'ringing';
    },
    get reachable() {
      return !bearer.lost;
    },
    stats: () => media?.stats() ?? null,
    hangUp: () => hangUp(),
    hold: () => renegotiate({ hold: true }),
    retrieve: () => renegotiate({ hold: false }),
    sendInfo: (contentType, content) => sendInfo(invitation, contentType, content),
  };

  async function run(): Promise<void> {
    try {
      await options.answerAs(incoming);
    } catch (error) {
      if (ended.signal.aborted) return;
      fault(error);
      await hangUp('service', 500).catch(fault);
    }
  }

  // connects at once: the promise only says so a microtask later
  agent.start().catch(fault);
  const deliver = (raw: string): void => {
    try {
      agent.transport.onMessage?.(raw);
    } catch (error) {
      fault(error);
    }
  };
  deliver(invite.data);
  // TypeScript cannot see that the delegate has set it
  const taken = invitation as Invitation | null;
  if (taken === null) {
    agent.userAgentCore.dispose();
    return null;
  }
  taken.delegate = delegate;
  taken.stateChange.addListener((state) => {
    if (state === SessionState.Terminated) finish();
  });
  void run();

  return {
    get flow() {
      return bearer.flow;
    },
    call,
    tag: taken.request.toTag,
    receive: deliver,
    rebind: bearer.rebind,
    lose() {
      if (ended.signal.aborted) return;
      // before the answer there is nothing to come back to: the caller starts anew
      bearer.lose(call.state === 'established' && !watch.down);
    },
    async dispose() {
      drop('service');
      agent.userAgentCore.dispose();
      await media?.close();
    },
  };
}
