/** MD5 (RFC 1321) of a string's UTF-8, in hexadecimal: to check digest responses without the code that makes them. */
export function md5(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const length = ((bytes.length + 8) >> 6) * 64 + 64;
  const buffer = new Uint8Array(length);
  buffer.set(bytes);
  buffer[bytes.length] = 0x80;
  const view = new DataView(buffer.buffer);
  view.setUint32(length - 8, bytes.length * 8, true);

  const shifts = [
    [7, 12, 17, 22],
    [5, 9, 14, 20],
    [4, 11, 16, 23],
    [6, 10, 15, 21],
  ];
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < length; block += 64) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const [f, word] = [
        [(b & c) | (~b & d), i],
        [(d & b) | (~d & c), (5 * i + 1) % 16],
        [b ^ c ^ d, (3 * i + 5) % 16],
        [c ^ (b | ~d), (7 * i) % 16],
      ][round] as [number, number];
      const constant = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32);
      const sum = (a + f + constant + view.getUint32(block + word * 4, true)) | 0;
      const shift = shifts[round]?.[i % 4] ?? 0;
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    [a, b, c, d].forEach((value, i) => {
      state[i] = ((state[i] ?? 0) + value) | 0;
    });
  }
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((value, i) => digest.setUint32(i * 4, value, true));
  return Array.from(new Uint8Array(digest.buffer), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
