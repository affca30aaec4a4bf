/** A whole call by keyboard: where the focus goes, that it can be seen, and that it is free to leave. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CallPage, NOTHING_OPEN } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { world, openPage } = useWorld();

/** Name of what has the focus, through all shadow roots, and whether a ring shows it. */
const focused = ({ page }: CallPage): Promise<{ name: string; ring: boolean }> =>
  page.evaluate(() => {
    let at = document.activeElement!;
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    // a hidden checkbox is drawn by what stands beside it
    const drawn = at.matches('[type=checkbox]') ? at.nextElementSibling! : at;
    const { outlineStyle, outlineWidth } = getComputedStyle(drawn);
    const words = at instanceof HTMLInputElement ? at.labels![0]!.textContent : at.textContent;
    return {
      name: at.ariaLabel ?? words.replace(/\s+/g, ' ').trim(),
      ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    };
  });

describe('by keyboard alone', () => {
  it('a visitor calls, mutes, presses digits, leaves the panel and comes back, hangs up and closes', async () => {
    const visitor = await openPage({
      html: (element) =>
        `<style>a:focus{outline:2px solid}</style><main><a href="#b">Before</a> ${element} <a href="#a">After</a></main>`,
    });
    const { page, waitForState } = visitor;
    const { keyboard } = page;
    const digits: string[] = [];
    world.service.events.on('digit', ({ digit }) => void digits.push(digit));
    const isAt = async (name: string, ring = true): Promise<void> => {
      await until(async () => (await focused(visitor)).name === name).catch(() => {});
      assert.deepEqual(await focused(visitor), { name, ring });
    };
    const go = async (key: string, ...names: string[]): Promise<void> => {
      for (const name of names) {
        await keyboard.press(key);
        await isAt(name);
      }
    };

    await go('Tab', 'Before', 'Call us');
    await keyboard.press('Enter');
    await isAt('Your name');
    await keyboard.press('Enter');
    await page.getByText('Please enter your name.').waitFor();
    await isAt('Your name');
    await keyboard.type('Ada Lovelace');
    await go('Shift+Tab', 'Close');
    await keyboard.press('Tab');
    await go('Tab', 'I am human');
    await keyboard.press('Space');
    await page.getByText('Checked').waitFor();
    await isAt('Checked');
    await keyboard.press('Space');
    await isAt('Checked');
    await go('Tab', 'Start call');
    await keyboard.press('Enter');
    await waitForState('established');

    // on the dialog: no button is pressed by mistake, and keys reach it
    await isAt('Call us', false);
    await keyboard.type('12#');
    await until(() => digits.join('') === '12#');
    await go('Tab', 'Minimize', 'Mute microphone');
    await keyboard.press('Space');
    await isAt('Unmute microphone');
    assert.equal(await page.locator('call-button:state(muted)').count(), 1);
    // the microphone of these tests hums
    await page.getByText('You are muted.').waitFor();
    await go('Shift+Tab', 'Dismiss');
    await keyboard.press('Enter');
    await isAt('Call us', false);
    await go('Tab', 'Minimize', 'Unmute microphone', 'Show keypad');
    await keyboard.press('Enter');
    await isAt('Hide keypad');
    await keyboard.press('5');
    await go('Shift+Tab', 'Unmute microphone', '#', '0');
    await keyboard.press('Enter');
    await until(() => digits.join('') === '12#50');
    assert.equal(await page.locator('output').textContent(), '12#50');
    await keyboard.press('Escape');
    await isAt('Show keypad');
    assert.equal(await page.locator('output').count(), 0);
    // nothing is left to close: a call goes on in the bar
    await keyboard.press('Escape');
    await isAt('Restore the call window');
    assert.equal(await visitor.state(), 'established');
    await keyboard.press('Enter');
    await isAt('Call us', false);
    await go('Tab', 'Minimize', 'Unmute microphone', 'Show keypad');

    await go('Tab', 'Choose microphone, speaker and camera');
    await keyboard.press('Enter');
    await isAt('Hide the choice of devices');
    await keyboard.press('Escape');
    await isAt('Choose microphone, speaker and camera');

    await go('Tab', 'Hang up', 'After');
    await go('Shift+Tab', 'Hang up', 'Choose microphone, speaker and camera', 'Show keypad');
    await go('Shift+Tab', 'Unmute microphone', 'Minimize');
    await keyboard.press('Enter');
    await isAt('Restore the call window');
    await keyboard.press('Enter');
    await isAt('Call us', false);
    await go('Tab', 'Minimize', 'Unmute microphone', 'Show keypad');
    await go('Tab', 'Choose microphone, speaker and camera', 'Hang up');

    // held down: the button that takes its place is not pressed
    await keyboard.down('Enter');
    await waitForState('ended');
    await isAt('Call again');
    await keyboard.down('Enter');
    await keyboard.up('Enter');
    await isAt('Call again');
    await go('Tab', 'Copy technical details', 'After');
    await go('Shift+Tab', 'Copy technical details', 'Call again');
    await keyboard.press('Enter');
    await isAt('Your name');
    await keyboard.press('Escape');
    await isAt('Call us');
    await go('Tab', 'After');
    await until(async () => JSON.stringify(await visitor.open()) === JSON.stringify(NOTHING_OPEN));
    assert.deepEqual(visitor.errors, []);
  });
});
