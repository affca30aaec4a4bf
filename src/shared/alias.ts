/**
 * A service alias, the only thing a page can ask the gate for: the gateway maps it to a number from its own
 * table, so no page and no visitor can reach any other number.
 */
export const ALIAS_PATTERN = /^[a-z0-9][a-z0-9_-]{0,31}$/;

export function isAlias(value: unknown): value is string {
  return typeof value === 'string' && ALIAS_PATTERN.test(value);
}
