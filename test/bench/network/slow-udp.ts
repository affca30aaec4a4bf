import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { createDelayLine } from './delay-line.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type Side = 'browser' | 'gateway';

/** The media of one call. */
export interface MediaPath {
  /** The address that the other side must use for this one, IPv4. */
  mirror(address: Address, side: Side): Promise<Address>;
  /** When the browser was sent its first RTP packet, ms (`performance.now()`); null before. */
  readonly firstRtpAt: number | null;
  close(): void;
}

interface Mirror {
  readonly socket: Socket;
  readonly address: Address;
}

/** RFC 7983 and RFC 5761 §4: neither STUN nor DTLS nor RTCP. */
function isRtp(packet: Buffer): boolean {
  const [first = 0, second = 0] = packet;
  const type = second & 0x7f;
  return first >= 128 && first <= 191 && (type < 64 || type > 95);
}

/** Where a mirror can be bound: beside the address itself if that is this machine's. */
function hostFor({ host }: Address): string {
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family }) => family === 'IPv4');
  if (own.some(({ address }) => address === host)) return host;
  return (own.find(({ internal }) => !internal) ?? own[0])?.address ?? '127.0.0.1';
}

/**
 * Delays UDP like a pair of NATs: each address of one side is seen by the other as an address of ours, also one that
 * is learnt from a packet. Each way takes half a round trip.
 */
export function createMediaPath(rttMs: () => number): MediaPath {
  const mirrors = new Map<string, Promise<Mirror>>();
  const lines = {
    browser: createDelayLine(() => rttMs() / 2),
    gateway: createDelayLine(() => rttMs() / 2),
  };
  let firstRtpAt: number | null = null;
  let closed = false;

  async function create(real: Address, side: Side): Promise<Mirror> {
    const socket = createSocket('udp4');
    // an unreachable port is the sender's to notice, by its checks
    socket.on('error', () => {});
    socket.on('message', (packet, from) => {
      lines[side].push(() => {
        const source = { host: from.address, port: from.port };
        void mirrorOf(source, side === 'browser' ? 'gateway' : 'browser').then((mirror) => {
          if (closed) return;
          if (side === 'browser' && isRtp(packet)) firstRtpAt ??= performance.now();
          mirror.socket.send(packet, real.port, real.host);
        });
      });
    });
    const host = hostFor(real);
    socket.bind(0, host);
    await once(socket, 'listening');
    if (closed) socket.close();
    return { socket, address: { host, port: socket.address().port } };
  }

  function mirrorOf(real: Address, side: Side): Promise<Mirror> {
    const key = `${real.host}:${real.port}`;
    const known = mirrors.get(key);
    if (known !== undefined) return known;
    const made = create(real, side);
    mirrors.set(key, made);
    return made;
  }

  return {
    mirror: async (address, side) => (await mirrorOf(address, side)).address,
    get firstRtpAt() {
      return firstRtpAt;
    },
    close() {
      if (closed) return;
      closed = true;
      lines.browser.close();
      lines.gateway.close();
      for (const mirror of mirrors.values()) void mirror.then(({ socket }) => socket.close());
    },
  };
}
