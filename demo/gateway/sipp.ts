import { createConnection } from 'node:net';
import { startDaemon, type Daemon } from './daemon.js';

/** Somebody listens there. */
export const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const settle = (open: boolean) => (): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', settle(true)).once('error', settle(false));
  });

export interface SippOptions {
  readonly program: string;
  readonly folder: string;
  /** XML file. */
  readonly scenario: string;
  readonly port: number;
  /** Further options of the program. */
  readonly args?: readonly string[];
  readonly onExit: (why: string) => void;
}

/** A SIP endpoint that does what its scenario says, over TCP. */
export function startSipp(options: SippOptions): Promise<Daemon> {
  const { port, folder } = options;
  return startDaemon({
    name: 'sipp',
    program: options.program,
    args: [
      ...['-sf', options.scenario, '-i', '127.0.0.1', '-p', String(port), '-t', 't1'],
      ...['-nostdin', '-trace_err', ...(options.args ?? [])],
    ],
    folder,
    onLine: () => {}, // its screen
    onExit: options.onExit,
    ready: () => answers(port),
  });
}
