import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Rules of WCAG 2.2 AA, and what is good practice beside. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Off by default, though a failure of WCAG 2.5.3. */
const RULES = { 'label-content-name-mismatch': { enabled: true } };

interface Axe {
  run(
    where: string,
    options: { runOnly: string[]; rules: typeof RULES; resultTypes: string[] },
  ): Promise<{
    violations: { id: string; nodes: { html: string; any: { message: string }[] }[] }[];
  }>;
}

/** Once for each document. */
export async function loadAxe(page: Page): Promise<void> {
  await page.addScriptTag({ path: AXE });
}

/** What a page breaks, one line for each of its elements. */
export async function violations(page: Page, where = 'html'): Promise<string[]> {
  return page.evaluate(
    async ([selector, tags, rules]) => {
      const { axe } = globalThis as unknown as { axe: Axe };
      const found = await axe.run(selector, {
        runOnly: tags,
        rules,
        resultTypes: ['violations'],
      });
      return found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
      );
    },
    [where, TAGS, RULES] as const,
  );
}
