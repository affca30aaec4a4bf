/**
 * A phone line of ours against a raw-string SIP peer that plays registrar and caller, with fake media, fake time and
 * a log of what it reports.
 */
import { expect } from 'chai';
import type {
  IncomingCall,
  PhoneEndReason,
  PhoneLine,
  Registration,
} from '../../src/call/phone-ports.js';
import { createPhoneLine, type PhoneLineOptions } from '../../src/sip/phone-line.js';
import { createFakeMediaSession, type FakeMediaSession, fakeSdp } from './fake-media-session.js';
import { createManualClock, type ManualClock } from './manual-clock.js';
import { md5 } from './md5.js';
import { type Received, SipPeer } from './sip-peer.js';

export const ACCOUNT = {
  servers: ['wss://sip.example.com/ws'],
  domain: 'example.com',
  user: 'agent',
  password: 'keys of ivory',
};
const CRLF = '\r\n';
export const CHALLENGE = 'Digest realm="call-button", nonce="f00d", algorithm=MD5, qop="auth"';

/** `name=value` or `name="value"` of a digest header. */
export function digestFields(value: string): Readonly<Record<string, string>> {
  const found = value.matchAll(/(\w+)=(?:"([^"]*)"|([^,\s]+))/g);
  return Object.fromEntries(
    [...found].map(([, name, quoted, bare]) => [name ?? '', quoted ?? bare ?? '']),
  );
}

/** The response of RFC 2617 §3.2.2, computed here. */
export function digestOf(request: Received, password: string): string {
  const given = digestFields(request.header('Authorization'));
  const secret = md5(`${given['username']}:${given['realm']}:${password}`);
  const what = md5(`${request.method}:${given['uri']}`);
  return md5([secret, given['nonce'], given['nc'], given['cnonce'], given['qop'], what].join(':'));
}

export const contactOf = (message: Received): string =>
  /<([^>]+)>/.exec(message.header('Contact'))?.[1] ?? '';

export interface PhoneWorld {
  readonly peer: SipPeer;
  readonly clock: ManualClock;
  readonly line: PhoneLine;
  readonly media: FakeMediaSession;
  /** Everything reported, in order. */
  readonly log: string[];
  readonly registrations: Registration[];
  readonly calls: IncomingCall[];
  readonly ends: PhoneEndReason[];
  /** What `onCall` says: busy. */
  busy: boolean;
  /** Waits for the next report that was not awaited yet; fails if it is another than expected. */
  event(expected: string): Promise<void>;
}

const open = new Set<PhoneLine>();
afterEach(() => {
  for (const line of open) void line.close();
  open.clear();
});

export function createPhoneWorld(options: Partial<PhoneLineOptions['account']> = {}): PhoneWorld {
  const peer = new SipPeer();
  const clock = createManualClock();
  const log: string[] = [];
  const registrations: Registration[] = [];
  const calls: IncomingCall[] = [];
  const ends: PhoneEndReason[] = [];
  let read = 0;
  let wake = (): void => {};
  const report = (name: string): void => {
    log.push(name);
    wake();
  };
  const world: PhoneWorld = {
    peer,
    clock,
    media: createFakeMediaSession(),
    log,
    registrations,
    calls,
    ends,
    busy: false,
    line: createPhoneLine(
      {
        account: { ...ACCOUNT, ...options },
        webSocket: peer.WebSocket,
        clock,
        random: () => 0.5,
      },
      {
        onRegistration(registration) {
          registrations.push(registration);
          report(registration.state);
        },
        onCall(call) {
          if (world.busy) return null;
          calls.push(call);
          report('call');
          return {
            onConfirmed: () => report('confirmed'),
            onDigit: (digit) => report(`digit ${digit}`),
            onEnded(reason) {
              ends.push(reason);
              report('ended');
            },
            onTransportLost: () => report('transport-lost'),
            onTransportRestored: () => report('transport-restored'),
          };
        },
      },
    ),
    async event(expected) {
      while (log.length <= read) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      expect(log[read++]).to.equal(expected);
    },
  };
  open.add(world.line);
  return world;
}

/** The registrar takes a REGISTER without a question. */
export function grant(world: PhoneWorld, register: Received, seconds = 120): void {
  world.peer.respond(register, '200 OK', {
    contact: null,
    headers: [`Contact: <${contactOf(register)}>;expires=${seconds}`],
  });
}

/** Registered; resolves with the Contact that calls go to. */
export async function register(world: PhoneWorld, seconds?: number): Promise<string> {
  world.line.open();
  await world.event('registering');
  const request = await world.peer.next('REGISTER');
  await world.event('registering');
  grant(world, request, seconds);
  await world.event('registered');
  return contactOf(request);
}

export interface CallerOptions {
  readonly from?: string;
  readonly headers?: readonly string[];
  /** Empty: no offer. */
  readonly sdp?: string;
  readonly type?: string;
  readonly callId?: string;
  /** Feature tags of Contact: RFC 3840. */
  readonly features?: string;
}

let callers = 0;

/** A caller's end of a dialog, in raw strings. */
export class Caller {
  readonly #world: PhoneWorld;
  readonly #contact: string;
  readonly #options: CallerOptions;
  readonly #id = ++callers;
  readonly callId: string;
  cseq = 1;
  /** Our tag, from the phone's responses. */
  toTag = '';

  constructor(world: PhoneWorld, contact: string, options: CallerOptions = {}) {
    this.#world = world;
    this.#contact = contact;
    this.#options = options;
    this.callId = options.callId ?? `caller-${this.#id}`;
  }

  text(
    method: string,
    {
      headers = [],
      body = '',
      type = 'application/sdp',
      cseq = ++this.cseq,
      branch = `z9hG4bK${this.callId}${method}${cseq}`,
      toTag = this.toTag,
    }: {
      headers?: readonly string[];
      body?: string;
      type?: string;
      cseq?: number;
      branch?: string;
      toTag?: string;
    } = {},
  ): string {
    const { from = '"Ada Lovelace" <sip:anonymous@example.com>' } = this.#options;
    return [
      `${method} ${this.#contact} SIP/2.0`,
      `Via: SIP/2.0/WSS gateway.example;branch=${branch}`,
      `From: ${from};tag=caller`,
      `To: <sip:agent@example.com>${toTag === '' ? '' : `;tag=${toTag}`}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${cseq} ${method}`,
      'Max-Forwards: 70',
      ...(method === 'INVITE'
        ? [`Contact: <sip:service@192.0.2.9;transport=ws>${this.#options.features ?? ''}`]
        : []),
      ...headers,
      ...(body === '' ? [] : [`Content-Type: ${type}`]),
      `Content-Length: ${new TextEncoder().encode(body).length}`,
      '',
      body,
    ].join(CRLF);
  }

  send(method: string, options: Parameters<Caller['text']>[1] = {}): void {
    this.#world.peer.socket.deliver(this.text(method, options));
  }

  get #branch(): string {
    return `z9hG4bK${this.callId}`;
  }

  invite(): void {
    const { sdp = fakeSdp('caller'), type, headers = [] } = this.#options;
    this.send('INVITE', {
      cseq: 1,
      branch: this.#branch,
      toTag: '',
      body: sdp,
      headers,
      ...(type === undefined ? {} : { type }),
    });
  }

  cancel(headers: readonly string[] = []): void {
    this.send('CANCEL', { cseq: 1, branch: this.#branch, toTag: '', headers });
  }

  /** Of a refusal: same branch as the INVITE. */
  ackRefusal(): void {
    this.send('ACK', { cseq: 1, branch: this.#branch });
  }

  ack(body = ''): void {
    this.send('ACK', { cseq: 1, body });
  }

  /** The next message, whose To tag is ours from then on. */
  async response(status: string): Promise<Received> {
    const response = await this.#world.peer.next(status);
    this.toTag = /;tag=([^;]+)/.exec(response.header('To'))?.[1] ?? this.toTag;
    return response;
  }
}

/** It rings here: 100 and 180 have been sent. */
export async function ring(
  world: PhoneWorld,
  options: CallerOptions = {},
): Promise<{ caller: Caller; call: IncomingCall }> {
  const contact = await register(world);
  const caller = new Caller(world, contact, options);
  caller.invite();
  await caller.response('100');
  await world.event('call');
  await caller.response('180');
  return { caller, call: world.calls.at(-1)! };
}

/** Answered, and the caller has confirmed it. */
export async function answered(
  world: PhoneWorld,
  options: CallerOptions = {},
): Promise<{ caller: Caller; call: IncomingCall; ok: Received }> {
  const { caller, call } = await ring(world, options);
  call.accept(world.media);
  const ok = await caller.response('200');
  caller.ack(options.sdp === '' ? fakeSdp('caller') : '');
  await world.event('confirmed');
  return { caller, call, ok };
}

/** The call is up: a request of the caller is answered. */
export async function expectUp(world: PhoneWorld, caller: Caller): Promise<void> {
  caller.send('OPTIONS');
  await world.peer.next('200');
  expect(world.ends).to.deep.equal([]);
}
