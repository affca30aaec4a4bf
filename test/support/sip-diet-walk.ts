/**
 * Bundles `src/sip` in Node, with or without the diet, and takes it through calls that only a seed decides: what the
 * far end sends, what it answers, when the user does something. What leaves the socket and what is reported must not
 * depend on the diet.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import type { InviteRequest, SignallingCall } from '../../src/call/ports.js';
import type { createDigest as CreateDigest } from '../../src/sip/digest.js';
import type { createSignalling as CreateSignalling } from '../../src/sip/signalling.js';
import { createFakeMediaSession, fakeSdp } from './fake-media-session.js';
import { createManualClock, type ManualClock } from './manual-clock.js';
import { createRandom } from './mutate.js';
import { pick, type Random, spoil } from './spoil.js';
import { type PeerDialog, type Received, SipPeer } from './sip-peer.js';

// what the fakes need of a browser and Node 20 has not
const missing = { CloseEvent: Event, MediaStream: EventTarget };
for (const [name, stand] of Object.entries(missing)) {
  if (!(name in globalThis)) Object.assign(globalThis, { [name]: stand });
}

export type Create = typeof CreateSignalling;

interface Modules {
  readonly createSignalling: Create;
  readonly createDigest: typeof CreateDigest;
}

export async function bundle(plugins: Plugin[]): Promise<Create> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    plugins,
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: {
        entry: fileURLToPath(new URL('../../src/sip/signalling.ts', import.meta.url)),
        formats: ['es'],
      },
    },
  });
  const [output] = [result].flat();
  if (output === undefined || !('output' in output)) throw new Error('nothing was built');
  const folder = await mkdtemp(join(tmpdir(), 'sip-diet-'));
  try {
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    for (const part of output.output) {
      if (part.type === 'chunk') await writeFile(join(folder, part.fileName), part.code);
    }
    const parts = await Promise.all(
      output.output.map(
        ({ fileName }) =>
          import(pathToFileURL(join(folder, fileName)).href) as Promise<Partial<Modules>>,
      ),
    );
    const { createSignalling, createDigest } = Object.assign({}, ...parts) as Modules;
    // there at once: how long it takes to be loaded must not decide what is sent
    const loadDigest = (): Promise<Pick<Modules, 'createDigest'>> =>
      Promise.resolve({ createDigest });
    return (options) => createSignalling({ ...options, loadDigest });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Enough turns of the event loop for everything that waits for nothing else. */
async function settle(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}

const SPICE = ['\r\n', '\t', '"', '\\', '<', '>', ';', ':', '@', ',', '%', '%00', '0', '99999999999', 'é', '\ud83d\ude00', ';tag=', ' ', 'x', 'INVITE', 'Contact: ', 'Via: ', 'Digest '] as const; // prettier-ignore

const PROGRESS = [
  '100 Trying',
  '180 Ringing',
  '183 Session Progress',
  '183 Session Progress',
] as const;
const CHALLENGED = ['401 Unauthorized', '407 Proxy Authentication Required'] as const;
const FAILURES = ['302 Moved Temporarily', '481 Gone', '486 Busy Here', '487 Request Terminated', '491 Request Pending', '500 Error', '408 Request Timeout', '422 Too Small', '600 Busy'] as const; // prettier-ignore
/** Most calls are answered: there is more to see in them. */
function statusOf(random: Random): string {
  const one = random(20);
  if (one < 8) return pick(random, PROGRESS);
  if (one < 17) return '200 OK';
  return pick(random, one < 19 ? CHALLENGED : FAILURES);
}

const METHODS = ['OPTIONS', 'INFO', 'INVITE', 'INVITE', 'INVITE', 'ACK', 'ACK', 'ACK', 'CANCEL', 'NOTIFY', 'REFER', 'PRACK', 'UPDATE', 'MESSAGE', 'BYE', 'FOO'] as const; // prettier-ignore
const CONTACTS = [
  ...Array<string>(8).fill('sip:callee@192.0.2.9:5060;transport=ws'),
  'sip:a%20b%2Bc@[2001:db8::1]:5060;lr;X=%41',
  'sip:Example.COM',
  null,
] as const;
const CHALLENGES = [
  'Digest realm="example.com", nonce="f00d", algorithm=MD5, qop="auth", opaque="o"',
  'Digest realm="example.com",nonce="f00d"',
  'Digest realm="example.com", nonce="f00e", stale=TRUE, qop="auth-int,auth"',
  'Digest realm="example.com", nonce="f00d", algorithm=SHA-256',
  'Basic realm="example.com"',
  'Digest nonce="f00d"',
] as const;

export interface WalkOptions {
  readonly seed: number;
  readonly steps: number;
  /** Of 100 messages so many are spoiled. */
  readonly spoiled: number;
}

interface World {
  readonly clock: ManualClock;
  /** From here on `Math.random` takes the same course again. */
  reseed(seed: number): void;
  restore(): void;
}

/** Timers and chance, which SIP.js takes from the page, are the test's. */
function takeOver(): World {
  const clock = createManualClock();
  const { setTimeout, clearTimeout } = globalThis;
  const random = Math.random;
  const randomUUID = crypto.randomUUID.bind(crypto);
  const digest = crypto.subtle.digest.bind(crypto.subtle);
  const timers = new Map<number, () => void>();
  let last = 0;
  let chance = createRandom(0);
  let tokens = 0;
  Object.assign(globalThis, {
    setTimeout(callback: () => void, ms = 0): number {
      timers.set(++last, clock.after(ms, callback));
      return last;
    },
    clearTimeout: (id: number): void => timers.get(id)?.(),
  });
  Math.random = () => chance(2 ** 30) / 2 ** 30;
  Object.assign(crypto, {
    randomUUID: () => `00000000-0000-4000-8000-${String(++tokens).padStart(12, '0')}`,
  });
  // the real one takes its time in another thread
  Object.assign(crypto.subtle, {
    digest: (_name: string, data: Uint8Array) =>
      Promise.resolve(new Uint8Array(createHash('sha256').update(data).digest()).buffer),
  });
  return {
    clock,
    reseed(seed) {
      chance = createRandom(seed);
    },
    restore() {
      Math.random = random;
      Object.assign(globalThis, { setTimeout, clearTimeout });
      Object.assign(crypto, { randomUUID });
      Object.assign(crypto.subtle, { digest });
    },
  };
}

/** Everything that was sent and reported, in order. */
export async function walk(create: Create, options: WalkOptions): Promise<string[]> {
  const world = takeOver();
  try {
    return await walkWith(create, world, options);
  } finally {
    world.restore();
  }
}

async function walkWith(
  create: Create,
  { clock, reseed }: World,
  options: WalkOptions,
): Promise<string[]> {
  const random = createRandom(options.seed);
  const log: string[] = [];
  const peer = new SipPeer();
  const media = createFakeMediaSession();
  // not before: without the diet more is drawn when a user agent is made
  peer.accept = (url) => {
    reseed(url.length + peer.sockets.length);
    return 'open';
  };
  const signalling = create({
    servers: ['wss://a.example.com/ws', 'wss://b.example.com/ws'],
    webSocket: peer.WebSocket,
    clock,
    random: () => 0.5,
  });
  const report = (name: string) => (): void => void log.push(name);
  const request: InviteRequest = {
    targetUri: 'sip:sales@example.com',
    domain: 'example.com',
    displayName: 'Ada "Lovelace"',
    callId: `walk-${options.seed}`,
    pass: { pass: 'a.b.c', username: '1:x.sales', password: 'secret', expiresAt: 1 },
    userToUser: '7b7d;encoding=hex',
    media,
  };
  const abort = new AbortController();
  const call = await signalling.invite(
    request,
    {
      onRinging: report('ringing'),
      onEarlyMedia: report('early-media'),
      onAnswered: report('answered'),
      onEnded: (end) => void log.push(`ended ${JSON.stringify(end)}`),
      onTransportLost: report('lost'),
      onTransportRestored: report('restored'),
    },
    abort.signal,
  );
  let read = 0;
  const requests: Received[] = [];
  let dialog: PeerDialog | null = null;

  async function drain(): Promise<void> {
    await settle();
    for (const message of peer.received.slice(read)) {
      read++;
      log.push(message.text);
      if (message.method !== '' && message.method !== 'ACK') requests.unshift(message);
      dialog ??= { invite: message, tag: 'A', cseq: 0 };
    }
    log.push(media.log.join());
  }

  function deliver(text: string): void {
    const spoiled = random(100) < options.spoiled ? spoil(text, SPICE, random) : text;
    if (peer.socket.state === 'open') peer.socket.deliver(spoiled);
  }

  function respond(): void {
    const to = requests[random(3) > 0 ? 0 : random(requests.length)];
    if (to === undefined) return;
    const status = statusOf(random);
    const challenge = pick(random, CHALLENGES);
    const reliable = random(2) === 0;
    deliver(
      peer.responseText(to, status, {
        toTag: pick(random, ['A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'B', null]),
        contact: pick(random, CONTACTS),
        ...(/^(?:18|2)/.test(status) &&
          random(6) > 0 && { sdp: fakeSdp(pick(random, ['a', 'b'])) }),
        headers: [
          ...(status.startsWith('401') ? [`WWW-Authenticate: ${challenge}`] : []),
          ...(status.startsWith('407') ? [`Proxy-Authenticate: ${challenge}`] : []),
          ...(reliable ? ['Require: 100rel', `RSeq: ${1 + random(2)}`] : []),
          ...(random(4) === 0
            ? [`Session-Expires: 90;refresher=ua${pick(random, ['c', 's'])}`]
            : []),
          ...(status.startsWith('422') ? [`Min-SE: ${100 + random(900)}`] : []),
          ...(random(3) === 0
            ? ['Record-Route: <sip:p1;lr>, <sip:p2:5060;transport=ws;lr=on>']
            : []),
        ],
      }),
    );
  }

  function ask(): void {
    if (dialog === null) return;
    const method = pick(random, METHODS);
    const ack = method === 'ACK' || method === 'CANCEL';
    const withBody = ['INVITE', 'ACK', 'INFO', 'UPDATE'].includes(method) && random(2) === 0;
    deliver(
      peer.requestText(method, dialog, {
        ...(withBody && { body: fakeSdp('peer') }),
        ...((ack || random(8) === 0) && { cseq: Math.max(1, dialog.cseq) }),
        ...((method === 'CANCEL' || random(20) === 0) && { branch: 'z9hG4bKagain' }),
        headers: [
          ...(random(10) === 0 ? ['Content-Disposition: session;handling=required'] : []),
          ...(random(4) === 0 ? ['Supported: timer', 'Session-Expires: 90'] : []),
        ],
      }),
    );
  }

  async function advance(ms: number): Promise<void> {
    for (let i = 0; i < 8; i++) {
      clock.advance(ms / 8);
      await settle();
    }
  }

  async function act(current: SignallingCall, random: Random): Promise<void> {
    switch (random(8)) {
      case 0:
        if (random(3) === 0 || !log.includes('answered')) void current.end().then(report('end'));
        break;
      case 1:
      case 2:
        current
          .reinvite({ iceRestart: random(2) === 0 }, abort.signal)
          .then(
            report('reinvited'),
            (error: unknown) => void log.push(`reinvite: ${String(error)}`),
          );
        break;
      case 3:
        current.sendDtmfInfo('1#');
        break;
      case 4:
        media.failNext(
          pick(random, ['createOffer', 'createAnswer', 'setRemoteDescription', 'rollback']),
        );
        break;
      case 5:
        if (random(2) === 0) peer.socket.drop();
        await advance(1_000);
        break;
      default:
        await advance(pick(random, [0, 0, 0, 0, 0, 100, 500, 2_100, 10_000, 32_000]));
    }
  }

  await drain();
  for (let step = 0; step < options.steps; step++) {
    log.push(`-- ${step}`);
    reseed(1_000 + step);
    const what = random(log.includes('answered') ? 10 : 13);
    if (what < 5) respond();
    else if (what < 8) ask();
    else await act(call, random);
    await drain();
  }
  signalling.close();
  await advance(2_000);
  await drain();
  log.push(`${peer.socket.state}, timers: ${clock.pending}`);
  return log;
}
