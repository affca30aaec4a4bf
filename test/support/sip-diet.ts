/**
 * SIP.js 0.21.2 for the browser bundle, from 46.9 to about 9.3 kB (gzip), without another SIP.js in the sources: its
 * modules are changed while they are bundled. Whoever bundles the npm modules gets it as published.
 *
 * The caller in `src/sip` (the phone there is built without the diet) has its own transport and description handler,
 * and answers most requests before SIP.js sees them (`dialog-requests.ts`), which is why it can do without:
 *
 * 1. the description handler and transport for browsers, which `UserAgent` names as defaults of its options;
 * 2. the log, which `src/sip` turns off, and the texts of errors, which it does not read (`drop-logs.ts`);
 * 3. registering, subscribing, publishing, messages, transfer, being called, options that `src/sip` does not set, and
 *    branches that cannot be reached without them (`cuts-api.ts`, `cuts-core.ts`). What should come nevertheless is
 *    refused: another method with 501, a request without To tag with 481;
 * 4. the PEG parser for all of SIP, in place of which comes one for the headers that are read (`src/sip/diet/grammar.ts`);
 * 5. the answer to challenges, which is ours and loaded when there is one (`src/sip/challenge.ts`);
 * 6. long names of its methods and fields (`names.ts`), and names for its states (`states.ts`).
 *
 * What makes that safe: the build fails if a letter of SIP.js differs from what the cuts were made for (`pin.ts`), if
 * something to be cut is not there or not unique, if a log call is left, if a module with cuts is not loaded, and if
 * modules other than the caller's import SIP.js. The tests compare byte by byte what leaves the socket with and without
 * the diet, in random calls with random faults, and the caller's tests pass with both
 * (`web-test-runner.diet.config.mjs`). After a change to the caller, run them.
 */
import { fileURLToPath } from 'node:url';
import type { Plugin, Rolldown } from 'vite';
import { API } from './sip-diet/cuts-api.js';
import { CORE } from './sip-diet/cuts-core.js';
import { cut } from './sip-diet/cut.js';
import { dropErrorTexts, dropLogs } from './sip-diet/drop-logs.js';
import { ownNames, shortenNames } from './sip-diet/names.js';
import { checkPin } from './sip-diet/pin.js';
import { ENUM_FILES, inlineEnums, plainEnums } from './sip-diet/states.js';

const PACKAGE = fileURLToPath(new URL('../../node_modules/sip.js', import.meta.url));
const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));

/** Modules that others of ours stand in for; paths from `sip.js/lib` and from `src`. */
const STAND_INS: Readonly<Record<string, string>> = {
  'grammar/grammar.js': 'sip/diet/grammar.ts',
};

/** Modules of which only the name is needed. */
const SHORT: Readonly<Record<string, string>> = {
  'core/exceptions/transaction-state-error.js': 'export const TransactionStateError = Error;',
  'api/exceptions/request-pending.js': 'export const RequestPendingError = Error;',
  'api/exceptions/content-type-unsupported.js': 'export const ContentTypeUnsupportedError = Error;',
};

const CUTS = { ...API, ...CORE };
const CHANGED = Object.keys({ ...STAND_INS, ...SHORT, ...CUTS });

/** A module of SIP.js as it shall be; `sources`: where `src` is found, `keep`: modules to leave as they are. */
function slim(file: string, code: string, sources: string, keep: readonly string[]): string | null {
  // nothing of these is in the bundle
  if (/^(?:grammar\/pegjs|platform|core\/log)\//.test(file) || keep.includes(file)) return null;
  const standIn = STAND_INS[file];
  if (standIn !== undefined) return `export * from '${sources}/${standIn}';`;
  if (ENUM_FILES.test(file)) return plainEnums(code, file);
  const short = SHORT[file];
  if (short !== undefined) return short;
  const rest = dropErrorTexts(dropLogs(cut(code, file, CUTS[file] ?? []), file), file);
  return inlineEnums(rest, file);
}

/** Who is known to get by with what is left: the caller. */
const IMPORTERS = /\/src\/sip\/(?:user-agent|outgoing-call|hang-up|dialog-reinvite|diet\/\w+)\.ts$/;

/** Path from `sip.js/lib`. */
const fileOf = (path: string): string | undefined => /\/sip\.js\/lib\/(.*\.js)$/.exec(path)?.[1];

const isOurs = (id: string): boolean => /[\\/]src[\\/]sip[\\/]/.test(id);

/** Code of SIP.js and of `src/sip` in a chunk. */
function sipCode({ modules }: Pick<Rolldown.RenderedChunk, 'modules'>): string[] {
  return Object.entries(modules).flatMap(([id, module]) =>
    fileOf(id) !== undefined || isOurs(id) ? [module.code ?? ''] : [],
  );
}

/** For Vite's build. `keep`: modules of SIP.js to leave as they are; `names`: to leave whole. */
export function sipDiet(
  keep: readonly string[] = [],
  names: readonly string[] | 'all' = [],
): Plugin {
  const missing = new Set(CHANGED);
  return {
    name: 'call-button:sip-diet',
    apply: 'build',
    buildStart() {
      checkPin(PACKAGE);
    },
    transform(code, id) {
      const file = fileOf(id);
      if (file === undefined) return isOurs(id) ? inlineEnums(code, id) : null;
      missing.delete(file);
      return slim(file, code, SOURCES.replaceAll('\\', '/'), keep);
    },
    renderChunk(code, chunk, _options, { chunks }) {
      if (names === 'all') return null;
      const sip = sipCode(chunk);
      if (sip.length === 0) return null;
      const others = Object.values(chunks).filter(({ fileName }) => fileName !== chunk.fileName);
      const own = ownNames(code, sip, SOURCES, others.flatMap(sipCode));
      return shortenNames(
        code,
        own.filter((name) => !names.includes(name)),
      );
    },
    buildEnd(error) {
      if (error !== undefined) return;
      for (const id of this.getModuleIds()) {
        const importers = fileOf(id) === undefined ? [] : (this.getModuleInfo(id)?.importers ?? []);
        const other = importers.find((name) => fileOf(name) === undefined && !IMPORTERS.test(name));
        if (other !== undefined) throw new Error(`The diet is not made for what ${other} needs`);
      }
      if (missing.size === 0) return;
      throw new Error(`The diet has cuts for what is not loaded: ${[...missing].join(', ')}`);
    },
  };
}

interface ServerPlugin {
  readonly name: string;
  transform(context: { path: string; body: unknown }): string | undefined;
}

/** For the server of the browser tests. */
export function sipDietServer(): ServerPlugin {
  checkPin(PACKAGE);
  return {
    name: 'call-button:sip-diet',
    transform({ path, body }) {
      const file = fileOf(path);
      return file === undefined ? undefined : (slim(file, String(body), '/src', []) ?? undefined);
    },
  };
}
