type Connection = Pick<
  RTCPeerConnection,
  'currentLocalDescription' | 'currentRemoteDescription' | 'localDescription' | 'getTransceivers'
>;

const sectionsOf = (sdp: string): string[] => sdp.split(/^(?=m=)/m);
const midOf = (section: string): string => /^a=mid:(\S+)/m.exec(section)?.[1] ?? '';

const sends = (direction: string | null): boolean => direction?.includes('send') === true;
const receives = (direction: string | null): boolean => direction?.includes('recv') === true;

/** RFC 8829 §5.3.1. */
function refusal(section: string): string {
  const line = section.split('\r\n')[0]?.replace(/ \d+ /, ' 0 ') ?? '';
  return `${line}\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\na=mid:${midOf(section)}\r\n`;
}

/**
 * An answer to the offer that is out, made on this side: what the far end said last, with no more than was agreed
 * before: lines that are new in the offer are refused. `null` before the first agreement.
 */
export function unchangedAnswer(pc: Connection): string | null {
  const remote = pc.currentRemoteDescription?.sdp;
  if (remote === undefined) return null;
  // an answer names one side of DTLS, and it must be the one that it was (RFC 8842 §5.5)
  const active = /^a=setup:active/m.test(pc.currentLocalDescription?.sdp ?? '');
  const agreed = sectionsOf(
    remote.replace(/^a=setup:actpass/gm, `a=setup:${active ? 'passive' : 'active'}`),
  );
  const before = sectionsOf(pc.currentLocalDescription?.sdp ?? '');
  const offered = sectionsOf(pc.localDescription?.sdp ?? '');
  const added = offered.slice(agreed.length).map(refusal);
  return agreed
    .map((section, index) => {
      const next = offered[index] ?? '';
      // a refused line that the offer has put to a new use
      if (midOf(before[index] ?? '') !== midOf(next)) return refusal(next);
      const transceiver = pc.getTransceivers().find((each) => each.mid === midOf(section));
      if (transceiver === undefined) return section;
      const { direction, currentDirection } = transceiver;
      // the other way round: it is theirs
      const send = receives(direction) && receives(currentDirection);
      const receive = sends(direction) && sends(currentDirection);
      const theirs = send ? (receive ? 'sendrecv' : 'sendonly') : receive ? 'recvonly' : 'inactive';
      return `${section.replace(/^a=(?:sendrecv|sendonly|recvonly|inactive)\r\n/gm, '')}a=${theirs}\r\n`;
    })
    .concat(added)
    .join('');
}
