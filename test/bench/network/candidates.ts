import { isIPv4 } from 'node:net';
import type { Address } from './slow-udp.js';

const CANDIDATE = /^(a=candidate:\S+ \d+ udp \d+) (\S+) (\d+) (typ \S+)/i;

/** Puts another address in the place of every UDP candidate's; candidates that it cannot be asked for are left out. */
async function rewriteSdp(
  sdp: string,
  swap: (address: Address) => Promise<Address>,
): Promise<string> {
  const swapped = new Map<string, Address>();
  const lines: string[] = [];
  for (const line of sdp.split('\r\n')) {
    const [, start = '', host = '', port = '', type = ''] = CANDIDATE.exec(line) ?? [];
    if (isIPv4(host)) {
      const next = await swap({ host, port: Number(port) });
      swapped.set(`${host}:${port}`, next);
      lines.push(`${start} ${next.host} ${next.port} ${type}`);
    } else if (!line.startsWith('a=candidate:')) {
      lines.push(line);
    }
  }
  // the default destination (RFC 8839 §4.2.1.2) is one of the candidates
  return lines
    .join('\r\n')
    .split(/(?=^m=)/m)
    .map((section) => {
      const [, port = ''] = /^m=\S+ (\d+)/.exec(section) ?? [];
      const [, host = ''] = /^c=IN IP4 (\S+)/m.exec(section) ?? [];
      const next = swapped.get(`${host}:${port}`);
      if (next === undefined) return section;
      return section
        .replace(/^(m=\S+) \d+/, `$1 ${next.port}`)
        .replace(/^(c=IN IP4) \S+/m, `$1 ${next.host}`);
    })
    .join('');
}

/** A SIP message with the candidates in its SDP swapped and its Content-Length right; any other as it is. */
export async function rewriteMessage(
  message: string,
  swap: (address: Address) => Promise<Address>,
): Promise<string> {
  const end = message.indexOf('\r\n\r\n');
  if (end < 0 || !message.includes('\r\na=candidate:', end)) return message;
  const body = await rewriteSdp(message.slice(end + 4), swap);
  const head = message
    .slice(0, end)
    .replace(/^(Content-Length|l)\s*:.*$/im, `Content-Length: ${Buffer.byteLength(body)}`);
  return `${head}\r\n\r\n${body}`;
}
