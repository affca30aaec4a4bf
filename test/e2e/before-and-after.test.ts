/** What stands before and after a call: opted in by attribute, loaded only then. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOTHING_OPEN } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { openPage } = useWorld();

describe('before a call', () => {
  it('devices are checked, chosen and remembered, and the call goes on with them', async () => {
    const caller = await openPage({
      attributes: { check: '', media: 'video' },
      init: () => {
        const { play } = HTMLMediaElement.prototype;
        HTMLMediaElement.prototype.play = function () {
          if (this instanceof HTMLAudioElement) Object.assign(globalThis, { sound: this });
          return play.call(this);
        };
      },
    });
    const { page: visited } = caller;
    /** Of the far end, as the browser plays it. */
    const loudness = (): Promise<number> =>
      visited.evaluate(() => (globalThis as unknown as { sound: HTMLAudioElement }).sound.volume);
    const open = async (): Promise<void> => {
      await visited.locator('call-button [part=launcher]:visible').click();
      await visited.getByRole('button', { name: 'Check microphone and camera' }).click();
      await visited.getByRole('combobox', { name: 'Microphone' }).waitFor();
    };
    const picked = (name: string): Promise<string | null> =>
      visited.getByRole('combobox', { name, exact: true }).locator('option:checked').textContent();
    await open();
    const meter = visited.getByRole('meter', { name: 'Microphone level' });
    await until(async () => Number(await meter.getAttribute('aria-valuenow')) > 50);
    await visited.getByText('Your microphone works.').waitFor();
    await until(() =>
      visited.evaluate(
        () =>
          document
            .querySelector('call-button')!
            .shadowRoot!.querySelector('call-button-panel')!
            .shadowRoot!.querySelector<HTMLVideoElement>('.preview')!.videoWidth > 0,
      ),
    );
    const wanted = [
      ['Microphone', 'Fake Audio Input 2'],
      ['Speaker', 'Fake Audio Output 2'],
      ['Camera', 'fake_device_2'],
    ] as const;
    for (const [name, label] of wanted) {
      await visited.getByRole('combobox', { name, exact: true }).selectOption({ label });
      await until(async () => (await picked(name)) === label);
    }
    await visited.getByRole('button', { name: 'Play a test sound' }).click();
    await visited.getByText('Did you hear it?').waitFor();
    await visited.getByRole('button', { name: 'Yes' }).click();
    await visited.getByText('Your speaker works.').waitFor();
    assert.equal(await visited.evaluate(() => localStorage.length), 0);
    await visited.getByRole('checkbox', { name: 'Remember on this device' }).check();

    // left: nothing of it stays open, and at the next visit the choice is there
    await visited.getByRole('button', { name: 'Close' }).click();
    await until(async () => (await caller.open()).tracks === 0);
    await visited.reload();
    await open();
    for (const [name, label] of wanted) assert.equal(await picked(name), label);

    await visited.getByLabel('Your name').fill('Ada Lovelace');
    await visited.getByRole('button', { name: /^Start/ }).click();
    await caller.waitForState('established');
    await until(async () => (await caller.open()).tracks === 2);
    await visited.getByRole('button', { name: 'Choose microphone, speaker and camera' }).click();
    for (const [name, label] of wanted) assert.equal(await picked(name), label);
    // how loud the other side is goes with them, by keyboard
    const slider = visited.getByRole('slider', { name: 'Volume' });
    assert.equal(await slider.getAttribute('aria-valuetext'), '100%');
    await slider.focus();
    for (const key of ['Home', 'PageUp', 'ArrowRight', 'ArrowUp', 'ArrowLeft']) {
      await visited.keyboard.press(key);
    }
    const said = await slider.getAttribute('aria-valuetext');
    assert.match(said!, /^(10|15|20|25)%$/);
    assert.equal(await loudness(), parseInt(said!, 10) / 100);
    await visited.getByRole('button', { name: 'Hang up' }).click();
    await caller.waitForState('ended');
    await visited.getByRole('button', { name: 'Call again' }).click();
    await visited.getByRole('button', { name: /^Start/ }).click();
    await caller.waitForState('established');
    assert.equal(await loudness(), parseInt(said!, 10) / 100);
    await visited.getByRole('button', { name: 'Hang up' }).click();
    await caller.waitForState('ended');
    await until(async () => JSON.stringify(await caller.open()) === JSON.stringify(NOTHING_OPEN));
    assert.deepEqual(caller.errors, []);
  });
});

describe('after a call', () => {
  it('stars are pressed by keyboard, the page is told with the call’s id, and a survey has it too', async () => {
    const call = await openPage({
      attributes: { rating: 'stars' },
      content: '<a href="tel:+15550100123">Call us</a><p slot="ended" hidden>Our survey</p>',
    });
    const told = await call.page.evaluateHandle(() => {
      const events: { type: string; callId: string | null; score?: number; max?: number }[] = [];
      const element = document.querySelector('call-button')!;
      element.addEventListener('call-end', ({ type, callId }) => events.push({ type, callId }));
      element.addEventListener('call-rating', ({ type, callId, score, max }) =>
        events.push({ type, callId, score, max }),
      );
      return events;
    });
    await call.dial();
    await call.waitForState('established');
    const { callId } = await call.page.evaluate(() => document.querySelector('call-button')!.state);
    await call.page.getByRole('button', { name: 'Hang up' }).click();
    const group = call.page.getByRole('radiogroup', { name: 'How was the call?' });
    await group.getByRole('radio', { name: '1 star' }).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'Space', 'Enter']) {
      await call.page.keyboard.press(key);
    }
    await call.page.getByText('Thank you for your rating.').waitFor();
    assert.equal(
      await group.getByRole('radio', { checked: true }).getAttribute('title'),
      '3 stars',
    );
    assert.equal(await call.page.getByText('Our survey').isVisible(), true);
    assert.deepEqual(await told.jsonValue(), [
      { type: 'call-end', callId },
      { type: 'call-rating', callId, score: 3, max: 5 },
    ]);
    assert.deepEqual(await call.open(), NOTHING_OPEN);
    assert.deepEqual(call.errors, []);
  });

  it('nothing is asked, nor loaded, where the page did not say so', async () => {
    const call = await openPage();
    await call.dial();
    await call.waitForState('established');
    await call.page.getByRole('button', { name: 'Hang up' }).click();
    await call.page.getByRole('button', { name: 'Call again' }).waitFor();
    assert.equal(await call.page.getByRole('radiogroup').count(), 0);
    assert.deepEqual(
      call.requests.filter((url) => /chunks\/(check|permission|rating)/.test(url)),
      [],
    );
  });
});
