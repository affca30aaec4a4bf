/** The administrator's console gets words that no visitor's browser loads; none where they cannot be had. */
export function tell(run: (words: typeof import('./explain.js')) => void): Promise<void> {
  return import('./explain.js').then(run, () => {});
}
