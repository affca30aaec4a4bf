/**
 * How the script-tag build is published: the folders of a version, and the lines that load it by its hashes
 * (https://www.w3.org/TR/sri-2/). Runs in browsers as well.
 */

/** `dist/integrity.json`. */
export interface Integrity {
  readonly version: string;
  /** SHA-384 of each file as the attribute `integrity` has it, by its path beside `call-button.js`. */
  readonly files: Readonly<Record<string, string>>;
}

export const ENTRY = 'call-button.js';

/** The moving folder of a version; none for a prerelease, which nobody shall get unasked. */
export function movingFolder(version: string): string | null {
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+(?:\+|$)/.exec(version) ?? [];
  if (major === undefined) return null;
  return major === '0' ? `0.${minor}` : major;
}

/**
 * An import map that lets the browser run chunks of these bytes alone, and the entry's tag. `modulepreload` would not
 * do: it protects no `import()`. `base` is the folder of the entry, with its slash; `only` leaves out chunks of which
 * the page knows that it never loads them, which would load unchecked.
 */
export function integrityLines(
  { files }: Integrity,
  base: string,
  only: (name: string) => boolean = () => true,
): string {
  const hashes = Object.entries(files)
    .filter(([name]) => name !== ENTRY && only(name))
    .map(([name, hash]) => [new URL(name, base).href, hash] as const);
  const map = JSON.stringify({ integrity: Object.fromEntries(hashes) }, null, 2);
  const entry = files[ENTRY];
  if (entry === undefined) throw new Error(`no hash of ${ENTRY}`);
  return `<script type="importmap">
${map}
</script>
<script async crossorigin integrity="${entry}" src="${new URL(ENTRY, base).href}"></script>
`;
}
