import { parseSync } from 'vite';

/** A node of an ESTree, as far as the diet looks at one. Positions are in UTF-16 units. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

export function parse(code: string, file: string): Node {
  const { program, errors } = parseSync(file, code);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message ?? 'cannot be parsed'}`);
  return program as unknown as Node;
}

export function childrenOf(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode);
}

/** Every node, parents first, with its ancestors, nearest last. */
export function* walk(
  node: Node,
  ancestors: readonly Node[] = [],
): Generator<readonly [node: Node, ancestors: readonly Node[]]> {
  yield [node, ancestors];
  const inner = [...ancestors, node];
  for (const child of childrenOf(node)) yield* walk(child, inner);
}

export function find(root: Node, wanted: (node: Node) => boolean): Node[] {
  return [...walk(root)].map(([node]) => node).filter(wanted);
}

/** Name of an identifier, or text of a string, as it stands for a key or a variable. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  const name = node['name'] ?? node['value'];
  return typeof name === 'string' ? name : undefined;
}

/** Blocks, bodies and switch cases: where a statement can be left out without leaving a gap. */
export function isList(node: Node | undefined): boolean {
  return ['Program', 'BlockStatement', 'SwitchCase'].includes(node?.type ?? '');
}

/** Applies edits; what lies inside a removed piece is gone with it. Throws where two overlap otherwise. */
export function apply(code: string, edits: readonly Edit[]): string {
  let at = 0;
  let result = '';
  let last = '';
  for (const { start, end, text } of [...edits].sort(
    (a, b) => a.start - b.start || b.end - a.end,
  )) {
    if (end <= at && last === '') continue;
    if (start < at) throw new Error(`two edits of "${code.slice(start, end)}"`);
    result += code.slice(at, start) + text;
    at = end;
    last = text;
  }
  return result + code.slice(at);
}
