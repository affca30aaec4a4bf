const random = (): string => crypto.randomUUID().replaceAll('-', '').slice(0, 12);

/** An OPTIONS out of dialog (RFC 3261 section 11.1), with the transport and the made-up host of RFC 7118. */
function optionsRequest(url: string, domain: string): string {
  const me = `${random()}.invalid`;
  const transport = url.startsWith('wss:') ? 'WSS' : 'WS';
  return [
    `OPTIONS sip:${domain} SIP/2.0`,
    `Via: SIP/2.0/${transport} ${me};branch=z9hG4bK${random()}`,
    'Max-Forwards: 70',
    `From: <sip:check@${me}>;tag=${random()}`,
    `To: <sip:${domain}>`,
    `Call-ID: ${random()}`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:check@${me};transport=ws>`,
    'Accept: application/sdp',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** Status of the final response to OPTIONS on an open WebSocket. Rejects where none comes before `signal`. */
export function sendOptions(
  socket: WebSocket,
  domain: string,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('no answer'));
    signal.addEventListener('abort', fail);
    socket.addEventListener('close', fail);
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const status =
        typeof data === 'string' ? /^SIP\/2\.0 ([2-6]\d\d) /.exec(data)?.[1] : undefined;
      if (status !== undefined) resolve(Number(status));
    });
    socket.send(optionsRequest(socket.url, domain));
  });
}
