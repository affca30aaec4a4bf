/** Longest caller name, in code points, that the form accepts and the gate signs. */
export const DISPLAY_NAME_MAX = 64;

/** Longest context for the callee, in bytes of UTF-8. */
export const CONTEXT_MAX_BYTES = 512;
