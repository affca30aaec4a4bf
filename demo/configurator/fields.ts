/** The form's fields, as the custom elements manifest has them. */

export interface Field {
  readonly name: string;
  readonly description: string;
  /** What holds where the field is empty; empty where there is nothing to say. */
  readonly standard: string;
  /** Of an enumeration; empty for free text. */
  readonly values: readonly string[];
  readonly required: boolean;
  readonly numeric: boolean;
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly Field[];
}

export interface Fields {
  readonly attributes: readonly FieldGroup[];
  readonly properties: readonly Field[];
}

interface Named {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
}

/** What is read of https://github.com/webcomponents/custom-elements-manifest */
interface Manifest {
  readonly modules: readonly {
    readonly declarations: readonly {
      readonly attributes: readonly Named[];
      readonly cssProperties: readonly Named[];
    }[];
  }[];
}

const ESSENTIALS = 'The service';
const FURTHER = 'Further settings';

/** Where an attribute stands; one that is not listed stands under further settings. */
const GROUPS: readonly (readonly [title: string, names: readonly string[]])[] = [
  [ESSENTIALS, ['server', 'gate', 'target', 'captcha', 'sitekey']],
  ['The button', ['label', 'tel', 'media', 'placement', 'caller-name', 'lang', 'dir']],
  ['Before and after the call', ['consent', 'check', 'rating']],
  ['Opening hours', ['hours', 'time-zone', 'closed-on']],
  [FURTHER, []],
];

function toField({ name, description = '', default: standard = '', type }: Named): Field {
  return {
    name,
    description: description.replace(/ Required\.$/, ''),
    standard,
    values:
      type?.text === 'boolean'
        ? ['on']
        : [...(type?.text ?? '').matchAll(/'([^']*)'/g)].map(([, value = '']) => value),
    required: description.endsWith(' Required.'),
    numeric: type?.text === 'number',
  };
}

/** @throws TypeError where it is no manifest of one element. */
export function readFields(manifest: unknown): Fields {
  const element = (manifest as Manifest).modules[0]?.declarations[0];
  if (element === undefined) throw new TypeError('the manifest has no element');
  const all = element.attributes.map(toField);
  const listed = GROUPS.flatMap(([, names]) => names);
  return {
    attributes: GROUPS.map(([title, names]) => ({
      title,
      fields:
        title === FURTHER
          ? all.filter(({ name }) => !listed.includes(name))
          : names.flatMap((name) => all.filter((field) => field.name === name)),
    })),
    properties: element.cssProperties.map(toField),
  };
}
