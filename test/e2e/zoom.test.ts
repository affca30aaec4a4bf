/**
 * At 200 % (WCAG 1.4.4): a window of 1280 × 720 px has half as many of each then, and two device pixels to each. What
 * matters of a call is all there, nothing is cut off, and nothing has to be scrolled both ways (1.4.10).
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startWorld } from '../support/e2e.js';
import { useShared } from '../support/hooks.js';
import { misfits, unreachable } from '../support/reflow.js';
import { openScene, SCENE_ALIASES, SCENES } from '../support/scenes.js';

const world = useShared(() => startWorld({ ringMs: 50, aliases: SCENE_ALIASES }));

const NAMES = [
  'floating',
  'form-slots',
  'check-video',
  'microphone-denied',
  'muted',
  'keypad',
  'devices',
  'established-video',
  'corner',
  'devices-video',
  'fullscreen-keypad',
  'fullscreen-devices',
  'minimised-floating',
  'no-answer',
];

// two pages at a time: much of a scene is waiting
describe(
  'at 200 % everything is there, within the window, and scrolls one way',
  { concurrency: 2 },
  () => {
    for (const scene of NAMES.map((name) => SCENES.find((each) => each.name === name)!)) {
      it(scene.name, async () => {
        const call = await openScene(scene, world, {
          context: {
            viewport: { width: 640, height: 360 },
            deviceScaleFactor: 2,
            reducedMotion: 'reduce',
          },
        });
        assert.deepEqual([...(await misfits(call.page)), ...(await unreachable(call.page))], []);
        await call.close();
      });
    }
  },
);
