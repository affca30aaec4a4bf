import type { IncomingCall } from '../../demo/service/sip/call.js';
import {
  type CallPage,
  framesDecoded,
  openPage,
  type PageOptions,
  routePasses,
  type World,
} from './e2e.js';
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

/** The page's call, as the service has it: several pages may be in calls. */
const farEnd = async ({ page }: CallPage, { calls }: World['service']) => {
  const { callId } = await page.evaluate(() => document.querySelector('call-button')!.state);
  return calls().find(({ id }) => id === callId)!;
};

const hungUp = async (on: CallPage): Promise<void> => {
  await established(on);
  await on.page.getByRole('button', { name: 'Hang up' }).click();
  await on.waitForState('ended');
};

const ended = async (on: CallPage): Promise<void> => {
  await on.dial();
  await on.waitForState('ended');
};

const mover = ({ page }: CallPage) =>
  page.getByRole('button', { name: 'Move my picture to another corner' });

const picture = async (on: CallPage): Promise<void> => {
  await established(on);
  await until(async () => (await framesDecoded(on.page)) > 20, 15_000);
  await mover(on).waitFor();
};

/** Jitter that makes any line a bad one. */
export const weakenLine = ({ page }: CallPage): Promise<void> =>
  page.evaluate(() => {
    const getStats = RTCPeerConnection.prototype.getStats;
    RTCPeerConnection.prototype.getStats = async function () {
      const stats = new Map(await getStats.call(this));
      stats.set('weak', { id: 'weak', type: 'inbound-rtp', kind: 'audio', jitter: 0.08 });
      return stats;
    };
  });

const minimised = async (on: CallPage): Promise<void> => {
  await established(on);
  await on.page.getByRole('button', { name: 'Minimize' }).click();
  await on.page.getByRole('button', { name: 'Restore the call window' }).waitFor();
};

const floating = { attributes: { placement: 'bottom-right' } };

const video = { attributes: { media: 'video' } };

export const SCENES: readonly Scene[] = [
  { name: 'launcher', reach: async () => {} },
  { name: 'floating', options: { attributes: { placement: 'bottom-right' } }, reach: openForm },
  { name: 'form', reach: openForm },
  { name: 'form-video', options: video, reach: openForm },
  {
    name: 'form-slots',
    options: {
      content: `<a href="tel:+15550100123">Call us</a>
        <label slot="form-start" hidden>Topic <select name="topic"><option>An order</option></select></label>
        <label slot="form-end" hidden><input type="checkbox" name="consent" required> I agree to the recording.</label>`,
    },
    reach: openForm,
  },
  {
    name: 'form-error',
    async reach(on) {
      await openForm(on);
      await on.page.getByRole('button', { name: /^Start/ }).click();
    },
  },
  {
    name: 'consent',
    options: { attributes: { consent: 'required' } },
    async reach({ page }) {
      await page.locator('call-button').first().locator('[part=launcher]:visible').click();
      await page.getByRole('button', { name: 'Agree and continue' }).waitFor();
    },
  },
  {
    name: 'check',
    options: { attributes: { check: '' } },
    async reach(on) {
      await openForm(on);
      await on.page.getByRole('button', { name: 'Check your microphone' }).click();
      await on.page.getByText('Your microphone works.').waitFor();
      await on.page.getByRole('combobox', { name: 'Microphone' }).waitFor();
      await on.page.getByRole('combobox', { name: 'Speaker' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'check-video',
    options: { attributes: { check: '', media: 'video' } },
    async reach(on) {
      await openForm(on);
      await on.page.getByRole('button', { name: 'Check microphone and camera' }).click();
      await on.page.getByText('Your microphone works.').waitFor();
      await on.page.getByRole('button', { name: 'Play a test sound' }).click();
      await on.page.getByText('Did you hear it?').waitFor();
    },
  },
  {
    name: 'check-offered',
    options: { attributes: { check: '' } },
    async reach(on) {
      await openForm(on);
      await on.page.getByRole('button', { name: 'Check your microphone' }).waitFor();
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
    name: 'permission-hint',
    async reach(on) {
      await on.page.evaluate(() => {
        const asked = Object.assign(new EventTarget(), { state: 'prompt' });
        navigator.permissions.query = () => Promise.resolve(asked as unknown as PermissionStatus);
      });
      await openForm(on);
      await on.page.getByText('Your browser will ask').waitFor();
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
      await on.page.getByRole('list', { name: 'How to allow it' }).waitFor();
    },
  },
  {
    name: 'rate-limited',
    async reach(on) {
      await routePasses(on.page, (route) =>
        route.fulfill({
          status: 429,
          contentType: 'application/problem+json',
          headers: { 'retry-after': '90' },
          body: '{"type":"urn:call-button:problem:rate-limited","title":"Too many","status":429}',
        }),
      );
      await ended(on);
    },
  },
  {
    name: 'captcha-unavailable',
    async reach(on) {
      await on.page.route('**/challenge*', (route) => route.abort());
      await ended(on);
      await on.page.getByRole('button', { name: 'Try again' }).waitFor();
    },
  },
  {
    name: 'another-call',
    options: { html: (element) => `${element} ${element}` },
    async reach(on) {
      await established(on);
      await on.page.evaluate(() => document.querySelectorAll('call-button')[1]!.open());
      await on.page.getByText('You are already in a call').waitFor();
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
  {
    name: 'early-media',
    options: { attributes: { target: 'announcement' } },
    async reach(on) {
      await on.dial();
      await on.waitForState('early-media');
      await on.page.getByRole('button', { name: 'Show keypad' }).waitFor();
    },
  },
  { name: 'established-audio', reach: established },
  {
    name: 'muted',
    async reach(on) {
      await established(on);
      await on.page.getByRole('button', { name: 'Mute microphone' }).click();
      // the microphone of these tests hums
      await on.page.getByText('You are muted.').waitFor();
    },
  },
  {
    name: 'sound-blocked',
    options: {
      init: () => {
        const { play } = HTMLMediaElement.prototype;
        HTMLMediaElement.prototype.play = function () {
          return this.muted
            ? play.call(this)
            : Promise.reject(new DOMException('no', 'NotAllowedError'));
        };
      },
    },
    async reach(on) {
      await established(on);
      await on.page.getByRole('button', { name: 'Turn sound on' }).waitFor();
    },
  },
  {
    name: 'weak-line',
    async reach(on) {
      await weakenLine(on);
      await established(on);
      await on.page.getByText('Your connection is weak.').waitFor();
    },
  },
  {
    name: 'weak-line-video',
    options: video,
    async reach(on) {
      await weakenLine(on);
      await picture(on);
      await on.page.getByText('Your connection is weak.').waitFor();
    },
  },
  {
    name: 'reconnecting',
    async reach(on) {
      await established(on);
      await on.page.evaluate(() => {
        const peer = kept.peers.at(-1)!;
        Object.defineProperty(peer, 'connectionState', { value: 'failed' });
        peer.dispatchEvent(new Event('connectionstatechange'));
      });
      await on.waitForState('reconnecting');
    },
  },
  {
    name: 'question',
    options: { attributes: { target: 'curious' } },
    async reach(on) {
      await established(on);
      await on.page.getByText('would like to see you').waitFor();
    },
  },
  {
    name: 'devices',
    async reach(on) {
      await established(on);
      await on.page.getByRole('button', { name: 'Choose microphone, speaker and camera' }).click();
      await on.page.getByRole('slider', { name: 'Volume' }).waitFor();
    },
  },
  {
    name: 'devices-video',
    options: video,
    async reach(on) {
      await picture(on);
      await on.page.getByRole('button', { name: 'Choose microphone, speaker and camera' }).click();
      await on.page.getByRole('slider', { name: 'Volume' }).waitFor();
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
    reach: picture,
  },
  {
    name: 'corner',
    options: video,
    async reach(on) {
      await picture(on);
      await mover(on).click();
      await mover(on).click();
    },
  },
  {
    name: 'fullscreen',
    options: video,
    async reach(on) {
      await picture(on);
      await on.page.getByRole('button', { name: 'Full screen', exact: true }).click();
      await on.page.locator('call-button:state(fullscreen)').waitFor();
    },
  },
  {
    name: 'fullscreen-keypad',
    options: video,
    async reach(on) {
      await picture(on);
      await on.page.getByRole('button', { name: 'Full screen', exact: true }).click();
      await on.page.getByRole('button', { name: 'Show keypad' }).click();
      await on.page.getByRole('button', { name: '0', exact: true }).waitFor();
    },
  },
  {
    name: 'fullscreen-devices',
    options: video,
    async reach(on) {
      await picture(on);
      await on.page.getByRole('button', { name: 'Full screen', exact: true }).click();
      await on.page.getByRole('button', { name: 'Choose microphone, speaker and camera' }).click();
      await on.page.getByRole('slider', { name: 'Volume' }).waitFor();
    },
  },
  {
    name: 'picture-in-picture',
    options: video,
    async reach(on) {
      await picture(on);
      await on.page.getByRole('button', { name: 'Picture in picture', exact: true }).click();
      await on.page.getByRole('button', { name: 'Leave picture in picture' }).waitFor();
    },
  },
  {
    name: 'held',
    async reach(on, { service }) {
      await established(on);
      await (await farEnd(on, service)).hold();
      await on.waitForState('held');
    },
  },
  {
    name: 'minimised',
    async reach(on) {
      await minimised(on);
    },
  },
  {
    name: 'minimised-floating',
    options: floating,
    async reach(on) {
      await minimised(on);
      await on.page.getByRole('button', { name: 'Mute microphone' }).click();
    },
  },
  {
    name: 'minimised-ringing',
    options: { attributes: { target: 'silent', ...floating.attributes } },
    async reach(on) {
      await on.dial();
      await on.waitForState('ringing');
      await on.page.getByRole('button', { name: 'Minimize' }).click();
      await on.page.getByRole('button', { name: 'Restore the call window' }).waitFor();
    },
  },
  {
    name: 'minimised-notice',
    options: floating,
    async reach(on, world) {
      await minimised(on);
      await on.page.evaluate(() => {
        navigator.mediaDevices.getUserMedia = () =>
          Promise.reject(new DOMException('none', 'NotFoundError'));
        return document.querySelector('call-button')!.setVideoMuted(false);
      });
      await (await farEnd(on, world.service)).hold();
      await on.waitForState('held');
      await on.page.getByText('The camera could not be turned on.').waitFor();
    },
  },
  {
    name: 'minimised-ended',
    options: floating,
    async reach(on, world) {
      await minimised(on);
      await (await farEnd(on, world.service)).hangUp();
      await on.page.getByRole('button', { name: 'Call again' }).waitFor();
    },
  },
  {
    name: 'minimised-failed',
    options: { attributes: { target: 'silent', 'ring-timeout': '4' } },
    async reach(on) {
      await on.dial();
      await on.waitForState('ringing');
      await on.page.getByRole('button', { name: 'Minimize' }).click();
      await on.page.getByRole('button', { name: 'Call again' }).waitFor();
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
    name: 'remote-hung-up',
    async reach(on, { service }) {
      await established(on);
      await (await farEnd(on, service)).hangUp();
      await on.waitForState('ended');
      await on.page.getByRole('button', { name: 'Copy technical details' }).click();
      await on.page.getByText(/Technical details copied|did not allow copying/).waitFor();
    },
  },
  {
    name: 'no-answer',
    options: { attributes: { target: 'silent', 'ring-timeout': '1' } },
    reach: ended,
  },
  {
    name: 'busy',
    options: { attributes: { target: 'busy' } },
    reach: ended,
  },
  {
    name: 'closed-service',
    options: { attributes: { target: 'closed' } },
    reach: ended,
  },
  {
    name: 'unavailable',
    options: { attributes: { target: '' } },
    reach: async () => {},
  },
  {
    name: 'misconfigured',
    options: { attributes: { target: 'NOT AN ALIAS' } },
    async reach({ page }) {
      await page.locator('call-button [part=launcher]:visible').click();
      await page.getByRole('link', { name: 'Call by phone instead' }).waitFor();
    },
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

/** What the scenes need beside the service's own aliases. */
export const SCENE_ALIASES = new Map([
  // answers nothing at all
  ['hush', () => new Promise<void>(() => {})],
  [
    'announcement',
    async (call: IncomingCall) => {
      await call.early();
      await call.waitMs(60_000);
    },
  ],
  // a voice call that is asked for a picture
  [
    'curious',
    async (call: IncomingCall) => {
      await call.answer();
      await call.renegotiate({ video: 'sendrecv' }, true);
      await call.waitMs(60_000);
    },
  ],
]);

export const SIZES = {
  phone: { width: 360, height: 720 },
  desktop: { width: 1024, height: 720 },
} as const;

/** A page of some company, in its scene. */
export async function openScene(
  scene: Scene,
  world: World,
  more: PageOptions = {},
): Promise<CallPage> {
  const { html = (element: string) => element } = scene.options ?? {};
  const call = await openPage(world, {
    ...scene.options,
    context: { viewport: SIZES.desktop, colorScheme: 'light', reducedMotion: 'reduce' },
    html: (element) =>
      `<meta name="viewport" content="width=device-width"><style>:root{color-scheme:light dark}body{margin:2rem;font:1rem/1.5 system-ui}</style><main><h1>Some company</h1><p>A page with a button in its text.</p>${html(element)}</main>`,
    ...more,
  });
  await scene.reach(call, world);
  return call;
}

/** How a scene looks: size, direction and colours of its page, as part of a name. */
export async function inEveryLook(
  { page }: CallPage,
  run: (look: string) => Promise<void>,
): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const dir of ['ltr', 'rtl'] as const) {
      await page.evaluate((value) => (document.body.dir = value), dir);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        // a panel whose call is being set up waits with its place until it is drawn anew
        await page.evaluate(() => dispatchEvent(new Event('resize')));
        await page.waitForFunction(async (wanted) => {
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          const section = document
            .querySelector('call-button')!
            .shadowRoot!.querySelector('call-button-panel')
            ?.shadowRoot!.querySelector('section');
          return !section || getComputedStyle(section).direction === wanted;
        }, dir);
        await run(`${size}-${dir}-${colorScheme}`);
      }
    }
  }
}
