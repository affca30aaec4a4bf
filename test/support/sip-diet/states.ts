/**
 * Values in the place of SIP.js's constants: the names of methods, milliseconds, and numbers for states, which nobody
 * reads but to compare them. No minifier may do that: it sees objects, and not that nobody changes them.
 */
import { Timers } from 'sip.js/lib/core/timers.js';
import { apply, type Edit, find, nameOf, type Node, parse } from './ast.js';

/** All states of all enumerations: two of those have the same name. From 1, so that each counts as true. */
const STATES = [
  ...[
    'Initial',
    'Early',
    'AckWait',
    'Confirmed',
    'Terminated',
    'HaveLocalOffer',
    'HaveRemoteOffer',
  ],
  ...['Stable', 'Closed', 'Establishing', 'Established', 'Terminating', 'Started', 'Stopped'],
  ...['Accepted', 'Calling', 'Completed', 'Proceeding', 'Trying'],
];
const ENUMS = /^(?:(?:Transaction|Session|Signaling|UserAgent)State|C|Timers)$/;
/** Where they are made. */
export const ENUM_FILES =
  /^(?:core\/(?:transactions\/transaction-state|session\/session|messages\/methods\/constants)|api\/(?:session|user-agent)-state)\.js$/;

function valueOf(enumeration: string, name: string, file: string): string {
  if (enumeration === 'C') return JSON.stringify(name);
  const value =
    enumeration === 'Timers'
      ? Timers[name as keyof typeof Timers]
      : STATES.indexOf(name) + 1 || null;
  if (typeof value !== 'number') throw new Error(`${file}: no ${enumeration}.${name}`);
  return String(value);
}

/** Its enumerations as plain objects, of which nothing is left where all is inlined. */
export function plainEnums(code: string, file: string): string {
  const texts = find(parse(code, file), ({ type }) => type === 'AssignmentExpression').flatMap(
    ({ left, right }) => {
      const { object, property } = left as Node;
      const [enumeration, name] = [nameOf(object), nameOf(property)];
      if (enumeration === undefined || name === undefined || (right as Node).type !== 'Literal')
        return [];
      if (nameOf(right) !== name)
        throw new Error(`${file}: ${enumeration}.${name} has another value`);
      return [[enumeration, `${name}: ${valueOf(enumeration, name, file)}`] as const];
    },
  );
  return [...new Set(texts.map(([enumeration]) => enumeration))]
    .map((enumeration) => {
      const members = texts.filter(([of]) => of === enumeration).map(([, text]) => text);
      return `export const ${enumeration} = { ${members.join(', ')} };`;
    })
    .join('\n');
}

/** Each use of an imported enumeration as its value. */
export function inlineEnums(code: string, file: string): string {
  const root = parse(code, file);
  const imported = new Map(
    find(root, ({ type }) => type === 'ImportSpecifier').flatMap((specifier) => {
      const name = nameOf(specifier['imported']) ?? '';
      return ENUMS.test(name) ? [[nameOf(specifier['local']), name] as const] : [];
    }),
  );
  const edits = find(root, ({ type }) => type === 'MemberExpression').flatMap((node): Edit[] => {
    const object = node['object'] as Node;
    const enumeration = object.type === 'Identifier' ? imported.get(nameOf(object)) : undefined;
    if (enumeration === undefined) return [];
    const text = valueOf(enumeration, nameOf(node['property']) ?? '', file);
    return [{ start: node.start, end: node.end, text }];
  });
  return apply(code, edits);
}
