/** What a visitor does with the panel in a call: makes a bar of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../../src/i18n/en.js';
import { en as extra } from '../../src/i18n/extra/en.js';
import { type CallPage, NOTHING_OPEN, type PageOptions } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { world, openPage } = useWorld();
let caller: CallPage;

async function inCall(options: PageOptions): Promise<CallPage> {
  caller = await openPage(options);
  await caller.dial();
  await caller.waitForState('established');
  return caller;
}

const named = (name: string) => caller.page.getByRole('button', { name, exact: true });

describe('the button', () => {
  it('is green during a call, and after it as before', async () => {
    const { page } = await inCall({});
    const colour = () =>
      page
        .locator('call-button [part=launcher]')
        .first()
        .evaluate((button) => getComputedStyle(button).backgroundColor);
    assert.equal(await colour(), 'rgb(24, 128, 56)');
    await named(en['hang-up']).click();
    await caller.waitForState('ended');
    assert.equal(await colour(), 'rgb(11, 95, 216)');
  });
});

describe('a minimised call', () => {
  it('is a bar in the place of the floating button: by keyboard there and back, muted, and told how it ended', async () => {
    const { page, errors, open } = await inCall({ attributes: { placement: 'bottom-right' } });
    await named(en['hang-up']).focus();
    await page.keyboard.press('Escape');
    const bar = page.getByRole('region', { name: en.title });
    await named(extra.restore).waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.equal(await page.locator('call-button:state(minimized)').count(), 1);
    assert.equal(await page.locator('call-button [part=launcher]').first().isVisible(), false);
    const box = (await bar.boundingBox())!;
    const viewport = page.viewportSize()!;
    assert.ok(box.height < 72 && box.width < 400, JSON.stringify(box));
    assert.ok(viewport.height - box.y - box.height <= 20 && box.x > viewport.width / 2);

    // the focus is on the button that brings the panel back
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    assert.equal(await bar.count(), 0);
    await named(en.minimize).click();
    await named(en['audio.mute']).click();
    await page.locator('call-button:state(muted)').waitFor();
    const timer = page.getByRole('timer');
    const before = await timer.textContent();
    await until(async () => (await timer.textContent()) !== before);

    await world.service.calls()[0]!.hangUp();
    await caller.waitForState('ended');
    await bar.getByRole('status').getByText(en['end.remote-hung-up']).waitFor();
    await bar.getByText(/^Duration 0:\d\d$/).waitFor();
    await named(en.close).click();
    await bar.waitFor({ state: 'detached' });
    const launcher = page.getByRole('button', { name: 'Call us' });
    assert.equal(await launcher.evaluate((button) => button.matches(':focus')), true);
    assert.deepEqual(await open(), NOTHING_OPEN);
    assert.deepEqual(errors, []);
  });

  for (const [how, act] of [
    ['a press', 'click'],
    ['Escape', 'key'],
  ] as const) {
    it(`is left by ${how} in the moment when it ends, before that is drawn: the bar says how`, async () => {
      const { page } = await inCall({});
      await page.evaluate((kind) => {
        const element = document.querySelector('call-button')!;
        const panel = element.shadowRoot!.querySelector('call-button-panel')!.shadowRoot!;
        const button = panel.querySelector<HTMLElement>('header button')!;
        element.addEventListener('call-state-change', () => {
          if (element.state.state !== 'ended') return;
          if (kind === 'click') button.click();
          else button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
        });
      }, act);
      await world.service.calls()[0]!.hangUp();
      await page
        .getByRole('region', { name: en.title })
        .getByText(en['end.remote-hung-up'])
        .waitFor();
    });
  }

  it('that ends while "minimize" is being pressed stays in sight', async () => {
    const { page } = await inCall({});
    const { x, y, width, height } = (await named(en.minimize).boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await world.service.calls()[0]!.hangUp();
    await named('Call again').waitFor();
    await page.mouse.up();
    assert.equal(await page.getByRole('dialog').count(), 1);
    await page.getByRole('dialog').getByText(en['end.remote-hung-up']).waitFor();
    await named(en.close).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('region', { name: en.title }).count(), 0);
  });

  it('is still reached by the button where the bar cannot be had', async () => {
    caller = await openPage();
    await caller.page.route('**/chunks/bar-*', (route) => route.abort());
    await caller.dial();
    await caller.waitForState('established');
    await named(en.minimize).click();
    await caller.page.getByRole('button', { name: /^Back to the call/ }).click();
    await named(en['hang-up']).waitFor();
    assert.equal(await caller.state(), 'established');
  });
});
