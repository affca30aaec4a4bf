/**
 * The public interface as a list of names and what each looks like, and what a difference asks of the version
 * (https://semver.org). `test/release/api.json` is the list as it stands; that of the last version is the same file at
 * its tag.
 */
import { gte, inc, major, type ReleaseType } from 'semver';
import type { Manifest } from '../support/readme-tables.js';

/** By kind (`attributes`, `methods` …) and name; the text is what must not change unasked. */
export type Api = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly repository?: unknown;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly engines?: Readonly<Record<string, string>>;
}

export interface Change {
  readonly kind: string;
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface Named {
  readonly name: string;
  readonly type?: { readonly text: string };
  readonly default?: string;
}

function list<T extends Named>(all: readonly T[], text: (each: T) => string): Api[string] {
  const entries = all.map((each) => [each.name, text(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A default that is a sentence may be said in other words. */
const typed = ({ type, default: standard = '' }: Named): string =>
  [type?.text, /^[#\w.-]+$/.test(standard) && `default ${standard}`].filter(Boolean).join(', ');

/** `names` are what each entry of the package exports. */
export function describeApi(
  { modules }: Manifest,
  { exports, engines = {} }: PackageJson,
  names: Readonly<Record<string, readonly string[]>>,
): Api {
  const element = modules[0]?.declarations[0];
  if (element === undefined) throw new Error('the manifest has no element');
  const { members, attributes, events, slots, cssParts, cssProperties, cssStates } = element;
  return {
    attributes: list(attributes, typed),
    properties: list(
      members.filter(({ kind }) => kind === 'field'),
      (field) => `${field.readonly === true ? 'readonly ' : ''}${typed(field)}`,
    ),
    methods: list(
      members.filter(({ kind }) => kind === 'method'),
      ({ parameters = [], return: returned }) =>
        `(${parameters.map(({ name, type }) => `${name}: ${type?.text}`).join(', ')}) => ${returned?.type.text}`,
    ),
    events: list(events, typed),
    slots: list(
      slots.map((slot) => ({ ...slot, name: slot.name || '(default)' })),
      () => '',
    ),
    parts: list(cssParts, () => ''),
    'custom properties': list(cssProperties, typed),
    'custom states': list(cssStates, () => ''),
    // where a file lies inside is nobody's business
    entries: list(
      Object.keys(exports).map((name) => ({ name })),
      () => '',
    ),
    exports: list(
      Object.entries(names).flatMap(([entry, all]) =>
        all.map((name) => ({ name: `${entry} ${name}` })),
      ),
      () => '',
    ),
    engines: list(
      Object.keys(engines).map((name) => ({ name })),
      ({ name }) => engines[name] ?? '',
    ),
  };
}

export function compareApi(before: Api, after: Api): readonly Change[] {
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return kinds.flatMap((kind) => {
    const [old = {}, now = {}] = [before[kind], after[kind]];
    const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    return names
      .map((name) => ({ kind, name, before: old[name] ?? null, after: now[name] ?? null }))
      .filter((change) => change.before !== change.after);
  });
}

/** An attribute that takes more values than before, and all of those. */
function isWider({ kind, before, after }: Change): boolean {
  if (kind !== 'attributes' || before === null || after === null) return false;
  const [old, now] = [before, after].map((text) => {
    const [values = '', standard = ''] = text.split(', default ');
    return { values: values.split(' | '), standard };
  });
  return (
    old?.standard === now?.standard &&
    old?.values.every((value) => now?.values.includes(value)) === true
  );
}

const isBreaking = (change: Change): boolean => change.before !== null && !isWider(change);

/** The least step of the version after `last`. Before 1.0 a minor may break, and additions come with a patch. */
export function neededStep(last: string, changes: readonly Change[]): ReleaseType {
  const stable = major(last) > 0;
  if (changes.some(isBreaking)) return stable ? 'major' : 'minor';
  return stable && changes.length > 0 ? 'minor' : 'patch';
}

/** Why `next` may not follow `last` with these changes; `null` where it may. */
export function judgeVersion(
  last: string,
  next: string,
  changes: readonly Change[],
): string | null {
  const least = inc(last, neededStep(last, changes));
  if (least === null) throw new Error(`${last} is no version`);
  // 2.0.0-rc.1 announces 2.0.0
  if (gte(next.replace(/-.*$/, ''), least) && gte(next, last)) return null;
  const gone = changes.some(isBreaking) ? ', since something was removed or changed' : '';
  return `${next} cannot follow ${last}: at least ${least}${gone}`;
}

/** A line for each change, by kind: `-` is gone, `~` is another, `+` is new. */
export function formatChanges(changes: readonly Change[]): string {
  return changes
    .map(({ kind, name, before, after }) => {
      if (after === null) return `- ${kind}: ${name}`;
      if (before === null) return `+ ${kind}: ${name}${after && ` (${after})`}`;
      return `~ ${kind}: ${name} (${before || 'nothing'} → ${after || 'nothing'})`;
    })
    .join('\n');
}
