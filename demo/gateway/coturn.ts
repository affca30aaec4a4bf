import { createSocket } from 'node:dgram';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { startDaemon, type Daemon } from './daemon.js';

const EXAMPLE = new URL('coturn/turnserver.conf', import.meta.url);

export interface CoturnOptions {
  readonly program: string;
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly relayPorts: { readonly first: number; readonly count: number };
  /** The gate's `turn.secret`. */
  readonly secret: string;
  readonly onLine: (line: string) => void;
  readonly onExit: (why: string) => void;
}

/** The example with other values; throws where it does not have one of the names. */
export function fillCoturn(
  example: string,
  settings: Readonly<Record<string, string | number>>,
): string {
  return Object.entries(settings).reduce((text, [name, value]) => {
    const line = new RegExp(`^${name}=.*$`, 'm');
    if (!line.test(text)) throw new Error(`turnserver.conf has no ${name}`);
    return text.replace(line, () => `${name}=${value}`);
  }, example);
}

/** A STUN binding request (RFC 8489 section 6), which needs no credentials. */
async function answersStun(host: string, port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), 200);
      const settle = (answered: boolean): void => {
        clearTimeout(timer);
        resolve(answered);
      };
      socket.once('message', () => settle(true));
      socket.once('error', () => settle(false)); // nobody there yet
      const head = Buffer.from([0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xa4, 0x42]);
      socket.send(Buffer.concat([head, randomBytes(12)]), port, host);
    });
  } finally {
    socket.close();
  }
}

export async function startCoturn(options: CoturnOptions): Promise<Daemon> {
  const { folder, host, port, relayPorts } = options;
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'turnserver.conf');
  const text = fillCoturn(await readFile(EXAMPLE, 'utf8'), {
    'listening-ip': host,
    'listening-port': port,
    'relay-ip': host,
    'min-port': relayPorts.first,
    'max-port': relayPorts.first + relayPorts.count - 1,
    'static-auth-secret': options.secret,
    'allowed-peer-ip': host,
  });
  // not on the command line, which everybody may read
  await writeFile(file, text, { mode: 0o600 });
  return startDaemon({
    name: 'coturn',
    program: options.program,
    args: [
      ...['-c', file, '--log-file', 'stdout', '--simple-log'],
      ...['--pidfile', join(folder, 'turnserver.pid'), '--userdb', join(folder, 'turndb')],
    ],
    folder,
    onLine: options.onLine,
    onExit: options.onExit,
    ready: () => answersStun(host, port),
  });
}
