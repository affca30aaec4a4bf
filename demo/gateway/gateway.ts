/** Kamailio and rtpengine with the configuration beside this file, on free ports of this machine. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeCertificate, writeTlsConfig } from './certificate.js';
import type { Daemon } from './daemon.js';
import { startKamailio, type Alias, type Kamailio, type Settings } from './kamailio.js';
import { findPort, findPortRange } from './ports.js';
import { startRtpengine } from './rtpengine.js';

const RINGBACK = fileURLToPath(new URL('media/ringback.wav', import.meta.url));
const MEDIA_PORTS = 1000;

export interface GatewayOptions {
  readonly programs: {
    readonly kamailio: string;
    readonly rtpengine: string;
    /** Makes the certificate for secure WebSockets; without it there are none. */
    readonly openssl?: string;
  };
  /** Where daemons write: a folder of this run. */
  readonly folder: string;
  /** Address that browsers connect to. Default 127.0.0.1. */
  readonly host?: string;
  readonly aliases: readonly Alias[];
  /** Origins of the pages. */
  readonly origins: readonly string[];
  readonly secrets: { readonly jwt: string; readonly digest: string; readonly topology: string };
  /** Further values of `site.example.cfg`: limits, say. */
  readonly settings?: Settings;
  /** Default: `WITH_EARLY_ANSWER`. */
  readonly flags?: readonly string[];
  /** Seconds without media after which a call is ended. Default 30. */
  readonly mediaTimeoutSeconds?: number;
  readonly mediaPorts?: number;
  readonly onLine?: (from: 'kamailio' | 'rtpengine', line: string) => void;
  readonly onExit?: (why: string) => void;
}

export interface Gateway {
  /** For the element's `server`. */
  readonly sipUrl: string;
  /** The same as a secure WebSocket, with a certificate that browsers do not trust. */
  readonly secureSipUrl: string | null;
  /** For health check and counters. */
  readonly adminUrl: string;
  /** Port of the PBX's side, TCP and UDP. */
  readonly pbxPort: number;
  readonly kamailio: Kamailio;
  readonly rtpengine: Daemon;
  close(): Promise<void>;
}

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host = '127.0.0.1', onLine = () => {}, onExit = () => {} } = options;
  const folder = (name: string): string => join(options.folder, name);
  await Promise.all(
    ['kamailio', 'rtpengine'].map((name) => mkdir(folder(name), { recursive: true })),
  );
  const [wsPort, wssPort, pbxPort, adminPort, controlPort] = await Promise.all(
    [0, 0, 0, 0, 0].map(() => findPort()),
  );
  const { openssl } = options.programs;
  const flags = [
    ...(options.flags ?? ['WITH_EARLY_ANSWER']),
    ...(openssl === undefined ? [] : ['WITH_TLS']),
  ];
  const tls =
    openssl === undefined
      ? {}
      : await writeTlsConfig(options.folder, await makeCertificate(openssl, options.folder, host));
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  const count = options.mediaPorts ?? MEDIA_PORTS;
  const rtpengine = await startRtpengine({
    program: options.programs.rtpengine,
    folder: folder('rtpengine'),
    host,
    controlPort: controlPort!,
    ports: { first: findPortRange(count), count },
    timeoutUrl: `${adminUrl}/media-timeout`,
    timeoutSeconds: options.mediaTimeoutSeconds ?? 30,
    onLine: (line) => onLine('rtpengine', line),
    onExit,
  });
  try {
    const kamailio = await startKamailio({
      program: options.programs.kamailio,
      folder: folder('kamailio'),
      settings: {
        WS_SOCKET: `tcp:${host}:${wsPort}`,
        WS_PORT: wsPort!,
        WSS_SOCKET: `tls:${host}:${wssPort}`,
        WSS_PORT: wssPort!,
        ...tls,
        PBX_TCP: `tcp:127.0.0.1:${pbxPort}`,
        PBX_UDP: `udp:127.0.0.1:${pbxPort}`,
        ADMIN_SOCKET: `tcp:127.0.0.1:${adminPort}`,
        ADMIN_PORT: adminPort!,
        JWT_KEY_NOW: options.secrets.jwt,
        DIGEST_KEY_NOW: options.secrets.digest,
        TOPOLOGY_KEY: options.secrets.topology,
        MEDIA_ENGINE: `udp:127.0.0.1:${controlPort}`,
        RINGBACK_FILE: RINGBACK,
        ...options.settings,
      },
      flags,
      aliases: options.aliases,
      origins: options.origins,
      adminUrl,
      onLine: (line) => onLine('kamailio', line),
      onExit,
    });
    const name = host === '0.0.0.0' ? '127.0.0.1' : host;
    return {
      sipUrl: `ws://${name}:${wsPort}/sip`,
      secureSipUrl: openssl === undefined ? null : `wss://${name}:${wssPort}/sip`,
      adminUrl,
      pbxPort: pbxPort!,
      kamailio,
      rtpengine,
      async close() {
        await kamailio.stop();
        await rtpengine.stop();
      },
    };
  } catch (error) {
    await rtpengine.stop();
    throw error;
  }
}
