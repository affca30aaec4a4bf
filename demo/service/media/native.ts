import { Audio, RtcpNackResponder, Video, type PeerConnection, type Track } from 'node-datachannel';
import { networkInterfaces } from 'node:os';
import type { Line } from './plan.js';
import type { Description } from './sdp.js';

/** libdatachannel offers no loopback candidate of its own; on a machine without network it is all there is. */
export function bindAddress(): { bindAddress?: string } {
  const outside = Object.values(networkInterfaces()).some((list) =>
    list?.some(({ internal }) => !internal),
  );
  return outside ? {} : { bindAddress: '127.0.0.1' };
}

/** What libdatachannel needs to know of an offer: transport, mids and SSRCs. Codecs and directions are ours. */
export function bridge(
  offer: Description,
  lines: readonly Line[],
  withCandidates: boolean,
): string {
  const sections = lines.flatMap(({ kind, mid, codec }) => {
    const { ssrcs = [] } = offer.sections.find((section) => section.mid === mid) ?? {};
    const name =
      codec.name === 'opus' ? 'opus/48000/2' : `${codec.name.toUpperCase()}/${codec.clockRate}`;
    return [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${codec.payloadType}`,
      'c=IN IP4 0.0.0.0',
      `a=mid:${mid}`,
      'a=sendrecv',
      'a=rtcp-mux',
      `a=rtpmap:${codec.payloadType} ${name}`,
      ...ssrcs.map((ssrc) => `a=ssrc:${ssrc} cname:caller`),
      ...(withCandidates ? offer.candidates.map((candidate) => `a=candidate:${candidate}`) : []),
    ];
  });
  const head = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${lines.map(({ mid }) => mid).join(' ')}`,
    `a=ice-ufrag:${offer.iceUfrag}`,
    `a=ice-pwd:${offer.icePwd}`,
    `a=fingerprint:${offer.fingerprint}`,
    // the caller is the DTLS client: a ClientHello of ours could reach it before our answer does, and be lost
    `a=setup:${offer.setup === 'passive' ? 'passive' : 'active'}`,
  ];
  return `${[...head, ...sections].join('\r\n')}\r\n`;
}

/** libdatachannel hands RTCP to the track whose SSRC it names; which codec it believes in does not matter. */
export function addTrack(native: PeerConnection, { kind, mid, codec }: Line, ssrc: number): Track {
  if (kind === 'audio') {
    const audio = new Audio(mid, 'SendRecv');
    audio.addOpusCodec(codec.payloadType);
    audio.addSSRC(ssrc, 'service', 'service', kind);
    return native.addTrack(audio);
  }
  const video = new Video(mid, 'SendRecv');
  video.addVP8Codec(codec.payloadType);
  video.addSSRC(ssrc, 'service', 'service', kind);
  const track = native.addTrack(video);
  // not RtcpReceivingSession: that one swallows the browser's requests for key frames
  track.setMediaHandler(new RtcpNackResponder());
  return track;
}
