import {
  apply,
  childrenOf,
  type Edit,
  find,
  isList,
  nameOf,
  type Node,
  parse,
  walk,
} from './ast.js';

const LEVELS = ['debug', 'log', 'warn', 'error'];
/** What a text may be put together from: nothing that could do anything but make the text. */
const PURE = [
  'Literal',
  'TemplateLiteral',
  'TemplateElement',
  'Identifier',
  'ThisExpression',
  'BinaryExpression',
  'ConditionalExpression',
  'MemberExpression',
];
const PURE_METHODS = ['toString', 'stringify', 'typeToString'];

function isPure(node: Node): boolean {
  const pure =
    node.type === 'CallExpression'
      ? PURE_METHODS.includes(nameOf((node['callee'] as Node)['property']) ?? '')
      : PURE.includes(node.type);
  return pure && childrenOf(node).every(isPure);
}

/** `this.logger.warn(…)`, `logger.warn(…)` or `this.logTransportError(…)`. */
function isLog(call: Node): boolean {
  if (call.type !== 'CallExpression') return false;
  const callee = call['callee'] as Node;
  if (callee.type !== 'MemberExpression') return false;
  const method = nameOf(callee['property']) ?? '';
  const owner = callee['object'] as Node;
  if (owner.type === 'ThisExpression') return method === 'logTransportError';
  const name = owner.type === 'MemberExpression' ? nameOf(owner['property']) : nameOf(owner);
  return name === 'logger' && LEVELS.includes(method);
}

/** `this.logger = … .getLogger(…)`. */
function isLoggerSetting(expression: Node): boolean {
  if (expression.type !== 'AssignmentExpression') return false;
  const left = expression['left'] as Node;
  const right = expression['right'] as Node;
  if (left.type !== 'MemberExpression' || right.type !== 'CallExpression') return false;
  const callee = right['callee'] as Node;
  return nameOf(left['property']) === 'logger' && nameOf(callee['property']) === 'getLogger';
}

/** A name after a dot or before a colon, no variable. */
function isKey(node: Node, parent: Node | undefined): boolean {
  if (parent?.['computed'] === true || parent?.['shorthand'] === true) return false;
  return parent?.['property'] === node || parent?.['key'] === node;
}

/** The whole statement where all it does is to write a pure value to this variable. */
function writeTo(node: Node, ancestors: readonly Node[]): Node | undefined {
  const [statement, parent] = ancestors.slice(-2);
  if (statement?.type === 'VariableDeclaration' && parent?.['id'] === node) {
    const init = parent['init'] as Node | null;
    const alone = (statement['declarations'] as Node[]).length === 1;
    return alone && (init === null || isPure(init)) ? statement : undefined;
  }
  if (statement?.type === 'ExpressionStatement' && parent?.type === 'AssignmentExpression') {
    return parent['left'] === node && isPure(parent['right'] as Node) ? statement : undefined;
  }
  return undefined;
}

/** All that writes to these variables, where nothing but the dropped statements has read them. */
function unread(scope: Node, names: ReadonlySet<string>, dropped: readonly Edit[]): Node[] {
  const kept = ({ start, end }: Node): boolean =>
    !dropped.some((edit) => edit.start <= start && end <= edit.end);
  return [...names].flatMap((name) => {
    const uses = [...walk(scope)].filter(
      ([node, ancestors]) => node['name'] === name && kept(node) && !isKey(node, ancestors.at(-1)),
    );
    const writes = uses.map(([node, ancestors]) => writeTo(node, ancestors));
    return writes.every((write) => write !== undefined) ? writes : [];
  });
}

/**
 * Leaves out what SIP.js writes to its log: calls that are statements of their own and whose arguments only make a
 * text, the loggers, and variables that only such calls have read. Throws if a log call does more or is left.
 */
export function dropLogs(code: string, file: string): string {
  const edits: Edit[] = [];
  const readBy = new Map<Node, Set<string>>();
  for (const [node, ancestors] of walk(parse(code, file))) {
    if (node.type !== 'ExpressionStatement') continue;
    const expression = node['expression'] as Node;
    const log = isLog(expression);
    if (!log && !isLoggerSetting(expression)) continue;
    const args = log ? (expression['arguments'] as Node[]) : [];
    if (!args.every(isPure)) {
      throw new Error(`${file}: a log call that may do more: ${code.slice(node.start, node.end)}`);
    }
    edits.push({ start: node.start, end: node.end, text: isList(ancestors.at(-1)) ? '' : ';' });
    const scope = ancestors.findLast(({ type }) => type.includes('Function'));
    if (scope === undefined) continue;
    const names = readBy.get(scope) ?? new Set();
    readBy.set(scope, names);
    for (const argument of args) {
      for (const { name } of find(argument, ({ type }) => type === 'Identifier')) {
        names.add(String(name));
      }
    }
  }
  const variables = [...readBy].flatMap(([scope, names]) => unread(scope, names, edits));
  const result = apply(code, [
    ...edits,
    ...variables.map(({ start, end }) => ({ start, end, text: '' })),
  ]);
  const left = find(parse(result, file), isLog)[0];
  if (left === undefined) return result;
  throw new Error(`${file}: a log call is left: ${result.slice(left.start, left.end)}`);
}

/** `new Error('text')` → `new Error()`, for each class whose name ends in `Error`. */
export function dropErrorTexts(code: string, file: string): string {
  const errors = find(
    parse(code, file),
    (node) => node.type === 'NewExpression' && (nameOf(node['callee']) ?? '').endsWith('Error'),
  );
  return apply(
    code,
    errors.flatMap((node) => {
      const [text, ...others] = node['arguments'] as Node[];
      if (text === undefined || others.length > 0 || !isPure(text)) return [];
      return [{ start: text.start, end: text.end, text: '' }];
    }),
  );
}
