type Connection = Pick<
  RTCPeerConnection,
  'currentLocalDescription' | 'currentRemoteDescription' | 'getTransceivers'
>;

const sends = (direction: string | null): boolean => direction?.includes('send') === true;
const receives = (direction: string | null): boolean => direction?.includes('recv') === true;

/**
 * An answer to the offer that is out, made on this side: what the far end said last, with no more than was agreed
 * before. `null` before the first agreement.
 */
export function unchangedAnswer(pc: Connection): string | null {
  const remote = pc.currentRemoteDescription?.sdp;
  if (remote === undefined) return null;
  // an answer names one side of DTLS, and it must be the one that it was (RFC 8842 §5.5)
  const active = /^a=setup:active/m.test(pc.currentLocalDescription?.sdp ?? '');
  return remote
    .replace(/^a=setup:actpass/gm, `a=setup:${active ? 'passive' : 'active'}`)
    .split(/^(?=m=)/m)
    .map((section) => {
      const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
      const transceiver = pc.getTransceivers().find((each) => each.mid === mid);
      if (transceiver === undefined || mid === undefined) return section;
      const { direction, currentDirection } = transceiver;
      // the other way round: it is theirs
      const send = receives(direction) && receives(currentDirection);
      const receive = sends(direction) && sends(currentDirection);
      const theirs = send ? (receive ? 'sendrecv' : 'sendonly') : receive ? 'recvonly' : 'inactive';
      return `${section.replace(/^a=(?:sendrecv|sendonly|recvonly|inactive)\r\n/gm, '')}a=${theirs}\r\n`;
    })
    .join('');
}
