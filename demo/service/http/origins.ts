import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Whose pages may use this service, and under which names it lets itself be called. */
export interface Origins {
  readonly list: readonly string[];
  /** Value of an `Origin` header. */
  allows(origin: string | undefined): boolean;
  /** The origin that a `Host` header stands for; null for names that are not ours (DNS rebinding). */
  ofHost(host: string | undefined): string | null;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const WILDCARDS = ['0.0.0.0', '::'];

const bracket = (address: string): string => (isIPv6(address) ? `[${address}]` : address);

function hostNames(host: string): string[] {
  if (!WILDCARDS.includes(host)) return [...LOOPBACK, bracket(host)];
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return [...LOOPBACK, ...own.map(({ address }) => bracket(address))];
}

/** Null where it is not an origin: it must have a scheme of the web, and nothing after the port. */
function normalize(origin: string): string | null {
  const url = URL.canParse(origin) ? new URL(origin) : null;
  return url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href
    ? url.origin
    : null;
}

/** `host` and `port` are what the server listens on; `extra` are further origins, say of a proxy in front. */
export function createOrigins(host: string, port: number, extra: readonly string[]): Origins {
  const own = hostNames(host).map((name) => `http://${name}:${port}`);
  const list = [...new Set([...own, ...extra].flatMap((origin) => normalize(origin) ?? []))];
  return {
    list,
    // only as browsers spell it: the look-alikes of a lenient parser stay outside
    allows: (origin) => origin !== undefined && list.includes(origin),
    ofHost(name) {
      if (name === undefined || !/^[\w.:[\]-]+$/.test(name)) return null;
      return (
        ['http', 'https']
          .map((scheme) => normalize(`${scheme}://${name}`))
          .find((origin) => origin !== null && list.includes(origin)) ?? null
      );
    },
  };
}
