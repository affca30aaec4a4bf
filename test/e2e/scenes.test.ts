/** Every state, as `npm run screenshots` shows it: no rule of axe is broken, in any look. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { loadAxe, violations } from '../support/axe.js';
import { startWorld, type World } from '../support/e2e.js';
import { inEveryLook, openScene, SCENE_ALIASES, SCENES } from '../support/scenes.js';

let world: World;
before(async () => {
  world = await startWorld({ ringMs: 50, aliases: SCENE_ALIASES });
});
after(() => world.close());

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
          found.push(...(await violations(call.page)).map((text) => `${look}: ${text}`));
        });
        assert.deepEqual(found, []);
        await call.close();
      });
    }
  },
);
