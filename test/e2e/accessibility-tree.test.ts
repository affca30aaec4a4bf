/** What a screen reader gets: names, roles and states of every control, and what is said without being asked. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../../src/i18n/en.js';
import { accessibilityTree } from '../support/ax-tree.js';
import { openPage, startWorld } from '../support/e2e.js';
import { useShared } from '../support/hooks.js';
import { openScene, SCENE_ALIASES, SCENES, weakenLine } from '../support/scenes.js';
import { until } from '../support/until.js';

const world = useShared(() => startWorld({ ringMs: 1000, aliases: SCENE_ALIASES }));

/** What is said of a state has been said, and is not there to be read a second time. */
const dialog = (close: string, inside: string, focus = ' [focused]'): string => `
button "Call us" [expanded]
dialog "Call us"${focus}
  sectionheader
    heading "Call us" [level=2]
    button "${close}"
${inside}
  status [live=polite]`;
const form = (inside: string): string =>
  dialog(
    'Close',
    `  form
    paragraph "Talk to us right here in your browser."
${inside}`,
    '',
  );
const call = (inside: string, focus?: string): string => dialog('Minimize', inside, focus);

/** By scene; `[focused]` where the focus is. */
const EXPECTED: Readonly<Record<string, string>> = {
  launcher: `
button "Call us"`,
  unavailable: `
link "Call us"`,
  'form-video': form(`    textbox "Your name" [focused required]
    group "Human check"
      checkbox "I am human"
    button "Start video call"
    button "Call without camera"`),
  'form-error': form(`    textbox "Your name" [invalid focused required]
    text "Please enter your name."
    group "Human check"
      checkbox "I am human"
    button "Start call"`),
  verifying: form(
    `    textbox "Your name" = Ada Lovelace [readonly required]
    group "Human check"
      checkbox "Checking…" [disabled checked]
    paragraph "Please complete the human check…"
    button "One moment…" [disabled focused]
    button "Cancel"`,
  ),
  'rate-limited': form(`    textbox "Your name" = Ada Lovelace [required]
    group "Human check"
      checkbox "I am human"
    alert [live=assertive]
      paragraph "Too many calls from here. Please wait a little. Please try again in 90 seconds."
      link "Call by phone instead"
    button "Start call" [focused]`),
  ringing: call(
    `  text "Ringing…"
  button "Mute microphone"
  button "Cancel"`,
    ' [focused]',
  ),
  muted: call(
    `  text "In call"
  timer "0:00"
  image "Good connection"
  status [live=polite]
    paragraph "You are muted. Nobody can hear you."
    button "Unmute microphone"
    button "Dismiss"
  button "Unmute microphone" [focused]
  button "Show keypad" [collapsed]
  button "Choose microphone, speaker and camera" [collapsed]
  button "Hang up"`,
    '',
  ),
  question: call(`  Video "Picture of the person you are talking to"
  text "In call"
  timer "0:00"
  image "Good connection"
  status [live=polite]
    paragraph "The other side would like to see you. Turn your camera on?"
    button "Yes, turn it on"
    button "No"
  button "Mute microphone"
  button "Turn camera on"
  button "Show keypad" [collapsed]
  button "Choose microphone, speaker and camera" [collapsed]
  button "Full screen"
  button "Picture in picture"
  button "Hang up"`),
  devices: call(
    `  text "In call"
  timer "0:00"
  image "Good connection"
  status [live=polite]
  combobox "Microphone" = Fake Default Audio Input [collapsed]
  combobox "Speaker" = Fake Default Audio Output [collapsed]
  slider "Volume" = 100
  button "Mute microphone"
  button "Show keypad" [collapsed]
  button "Hide the choice of devices" [focused expanded]
  button "Hang up"`,
    '',
  ),
  keypad: call(
    `  text "In call"
  timer "0:00"
  image "Good connection"
  status [live=polite]
  status "Digits sent" [live=polite]
    text "130#"
  button "1"
  button "2 ABC"
  button "3 DEF"
  button "4 GHI"
  button "5 JKL"
  button "6 MNO"
  button "7 PQRS"
  button "8 TUV"
  button "9 WXYZ"
  button "*"
  button "0"
  button "#"
  button "Mute microphone"
  button "Hide keypad" [focused expanded]
  button "Choose microphone, speaker and camera" [collapsed]
  button "Hang up"`,
    '',
  ),
  'established-video': call(`  Video "Picture of the person you are talking to"
  Video "Your own picture"
  button "Move my picture to another corner"
  text "In call"
  timer "0:00"
  image "Good connection"
  status [live=polite]
  button "Mute microphone"
  button "Turn camera off"
  button "Show keypad" [collapsed]
  button "Choose microphone, speaker and camera" [collapsed]
  button "Hide my picture"
  button "Full screen"
  button "Picture in picture"
  button "Hang up"`),
  minimised: `
button "Back to the call · 0:00" [collapsed]
region "Call"
  status [live=polite]
    text "In call"
  timer "0:00"
  button "Mute microphone"
  button "Restore the call window" [focused]
  button "Hang up"
  status [live=polite]`,
  'no-answer': dialog(
    'Close',
    `  alert [live=assertive]
    paragraph "Nobody answered. Please try again later."
  button "Call again"
  link "Call by phone instead"
  status [live=polite]
    button "Copy technical details"`,
  ),
};

/** How good the line is, is the machine's; that it has a name is ours. */
const MEASURED = /\b(?:Good|Fair|Weak|Very weak) connection(?=")/;

describe('assistive technology gets a name, a role and the states of all there is', () => {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(name, async () => {
      const page = await openScene(
        SCENES.find((scene) => scene.name === name)!,
        world,
      );
      let tree = '';
      // quality and captions come a moment later, and what is said goes
      await until(async () => {
        tree = (await accessibilityTree(page.page, 'call-button')).replace(
          MEASURED,
          'Good connection',
        );
        return `\n${tree}` === expected;
      }, 5000).catch(() => {});
      assert.equal(`\n${tree}`, expected);
      await page.close();
    });
  }
});

describe('what is said without being asked', () => {
  it('is each state, each piece of advice and the end, once; neither the clock nor the quality', async () => {
    const page = await openPage(world);
    await weakenLine(page);
    await page.page.locator('call-button [part=launcher]:visible').click();
    await page.page.getByLabel('Your name').waitFor();
    const said = await page.page.evaluateHandle(() => {
      const all: string[] = [];
      const root = document
        .querySelector('call-button')!
        .shadowRoot!.querySelector('call-button-panel')!.shadowRoot!;
      const last = new Map<Element, string>();
      const look = (): void => {
        for (const region of root.querySelectorAll(
          '[role=status],[role=alert],[aria-live],output',
        )) {
          const text = region.textContent.replace(/\s+/g, ' ').trim();
          if (text === (last.get(region) ?? '')) continue;
          last.set(region, text);
          if (text !== '') all.push(text);
        }
      };
      new MutationObserver(look).observe(root, {
        subtree: true,
        childList: true,
        characterData: true,
      });
      return all;
    });
    await page.page.getByLabel('Your name').fill('Ada');
    await page.page.getByRole('button', { name: en['call.audio'] }).click();
    await page.waitForState('established');
    await page.page.getByText(en['quality.advice']).waitFor();
    const { callId } = await page.page.evaluate(() => document.querySelector('call-button')!.state);
    const farEnd = world.service.calls().find(({ id }) => id === callId)!;
    await farEnd.hold();
    await page.page.getByText(en['status.held']).first().waitFor();
    await farEnd.retrieve();
    // some seconds of clock and of readings of the quality
    const seen = await page.page.locator('[part=timer]').textContent();
    await until(async () => {
      const now = await page.page.locator('[part=timer]').textContent();
      return Number(now!.split(':')[1]) > Number(seen!.split(':')[1]) + 2;
    });
    await farEnd.hangUp();
    await page.page.getByText(en['end.remote-hung-up']).waitFor();
    const preparing = [en['status.requesting-media'], en['status.verifying']];
    assert.deepEqual(
      (await said.jsonValue()).filter(
        (text) =>
          !preparing.includes(text) &&
          // how quickly these pass is not for the test to say
          text !== en['status.authorizing'] &&
          text !== en['status.connecting'],
      ),
      [
        en['status.ringing'],
        en['status.established'],
        `${en['quality.advice']} ${en['call.phone']}`,
        en['status.held'],
        en['status.established'],
        en['end.remote-hung-up'],
        en['diagnostics'],
      ],
    );
    await page.close();
  });
});
