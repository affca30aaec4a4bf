import type { Codec, Description, Direction, MediaKind, Section } from './sdp.js';

/** What is done with one section of the caller's offer. */
export interface Line {
  readonly kind: MediaKind;
  readonly mid: string;
  readonly codec: Codec;
  /** RFC 4733 with the clock of the codec. */
  readonly digits: Codec | null;
  /** Header extension id of RFC 6464. */
  readonly levelExtension: number | null;
}

export interface Refusal {
  readonly kind: string;
  readonly mid: string;
  readonly protocol: string;
  readonly formats: readonly string[];
}

export type Plan = readonly ({ readonly accepted: Line } | { readonly refused: Refusal })[];

/** The codecs that may be taken, by kind. */
export type Codecs = Readonly<Record<MediaKind, readonly string[]>>;

const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
export const CODECS: Codecs = {
  audio: ['opus', 'pcmu'],
  video: ['vp8'],
};

const isMediaKind = (kind: string): kind is MediaKind => kind === 'audio' || kind === 'video';

function planSection(
  section: Section,
  offer: Description,
  taken: ReadonlySet<MediaKind>,
  allowed: Codecs,
): Line | null {
  const { kind, mid, codecs } = section;
  if (!isMediaKind(kind) || taken.has(kind) || section.refused || mid === '' || !section.rtcpMux)
    return null;
  if (section.protocol !== 'UDP/TLS/RTP/SAVPF') return null;
  // one transport carries everything; without BUNDLE only the first section can have it
  if (offer.bundle.length === 0 ? section !== offer.sections[0] : !offer.bundle.includes(mid))
    return null;
  const codec = codecs.find(({ name }) => allowed[kind].includes(name));
  if (codec === undefined) return null;
  const sameClock = codecs.find(
    (other) => other.name === 'telephone-event' && other.clockRate === codec.clockRate,
  );
  return {
    kind,
    mid,
    codec,
    digits:
      kind === 'audio'
        ? (sameClock ?? codecs.find(({ name }) => name === 'telephone-event') ?? null)
        : null,
    levelExtension: kind === 'audio' ? (section.extensions.get(LEVEL_URI) ?? null) : null,
  };
}

/** Picks one codec for the first audio and the first video section; all others are refused. */
export function planAnswer(offer: Description, allowed = CODECS): Plan {
  const taken = new Set<MediaKind>();
  return offer.sections.map((section) => {
    const accepted = planSection(section, offer, taken, allowed);
    if (accepted === null) {
      const { kind, mid, protocol, formats } = section;
      return { refused: { kind, mid, protocol, formats } };
    }
    taken.add(accepted.kind);
    return { accepted };
  });
}

/** A plan with video in an m-line of its own, at the end, for an offer of ours. */
export function planVideo(plan: Plan): Plan {
  const mids = plan.map((entry) => ('accepted' in entry ? entry.accepted : entry.refused).mid);
  const used = linesOf(plan).flatMap(({ codec, digits }) => [
    codec.payloadType,
    digits?.payloadType,
  ]);
  // all share one transport, where a number means one thing (RFC 9143 section 9.1)
  const free = (from: number): number => (used.includes(from) ? free(from + 1) : from);
  const mid = (index: number): string =>
    mids.includes(`v${index}`) ? mid(index + 1) : `v${index}`;
  const codec: Codec = { payloadType: free(96), name: 'vp8', clockRate: 90_000, channels: 1 };
  const line: Line = { kind: 'video', mid: mid(0), codec, digits: null, levelExtension: null };
  return [...plan, { accepted: line }];
}

/** The plan after the answer to it: what the far end has refused stays refused. */
export function settlePlan(plan: Plan, answer: Description): Plan {
  return plan.map((entry, index) => {
    if (!('accepted' in entry)) return entry;
    const { kind, mid, codec } = entry.accepted;
    const section = answer.sections[index];
    const agreed = section?.codecs.some(({ name }) => name === codec.name);
    if (agreed === true && section?.mid === mid && !section.refused) return entry;
    const formats = [String(codec.payloadType)];
    return { refused: { kind, mid, protocol: 'UDP/TLS/RTP/SAVPF', formats } };
  });
}

/** Accepted lines of a plan. */
export const linesOf = (plan: Plan): Line[] =>
  plan.flatMap((entry) => ('accepted' in entry ? [entry.accepted] : []));

/** Our side of the transport. */
export interface Transport {
  readonly iceUfrag: string;
  readonly icePwd: string;
  readonly fingerprint: string;
  readonly candidates: readonly string[];
}

export interface WriteOptions {
  readonly transport: Transport;
  readonly sessionId: string;
  /** Grows with each description: RFC 8866 section 5.2. */
  readonly version: number;
  /** Value of `a=setup`. */
  readonly setup: string;
  /** The caller offered BUNDLE. */
  readonly bundled: boolean;
  readonly direction: (line: Line) => Direction;
  readonly ssrc: (kind: MediaKind) => number;
}

const map = (codec: Codec): string =>
  `a=rtpmap:${codec.payloadType} ${codec.name.toUpperCase()}/${codec.clockRate}${codec.channels > 1 ? `/${codec.channels}` : ''}`;

function codecLines({ kind, codec, digits }: Line): string[] {
  const { payloadType } = codec;
  const lines = [codec.name === 'opus' ? `a=rtpmap:${payloadType} opus/48000/2` : map(codec)];
  if (codec.name === 'opus') lines.push(`a=fmtp:${payloadType} minptime=10;useinbandfec=1`);
  if (kind === 'video') {
    lines.push(
      ...['nack', 'nack pli', 'ccm fir', 'goog-remb'].map(
        (mode) => `a=rtcp-fb:${payloadType} ${mode}`,
      ),
    );
  }
  if (digits !== null) {
    lines.push(`a=rtpmap:${digits.payloadType} telephone-event/${digits.clockRate}`);
    lines.push(`a=fmtp:${digits.payloadType} 0-15`);
  }
  return lines;
}

function lineSection(line: Line, options: WriteOptions): string[] {
  const { transport } = options;
  const formats = [line.codec, ...(line.digits === null ? [] : [line.digits])].map(
    (codec) => codec.payloadType,
  );
  const ssrc = options.ssrc(line.kind);
  return [
    `m=${line.kind} 9 UDP/TLS/RTP/SAVPF ${formats.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${line.mid}`,
    `a=${options.direction(line)}`,
    'a=rtcp-mux',
    `a=ice-ufrag:${transport.iceUfrag}`,
    `a=ice-pwd:${transport.icePwd}`,
    `a=fingerprint:${transport.fingerprint}`,
    `a=setup:${options.setup}`,
    ...codecLines(line),
    ...(line.levelExtension === null ? [] : [`a=extmap:${line.levelExtension} ${LEVEL_URI}`]),
    `a=msid:service ${line.kind}`,
    `a=ssrc:${ssrc} cname:service`,
    ...transport.candidates.map((candidate) => `a=candidate:${candidate}`),
    'a=end-of-candidates',
  ];
}

function refusedSection(refusal: Refusal): string[] {
  const lines = [
    `m=${refusal.kind} 0 ${refusal.protocol} ${refusal.formats.join(' ')}`,
    'c=IN IP4 0.0.0.0',
  ];
  if (refusal.mid !== '') lines.push(`a=mid:${refusal.mid}`);
  return [...lines, 'a=inactive'];
}

/** Answer or new offer: what libdatachannel would write mirrors the caller's words, and browsers refuse the result. */
export function writeDescription(plan: Plan, options: WriteOptions): string {
  const mids = linesOf(plan).map(({ mid }) => mid);
  const lines = [
    'v=0',
    `o=- ${options.sessionId} ${options.version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    ...(options.bundled ? [`a=group:BUNDLE ${mids.join(' ')}`] : []),
    'a=msid-semantic:WMS *',
    ...plan.flatMap((entry) =>
      'accepted' in entry ? lineSection(entry.accepted, options) : refusedSection(entry.refused),
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
