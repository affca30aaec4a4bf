import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { startDaemon, type Daemon } from './daemon.js';

export interface Account {
  /** User part of its address. */
  readonly name: string;
  /** `manual` rings until the caller gives up. */
  readonly answer: 'auto' | 'manual';
  /** WAV that is said to a caller: as its codec has it, for Opus 48 kHz stereo. */
  readonly says: string;
  /** Default: Opus, G.722, PCMU, PCMA. */
  readonly codecs?: string;
  readonly video?: boolean;
}

export interface BaresipOptions {
  readonly program: string;
  readonly folder: string;
  readonly port: number;
  readonly controlPort: number;
  readonly accounts: readonly Account[];
  readonly onLine: (line: string) => void;
  /** As they come; `events` keeps them all. */
  readonly onEvent?: (event: BaresipEvent) => void;
  readonly onExit: (why: string) => void;
}

/** Of the module ctrl_tcp: `{"event":true,"type":"CALL_ESTABLISHED",…}`. */
export interface BaresipEvent {
  readonly type: string;
  readonly param?: string;
  readonly accountaor?: string;
  readonly peeruri?: string;
  readonly peerdisplayname?: string;
  readonly id?: string;
}

export interface Baresip extends Daemon {
  /** Folder with what it heard: `dump-…-dec.wav`. */
  readonly recordings: string;
  readonly events: BaresipEvent[];
  command(name: string, params?: string): void;
}

const MODULES = [
  ...['opus.so', 'g722.so', 'g711.so', 'aufile.so', 'ausine.so', 'aubridge.so', 'sndfile.so'],
  'uuid.so',
];
const PICTURE = ['vp8.so', 'fakevideo.so', 'snapshot.so'];
// accounts last: they name codecs that must be there
const APPLICATIONS = ['menu.so', 'ctrl_tcp.so', 'account.so'];

function configuration({ port, controlPort }: BaresipOptions, recordings: string): string {
  return `${[
    'poll_method epoll',
    `sip_listen 127.0.0.1:${port}`,
    'net_interface 127.0.0.1',
    'call_max_calls 64',
    'call_local_timeout 300',
    'audio_alert aubridge,none',
    'audio_player aubridge,sink',
    'audio_source ausine,440',
    'rtp_stats yes',
    'rtcp_mux no',
    `snd_path ${recordings}`,
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    'module_path /usr/lib/baresip/modules',
    'video_source fakevideo',
    'video_display fakevideo',
    'video_size 320x240',
    'video_fps 15',
    'video_bitrate 300000',
    ...[...MODULES, ...PICTURE].map((name) => `module ${name}`),
    ...APPLICATIONS.map((name) => `module_app ${name}`),
  ].join('\n')}\n`;
}

const account = ({ name, answer, says, codecs, video }: Account): string =>
  [
    `<sip:${name}@127.0.0.1>`,
    'regint=0',
    `answermode=${answer}`,
    `audio_codecs=${codecs ?? 'opus/48000/2,G722/8000/1,PCMU/8000/1,PCMA/8000/1'}`,
    `audio_source=aufile,${says}`,
    ...(video === true ? ['video_codecs=VP8'] : []),
  ].join(';');

/** A SIP telephone that plays speech to whoever calls, and records what it hears. */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  const { folder } = options;
  const recordings = join(folder, 'recordings');
  await mkdir(recordings, { recursive: true });
  await writeFile(join(folder, 'config'), configuration(options, recordings));
  await writeFile(join(folder, 'accounts'), `${options.accounts.map(account).join('\n')}\n`);
  await writeFile(join(folder, 'contacts'), '');
  const daemon = await startDaemon({
    name: 'baresip',
    program: options.program,
    args: ['-f', folder],
    folder,
    // without a terminal it still draws its status line
    onLine: (line) => {
      if (/\w/.test(line) && !line.startsWith('[0:')) options.onLine(line);
    },
    onExit: options.onExit,
    ready: (lines) => lines.some((line) => line.includes('baresip is ready')),
  });
  const events: BaresipEvent[] = [];
  const control = createConnection(options.controlPort, '127.0.0.1');
  await once(control, 'connect');
  control.on('error', () => {}); // it ended: `onExit` says so
  readNetstrings(control, (text) => {
    const message = JSON.parse(text) as BaresipEvent & { readonly event?: boolean };
    if (message.event !== true) return;
    events.push(message);
    options.onEvent?.(message);
  });
  return {
    ...daemon,
    recordings,
    events,
    command(name, params) {
      const text = JSON.stringify({ command: name, params, token: 'x' });
      control.write(`${Buffer.byteLength(text)}:${text},`);
    },
    async stop() {
      control.destroy();
      await daemon.stop();
    },
  };
}

function readNetstrings(socket: Socket, onText: (text: string) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const colon = rest.indexOf(':');
      const length = Number(rest.subarray(0, Math.max(colon, 0)).toString());
      if (colon < 1 || rest.length < colon + length + 2) return;
      onText(rest.subarray(colon + 1, colon + 1 + length).toString());
      rest = rest.subarray(colon + length + 2);
    }
  });
}
