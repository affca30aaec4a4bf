/** The little of SDP (RFC 8866, RFC 8829) that an answering service needs: it reads any offer and writes its own words. */

export type MediaKind = 'audio' | 'video';
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface Codec {
  readonly payloadType: number;
  /** Lower case, without parameters: `opus`, `pcmu`, `vp8`, `telephone-event`. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
}

export interface Section {
  readonly kind: string;
  readonly mid: string;
  /** As offered, for a refusal that repeats it. */
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly refused: boolean;
  readonly direction: Direction;
  readonly codecs: readonly Codec[];
  /** Header extension ids by URI. */
  readonly extensions: ReadonlyMap<string, number>;
  readonly rtcpMux: boolean;
  readonly ssrcs: readonly number[];
  readonly lines: readonly string[];
}

export interface Description {
  readonly sections: readonly Section[];
  /** Mids in the first BUNDLE group. */
  readonly bundle: readonly string[];
  readonly iceUfrag: string;
  readonly icePwd: string;
  /** `sha-256 AB:…` */
  readonly fingerprint: string;
  readonly setup: string;
  /** Values of `a=candidate`, without mDNS names: nobody here can resolve them, and the checks reveal the address. */
  readonly candidates: readonly string[];
}

const STATIC_CODECS: readonly Codec[] = [
  { payloadType: 0, name: 'pcmu', clockRate: 8000, channels: 1 },
  { payloadType: 8, name: 'pcma', clockRate: 8000, channels: 1 },
];

/** Values of `a=name:` (or of the flag `a=name`, as an empty string). */
function attributes(lines: readonly string[], name: string): string[] {
  const prefix = `a=${name}`;
  return lines
    .filter((line) => line === prefix || line.startsWith(`${prefix}:`))
    .map((line) => line.slice(prefix.length + 1).trim());
}

function parseCodecs(formats: readonly string[], lines: readonly string[]): Codec[] {
  const mapped = attributes(lines, 'rtpmap').map((value) =>
    /^(\d+) ([^/ ]+)\/(\d+)(?:\/(\d+))?/.exec(value),
  );
  return formats.flatMap((format) => {
    const found = mapped.find((match) => match?.[1] === format);
    const payloadType = Number(format);
    if (!found) return STATIC_CODECS.filter((codec) => codec.payloadType === payloadType);
    return [
      {
        payloadType,
        name: found[2]!.toLowerCase(),
        clockRate: Number(found[3]),
        channels: Number(found[4] ?? 1),
      },
    ];
  });
}

function parseSection(lines: readonly string[], session: readonly string[]): Section {
  const [, kind = '', port = '', protocol = '', formats = ''] =
    /^m=(\S+) (\S+) (\S+)(?: (.*))?$/.exec(lines[0] ?? '') ?? [];
  const list = formats.split(' ').filter((format) => format !== '');
  const directionOf = (from: readonly string[]): Direction | undefined =>
    (['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const).find((name) =>
      from.includes(`a=${name}`),
    );
  const extensions = attributes(lines, 'extmap').map((value) =>
    /^(\d+)(?:\/\w+)? (\S+)/.exec(value),
  );
  return {
    kind,
    mid: attributes(lines, 'mid')[0] ?? '',
    protocol,
    formats: list,
    refused: port === '0' && !lines.includes('a=bundle-only'),
    direction: directionOf(lines) ?? directionOf(session) ?? 'sendrecv',
    codecs: parseCodecs(list, lines),
    extensions: new Map(
      extensions.flatMap((match) => (match ? [[match[2]!, Number(match[1])] as const] : [])),
    ),
    rtcpMux: lines.includes('a=rtcp-mux'),
    ssrcs: [...new Set(attributes(lines, 'ssrc').map((value) => Number.parseInt(value, 10)))],
    lines,
  };
}

/** Never throws; what is missing is empty. */
export function parseDescription(sdp: string): Description {
  const [session = [], ...media] = sdp.split(/\r?\n(?=m=)/).map((part) => part.split(/\r?\n/));
  const sections = media.map((lines) => parseSection(lines, session));
  const bundle = attributes(session, 'group').find((value) => value.startsWith('BUNDLE'));
  const mids = bundle?.split(' ').slice(1) ?? [];
  // with BUNDLE the transport of the first bundled section counts: RFC 9143 section 7.2
  const leader = sections.find((section) => mids.length === 0 || mids.includes(section.mid));
  const everything = [...(leader?.lines ?? []), ...session];
  const first = (name: string): string => attributes(everything, name)[0] ?? '';
  return {
    sections,
    bundle: mids,
    iceUfrag: first('ice-ufrag'),
    icePwd: first('ice-pwd'),
    fingerprint: first('fingerprint'),
    setup: first('setup'),
    candidates: attributes(everything, 'candidate').filter(
      (value) => !/ [^ ]+\.local /.test(value),
    ),
  };
}

export const canSend = (direction: Direction): boolean =>
  direction === 'sendrecv' || direction === 'sendonly';
export const canReceive = (direction: Direction): boolean =>
  direction === 'sendrecv' || direction === 'recvonly';

export function toDirection(send: boolean, receive: boolean): Direction {
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}
