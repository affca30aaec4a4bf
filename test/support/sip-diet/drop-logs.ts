import { apply, childrenOf, type Edit, find, isList, nameOf, type Node, parse, walk } from './ast.js';

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

function isPure(node: Node): boolean {
  const called = node.type === 'CallExpression' ? nameOf((node['callee'] as Node)['property']) : '';
  if (called === 'toString' || called === 'stringify' || called === 'typeToString') return true;
  return PURE.includes(node.type) && childrenOf(node).every(isPure);
}

/** Assigned or declared names that only logs have read. */
function unread(scope: Node, names: ReadonlySet<string>, dropped: readonly Edit[]): Node[] {
  const kept = (node: Node): boolean =>
    !dropped.some(({ start, end }) => start <= node.start && node.end <= end);
  return [...names].flatMap((name) => {
    const uses = [...walk(scope)].filter(
      ([node, ancestors]) => node['name'] === name && kept(node) && !isKey(node, ancestors.at(-1)),
    );
    const writes = uses.map(([node, ancestors]) => writeOf(node, ancestors));
    return writes.every((write) => write !== undefined) ? writes : [];
  });
}

/** The whole statement where all it does is to write to this variable. */
function writeOf(node: Node, ancestors: readonly Node[]): Node | undefined {
  const [statement, parent] = ancestors.slice(-2);
  if (statement === undefined || parent === undefined) return undefined;
  if (statement.type === 'VariableDeclaration' && parent.type === 'VariableDeclarator') {
    const init = parent['init'] as Node | null;
    const alone = (statement['declarations'] as Node[]).length === 1;
    return alone && parent['id'] === node && (init === null || isPure(init)) ? statement : undefined;
  }
  if (statement.type === 'ExpressionStatement' && parent.type === 'AssignmentExpression') {
    return parent['left'] === node && isPure(parent['right'] as Node) ? statement : undefined;
  }
  return undefined;
}

/** A name after a dot or before a colon, no variable. */
function isKey(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined || parent['computed'] === true || parent['shorthand'] === true) return false;
  return parent['property'] === node || parent['key'] === node;
}

const isFunction = ({ type }: Node): boolean => /Function/.test(type);

/**
 * Leaves out what SIP.js writes to its log: calls that are statements of their own and whose arguments only make a
 * text, the loggers themselves, and variables that only such calls have read. Throws if a log call is left.
 */
export function dropLogs(code: string, file: string): string {
  const program = parse(code, file);
  const edits: Edit[] = [];
  const read = new Map<Node, Set<string>>();
  for (const [node, ancestors] of walk(program)) {
    if (node.type !== 'ExpressionStatement') continue;
    const expression = node['expression'] as Node;
    const log = isLog(expression);
    if (!log && !isLoggerSetting(expression)) continue;
    const args = log ? (expression['arguments'] as Node[]) : [];
    if (!args.every(isPure)) {
      throw new Error(`${file}: a log call that may do more: ${code.slice(node.start, node.end)}`);
    }
    edits.push({ start: node.start, end: node.end, text: isList(ancestors.at(-1)) ? '' : ';' });
    const scope = ancestors.findLast(isFunction);
    if (scope === undefined) continue;
    const names = read.get(scope) ?? new Set<string>();
    for (const argument of args) {
      for (const { name } of find(argument, ({ type }) => type === 'Identifier')) {
        names.add(name as string);
      }
    }
    read.set(scope, names);
  }
  const dropped = [...edits];
  for (const [scope, names] of read) {
    for (const { start, end } of unread(scope, names, dropped)) edits.push({ start, end, text: '' });
  }
  const result = apply(code, edits);
  const left = find(parse(result, file), isLog)[0];
  if (left !== undefined) {
    throw new Error(`${file}: a log call is left: ${result.slice(left.start, left.end)}`);
  }
  return result;
}
