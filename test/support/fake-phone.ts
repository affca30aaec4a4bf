/** Fakes of the ports of a phone: they record what was asked of them and let a test play the world. */
import type { Caller } from '../../src/call/caller.js';
import type { PhonePorts } from '../../src/call/phone.js';
import type {
  AnsweringSession,
  IncomingCall,
  IncomingCallEvents,
  PhoneAccount,
  PhoneLine,
  PhoneLineEvents,
} from '../../src/call/phone-ports.js';
import type { MediaSession } from '../../src/call/ports.js';
import { defer, type Deferred, FakeMedia } from './fake-ports.js';
import { createManualClock, type ManualClock } from './manual-clock.js';

export const PHONE_ACCOUNT: PhoneAccount = Object.freeze({
  servers: ['wss://sip.example.com/'],
  domain: 'example.com',
  user: 'agent',
  password: 'secret',
  iceServers: [],
  relayOnly: false,
  iceWait: 'first-usable',
} satisfies PhoneAccount);

export const ADA: Caller = Object.freeze({
  name: 'Ada Lovelace',
  address: 'sip:anonymous@example.com',
  context: '{"page":"/prices"}',
  video: true,
});

export class FakeAnsweringMedia extends FakeMedia implements AnsweringSession {
  setHold(held: boolean): void {
    this.calls.push(held ? 'hold' : 'retrieve');
  }
}

export class FakeIncomingCall implements IncomingCall {
  readonly callId: string;
  readonly caller: Caller;
  accepted: MediaSession | null = null;
  readonly reinvites: { iceRestart: boolean; done: Deferred<void> }[] = [];
  readonly transfers: { target: string; done: Deferred<void> }[] = [];
  readonly refusals: string[] = [];
  readonly drained = defer<undefined>();
  events: IncomingCallEvents | null = null;

  constructor(callId: string, caller: Caller) {
    this.callId = callId;
    this.caller = caller;
  }

  accept(media: MediaSession): void {
    this.accepted = media;
  }
  reinvite({ iceRestart }: { iceRestart: boolean }, signal: AbortSignal): Promise<void> {
    const done = defer<void>(signal);
    this.reinvites.push({ iceRestart, done });
    return done.promise;
  }
  checks = 0;
  check(): void {
    this.checks += 1;
  }
  transfer(target: string, signal: AbortSignal): Promise<void> {
    const done = defer<void>(signal);
    this.transfers.push({ target, done });
    return done.promise;
  }
  end(refusal: string): Promise<void> {
    this.refusals.push(refusal);
    return this.drained.promise;
  }
}

export class FakePhoneLine implements PhoneLine {
  readonly account: PhoneAccount;
  readonly events: PhoneLineEvents;
  opened = 0;
  closed = 0;
  readonly drained = defer<undefined>();

  constructor(account: PhoneAccount, events: PhoneLineEvents) {
    this.account = account;
    this.events = events;
  }
  open(): void {
    this.opened += 1;
    this.events.onRegistration({ state: 'registering' });
  }
  close(): Promise<void> {
    this.closed += 1;
    return this.drained.promise;
  }
}

export interface FakePhoneWorld extends PhonePorts {
  readonly clock: ManualClock;
  readonly lines: FakePhoneLine[];
  readonly medias: FakeAnsweringMedia[];
  readonly videos: boolean[];
  readonly sounds: string[];
  /** Who listens for another network. */
  readonly networkListeners: Set<() => void>;
  /** The next line cannot be made. */
  failLine: Error | null;
  /** A call comes in; its `events` are `null` if the phone is busy. */
  call(caller?: Partial<Caller>): FakeIncomingCall;
}

export function createFakePhoneWorld(): FakePhoneWorld {
  const sounds: string[] = [];
  let ids = 0;
  const world: FakePhoneWorld = {
    clock: createManualClock(),
    lines: [],
    medias: [],
    videos: [],
    sounds,
    failLine: null,
    createLine(account, events) {
      if (world.failLine !== null) throw world.failLine;
      const line = new FakePhoneLine(account, events);
      world.lines.push(line);
      return line;
    },
    createMedia({ video }, events) {
      const media = new FakeAnsweringMedia(events);
      world.medias.push(media);
      world.videos.push(video);
      return media;
    },
    ringTone: {
      unlock: () => sounds.push('unlock'),
      start: () => sounds.push('ring'),
      stop: () => sounds.push('quiet'),
      close: () => sounds.push('closed'),
    },
    networkListeners: new Set(),
    onNetworkChange(run) {
      world.networkListeners.add(run);
      return () => world.networkListeners.delete(run);
    },
    call(caller = {}) {
      const call = new FakeIncomingCall(`call-${++ids}`, { ...ADA, ...caller });
      call.events = world.lines.at(-1)!.events.onCall(call);
      return call;
    },
  };
  return world;
}
