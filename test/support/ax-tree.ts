import type { Page } from 'playwright-core';

/** Properties that change what a screen reader says. */
const SAID = [
  'level',
  'pressed',
  'checked',
  'expanded',
  'disabled',
  'readonly',
  'required',
  'invalid',
  'live',
  'focused',
];
/** Said as they are; everything inside is part of it. */
const TEXTS = ['paragraph', 'timer', 'StaticText'];
/** Neither said nor stopped at. */
const SILENT = 'none generic InlineTextBox LineBreak LabelText MenuListPopup option'.split(' ');

/**
 * What assistive technology gets of an element, one line for each role: `role "name" = value [state …]`, indented by
 * depth. The time is always 0:00.
 */
export async function accessibilityTree(page: Page, selector: string): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const { root } = await session.send('DOM.getDocument', { depth: 0 });
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector });
  const { node: start } = await session.send('DOM.describeNode', { nodeId });
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const lines: string[] = [];
  const words = (id: string): string => {
    const node = byId.get(id);
    if (node?.role?.value === 'StaticText') return String(node.name?.value ?? '');
    return (node?.childIds ?? []).map(words).join(' ');
  };
  const walk = (id: string, depth: number, said: string): void => {
    const node = byId.get(id);
    if (node === undefined) return;
    const role = String(node.role?.value ?? 'none');
    const text = TEXTS.includes(role);
    const name = text ? words(id).replace(/\s+/g, ' ').trim() : String(node.name?.value ?? '');
    const value = String(node.value?.value ?? '');
    const shown = !node.ignored && !SILENT.includes(role) && !(text && said.includes(name));
    if (shown) {
      const states = (node.properties ?? []).flatMap(({ name: state, value: { value } }) => {
        if (!SAID.includes(state) || value === 'false' || value === 'off') return [];
        if (value === false) return state === 'expanded' ? ['collapsed'] : [];
        return value === true || value === 'true' ? [state] : [`${state}=${String(value)}`];
      });
      lines.push(
        [
          '  '.repeat(depth) + (role === 'StaticText' ? 'text' : role),
          ...(name === '' ? [] : [`"${name}"`]),
          ...(value === '' ? [] : [`= ${value}`]),
          ...(states.length === 0 ? [] : [`[${states.join(' ')}]`]),
        ]
          .join(' ')
          .replace(/\b\d:\d\d\b/, '0:00'),
      );
    }
    // the words of a label are the name of what it labels
    if (role === 'LabelText') said = words(id);
    if (shown && text) return;
    for (const child of node.childIds ?? []) {
      walk(child, shown ? depth + 1 : depth, shown ? name + value : said);
    }
  };
  const top = nodes.find(({ backendDOMNodeId }) => backendDOMNodeId === start.backendNodeId);
  if (top !== undefined) walk(top.nodeId, 0, '');
  return lines.join('\n');
}
