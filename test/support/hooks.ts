/** What tests share and what each of them opens, closed whatever becomes of them. */
import { after, afterEach, before } from 'node:test';

interface Closable {
  close(): Promise<unknown>;
}

let turn: Promise<unknown> = Promise.resolve();

/** `before`, each after the one above it: node:test begins those of a file all at once. */
export function useBefore(prepare: () => unknown): void {
  before(async () => {
    await (turn = turn.then(prepare));
  });
}

/** Opened before the first test of the file or the `describe`, closed after the last; empty until then. */
export function useShared<T extends Closable>(open: () => Promise<T>): T {
  const shared = {} as T;
  useBefore(async () => Object.assign(shared, await open()));
  // what could not be opened has nothing to close
  after(() => (shared as Partial<T>).close?.());
  return shared;
}

/** Closes after each test what that test gave it. */
export function useKeep(): <T extends Closable>(opened: T) => T {
  const kept: Closable[] = [];
  afterEach(() => Promise.all(kept.splice(0).map((opened) => opened.close())));
  return (opened) => {
    kept.push(opened);
    return opened;
  };
}
