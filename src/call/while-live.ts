type Report = (...values: never[]) => void;

/** The same reports, which come to nothing once `live` says no: who sends them may be late. */
export function whileLive<R extends { [Name in keyof R]?: Report }>(
  live: () => boolean,
  reports: R,
): R {
  return Object.fromEntries(
    Object.entries<Report>(reports as Record<string, Report>).map(([name, report]) => [
      name,
      (...values: never[]) => {
        if (live()) report(...values);
      },
    ]),
  ) as R;
}
