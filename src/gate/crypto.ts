/**
 * The few primitives that passes and credentials are made of, on WebCrypto alone.
 */
export type Bytes = Uint8Array<ArrayBuffer>;

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function toBase64(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes));
}

export function toBase64Url(bytes: Bytes): string {
  return toBase64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** `null` for anything but the one canonical spelling: RFC 4648 §3.5 leaves bits that would let a MAC be respelled. */
export function fromBase64Url(text: string): Bytes | null {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return toBase64Url(bytes) === text ? bytes : null;
}

export function toHex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function randomHex(byteCount: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(byteCount)));
}

export async function sha256Hex(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))));
}

export interface Mac {
  sign(text: string): Promise<Bytes>;
  /** In constant time. */
  verify(text: string, mac: Bytes): Promise<boolean>;
}

/** HMAC under one secret; the key is imported once. The secret must not be empty. */
export function createMac(hash: 'SHA-1' | 'SHA-256', secret: string): Mac {
  let imported: Promise<CryptoKey> | undefined;
  const key = () =>
    (imported ??= crypto.subtle.importKey('raw', utf8(secret), { name: 'HMAC', hash }, false, [
      'sign',
      'verify',
    ]));
  return {
    sign: async (text) => new Uint8Array(await crypto.subtle.sign('HMAC', await key(), utf8(text))),
    verify: async (text, mac) => crypto.subtle.verify('HMAC', await key(), mac, utf8(text)),
  };
}

/** Compares in constant time, whatever the lengths: both sides are MACed under a key that nobody knows. */
export async function sameSecret(given: string, expected: string): Promise<boolean> {
  const mac = createMac('SHA-256', randomHex(32));
  return mac.verify(given, await mac.sign(expected));
}
