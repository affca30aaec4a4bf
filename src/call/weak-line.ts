import type { QualityLevel } from './ports.js';

/** Reports in a row, one a second, before a weak line is worth a word, and before it counts as over. */
const WEAK_AFTER = 3;
const OVER_AFTER = 10;

/** Whether to advise the visitor: once in a call, and not in and out with each second. */
export interface WeakLine {
  readonly advise: boolean;
  report(level: QualityLevel): void;
  /** The visitor has read it. */
  dismiss(): void;
}

export function createWeakLine(): WeakLine {
  let advise = false;
  let said = false;
  // weak reports in a row, or good ones below 0
  let run = 0;
  const end = (): void => {
    advise = false;
    said = true;
  };
  return {
    get advise() {
      return advise;
    },
    report(level) {
      run = level === 'poor' || level === 'bad' ? Math.max(run, 0) + 1 : Math.min(run, 0) - 1;
      if (run >= WEAK_AFTER && !said) advise = true;
      if (run <= -OVER_AFTER && advise) end();
    },
    dismiss: end,
  };
}
