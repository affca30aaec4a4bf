const direction = (part: string): string | undefined =>
  /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(part)?.[1];

/** The description's author would receive video: in an m-line that is not refused, of a direction that receives. */
export function takesVideo(sdp: string): boolean {
  const [session = '', ...media] = sdp.split(/^m=/m);
  return media.some((part) => {
    const way = direction(part) ?? direction(session);
    return /^video [1-9]/.test(part) && way !== 'sendonly' && way !== 'inactive';
  });
}
