/** Every state, as `npm run screenshots` shows it: no rule of axe is broken, in any look, and everything has its room. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadAxe, violations } from '../support/axe.js';
import { startWorld } from '../support/e2e.js';
import { useShared } from '../support/hooks.js';
import { misfits, spaceText } from '../support/reflow.js';
import { inEveryLook, openScene, SCENE_ALIASES, SCENES } from '../support/scenes.js';

const world = useShared(() => startWorld({ ringMs: 50, aliases: SCENE_ALIASES }));

// two pages at a time: much of a scene is waiting
describe(
  'axe finds nothing wrong, in light and dark, on phone and desktop, from left and from right',
  {
    concurrency: 2,
  },
  () => {
    for (const scene of SCENES) {
      it(scene.name, async () => {
        const call = await openScene(scene, world);
        await loadAxe(call.page);
        const found: string[] = [];
        await inEveryLook(call, async (look) => {
          const all = [...(await violations(call.page)), ...(await misfits(call.page))];
          found.push(...all.map((text) => `${look}: ${text}`));
        });
        // as wide as a window of 1280 px at 400 %
        await call.page.setViewportSize({ width: 320, height: 640 });
        found.push(...(await misfits(call.page)).map((text) => `320 px: ${text}`));
        await spaceText(call.page);
        found.push(...(await misfits(call.page)).map((text) => `320 px, spaced: ${text}`));
        assert.deepEqual(found, []);
        await call.close();
      });
    }
  },
);

it('in forced colours a pressed control, the bars of the quality and the icon of the button can be told from what is behind them', async () => {
  const call = await openScene(
    SCENES.find(({ name }) => name === 'muted')!,
    world,
  );
  const { page } = call;
  await page.locator('[part=quality]').waitFor();
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const colours = await page.evaluate(() => {
    const host = document.querySelector('call-button')!.shadowRoot!;
    const panel = host.querySelector('call-button-panel')!.shadowRoot!;
    const of = (root: ShadowRoot, selector: string): CSSStyleDeclaration =>
      getComputedStyle(root.querySelector(selector)!);
    return {
      pressed: of(panel, '.control.on').backgroundColor,
      control: of(panel, '.control:not(.on)').backgroundColor,
      edge: of(panel, '.control:not(.on)').borderTopColor,
      bar: of(panel, '.quality i.on').backgroundColor,
      panel: of(panel, 'section').backgroundColor,
      icon: of(host, 'i').borderTopColor,
      button: of(host, '[part=launcher]').backgroundColor,
    };
  });
  assert.notEqual(colours.pressed, colours.control);
  assert.notEqual(colours.edge, colours.panel);
  assert.notEqual(colours.bar, colours.panel);
  assert.notEqual(colours.icon, colours.button);
  await call.close();
});
