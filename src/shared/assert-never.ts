/** Closes an exhaustive `switch`: the compiler refuses a call with a value that is still possible. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${String(value)}`);
}
