/** The README's reference tables, made of the custom elements manifest. */

interface Named {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
}

interface Member extends Named {
  readonly kind: 'field' | 'method';
  readonly readonly?: boolean;
  readonly parameters?: readonly Named[];
  readonly return?: { readonly type: { readonly text: string } };
}

/** What is read of https://github.com/webcomponents/custom-elements-manifest */
export interface ElementDeclaration {
  readonly members: readonly Member[];
  readonly attributes: readonly (Named & { readonly fieldName?: string })[];
  readonly events: readonly Named[];
  readonly slots: readonly Named[];
  readonly cssParts: readonly Named[];
  readonly cssProperties: readonly Named[];
  readonly cssStates: readonly Named[];
}

export interface Manifest {
  readonly modules: readonly { readonly declarations: readonly ElementDeclaration[] }[];
}

const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `'a' | 'b'` as its values; a plain type has none to list. */
function values(type: string): string {
  return [...type.matchAll(/'([^']*)'/g)].map(([, value = '']) => code(value)).join(', ');
}

/** A default that is a value stands as code; a sentence stands as it is. */
function standard({ default: text, description = '' }: Named): string {
  if (text === undefined) return description.endsWith('Required.') ? 'required' : '–';
  return /^(#\w+|[\w-]+|\d+(px)?|[\w-]+, [\w-]+)$/.test(text) ? code(text) : text;
}

function attributes({ attributes: all }: ElementDeclaration): string {
  return table(
    ['attribute', 'meaning', 'default'],
    all.map((attribute) => {
      const { name, description = '', type } = attribute;
      const list = values(type?.text ?? '');
      const meaning = description.replace(/ Required\.$/, '');
      return [code(name), list ? `${list}. ${meaning}` : meaning, standard(attribute)];
    }),
  );
}

function properties({ members, attributes: mirrored }: ElementDeclaration): string {
  const known = new Set(mirrored.map(({ fieldName }) => fieldName));
  return table(
    ['property', 'type', 'meaning'],
    members
      .filter(({ kind, name }) => kind === 'field' && !known.has(name))
      .map(({ name, type, description = '', readonly }) => [
        code(name),
        code(type?.text ?? ''),
        `${description}${readonly ? ' Read-only.' : ''}`,
      ]),
  );
}

function methods({ members }: ElementDeclaration): string {
  return table(
    ['method', 'what it does'],
    members
      .filter(({ kind }) => kind === 'method')
      .map(({ name, parameters = [], return: returned, description = '' }) => {
        const inner = parameters.map((each) => `${each.name}: ${each.type?.text}`).join(', ');
        return [code(`${name}(${inner}): ${returned?.type.text}`), description];
      }),
  );
}

const list = (what: string, all: readonly Named[], show: (name: string) => string = code): string =>
  table(
    [what, 'meaning'],
    all.map(({ name, description = '' }) => [show(name), description]),
  );

/** The tables by the name of their markers, `<!-- attributes -->` … `<!-- /attributes -->`. */
export function readmeTables({ modules }: Manifest): Readonly<Record<string, string>> {
  const element = modules[0]?.declarations[0];
  if (element === undefined) throw new Error('the manifest has no element');
  const { events, slots, cssParts, cssProperties, cssStates } = element;
  return {
    attributes: attributes(element),
    properties: properties(element),
    methods: methods(element),
    events: list('event', events),
    slots: list('slot', slots, (name) => (name === '' ? '(default)' : code(name))),
    parts: list('part', cssParts),
    'custom properties': table(
      ['custom property', 'meaning', 'default'],
      cssProperties.map((property) => [
        code(property.name),
        property.description ?? '',
        standard(property),
      ]),
    ),
    states: list('custom state', cssStates, (name) => code(`:state(${name})`)),
  };
}

/** Puts each table between its markers. Throws where the README lacks a pair of them. */
export function withTables(readme: string, tables: Readonly<Record<string, string>>): string {
  let text = readme;
  for (const [name, content] of Object.entries(tables)) {
    const [before, rest] = text.split(`<!-- ${name} -->`);
    const after = rest?.split(`<!-- /${name} -->`)[1];
    if (before === undefined || after === undefined) {
      throw new Error(`no markers for "${name}" in the README`);
    }
    text = `${before}<!-- ${name} -->\n\n${content}\n\n<!-- /${name} -->${after}`;
  }
  return text;
}
