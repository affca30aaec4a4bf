import { apply, type Edit, find, isList, nameOf, type Node, parse, walk } from './ast.js';

/** One thing to leave out of a module, or to write in another way. Throws if it is not there. */
export type Cut = (program: Node, code: string) => Edit[];

const remove = (start: number, end: number, text = ''): Edit => ({
  start,
  end,
  text,
});
const without = ({ start, end }: Node): Edit => remove(start, end);

function some(found: readonly Node[], what: string): readonly Node[] {
  if (found.length === 0) throw new Error(`no ${what}`);
  return found;
}

function only(found: readonly Node[], what: string): Node {
  const [node, second] = some(found, what);
  if (node === undefined || second !== undefined) throw new Error(`more than one ${what}`);
  return node;
}

/** The method or function of that name or, if there is none, the variable. */
function named(program: Node, name: string): Node {
  const all = find(program, (node) => nameOf(node['key'] ?? node['id']) === name);
  const functions = all.filter(({ type }) => /^(?:Method|Function)/.test(type));
  return only(functions.length > 0 ? functions : all, name);
}

/** Methods and accessors of the module's class; with `set ` before it, only the setter. */
export function members(...names: readonly string[]): Cut {
  return (program) => {
    const all = find(program, ({ type }) => type === 'MethodDefinition');
    return names.flatMap((name) =>
      some(
        all.filter((node) => {
          const key = nameOf(node['key']) ?? '';
          return key === name || (node['kind'] === 'set' && `set ${key}` === name);
        }),
        `member ${name}`,
      ).map(without),
    );
  };
}

function statementsIn(holder: Node): Node[] {
  return find(holder, isList).flatMap((list) => (list['body'] ?? list['consequent']) as Node[]);
}

/** Statements of a function, each the only one that begins so. */
export function statements(holder: string, ...beginnings: readonly string[]): Cut {
  return (program, code) => {
    const all = statementsIn(named(program, holder));
    return beginnings.map((beginning) =>
      without(
        only(
          all.filter(({ start }) => code.startsWith(beginning, start)),
          `statement "${beginning}" in ${holder}`,
        ),
      ),
    );
  };
}

/** All statements of a function that begin so. */
export function every(holder: string, beginning: string): Cut {
  return (program, code) =>
    some(
      statementsIn(named(program, holder)).filter(({ start }) => code.startsWith(beginning, start)),
      `statement "${beginning}" in ${holder}`,
    ).map(without);
}

/** From this statement of a function's body to the end. */
export function tail(holder: string, beginning: string): Cut {
  return (program, code) => {
    const value = named(program, holder)['value'] as Node;
    const body = (value['body'] as Node)['body'] as Node[];
    const first = only(
      body.filter(({ start }) => code.startsWith(beginning, start)),
      `statement "${beginning}" in the body of ${holder}`,
    );
    return [remove(first.start, body.at(-1)?.end ?? first.end)];
  };
}

/** Cases of the switch statements of a function. */
export function cases(holder: string, ...tests: readonly string[]): Cut {
  return (program, code) => {
    const all = find(named(program, holder), ({ type }) => type === 'SwitchCase');
    const textOf = (test: Node | null): string =>
      test === null ? 'default' : code.slice(test.start, test.end);
    return tests.map((text) =>
      without(
        only(
          all.filter((node) => textOf(node['test'] as Node | null) === text),
          `case ${text} in ${holder}`,
        ),
      ),
    );
  };
}

/** Keeps, of each `if` or `?:` of a function with this condition, the one branch. */
function decide(value: boolean, holder: string, conditions: readonly string[]): Cut {
  return (program, code) => {
    const all = [...walk(named(program, holder))].filter(([{ type }]) =>
      ['IfStatement', 'ConditionalExpression'].includes(type),
    );
    return conditions.flatMap((condition) => {
      const found = all.filter(([node]) => {
        const { start, end } = node['test'] as Node;
        return code.slice(start, end) === condition;
      });
      some(
        found.map(([node]) => node),
        `condition ${condition} in ${holder}`,
      );
      return found.flatMap(([node, ancestors]) => {
        const kept = node[value ? 'consequent' : 'alternate'] as Node | null;
        if (kept === null)
          return [remove(node.start, node.end, isList(ancestors.at(-1)) ? '' : ';')];
        return [remove(node.start, kept.start), remove(kept.end, node.end)];
      });
    });
  };
}

export const never = (holder: string, ...conditions: readonly string[]): Cut =>
  decide(false, holder, conditions);

export const always = (holder: string, ...conditions: readonly string[]): Cut =>
  decide(true, holder, conditions);

function propertiesOf(program: Node, holder: string): Node[] {
  return find(named(program, holder), ({ type }) => type === 'ObjectExpression').flatMap(
    (object) => object['properties'] as Node[],
  );
}

const keyOf = (property: Node): string => {
  const key = property['key'] as Node;
  return String(key['name'] ?? key['value']);
};

function withoutProperty({ start, end }: Node, code: string): Edit {
  const comma = /^\s*,/.exec(code.slice(end))?.[0] ?? '';
  return remove(start, end + comma.length);
}

/** Properties of the objects written in a function or variable. */
export function properties(holder: string, ...names: readonly string[]): Cut {
  return (program, code) => {
    const all = propertiesOf(program, holder);
    return names.flatMap((name) =>
      some(
        all.filter((property) => keyOf(property) === name),
        `property ${name} in ${holder}`,
      ).map((property) => withoutProperty(property, code)),
    );
  };
}

/** All properties but these. */
export function propertiesBut(holder: string, ...names: readonly string[]): Cut {
  return (program, code) => {
    const all = propertiesOf(program, holder);
    for (const name of names) {
      only(
        all.filter((property) => keyOf(property) === name),
        `property ${name} in ${holder}`,
      );
    }
    return all
      .filter((property) => !names.includes(keyOf(property)))
      .map((property) => withoutProperty(property, code));
  };
}

/** Another body for a function. */
export function body(holder: string, text: string): Cut {
  return (program) => {
    const node = named(program, holder);
    const block = ((node['value'] ?? node) as Node)['body'] as Node;
    return [remove(block.start, block.end, `{ ${text} }`)];
  };
}

/** Only so many arguments for a method, wherever the module calls it. */
export function firstArguments(method: string, count: number): Cut {
  return (program) =>
    some(
      find(
        program,
        (node) =>
          node.type === 'CallExpression' &&
          nameOf((node['callee'] as Node)['property']) === method &&
          (node['arguments'] as Node[]).length > count,
      ),
      `call of ${method} with more than ${count} arguments`,
    ).map((call) => {
      const list = call['arguments'] as Node[];
      const start = count === 0 ? list[0]?.start : list[count - 1]?.end;
      return remove(start ?? call.end, list.at(-1)?.end ?? call.end);
    });
}

/** Another text for one that stands there once. */
export function rewrite(text: string, by: string): Cut {
  return (_, code) => {
    const start = code.indexOf(text);
    if (start < 0) throw new Error(`no text "${text}"`);
    if (code.includes(text, start + 1)) throw new Error(`more than one text "${text}"`);
    return [remove(start, start + text.length, by)];
  };
}

export function cut(code: string, file: string, cuts: readonly Cut[]): string {
  const program = parse(code, file);
  try {
    return apply(
      code,
      cuts.flatMap((one) => one(program, code)),
    );
  } catch (error) {
    throw new Error(`The diet does not fit ${file}: ${String(error)}`, {
      cause: error,
    });
  }
}
