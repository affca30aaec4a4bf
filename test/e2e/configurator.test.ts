/** The configurator: what it shows is live, what it finds out is so, and what it gives to paste makes a call. */
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import packageJson from '../../package.json' with { type: 'json' };
import { until } from '../support/until.js';
import { useBefore } from '../support/hooks.js';
import { useWorld } from '../support/use-world.js';

const NOBODY = '127.0.0.1:1';

const demo = fileURLToPath(new URL('../../demo/', import.meta.url));

const { world, keep } = useWorld();
useBefore(async () => {
  for (const folder of ['configurator', 'themes']) {
    await cp(join(demo, folder), join(world.pages, folder), { recursive: true });
  }
});

async function visit(
  path: string,
  context: { colorScheme?: 'light' | 'dark' } = {},
): Promise<Page> {
  const made = keep(await world.browser.newContext(context));
  await made.grantPermissions(['microphone', 'clipboard-read', 'clipboard-write'], {
    origin: new URL(world.service.url).origin,
  });
  const page = await made.newPage();
  await page.goto(`${world.service.url}${path}`);
  return page;
}

async function configure(): Promise<Page> {
  const page = await visit('configurator/');
  await page.locator('#form #target').waitFor();
  return page;
}

/** Sign and text of each step, once all are done. */
async function check(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: /^Check/ }).click();
  await page.getByText(/All is well|thing.* wrong/).waitFor();
  return page
    .locator('.lines li')
    .evaluateAll((items) =>
      items.map(
        (item) =>
          `${item.getAttribute('class') ?? ''}: ${item.querySelector('h3')?.textContent ?? ''}`,
      ),
    );
}

describe('the configurator', () => {
  it('makes its form of the manifest, and shows what is set at once', async () => {
    const page = await configure();
    const manifest = JSON.parse(
      await readFile(new URL('../../dist/custom-elements.json', import.meta.url), 'utf8'),
    ) as { modules: { declarations: { attributes: { name: string }[] }[] }[] };
    const attributes = manifest.modules[0]!.declarations[0]!.attributes.map(({ name }) => name);
    assert.ok(attributes.length > 15);
    for (const name of attributes) {
      // a key and another host are of no use to ALTCHA
      const wanted = /^(sitekey|captcha-host)$/.test(name) ? 0 : 1;
      assert.equal(await page.locator(`#form #${name}`).count(), wanted, name);
    }
    await page.locator('#form #label').fill('Ask an expert');
    const preview = page.frameLocator('iframe');
    await preview.getByRole('button', { name: 'Ask an expert' }).waitFor();
    await page.getByRole('radio', { name: 'Quiet' }).check();
    await page.locator('#snippet', { hasText: '--call-button-' }).waitFor();
  });

  it('finds the whole way good where it is', async () => {
    const page = await configure();
    const lines = await check(page);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('bad')),
      [],
    );
    assert.ok(lines.length >= 6, lines.join('\n'));
    await page.getByText('All is well').waitFor();
  });

  it('says what is wrong with a gateway, a gate, a service and an attribute that are', async () => {
    const page = await configure();
    await page.locator('#form #server').fill(`ws://${NOBODY}/sip`);
    await page.locator('#form #target').fill('nobody');
    const first = await check(page);
    assert.ok(first.includes(`bad: WebSocket to ws://${NOBODY}/sip`), first.join('\n'));
    assert.ok(first.includes('skipped: It speaks SIP'));
    assert.ok(first.includes('bad: The gate knows “nobody”'), first.join('\n'));
    await page.locator('#form #gate').fill(`http://${NOBODY}/call-gate`);
    await page.locator('#form #target').fill('No Alias!');
    const second = await check(page);
    assert.ok(second.includes('bad: The settings make sense'), second.join('\n'));
    assert.ok(second.includes('bad: The gate can be reached, and lets this page ask'));
    // each with a way out
    const bad = await page.locator('.lines li.bad').count();
    assert.equal(await page.locator('.lines li.bad .remedy:not(:empty)').count(), bad);
  });

  it('gives a snippet that makes a call on a fresh page', async () => {
    const page = await configure();
    await page.locator('#form #label').fill('Talk "to" us & <them>');
    await page.getByRole('radio', { name: 'Bold' }).check();
    await page.locator('#snippet', { hasText: '--call-button-' }).waitFor();
    await page.getByRole('button', { name: 'Copy the snippet' }).click();
    await page.getByText('Copied.').waitFor();
    const snippet = await page.evaluate(() => navigator.clipboard.readText());
    await writeFile(
      join(world.pages, 'fresh.html'),
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>fresh</title>${snippet}`,
    );
    await page.goto(`${world.service.url}fresh.html`);
    await page.getByRole('button', { name: 'Talk "to" us & <them>' }).click();
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: /^Start/ }).click();
    await until(() => world.service.calls()[0]?.state === 'established');
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
  });

  it('names the moving address, or this version by its hashes, and that one calls', async () => {
    const page = await configure();
    const snippet = (): Promise<string> => page.locator('#snippet').innerText();
    const [major, minor] = packageJson.version.split('.');
    const moving = major === '0' ? `0.${minor}` : major;
    assert.ok(
      (await snippet()).includes(`src="${world.service.url}call-button/${moving}/call-button.js"`),
    );
    assert.doesNotMatch(await snippet(), /integrity/);
    await page.getByRole('checkbox', { name: /This version alone/ }).check();
    const pinned = await snippet();
    const base = `${world.service.url}call-button/${packageJson.version}/`;
    assert.match(pinned, /<script type="importmap">/);
    assert.ok(pinned.includes(`src="${base}call-button.js"`), pinned);
    await writeFile(
      join(world.pages, 'pinned.html'),
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>pinned</title>${pinned}`,
    );
    const scripts: string[] = [];
    page.on('request', (request) => {
      if (request.resourceType() === 'script') scripts.push(request.url());
    });
    await page.goto(`${world.service.url}pinned.html`);
    await page.locator('call-button [part=launcher]:visible').click();
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: /^Start/ }).click();
    await until(() => world.service.calls()[0]?.state === 'established');
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
    assert.ok(scripts.length > 3);
    for (const url of scripts) assert.ok(url.startsWith(base), url);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`passes axe in ${colorScheme} colours, results included`, async () => {
      const page = await visit('configurator/', { colorScheme });
      await page.locator('#form #server').fill(`ws://${NOBODY}/sip`);
      await check(page);
      const axe = createRequire(import.meta.url).resolve('axe-core');
      await page.addScriptTag({ path: axe });
      const found = await page.evaluate(async () => {
        const { axe: tool } = globalThis as unknown as { axe: typeof import('axe-core') };
        const { violations } = await tool.run(document, { iframes: false });
        return violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
        );
      });
      assert.deepEqual(found, []);
    });
  }
});
