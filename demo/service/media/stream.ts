import { createDigitDetector } from './dtmf.js';
import { createMeter, levelOfExtension, levelOfPcmu } from './meter.js';
import type { KindStats } from './peer.js';
import type { Line } from './plan.js';
import { createReceiver, type Receiver } from './receiver.js';
import { buildPli, buildRemb, buildReport, parseRtcp } from './rtcp.js';
import { buildRtp, isRtcp, parseRtp, type RtpFields, type RtpPacket } from './rtp.js';
import { createTimeline } from './timeline.js';
import { startsKeyframe } from './vp8.js';

/** One audio or video stream in both directions, as bytes of RTP and RTCP. */
export interface Stream {
  readonly line: Line;
  readonly ssrc: number;
  /** Payload types may change with a new offer, the codec not. */
  renew(line: Line, allowed: { send: boolean }): void;
  receive(data: Buffer): void;
  /** A packet of a local source; dropped while mirroring, unless the source was given precedence. */
  send(source: object, packet: Omit<RtpFields, 'ssrc' | 'payloadType'>): void;
  /** This source goes before the mirror and before other sources, until it is released or another is preferred. */
  prefer(source: object): void;
  release(source: object): void;
  mirror(): void;
  readonly mirrored: boolean;
  /** Sender and receiver report; call it every second. */
  report(): void;
  stats(): KindStats;
}

export interface StreamOptions {
  readonly line: Line;
  readonly ssrc: number;
  readonly write: (data: Buffer) => void;
  readonly onDigit: (digit: string) => void;
  /** The caller's browser needs a key frame of a local source. */
  readonly onKeyframeRequest: () => void;
}

/** Bits per second: lets a browser leave its cautious start at once. */
const BITRATE = 1_500_000;
const PLI_INTERVAL_MS = 300;

/** Milliseconds since 1970 that never jump. */
const clock = (): number => performance.timeOrigin + performance.now();

export function createStream(options: StreamOptions): Stream {
  const { ssrc, write } = options;
  const { kind, codec } = options.line;
  let line = options.line;
  let allowed = { send: true };
  let receiver: Receiver | null = null;
  let preferred: object | null = null;
  // a decoder can enter a mirrored picture only with a key frame
  let mirroring: 'off' | 'waiting' | 'on' = 'off';
  // a new one after each pause: what was not sent must not look lost
  let mirrored = {};
  let lastPliMs = 0;
  const sent = { packets: 0, bytes: 0 };
  const timeline = createTimeline(codec.clockRate);
  const meter = createMeter();
  const onDigit = createDigitDetector(options.onDigit);

  function requestKeyframe(): void {
    const now = clock();
    if (kind !== 'video' || receiver === null || now - lastPliMs < PLI_INTERVAL_MS) return;
    lastPliMs = now;
    write(buildPli(ssrc, receiver.ssrc));
  }

  function put(source: object, packet: Omit<RtpFields, 'ssrc' | 'payloadType'>): void {
    if (!allowed.send) return;
    const place = timeline.place(source, packet, clock());
    if (place === null) return;
    sent.packets += 1;
    sent.bytes += packet.payload.length;
    write(buildRtp({ ...packet, ...place, ssrc, payloadType: line.codec.payloadType }));
  }

  function reflect(packet: RtpPacket, gap: boolean): void {
    if (mirroring === 'waiting') {
      if (kind === 'video' && !startsKeyframe(packet.payload)) {
        requestKeyframe();
        return;
      }
      mirroring = 'on';
    }
    if (gap) requestKeyframe();
    if (mirroring === 'on' && preferred === null) put(mirrored, packet);
  }

  function receiveRtcp(data: Buffer): void {
    const { keyframeRequests, senderReports } = parseRtcp(data);
    const ntpMiddle = receiver === null ? undefined : senderReports.get(receiver.ssrc);
    if (ntpMiddle !== undefined) receiver?.onSenderReport(ntpMiddle, clock());
    if (keyframeRequests === 0) return;
    if (mirroring === 'on') requestKeyframe();
    else options.onKeyframeRequest();
  }

  return {
    get line() {
      return line;
    },
    ssrc,
    get mirrored() {
      return mirroring === 'on';
    },
    renew(next, directions) {
      line = next;
      // the picture was away meanwhile: its decoder has lost the thread
      if (directions.send && !allowed.send && mirroring === 'on') mirroring = 'waiting';
      if (!directions.send) mirrored = {};
      allowed = directions;
    },
    receive(data) {
      if (isRtcp(data)) {
        receiveRtcp(data);
        return;
      }
      const packet = parseRtp(data);
      if (packet === null) return;
      const digit = packet.payloadType === line.digits?.payloadType;
      if (!digit && packet.payloadType !== line.codec.payloadType) return;
      if (receiver?.ssrc !== packet.ssrc) {
        receiver = createReceiver(packet, codec.clockRate);
        mirrored = {};
      }
      const { gap } = receiver.onPacket(packet, clock());
      if (digit) {
        mirrored = {};
        onDigit(packet.payload, packet.timestamp);
        return;
      }
      if (packet.payload.length === 0) return; // padding: a probe of the bandwidth
      const said =
        line.levelExtension === null ? undefined : packet.extensions.get(line.levelExtension);
      meter.onPacket(
        packet,
        codec.name === 'pcmu' ? levelOfPcmu(packet.payload) : levelOfExtension(said),
      );
      if (mirroring !== 'off') reflect(packet, gap);
    },
    send(source, packet) {
      if (preferred === source || (preferred === null && mirroring !== 'on')) put(source, packet);
    },
    prefer(source) {
      preferred = source;
    },
    release(source) {
      if (preferred === source) preferred = null;
    },
    mirror() {
      if (mirroring !== 'off') return;
      mirroring = 'waiting';
      requestKeyframe();
    },
    report() {
      const now = clock();
      write(
        buildReport(
          { ssrc, timestamp: timeline.at(now), ...sent },
          receiver?.block(now) ?? null,
          now,
        ),
      );
      if (kind === 'video' && receiver !== null) write(buildRemb(ssrc, receiver.ssrc, BITRATE));
    },
    stats: () => ({
      codec: codec.name,
      received: meter.stats(receiver?.lost() ?? 0),
      sent: { ...sent },
      mirrored: mirroring === 'on',
    }),
  };
}
