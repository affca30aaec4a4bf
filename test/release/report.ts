/** What the dry run prints of a package. */
import type { Packed } from '../support/package.js';

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1).padStart(9)} kB`;

/** Files on top and of `dist/` by name; deeper ones as their folder, with their number. */
export function formatFiles({ files, size, unpackedSize }: Packed): string {
  const rows = new Map<string, { count: number; bytes: number }>();
  for (const { path, size: bytes } of files) {
    const folders = path.split('/');
    const name = folders.length > 2 ? `${folders.slice(0, -1).join('/')}/` : path;
    const row = rows.get(name) ?? { count: 0, bytes: 0 };
    rows.set(name, { count: row.count + 1, bytes: row.bytes + bytes });
  }
  const lines = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, { count, bytes }]) =>
        `${kB(bytes)}  ${name}${name.endsWith('/') ? ` (${count} files)` : ''}`,
    );
  return [
    ...lines,
    `${kB(unpackedSize)}  unpacked, ${files.length} files`,
    `${kB(size)}  packed`,
  ].join('\n');
}
