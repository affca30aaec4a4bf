/**
 * `npm run screenshots [scene…]`: every state × light, dark × phone, desktop × left-to-right, right-to-left, from real
 * calls, into `test/screenshots/`.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openPage, startWorld } from './support/e2e.js';
import { SCENE_ALIASES, SCENES } from './support/scenes.js';

const out = fileURLToPath(new URL('./screenshots/', import.meta.url));
const wanted = process.argv.slice(2);
const world = await startWorld({ ringMs: 200, aliases: SCENE_ALIASES });
await mkdir(out, { recursive: true });
const sizes = {
  phone: { width: 360, height: 720 },
  desktop: { width: 1024, height: 720 },
} as const;

for (const scene of SCENES) {
  if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const dir of ['ltr', 'rtl'] as const) {
      const call = await openPage(world, {
        ...scene.options,
        context: { viewport, colorScheme: 'light' },
        html: (element) =>
          `<meta name="viewport" content="width=device-width"><style>:root{color-scheme:light dark}body{margin:2rem;font:1rem/1.5 system-ui}</style><body dir="${dir}"><p>A page of some company, with a button in its text.</p>${element}`,
      });
      try {
        await scene.reach(call, world);
        for (const colorScheme of ['light', 'dark'] as const) {
          await call.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          const file = `${scene.name}-${size}-${dir}-${colorScheme}.png`;
          await call.page.screenshot({ path: `${out}${file}` });
          console.log(file);
        }
      } catch (error) {
        console.error(`${scene.name} ${size} ${dir}:`, error);
        process.exitCode = 1;
      } finally {
        await call.close();
      }
    }
  }
}
await world.close();
