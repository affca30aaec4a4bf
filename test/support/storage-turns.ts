/**
 * Test files run two at a time in pages of one origin: those that look at `localStorage` take turns, by a lock that the
 * pages share (Web Locks §2.2).
 */
export function takeTurnsWithStorage(): void {
  let release = (): void => {};
  before(function (this: Mocha.Context) {
    this.timeout(30_000);
    return new Promise<void>((granted) => {
      void navigator.locks.request(
        'localStorage',
        () =>
          new Promise<void>((resolve) => {
            release = resolve;
            granted();
          }),
      );
    });
  });
  after(() => release());
}
