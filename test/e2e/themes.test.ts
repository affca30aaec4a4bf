/**
 * The demo's themes: a real call in each, in light and dark, and every text of it can be read.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { loadAxe, violations } from '../support/axe.js';
import { openPage, startWorld } from '../support/e2e.js';
import { useShared } from '../support/hooks.js';

const folder = new URL('../../demo/themes/', import.meta.url);
const themes = readdirSync(folder).filter((name) => name.endsWith('.css'));

const world = useShared(() => startWorld({ ringMs: 50 }));

/** Violations in light and in dark; the state stays. */
async function inBoth(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    all.push(...(await violations(page, 'call-button')).map((text) => `${colorScheme}: ${text}`));
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
      await loadAxe(page);
      const element = page.locator('call-button');
      await page.evaluate(async () => document.querySelector('call-button')!.open());
      await element.getByRole('button', { name: /^Start/ }).click();
      await element.getByText('Please enter your name.').waitFor();
      assert.deepEqual(await inBoth(page), [], 'form with an error');
      await element.getByLabel('Your name').fill('Ada Lovelace');
      await element.getByRole('button', { name: /^Start/ }).click();
      await call.waitForState('established');
      await element.getByRole('button', { name: 'Show keypad' }).click();
      assert.deepEqual(await inBoth(page), [], 'call with keypad');
      await element.getByRole('button', { name: 'Hang up' }).click();
      await call.waitForState('ended');
      assert.deepEqual(await inBoth(page), [], 'ended');
      assert.deepEqual(call.errors, []);
      await call.close();
    });
  }
});
