/**
 * The demo's themes: a real call in each, in light and dark, and every text of it can be read.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage, startWorld, type World } from '../support/e2e.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const folder = new URL('../../demo/themes/', import.meta.url);
const themes = readdirSync(folder).filter((name) => name.endsWith('.css'));

let world: World;
before(async () => {
  world = await startWorld({ ringMs: 50 });
});
after(() => world.close());

/** Violations in light and in dark; the state stays. */
async function violations(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found = await page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: {
          run(
            where: string,
            options: { runOnly: string[]; rules: Record<string, { enabled: boolean }> },
          ): Promise<{
            violations: { id: string; nodes: { html: string; any: { message: string }[] }[] }[];
          }>;
        };
      };
      return (
        await axe.run('call-button', {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          // the letters on a key are decoration: its name is the digit
          rules: { 'label-content-name-mismatch': { enabled: false } },
        })
      ).violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any }) => `${id}: ${html.slice(0, 120)} ${any[0]?.message ?? ''}`),
      );
    });
    all.push(...found.map((text) => `${colorScheme}: ${text}`));
  }
  return all;
}

describe('the themes', () => {
  it('are four', () => assert.equal(themes.length, 4));

  for (const file of themes) {
    it(`${file} can be read in every state, in light and dark`, async () => {
      const css = readFileSync(new URL(file, folder), 'utf8');
      const call = await openPage(world, {
        html: (element) =>
          `<style>:root{color-scheme:light dark}${css}</style><main><h1>Page</h1>${element}</main>`,
      });
      const { page } = call;
      await page.addScriptTag({ path: AXE });
      const element = page.locator('call-button');
      await page.evaluate(async () => document.querySelector('call-button')!.open());
      await element.getByRole('button', { name: /^Start/ }).click();
      await element.getByText('Please enter your name.').waitFor();
      assert.deepEqual(await violations(page), [], 'form with an error');
      await element.getByLabel('Your name').fill('Ada Lovelace');
      await element.getByRole('button', { name: /^Start/ }).click();
      await call.waitForState('established');
      await element.getByRole('button', { name: 'Show keypad' }).click();
      assert.deepEqual(await violations(page), [], 'call with keypad');
      await element.getByRole('button', { name: 'Hang up' }).click();
      await call.waitForState('ended');
      assert.deepEqual(await violations(page), [], 'ended');
      assert.deepEqual(call.errors, []);
      await call.close();
    });
  }
});
