/** mulberry32: the same run each time. `random(n)` is an integer from 0 to n - 1. */
export type Random = (below: number) => number;

export function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) * below) / 2 ** 32);
  };
}

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

/** One to three insertions, deletions or replacements. */
export function mutate(text: string, spice: readonly string[], random: Random): string {
  let result = text;
  for (let i = random(3); i >= 0; i--) {
    const at = random(result.length + 1);
    const kept = at + pick(random, [0, 0, 1, 2, 8]);
    result = result.slice(0, at) + pick(random, spice) + result.slice(kept);
  }
  return result;
}
