/** SIP messages as nobody should send them: the same ones each time. */

/** mulberry32: the same run each time. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((((t ^ (t >>> 14)) >>> 0) * below) / 2 ** 32) | 0;
  };
}

const SPICE = [
  '\u0000', '\r', '\n', '\r\n', '\r\n ', '\r\n\r\n', '\t', '"', '\\', '<', '>', ';', ':', '@', ',', '%',
  '%00', '%ff', '%zz', '-1', '0', '4294967296', '99999999999999999999', 'é', '😀', '\ud83d', '\u2028',
  'sip:', 'tel:1', ';tag=', 'SIP/2.0', ' '.repeat(300), 'x'.repeat(9_000),
]; // prettier-ignore

/** One to three changes: something put in, taken out, replaced, lines doubled or lost, the end cut off. */
export function mutate(text: string, random: (below: number) => number): string {
  let result = text;
  for (let i = random(3); i >= 0; i--) {
    const at = random(result.length);
    const end = at + random(12);
    const spice = SPICE[random(SPICE.length)] ?? '';
    const lines = result.split('\r\n');
    const line = random(lines.length);
    switch (random(6)) {
      case 0:
        result = result.slice(0, at) + spice + result.slice(at);
        break;
      case 1:
        result = result.slice(0, at) + result.slice(end);
        break;
      case 2:
        result = result.slice(0, at) + spice + result.slice(end);
        break;
      case 3:
        lines.splice(line, 1);
        result = lines.join('\r\n');
        break;
      case 4:
        lines.splice(line, 0, lines[random(lines.length)] ?? '');
        result = lines.join('\r\n');
        break;
      default:
        result = result.slice(0, at);
    }
  }
  return result;
}
