import { createDigitDetector } from './dtmf.js';
import { createMeter, levelOfExtension, levelOfPcmu } from './meter.js';
import type { KindStats } from './peer.js';
import type { Line } from './plan.js';
import { createReceiver, type Receiver } from './receiver.js';
import { buildPli, buildRemb, buildReport, parseRtcp } from './rtcp.js';
import { buildRtp, isRtcp, parseRtp, type RtpFields, type RtpPacket } from './rtp.js';
import { createTimeline } from './timeline.js';
import { startsKeyframe } from './vp8.js';

/** Whose packets go out by another stream. */
export interface Feeder {
  readonly codec: string;
  /** Its numbering starts anew with each source: what was not sent meanwhile must not look lost. */
  readonly source: object;
  requestKeyframe(): void;
}

/** What may go out at present. */
export interface Allowed {
  readonly send: boolean;
  /** Not only what we play ourselves. */
  readonly relay: boolean;
}

/** One audio or video stream in both directions, as bytes of RTP and RTCP. */
export interface Stream {
  readonly line: Line;
  readonly ssrc: number;
  /** Payload types may change with a new offer, the codec not. */
  renew(line: Line, allowed: Allowed): void;
  receive(data: Buffer): void;
  /** A packet of a local source; dropped while fed by a stream, unless the source was given precedence. */
  send(source: object, packet: Omit<RtpFields, 'ssrc' | 'payloadType'>): void;
  /** This source goes before a feeding stream and before other sources, until it is released or another is preferred. */
  prefer(source: object): void;
  release(source: object): void;
  /** What is received goes out by the stream that this finds at each packet; to itself it is an echo. Null: no more. */
  relay(outlet: (() => Stream | null) | null): void;
  /** A packet of a feeding stream. False: not now, or never with that codec. */
  feed(feeder: Feeder, packet: RtpPacket): boolean;
  unfeed(feeder: Feeder): void;
  /** Another stream's packets go out here. */
  readonly fed: boolean;
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
  /** Local sources are heard and seen again. */
  readonly onUnfed: () => void;
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
  let allowed: Allowed = { send: true, relay: true };
  let receiver: Receiver | null = null;
  let preferred: object | null = null;
  let feeding: Feeder | null = null;
  let outlet: (() => Stream | null) | null = null;
  let reached: Stream | null = null;
  let source = {};
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

  const feeder: Feeder = {
    codec: codec.name,
    get source() {
      return source;
    },
    requestKeyframe,
  };

  function detach(): void {
    if (reached === null) return;
    reached.unfeed(feeder);
    reached = null;
    source = {};
  }

  /** A decoder can enter a relayed picture only with a key frame, after each pause anew. */
  function pass(packet: RtpPacket, gap: boolean): void {
    const next = outlet?.() ?? null;
    if (reached !== next) detach();
    if (next === null) return;
    if (reached === null && kind === 'video' && !startsKeyframe(packet.payload)) {
      requestKeyframe();
      return;
    }
    if (!next.feed(feeder, packet)) {
      detach();
      return;
    }
    reached = next;
    if (gap) requestKeyframe();
  }

  function receiveRtcp(data: Buffer): void {
    const { keyframeRequests, senderReports } = parseRtcp(data);
    const ntpMiddle = receiver === null ? undefined : senderReports.get(receiver.ssrc);
    if (ntpMiddle !== undefined) receiver?.onSenderReport(ntpMiddle, clock());
    if (keyframeRequests === 0) return;
    if (feeding !== null) feeding.requestKeyframe();
    else options.onKeyframeRequest();
  }

  return {
    get line() {
      return line;
    },
    ssrc,
    get fed() {
      return feeding !== null;
    },
    renew(next, changed) {
      line = next;
      allowed = changed;
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
        source = {};
      }
      const { gap } = receiver.onPacket(packet, clock());
      if (digit) {
        source = {};
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
      pass(packet, gap);
    },
    send(from, packet) {
      if (preferred === from || (preferred === null && feeding === null)) put(from, packet);
    },
    prefer(from) {
      preferred = from;
    },
    release(from) {
      if (preferred === from) preferred = null;
    },
    relay(next) {
      if (next === null) detach();
      outlet = next;
      if (next !== null && reached === null) requestKeyframe();
    },
    feed(from, packet) {
      if (from.codec !== codec.name || !allowed.send || !allowed.relay) return false;
      feeding = from;
      if (preferred === null) put(from.source, packet);
      return true;
    },
    unfeed(from) {
      if (feeding !== from) return;
      feeding = null;
      options.onUnfed();
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
      mirrored: feeding === feeder,
    }),
  };
}
