import { createSocket } from 'node:dgram';
import { fileURLToPath } from 'node:url';
import { startDaemon, type Daemon } from './daemon.js';

const CONFIGURATION = fileURLToPath(new URL('rtpengine/rtpengine.conf', import.meta.url));

export interface RtpengineOptions {
  readonly program: string;
  readonly folder: string;
  readonly host: string;
  readonly controlPort: number;
  readonly ports: { readonly first: number; readonly count: number };
  /** Where it tells that a call has no media any more. */
  readonly timeoutUrl: string;
  /** Seconds without any packet until then. */
  readonly timeoutSeconds: number;
  readonly onLine: (line: string) => void;
  readonly onExit: (why: string) => void;
}

/** The NG protocol's ping: a cookie and a bencoded dictionary. */
export async function ping(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), 200);
      const settle = (answered: boolean): void => {
        clearTimeout(timer);
        resolve(answered);
      };
      socket.once('message', (data) => settle(data.includes('pong')));
      socket.once('error', () => settle(false)); // nobody there yet
      socket.send('1 d7:command4:pinge', port, '127.0.0.1');
    });
  } finally {
    socket.close();
  }
}

export function startRtpengine(options: RtpengineOptions): Promise<Daemon> {
  const { host, controlPort, ports } = options;
  return startDaemon({
    name: 'rtpengine',
    program: options.program,
    args: [
      `--config-file=${CONFIGURATION}`,
      '--foreground',
      `--interface=web/${host}`,
      `--interface=pbx/127.0.0.1`,
      `--listen-ng=127.0.0.1:${controlPort}`,
      `--port-min=${ports.first}`,
      `--port-max=${ports.first + ports.count - 1}`,
      `--timeout=${options.timeoutSeconds}`,
      `--b2b-url=${options.timeoutUrl}`,
    ],
    folder: options.folder,
    onLine: options.onLine,
    onExit: options.onExit,
    ready: () => ping(controlPort),
  });
}
