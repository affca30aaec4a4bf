/**
 * Short names for what only SIP.js and `src/sip` call by name: about 1.6 kB (gzip), and a tenth less to parse. Long
 * ones are a third of SIP.js, and no minifier may touch them, since it cannot see who else uses them. Here that can be
 * seen: a name is shortened only if it stands nowhere else in our sources, in no type of the browser or the language,
 * and in no string of the code in question.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { minifySync } from 'vite';
import { find, nameOf, type Node, parse } from './ast.js';

const WORD = /[A-Za-z_$][\w$]*/g;

function files(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

function wordsOf(paths: readonly string[]): Set<string> {
  return new Set(paths.flatMap((path) => readFileSync(path, 'utf8').match(WORD) ?? []));
}

function isPropertyName(node: Node): boolean {
  return (
    ['MemberExpression', 'Property', 'MethodDefinition', 'PropertyDefinition'].includes(
      node.type,
    ) && node['computed'] !== true
  );
}

/** All that the browser, the language, and the rest of our sources know by name. */
let foreign: Set<string> | null = null;
function foreignWords(sources: string): Set<string> {
  const types = dirname(createRequire(import.meta.url).resolve('typescript'));
  foreign ??= wordsOf([
    ...files(types, '.d.ts').filter((path) => /[\\/]lib\.[^\\/]*$/.test(path)),
    ...files(sources, '.ts').filter((path) => !/[\\/]src[\\/]sip[\\/]/.test(path)),
  ]);
  return foreign;
}

/**
 * Names in a chunk that may be shortened; `sip`: the code of SIP.js and of `src/sip` in it, `others`: that in other
 * chunks, whose names would be other short ones.
 */
export function ownNames(
  code: string,
  sip: readonly string[],
  sources: string,
  others: readonly string[] = [],
): string[] {
  const known = foreignWords(sources);
  const wordsIn = (texts: readonly string[]): Set<string> =>
    new Set(texts.flatMap((text) => text.match(WORD) ?? []));
  const sipWords = wordsIn(sip);
  const shared = wordsIn(others);
  const root = parse(code, 'chunk.js');
  const quoted = new Set(
    find(root, ({ type }) => type === 'Literal' || type === 'TemplateElement').flatMap(
      (node) => JSON.stringify(node['value'] ?? '').match(WORD) ?? [],
    ),
  );
  const names = find(root, isPropertyName).map((node) => nameOf(node['key'] ?? node['property']));
  return [...new Set(names)].filter(
    (name): name is string =>
      name !== undefined &&
      name.length > 2 &&
      // rules of the grammar: `Call_ID` is looked up by a header's name with its hyphens replaced
      !name.includes('_', 1) &&
      sipWords.has(name) &&
      !known.has(name) &&
      !shared.has(name) &&
      !quoted.has(name),
  );
}

/** The chunk with those names shortened; nothing else of it is changed. */
export function shortenNames(code: string, names: readonly string[]): string {
  const include = new RegExp(`^(?:${names.map((name) => name.replaceAll('$', '\\$')).join('|')})$`);
  const { code: short, errors } = minifySync('chunk.js', code, {
    module: true,
    compress: false,
    mangle: false,
    codegen: { removeWhitespace: false },
    mangleProps: { include },
  });
  if (errors.length > 0) throw new Error(errors[0]?.message);
  return short;
}
