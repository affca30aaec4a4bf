/** MD5 (RFC 1321), which digest challenges ask for, put in the place of SIP.js's own when the browser bundle is built. */

/** Rotations of each round, in bits. */
const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

function padded(text: string): Uint32Array {
  const bytes = new TextEncoder().encode(text);
  const words = new Uint32Array((((bytes.length + 8) >> 6) + 1) * 16);
  [...bytes, 0x80].forEach((byte, i) => {
    words[i >> 2]! |= byte << ((i % 4) * 8);
  });
  words[words.length - 2] = bytes.length * 8;
  return words;
}

/** Of the text's UTF-8, in hexadecimal. */
function hashStr(text: string): string {
  const words = padded(text);
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  for (let block = 0; block < words.length; block += 16) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const f = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round]!;
      const k = [i, 5 * i + 1, 3 * i + 5, 7 * i][round]! % 16;
      const sum = a + f + Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) + words[block + k]!;
      const shift = SHIFTS[round]![i % 4]!;
      [a, d, c, b] = [d, c, b, b + ((sum << shift) | (sum >>> (32 - shift)))];
    }
    [a, b, c, d].forEach((value, i) => {
      state[i]! += value;
    });
  }
  return Array.from(new Uint8Array(state.buffer), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

export const Md5 = { hashStr };
