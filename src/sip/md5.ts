/** MD5 (RFC 1321), which digest challenges ask for and browsers have not. */

/** Rotations in bits, four for each round. */
const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

/** With the padding and the length behind it, in blocks of 64 bytes. */
function padded(text: string): DataView {
  const bytes = new TextEncoder().encode(text);
  const blocks = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
  blocks.set(bytes);
  blocks[bytes.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 8, bytes.length * 8, true);
  return view;
}

/** Of the text's UTF-8, in hexadecimal. */
export function md5(text: string): string {
  const data = padded(text);
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  for (let block = 0; block < data.byteLength; block += 64) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const [f = 0, word = 0] = [
        [(b & c) | (~b & d), i],
        [(d & b) | (~d & c), 5 * i + 1],
        [b ^ c ^ d, 3 * i + 5],
        [c ^ (b | ~d), 7 * i],
      ][round] as number[];
      const sine = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32);
      const sum = a + f + sine + data.getUint32(block + (word % 16) * 4, true);
      const shift = SHIFTS[round * 4 + (i % 4)] ?? 0;
      [a, d, c, b] = [d, c, b, b + ((sum << shift) | (sum >>> (32 - shift)))];
    }
    // sums are taken modulo 2^32 by the array
    [a, b, c, d].forEach((value, i) => (state[i] = (state[i] ?? 0) + value));
  }
  return hex(state.buffer);
}

/** Not by `Array.from`: that of Prototype.js takes no function. */
export function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
