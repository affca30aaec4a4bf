/**
 * The demo as `npm start` serves it: its page, its directory of services, and the page where a person answers.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openAgent, type World } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const { world, keep } = useWorld({
  pages: fileURLToPath(new URL('../../demo/', import.meta.url)),
});

async function visit(options: Parameters<World['browser']['newContext']>[0] = {}): Promise<Page> {
  const context = keep(await world.browser.newContext(options));
  await context.grantPermissions(['microphone', 'camera'], { origin: world.service.url });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(world.service.url);
  await page.waitForFunction(() => customElements.get('call-button') !== undefined);
  return page;
}

async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations: found } = await axe.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

describe('the demo page', () => {
  for (const [name, options] of [
    ['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
    ['dark, on a phone', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
  ] as const) {
    it(`has no accessibility violation: ${name}`, async () => {
      const page = await visit(options);
      assert.deepEqual(await violations(page), []);
      // nothing is wider than the window
      const [width, scroll] = await page.evaluate(() => [
        innerWidth,
        document.documentElement.scrollWidth,
      ]);
      assert.ok(scroll <= width, `${scroll} px wide`);
    });
  }

  it('shows every button in the theme that is picked, and keeps it in its address', async () => {
    const page = await visit();
    const looks = (): Promise<string[]> =>
      page
        .locator('call-button')
        .evaluateAll((all) =>
          all.map((element) => getComputedStyle(element).getPropertyValue('--call-button-accent')),
        );
    const [own] = await looks();
    await page.getByLabel('Theme').selectOption('Print');
    await until(async () => (await looks()).every((accent) => accent !== own));
    const themed = await looks();
    assert.match(page.url(), /\?theme=print$/);
    await page.reload();
    assert.deepEqual(await looks(), themed);
    assert.equal(await page.getByLabel('Theme').inputValue(), 'print');
    await page.getByLabel('Theme').selectOption('of this page');
    assert.equal((await looks())[0], own);
  });

  it('calls only services that there are', async () => {
    const page = await visit();
    const targets = await page
      .locator('call-button')
      .evaluateAll((all) => all.map((element) => element.getAttribute('target') ?? ''));
    assert.ok(
      ['echo', 'menu', 'agent'].every((name) => targets.includes(name)),
      targets.join(),
    );
    for (const target of new Set(targets)) {
      const response = await page.request.get(
        `${world.service.gateUrl}/challenge?target=${target}`,
        { headers: { Origin: world.service.url.slice(0, -1) } },
      );
      assert.equal(response.status(), 200, target);
    }
  });

  it('connects the directory’s bench with the page of who answers, who sees department and page', async () => {
    const agent = keep(await openAgent(world));
    const page = await visit();
    await page.evaluate(() => history.replaceState(null, '', '#prices'));
    const bench = page.locator('call-button[target=agent]');
    await bench.getByRole('button', { name: 'Call the bench' }).click();
    await bench.getByLabel('Your name').fill('Zoë Müller');
    await bench.getByRole('button', { name: /^Start/ }).click();
    await agent.page.getByRole('heading', { name: 'Zoë Müller' }).waitFor();
    const said = await agent.page.locator('main').innerText();
    assert.match(said, /is calling by video, from \/#prices\./);
    assert.match(said, /department\s+Bench/i);
    assert.match(said, /title\s+Ostrander & Vale/i);
    assert.deepEqual(await violations(agent.page), []);
    await agent.button('Answer').click();
    await agent.page.getByText('In call').waitFor();
    assert.deepEqual(await violations(agent.page), []);
    await agent.button('Hang up').click();
    await until(() => world.service.calls().length === 0);
    assert.deepEqual(await violations(agent.page), []);
  });
});
