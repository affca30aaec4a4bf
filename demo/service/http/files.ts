import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/** Anything else is not published, sources least of all. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.webm': 'video/webm',
};

export type Found =
  | { readonly kind: 'file'; readonly type: string; readonly body: Buffer }
  /** A folder asked for without its slash: relative links in its page would miss. */
  | { readonly kind: 'folder' }
  | { readonly kind: 'nothing' };

const NOTHING: Found = { kind: 'nothing' };

/** Segments of a URL path, decoded; null for whatever could lead out of the folder. */
function toSegments(path: string): string[] | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  const segments = decoded.split('/').filter((segment) => segment !== '');
  return segments.some((segment) => segment.startsWith('.') || /[\\\0:]/.test(segment))
    ? null
    : segments;
}

/**
 * Finds the file behind `path` (of a URL, still encoded) inside the folder `root`, not through links out of it, and
 * not in the folders named `hidden` right below `root`.
 */
export async function findFile(
  root: string,
  path: string,
  hidden: readonly string[] = [],
): Promise<Found> {
  const segments = toSegments(path);
  if (segments === null || hidden.includes(segments[0]?.toLowerCase() ?? '')) return NOTHING;
  if (path.endsWith('/') || segments.length === 0) segments.push('index.html');
  try {
    const base = await realpath(root);
    const file = await realpath(join(base, ...segments));
    if (!file.startsWith(base + sep)) return NOTHING;
    if ((await stat(file)).isDirectory()) {
      return (await findFile(root, `${path}/`)).kind === 'file' ? { kind: 'folder' } : NOTHING;
    }
    const type = TYPES[extname(file)];
    return type === undefined ? NOTHING : { kind: 'file', type, body: await readFile(file) };
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    ) {
      return NOTHING;
    }
    throw error;
  }
}
