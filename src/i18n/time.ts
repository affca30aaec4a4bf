/**
 * `m:ss`, or `h:mm:ss` from an hour on: what a clock of a call shows, in the digits of `locale`. To be shown from left
 * to right in every language.
 */
export function formatDuration(ms: number, locale = 'en'): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const digits = (n: number, minimumIntegerDigits: number): string =>
    new Intl.NumberFormat(locale, { minimumIntegerDigits, useGrouping: false }).format(n);
  const minutes = Math.floor(seconds / 60);
  const last = digits(seconds % 60, 2);
  if (minutes < 60) return `${digits(minutes, 1)}:${last}`;
  return `${digits(Math.floor(minutes / 60), 1)}:${digits(minutes % 60, 2)}:${last}`;
}
