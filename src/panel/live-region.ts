/** Longer than a screen reader takes to fetch what is new in a live region, ms. */
const SAID_AFTER_MS = 2000;

export interface LiveRegion {
  /**
   * Has the region say what is new, and takes it back: who reads the panel line by line finds it once, where it is to
   * be seen. `null`: it is not drawn.
   */
  say(region: Element | null, text: string): void;
  dispose(): void;
}

export function createLiveRegion(): LiveRegion {
  let saying: ReturnType<typeof setTimeout> | undefined;
  let said: readonly [region: Element | null, text: string] = [null, ''];
  return {
    say(region, text) {
      if (region === null || (region === said[0] && text === said[1])) return;
      said = [region, text];
      region.textContent = text;
      clearTimeout(saying);
      saying = setTimeout(() => (region.textContent = ''), SAID_AFTER_MS);
    },
    dispose: () => clearTimeout(saying),
  };
}
