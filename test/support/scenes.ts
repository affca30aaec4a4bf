import type { CallPage, PageOptions } from './e2e.js';
import type { World } from './e2e.js';
import { framesDecoded } from './e2e.js';
import { until } from './until.js';

/** One thing a visitor gets to see, and how a real page gets there. */
export interface Scene {
  readonly name: string;
  readonly options?: PageOptions;
  reach(page: CallPage, world: World): Promise<void>;
}

const openForm = async ({ page }: CallPage): Promise<void> => {
  await page.locator('call-button').first().locator('[part=launcher]:visible').click();
  await page.getByLabel('Your name').waitFor();
};

const established = async (on: CallPage): Promise<void> => {
  await on.dial();
  await on.waitForState('established');
};

const hungUp = async (on: CallPage): Promise<void> => {
  await established(on);
  await on.page.getByRole('button', { name: 'Hang up' }).click();
  await on.waitForState('ended');
};

const video = { attributes: { media: 'video' } };

export const SCENES: readonly Scene[] = [
  { name: 'launcher', reach: async () => {} },
  { name: 'form', reach: openForm },
  {
    name: 'form-error',
    async reach(on) {
      await openForm(on);
      await on.page.getByRole('button', { name: /^Start/ }).click();
    },
  },
  {
    name: 'requesting-media',
    async reach(on) {
      await on.page.evaluate(() => {
        navigator.permissions.query = () => Promise.reject(new TypeError('unknown name'));
        navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
      });
      await on.dial();
      await on.waitForState('requesting-media');
    },
  },
  {
    name: 'verifying',
    async reach(on) {
      await on.page.route('**/challenge*', () => {});
      await on.dial();
      await on.waitForState('verifying');
    },
  },
  {
    name: 'authorizing',
    async reach(on) {
      await on.page.route('**/pass', () => {});
      await on.dial();
      await on.waitForState('authorizing');
    },
  },
  {
    name: 'microphone-denied',
    async reach(on) {
      await on.page.evaluate(() => {
        navigator.permissions.query = () => Promise.reject(new TypeError('unknown name'));
        navigator.mediaDevices.getUserMedia = () =>
          Promise.reject(new DOMException('no', 'NotAllowedError'));
      });
      await on.dial();
      await on.waitForState('ended');
    },
  },
  {
    name: 'connecting',
    options: { attributes: { target: 'hush' } },
    async reach(on) {
      await on.dial();
      await on.waitForState('connecting');
    },
  },
  {
    name: 'ringing',
    options: { attributes: { target: 'silent' } },
    async reach(on) {
      await on.dial();
      await on.waitForState('ringing');
    },
  },
  { name: 'established-audio', reach: established },
  {
    name: 'muted',
    async reach(on) {
      await established(on);
      await on.page.getByRole('button', { name: 'Mute microphone' }).click();
    },
  },
  {
    name: 'devices',
    async reach(on) {
      await established(on);
      await on.page.getByRole('button', { name: 'Choose microphone, speaker and camera' }).click();
      await on.page.getByRole('combobox', { name: 'Microphone' }).waitFor();
    },
  },
  {
    name: 'keypad',
    async reach(on) {
      await established(on);
      await on.page.getByRole('button', { name: 'Show keypad' }).click();
      for (const key of '130#') await on.page.keyboard.press(key);
    },
  },
  {
    name: 'established-video',
    options: video,
    async reach(on) {
      await established(on);
      await until(async () => (await framesDecoded(on.page)) > 20, 15_000);
    },
  },
  {
    name: 'fullscreen',
    options: video,
    async reach(on) {
      await established(on);
      await until(async () => (await framesDecoded(on.page)) > 20, 15_000);
      await on.page.getByRole('button', { name: 'Full screen', exact: true }).click();
      await on.page.locator('call-button:state(fullscreen)').waitFor();
    },
  },
  {
    name: 'held',
    async reach(on, { service }) {
      await established(on);
      await service.calls().at(-1)!.hold();
      await on.waitForState('held');
    },
  },
  {
    name: 'minimised',
    async reach(on) {
      await established(on);
      await on.page.getByRole('button', { name: 'Minimize' }).click();
    },
  },
  {
    name: 'ended',
    options: {
      content: '<a href="tel:+15550100123">Call us</a><p slot="ended" hidden>How did we do?</p>',
    },
    async reach(on) {
      await hungUp(on);
    },
  },
  {
    name: 'rating',
    options: { attributes: { rating: 'stars' } },
    async reach(on) {
      await hungUp(on);
      await on.page.getByRole('radio', { name: '4 stars' }).hover();
    },
  },
  {
    name: 'rated',
    options: {
      attributes: { rating: 'thumbs' },
      content: '<a href="tel:+15550100123">Call us</a><p slot="ended" hidden>How did we do?</p>',
    },
    async reach(on) {
      await hungUp(on);
      await on.page.getByRole('radio', { name: 'Good', exact: true }).click();
      await on.page.getByText('Thank you for your rating.').waitFor();
    },
  },
  {
    name: 'busy',
    options: { attributes: { target: 'busy' } },
    async reach(on) {
      await on.dial();
      await on.waitForState('ended');
    },
  },
  {
    name: 'closed-service',
    options: { attributes: { target: 'closed' } },
    async reach(on) {
      await on.dial();
      await on.waitForState('ended');
    },
  },
  {
    name: 'unavailable',
    options: { attributes: { target: 'NOT AN ALIAS' } },
    reach: async () => {},
  },
  {
    name: 'outside-hours',
    options: {
      attributes: { hours: 'Mo 03:00-03:01', 'time-zone': 'UTC' },
      content:
        '<a href="tel:+15550100123">Call us</a><p slot="away" hidden>We are back on Monday.</p>',
    },
    async reach({ page }) {
      await page.locator('call-button:state(closed)').waitFor();
    },
  },
];

/** What the scenes need beside the service's own aliases: somebody who answers nothing at all. */
export const SCENE_ALIASES = new Map([['hush', () => new Promise<void>(() => {})]]);
