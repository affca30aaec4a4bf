/**
 * Public names for programs: types and event classes. Importing this registers nothing and needs no `window`.
 */
