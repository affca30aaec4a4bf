/** Who asks: an address as the limits see it. */
export interface Client {
  /** Normalised address, for the CAPTCHA provider. */
  readonly ip: string;
  /** What limits count by: an IPv4 address, or the /64 that one IPv6 customer has at least. */
  readonly network: string;
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/;

/** `null` for anything but an IP address. A zone index (`%eth0`) is dropped; IPv4-mapped addresses are IPv4. */
export function parseClient(address: string): Client | null {
  const text = address.trim().replace(/%.*$/, '');
  if (IPV4.test(text) && !text.endsWith('.')) return ipv4(text.split('.').map(Number));
  const groups = ipv6Groups(text);
  if (groups === null) return null;
  const [a, b, c, d, e, f, high = 0, low = 0] = groups;
  if ([a, b, c, d, e].every((group) => group === 0) && f === 0xffff) {
    return ipv4([high >> 8, high & 255, low >> 8, low & 255]);
  }
  const hex = groups.map((group) => group.toString(16));
  return { ip: hex.join(':'), network: `${hex.slice(0, 4).join(':')}::/64` };
}

function ipv4(bytes: readonly number[]): Client {
  const ip = bytes.join('.');
  return { ip, network: ip };
}

/** The eight groups; the URL parser knows every spelling. */
function ipv6Groups(text: string): number[] | null {
  if (!/^[\da-f:.]+$/i.test(text) || !text.includes(':')) return null;
  let host: string;
  try {
    host = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  } catch {
    return null;
  }
  const [head = '', tail] = host.split('::');
  const parse = (part: string) =>
    part
      .split(':')
      .filter(Boolean)
      .map((hex) => parseInt(hex, 16));
  const front = parse(head);
  const back = parse(tail ?? '');
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}
