/** Runs things later, in the order in which they came. */
export interface DelayLine {
  /** Runs it one delay from now, and one delay after `writtenAt` (ms, `performance.now()`) where that is later. */
  push(run: () => void, writtenAt?: number): void;
  /** Runs nothing any more. */
  close(): void;
}

/** `delayMs` is asked for each push. At 0 things run at once. */
export function createDelayLine(delayMs: () => number): DelayLine {
  const queue: { readonly due: number; readonly run: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let last = 0;

  function flush(): void {
    timer = undefined;
    // timers round down: what is due within half a millisecond is due
    while (queue[0] !== undefined && queue[0].due <= performance.now() + 0.5) queue.shift()!.run();
    const next = queue[0];
    if (next !== undefined) timer ??= setTimeout(flush, Math.max(1, next.due - performance.now()));
  }

  return {
    push(run, writtenAt = 0) {
      const now = performance.now();
      last = Math.max(last, Math.max(now, writtenAt) + delayMs());
      if (last <= now && queue.length === 0) {
        run();
        return;
      }
      queue.push({ due: last, run });
      timer ??= setTimeout(flush, last - now);
    },
    close() {
      clearTimeout(timer);
      queue.length = 0;
    },
  };
}
