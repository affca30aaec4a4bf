import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { createMemoryStore, type Store } from '../../src/gate/index.js';
import { createAliases } from './aliases/index.js';
import { createServiceEvents, type ServiceEvents } from './events.js';
import { createServiceGate, type CaptchaChoice, type GateOverrides } from './gate.js';
import { createOrigins } from './http/origins.js';
import { createSite } from './http/site.js';
import { loadAssets } from './media/assets.js';
import { createDataChannelPeers } from './media/datachannel.js';
import type { CreateMediaPeer } from './media/peer.js';
import { admitEverybody, createAdmission } from './sip/admission.js';
import type { Alias, Call } from './sip/call.js';
import { createHub } from './sip/hub.js';
import { createPhones } from './sip/phones.js';
import type { Account } from './sip/registrar.js';

export interface Secrets {
  readonly jwt: string;
  readonly digest: string;
  /** For signing ALTCHA challenges. */
  readonly altcha: string;
}

export interface ServiceOptions {
  /** 0 takes any free port. Default 8080. */
  readonly port?: number;
  /** Where the port is taken, try the following ones, at most this many. Default 0. */
  readonly furtherPorts?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Origins beside those of the address itself: of a proxy in front, or of a page elsewhere. */
  readonly origins?: readonly string[];
  /** Default ALTCHA. */
  readonly captcha?: CaptchaChoice;
  /** Default: random ones. */
  readonly secrets?: Secrets;
  readonly gate?: GateOverrides;
  readonly store?: Store;
  /** False: whoever dials is put through. Default true. */
  readonly requirePass?: boolean;
  /** Beside the built-in ones, or in their place. */
  readonly aliases?: ReadonlyMap<string, Alias>;
  /** Who may answer at `agent/`. Default: user `agent`, with a password made for this start. */
  readonly agent?: Account;
  /** Milliseconds of ringing before the answer. Default 600. */
  readonly ringMs?: number;
  /** Milliseconds that the menu keeps a caller on hold. Default 6000. */
  readonly holdMs?: number;
  /** Milliseconds that a call outlives its WebSocket. Default 30 000. */
  readonly graceMs?: number;
  /** Milliseconds that a call may be without media. Default 15 000. */
  readonly mediaTimeoutMs?: number;
  /** Media of a call. Default: libdatachannel. */
  readonly createMedia?: CreateMediaPeer;
  /** Calls at a time. Default 32. */
  readonly maxCalls?: number;
  /** Folder of the pages; default this one's parent. */
  readonly pages?: string;
  /** Folder of the script-tag build, once it is there. Default `dist` beside `demo`. */
  readonly dist?: () => Promise<string>;
  /** One line for whoever watches. Default: nobody. */
  readonly log?: (line: string) => void;
}

export interface Service {
  /** `http://127.0.0.1:8080/` */
  readonly url: string;
  /** `ws://127.0.0.1:8080/sip` */
  readonly sipUrl: string;
  readonly gateUrl: string;
  readonly port: number;
  readonly agent: Account;
  readonly events: ServiceEvents;
  /** The last initial INVITE as it came, or null. */
  readonly lastInviteRaw: string | null;
  calls(): readonly Call[];
  /** How many are registered. */
  phones(): number;
  /** Peer connections that are not closed. */
  liveMedia(): number;
  /** Ends all calls with a word to the callers, then everything else. */
  close(): Promise<void>;
}

const REALM = 'call-button';
const MESSAGE_MAX = 64 * 1024;
const DRAIN_MS = 500;
const isLoopback = (host: string): boolean => /^(127\.|::1$|localhost$)/.test(host);
const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function listen(server: Server, host: string, port: number, further: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code !== 'EADDRINUSE' || further === 0) reject(error);
      else resolve(listen(server, host, port + 1, further - 1));
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    };
    server.once('error', onError).once('listening', onListening).listen(port, host);
  });
}

/** Lets the last messages out and waits for the callers' side of the closing handshake, but not for long. */
async function drain(sockets: WebSocketServer): Promise<void> {
  const closing = [...sockets.clients].map(
    (socket) => new Promise((resolve) => socket.once('close', resolve)),
  );
  const enough = new AbortController();
  await Promise.race([
    Promise.all(closing),
    delay(DRAIN_MS, undefined, { signal: enough.signal }).catch(() => {}), // aborted below
  ]);
  enough.abort();
  for (const socket of sockets.clients) socket.terminate();
}

/** Starts the embedded service. Resolves when it answers. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const {
    host = '127.0.0.1',
    captcha = { provider: 'altcha' },
    store = createMemoryStore(),
  } = options;
  const secret = (): string => randomBytes(32).toString('base64url');
  const secrets = options.secrets ?? { jwt: secret(), digest: secret(), altcha: secret() };
  const events = createServiceEvents();
  const onFault = (error: unknown): void => void events.emit('fault', error);
  let lastInviteRaw: string | null = null;
  events.on('invite', ({ raw }) => (lastInviteRaw = raw));

  const assets = await loadAssets();
  const agent = options.agent ?? { user: 'agent', password: randomBytes(9).toString('base64url') };
  const media = createDataChannelPeers({ onFault });
  const createMedia = options.createMedia ?? media.create;
  const limits = {
    graceMs: options.graceMs ?? 30_000,
    mediaTimeoutMs: options.mediaTimeoutMs ?? 15_000,
  };
  const phones = createPhones({
    account: agent,
    realm: REALM,
    domain: host,
    createMedia,
    events,
    ...limits,
  });
  const aliases = createAliases({
    assets,
    phones,
    events,
    ringMs: options.ringMs ?? 600,
    holdMs: options.holdMs ?? 6000,
    further: options.aliases ?? new Map<string, Alias>(),
  });
  const server = createServer();
  const port = await listen(server, host, options.port ?? 8080, options.furtherPorts ?? 0);
  const origins = createOrigins(host, port, options.origins ?? []);
  let gate: RequestListener;
  try {
    gate = createServiceGate({
      overrides: options.gate ?? {},
      aliases: [...aliases.keys()],
      origins: origins.list,
      captcha,
      secrets,
      store,
    });
  } catch (error) {
    server.close();
    throw error;
  }
  const site = createSite({
    pages: options.pages ?? folder('../'),
    dist: options.dist ?? (() => Promise.resolve(folder('../../dist/'))),
    origins,
    gate,
    captcha: { provider: captcha.provider, sitekey: 'sitekey' in captcha ? captcha.sitekey : null },
    // who opens the page is who started the service; anybody else is asked for them
    agent: isLoopback(host) && (options.origins ?? []).length === 0 ? agent : null,
    onFault,
    onReport: (report) => void events.emit('report', report),
  });
  const admit = createAdmission({
    jwtSecret: secrets.jwt,
    digestSecret: secrets.digest,
    realm: REALM,
    store,
    now: Date.now,
  });
  const hub = createHub({
    aliases,
    admit: options.requirePass === false ? admitEverybody : admit,
    phones,
    createMedia,
    events,
    maxCalls: options.maxCalls ?? 32,
    ...limits,
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_MAX,
    handleProtocols: (protocols) => (protocols.has('sip') ? 'sip' : false),
  });

  server.on('request', site);
  // not `new WebSocketServer({ server })`: that one would answer for paths that are not its own
  server.on('upgrade', (request, socket, head) => {
    const refuse = (status: string): void => {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    socket.on('error', () => {}); // the caller went away
    const [path] = (request.url ?? '').split('?');
    const protocols = (request.headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((name) => name.trim());
    if (path !== '/sip') {
      refuse('404 Not Found');
      return;
    }
    if (!origins.allows(request.headers.origin)) {
      refuse('403 Forbidden');
      return;
    }
    if (!protocols.includes('sip')) {
      refuse('400 Bad Request');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (websocket) =>
      hub.accept(websocket, request.socket.remoteAddress ?? ''),
    );
  });

  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const authority = `${isIPv6(name) ? `[${name}]` : name}:${port}`;
  const url = `http://${authority}/`;
  options.log?.(url);
  return {
    url,
    sipUrl: `ws://${authority}/sip`,
    gateUrl: `http://${authority}/call-gate`,
    port,
    agent,
    events,
    get lastInviteRaw() {
      return lastInviteRaw;
    },
    calls: () => hub.calls,
    phones: () => phones.registered,
    liveMedia: media.live,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await hub.close();
      await drain(sockets);
      server.closeAllConnections();
      await closed;
    },
  };
}
