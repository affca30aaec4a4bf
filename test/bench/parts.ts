/** The files of the script-tag build as a page loads them. Bytes; gzip -9, as a CDN would serve it. */
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../../dist/', import.meta.url);

export interface Part {
  readonly file: string;
  readonly raw: number;
  readonly gzip: number;
  readonly text: string;
}

export interface Parts {
  readonly entry: Part;
  readonly files: readonly Part[];
  /** The chunk of that name which the entry or another part of this build loads; older builds may lie beside it. */
  chunk(name: string): Part;
  /** All that an audio call with ALTCHA in English loads. */
  readonly audioCall: readonly Part[];
}

/** Chunks that only some calls need. */
const OPTIONAL =
  /^(hcaptcha|turnstile|script-loader|bar|explain|hours|devices-view|device-list|extra|check|permission|rating|self-view|picture-in-picture|volume|video|muted-speech|agreement|deliver|log|digest|[a-z]{2})-/;

async function read(file: string): Promise<Part> {
  const data = await readFile(new URL(file, DIST));
  return {
    file,
    raw: data.length,
    gzip: gzipSync(data, { level: 9 }).length,
    text: data.toString(),
  };
}

/** What is in `dist/` now. */
export async function readParts(): Promise<Parts> {
  const entry = await read('call-button.js');
  const names = await readdir(new URL('chunks/', DIST));
  const files = await Promise.all(names.map((name) => read(`chunks/${name}`)));

  /** Follows imports, static and dynamic, but those that only some calls need. */
  const follow = (part: Part, seen: Map<string, Part>): Map<string, Part> => {
    seen.set(part.file, part);
    for (const [, name] of part.text.matchAll(/["'`](?:\.\/)?(?:chunks\/)?([\w-]+\.js)["'`]/g)) {
      if (name === undefined || OPTIONAL.test(name)) continue;
      const next = files.find(({ file }) => file === `chunks/${name}`);
      if (next !== undefined && !seen.has(next.file)) follow(next, seen);
    }
    return seen;
  };

  return {
    entry,
    files,
    audioCall: [...follow(entry, new Map()).values()],
    chunk(name) {
      const found = files.find(
        ({ file }) =>
          file.startsWith(`chunks/${name}-`) &&
          [entry, ...files].some(({ text }) => text.includes(file.slice('chunks/'.length))),
      );
      if (found === undefined) throw new Error(`no chunk "${name}"`);
      return found;
    },
  };
}
