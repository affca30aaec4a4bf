import type { createRandom } from './mutate.js';

/** `random(n)` is an integer from 0 to n - 1. */
export type Random = ReturnType<typeof createRandom>;

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

/** One to three small changes, each with something of `spice`: most of a short text survives them. */
export function spoil(text: string, spice: readonly string[], random: Random): string {
  let result = text;
  for (let i = random(3); i >= 0; i--) {
    const at = random(result.length + 1);
    const kept = at + pick(random, [0, 0, 1, 2, 8]);
    result = result.slice(0, at) + pick(random, spice) + result.slice(kept);
  }
  return result;
}
