import type { IceServer, PassResponse } from '../shared/pass.js';

/** Farthest the expiry may be from the visitor's clock, s: such clocks are wrong by minutes, and the gateway judges. */
const CLOCK_SKEW_MAX = 86_400;
const ICE_SERVERS_MAX = 16;

// becomes part of SIP headers and quoted strings as it is (RFC 3261 §25.1): no space, control, quote or backslash
const isHeaderSafe = (value: unknown): boolean =>
  typeof value === 'string' && /^[!#-[\]-~]{1,4096}$/.test(value);

/**
 * Whether an answer is what a gate may send. The gate is the administrator's, what stands in its place need not be:
 * the answer turns into SIP headers, a WebSocket and a peer connection.
 */
export function isPass(
  value: unknown,
  { secure, now }: { readonly secure: boolean; readonly now: number },
): value is PassResponse {
  const { pass, username, password, expiresAt, iceServers, server, domain } = value as Record<
    keyof PassResponse,
    unknown
  >;
  return (
    [pass, username, password].every(isHeaderSafe) &&
    typeof expiresAt === 'number' &&
    Math.abs(expiresAt - now / 1000) < CLOCK_SKEW_MAX &&
    (iceServers === undefined ||
      (Array.isArray(iceServers) &&
        iceServers.length <= ICE_SERVERS_MAX &&
        iceServers.every(isIceServer))) &&
    (server === undefined ||
      (typeof server === 'string' &&
        server
          .trim()
          .split(/\s+/)
          // an https page may not open ws: (Mixed Content §4.4)
          .every((url) => (secure ? /^wss:/ : /^wss?:/).test(url) && URL.canParse(url)))) &&
    (domain === undefined ||
      (typeof domain === 'string' && /^([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])$/i.test(domain)))
  );
}

/** RTCPeerConnection throws on other schemes, and on TURN without credentials (W3C WebRTC 1.0 §4.4.1.1). */
function isIceServer(value: unknown): boolean {
  const { urls, username, credential } = (value ?? {}) as Record<keyof IceServer, unknown>;
  const scheme =
    typeof username === 'string' && typeof credential === 'string'
      ? /^(stun|turn)s?:\S+$/
      : /^stuns?:\S+$/;
  const list = [urls].flat();
  return list.length > 0 && list.every((url) => typeof url === 'string' && scheme.test(url));
}
