/** Longest caller name, in code points, that the form accepts and the gate signs. */
export const DISPLAY_NAME_MAX = 64;
