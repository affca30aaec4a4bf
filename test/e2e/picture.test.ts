/** What a visitor does with the pictures of a video call. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../../src/i18n/en.js';
import { en as extra } from '../../src/i18n/extra/en.js';
import { type CallPage, framesDecoded, type PageOptions } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { openPage } = useWorld();
let caller: CallPage;

/** In a video call, with both pictures. */
async function call(options: PageOptions = {}): Promise<CallPage> {
  caller = await openPage({ ...options, attributes: { media: 'video' } });
  await caller.dial();
  await caller.waitForState('established');
  await until(async () => (await framesDecoded(caller.page)) > 0, 15_000);
  return caller;
}

const box = async (part: string) => (await caller.page.locator(`[part=${part}]`).boundingBox())!;

/** Corner of the stage that the own picture is in, once it lies still. */
async function corner(): Promise<string> {
  const picture = caller.page.locator('[part=self-view]');
  await until(() => picture.evaluate((element) => element.getAnimations().length === 0));
  const [own, stage] = [await box('self-view'), await box('stage')];
  const low = own.y + own.height / 2 > stage.y + stage.height / 2;
  const right = own.x + own.width / 2 > stage.x + stage.width / 2;
  assert.ok(
    own.x >= stage.x && own.x + own.width <= stage.x + stage.width,
    JSON.stringify({ own, stage }),
  );
  return `${low ? 'bottom' : 'top'} ${right ? 'right' : 'left'}`;
}

const isAt = async (wanted: string): Promise<void> => {
  await until(async () => (await corner()) === wanted).catch(() => {});
  assert.equal(await corner(), wanted);
};

const middle = ({ x, y, width, height }: Awaited<ReturnType<typeof box>>) =>
  [x + width / 2, y + height / 2] as const;

const move = () => caller.page.getByRole('button', { name: extra['self.move'] });

describe('the own picture', () => {
  it('is dragged by the mouse to the nearest corner, and pressed to the next, in the panel and in full screen', async () => {
    const { page, errors } = await call();
    await move().waitFor();
    // the button is where the picture is
    await until(async () => {
      const [own, button] = [await box('self-view'), await box('self-view-move')];
      return (['x', 'y', 'width', 'height'] as const).every(
        (side) => Math.abs(own[side] - button[side]) <= 1,
      );
    });
    await isAt('top right');
    const stage = await box('stage');
    await page.mouse.move(...middle(await box('self-view')));
    await page.mouse.down();
    await page.mouse.move(stage.x + stage.width * 0.3, stage.y + stage.height * 0.7, { steps: 5 });
    // further than the stage: it stays inside
    await page.mouse.move(stage.x - 200, stage.y + stage.height * 0.8, { steps: 5 });
    const held = await box('self-view');
    assert.ok(held.x >= stage.x && held.x < stage.x + 20, JSON.stringify({ held, stage }));
    await page.mouse.up();
    await isAt('bottom left');
    // the drag was no press; the next one is
    await page.mouse.move(...middle(await box('self-view')));
    await page.mouse.down();
    await page.mouse.up();
    await isAt('top left');
    await move().focus();
    await page.keyboard.press('Enter');
    await isAt('top right');
    await page.keyboard.press('ArrowDown');
    await isAt('bottom right');

    await page.getByRole('button', { name: en['fullscreen.enter'], exact: true }).click();
    await page.locator('call-button:state(fullscreen)').waitFor();
    await isAt('bottom right');
    const [own, controls] = [await box('self-view'), await box('controls')];
    assert.ok(own.y + own.height <= controls.y, 'over no control');
    await page.mouse.move(...middle(own));
    await page.mouse.down();
    await page.mouse.move(100, 500, { steps: 5 });
    await page.mouse.up();
    await isAt('bottom left');
    await page.getByRole('button', { name: en['fullscreen.exit'], exact: true }).click();
    await isAt('bottom left');

    // the shape of the picture becomes another: so does the button's
    const before = await box('self-view');
    await page.evaluate(() =>
      kept.tracks.findLast(({ kind }) => kind === 'video')!.applyConstraints({ aspectRatio: 1 }),
    );
    await until(async () => {
      const [now, button] = [await box('self-view'), await box('self-view-move')];
      return (
        Math.abs(now.width / now.height - 1) < 0.05 &&
        now.width / now.height < before.width / before.height &&
        Math.abs(button.width - now.width) <= 1 &&
        Math.abs(button.height - now.height) <= 1
      );
    });
    await page.getByRole('button', { name: 'Hang up' }).click();
    await caller.waitForState('ended');
    assert.deepEqual(errors, []);
  });

  it('is dragged by a finger on a phone, from right to left, without the page or the panel scrolling', async () => {
    const { page, errors } = await call({
      html: (element) => `<body dir="rtl"><p style="height:3000px">Text</p>${element}`,
      context: { viewport: { width: 360, height: 720 }, hasTouch: true },
    });
    await move().waitFor();
    await isAt('top left');
    await move().tap();
    await isAt('bottom left');
    const from = await box('self-view');
    const stage = await box('stage');
    const [x, y] = middle(from);
    const scrolled = (): Promise<number> => page.evaluate(() => scrollY);
    const scroll = await scrolled();
    const session = await page.context().newCDPSession(page);
    // slowly: Chromium takes a tap soon after a quick swipe for the end of that
    let timestamp = Date.now() / 1000 - 3;
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: readonly [number, number]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: at === undefined ? [] : [{ x: at[0], y: at[1] }],
        timestamp: (timestamp += 0.4),
      });
    await touch('touchStart', [x, y]);
    for (let step = 1; step <= 5; step += 1) {
      await touch('touchMove', [x + step * 40, y - (stage.height / 6) * step]);
    }
    await touch('touchEnd');
    await isAt('top right');
    assert.equal(await scrolled(), scroll);
    // minimised and back: as it was left
    await page.getByRole('button', { name: 'Minimize' }).tap();
    await page.getByRole('button', { name: extra.restore }).tap();
    await move().waitFor();
    await isAt('top right');
    await page.getByRole('button', { name: 'Hang up' }).tap();
    await caller.waitForState('ended');
    // the next call begins as the first did
    await page.getByRole('button', { name: 'Call again' }).tap();
    await page.getByRole('button', { name: /^Start/ }).tap();
    await caller.waitForState('established');
    await move().waitFor();
    await isAt('top left');
    assert.deepEqual(errors, []);
  });
});

describe('picture in picture', () => {
  it('is entered by a press, stays while the panel is a bar, and ends with the call', async () => {
    const { page, errors } = await call();
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    await page.evaluate(() => {
      const element = document.querySelector('call-button')!;
      const panel = element.shadowRoot!.querySelector('call-button-panel')!.shadowRoot!;
      const video = panel.querySelector<HTMLVideoElement>('[part=remote-video]')!;
      const windows = { left: 0, video };
      video.addEventListener('leavepictureinpicture', () => (windows.left += 1));
      Object.assign(globalThis, { windows });
    });
    const windows = () =>
      page.evaluate(() => {
        const { left, video } = (
          globalThis as unknown as { windows: { left: number; video: HTMLVideoElement } }
        ).windows;
        return { left, open: document.pictureInPictureElement !== null, paused: video.paused };
      });
    // the browser pauses in a task of its own what it takes out, and what leaves the document
    const isNow = async (left: number, open: boolean): Promise<void> => {
      const wanted = { left, open, paused: false };
      await until(async () => JSON.stringify(await windows()) === JSON.stringify(wanted)).catch(
        () => {},
      );
      assert.deepEqual(await windows(), wanted);
    };
    await button(extra['pip.enter']).click();
    await button(extra['pip.exit']).waitFor();
    await isNow(0, true);
    await button(extra['pip.exit']).click();
    await button(extra['pip.enter']).waitFor();
    await isNow(1, false);

    await button(extra['pip.enter']).click();
    await button(extra['pip.exit']).waitFor();
    await button('Minimize').click();
    await button(extra.restore).waitFor();
    await until(async () => (await framesDecoded(page)) > 30);
    await isNow(1, true);
    await button(extra.restore).click();
    await button(extra['pip.exit']).waitFor();
    await button('Minimize').click();
    await button('Hang up').click();
    await caller.waitForState('ended');
    await until(async () => (await windows()).left === 2);
    assert.equal((await windows()).open, false);
    assert.deepEqual(errors, []);
  });
});
