const PERIOD_MS = 20;

/**
 * Waits until the condition holds and returns its value. Fails with the condition's text and its last value when it
 * takes longer than `limitMs`: no test waits for a fixed time.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  limitMs = 8000,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value) return value as NonNullable<Exclude<T, false>>;
    if (performance.now() > end) {
      throw new Error(
        `still ${JSON.stringify(value)} after ${limitMs} ms: ${condition.toString()}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
  }
}
