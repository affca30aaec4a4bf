/**
 * `npm run screenshots [scene…]`: every state × light, dark × phone, desktop × left-to-right, right-to-left, from real
 * calls, into `test/screenshots/`.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startWorld } from './support/e2e.js';
import { inEveryLook, openScene, SCENE_ALIASES, SCENES } from './support/scenes.js';

const out = fileURLToPath(new URL('./screenshots/', import.meta.url));
const wanted = process.argv.slice(2);
const world = await startWorld({ ringMs: 200, aliases: SCENE_ALIASES });
await mkdir(out, { recursive: true });

for (const scene of SCENES) {
  if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
  try {
    const call = await openScene(scene, world);
    await inEveryLook(call, async (look) => {
      const file = `${scene.name}-${look}.png`;
      await call.page.screenshot({ path: `${out}${file}` });
      console.log(file);
    });
    await call.close();
  } catch (error) {
    console.error(`${scene.name}:`, error);
    process.exitCode = 1;
  }
}
await world.close();
