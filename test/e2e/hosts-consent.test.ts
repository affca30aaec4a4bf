/** Pages with a consent manager: nothing is asked of anybody before it says so. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { en } from '../../src/i18n/extra/en.js';
import { type CallPage, NOTHING_OPEN } from '../support/e2e.js';
import { SCENARIOS } from '../support/turnstile/scenarios.js';
import { createTurnstileStandIn } from '../support/turnstile/stand-in.js';
import { until } from '../support/until.js';
import { useStandIn, useWorld } from '../support/use-world.js';

const SECRET = 'secret-of-the-stand-in';
const turnstile = createTurnstileStandIn({ sites: [{ sitekey: SCENARIOS.pass, secret: SECRET }] });
const provider = useStandIn(turnstile);
const { world, openPage } = useWorld(() => ({
  captcha: {
    provider: 'turnstile',
    sitekey: SCENARIOS.pass,
    secret: SECRET,
    verifyUrl: `${provider.origin}/turnstile/v0/siteverify`,
  },
}));

const visit = (content = ''): Promise<CallPage> =>
  openPage({
    attributes: { consent: 'required', captcha: 'turnstile', sitekey: SCENARIOS.pass },
    script: `data-captcha-host="${provider.origin}"`,
    content: `<a href="tel:+15550100123">Call us</a>${content}`,
  });

const launch = ({ page }: CallPage): Promise<void> =>
  page.locator('call-button [part=launcher]:visible').click();
const agree = ({ page }: CallPage): Promise<void> =>
  page.getByRole('button', { name: en['consent.give'] }).click();
const set = ({ page }: CallPage, value: string): Promise<void> =>
  page.evaluate((text) => {
    document.querySelector('call-button')!.setAttribute('consent', text);
  }, value);

/** The question is shown, and nobody has been asked for anything. */
async function asksFirst(on: CallPage): Promise<void> {
  await on.page.getByRole('button', { name: en['consent.give'] }).waitFor();
  assert.equal(await on.page.getByLabel('Your name').count(), 0);
  assert.equal(await on.page.getByRole('link', { name: 'Call by phone instead' }).count(), 1);
  assert.equal(await on.page.locator('call-button > [slot=captcha]').count(), 0);
  assert.deepEqual(await on.open(), NOTHING_OPEN);
  const { gateUrl } = world.service;
  assert.deepEqual(
    on.requests.filter((url) => url.startsWith(gateUrl) || url.startsWith(provider.origin)),
    [],
  );
  // blockers of cookie banners would block it
  assert.deepEqual(
    on.requests.filter((url) => /consent|cookie/i.test(url)),
    [],
  );
}

async function calls(on: CallPage): Promise<void> {
  await on.page.getByLabel('Your name').fill('Ada');
  await on.page.getByRole('button', { name: /^Start/ }).click();
  await on.waitForState('established');
  await on.page.evaluate(() => document.querySelector('call-button')!.hangUp());
  await on.waitForState('ended');
  assert.deepEqual(await on.open(), NOTHING_OPEN);
  assert.deepEqual(on.errors, []);
}

describe('a page that wants consent first', () => {
  it('without a consent manager: the visitor agrees in the panel, then the form', async () => {
    const on = await visit();
    await launch(on);
    await on.page.getByText(en['consent.text']).waitFor();
    await asksFirst(on);
    await agree(on);
    await calls(on);
  });

  it('has words of its own for it, and call() does not get around it', async () => {
    const on = await visit('<p slot="consent" hidden>We use <b>Turnstile</b>.</p>');
    await on.page.evaluate(() => document.querySelector('call-button')!.call());
    await on.page.getByText('We use Turnstile.').waitFor();
    assert.equal(await on.page.getByText(en['consent.text']).count(), 0);
    await asksFirst(on);
    assert.equal(await on.state(), 'idle');
  });

  it('its consent manager answers instead, and later', async () => {
    const on = await visit();
    await on.page.evaluate(() => {
      document.querySelector('call-button')!.addEventListener('call-consent', (event) => {
        event.preventDefault();
        Object.assign(globalThis, { asked: true });
      });
    });
    await launch(on);
    await agree(on);
    await on.page.waitForFunction(() => 'asked' in globalThis);
    await asksFirst(on);
    await set(on, 'given');
    await calls(on);
  });

  it('a promise of the page holds it up and is asked for once; its false is a no', async () => {
    const on = await visit();
    await on.page.evaluate(() => {
      const answers: ((answer: boolean) => void)[] = [];
      Object.assign(globalThis, { answers });
      document.querySelector('call-button')!.addEventListener('call-consent', (event) => {
        event.waitUntil(new Promise<boolean>((resolve) => answers.push(resolve)));
      });
    });
    const answer = (value: boolean): Promise<number> =>
      on.page.evaluate((answered) => {
        const { answers } = globalThis as unknown as { answers: ((answer: boolean) => void)[] };
        answers.at(-1)!(answered);
        return answers.length;
      }, value);
    await launch(on);
    await agree(on);
    await agree(on);
    await asksFirst(on);
    assert.equal(await answer(false), 1);
    await asksFirst(on);
    await agree(on);
    assert.equal(await answer(true), 2);
    await calls(on);
  });

  it('given before: the form at once; withdrawn while it is open: all is closed again', async () => {
    const on = await visit();
    await set(on, 'given');
    await launch(on);
    await on.page.locator('call-button > [slot=captcha]').waitFor({ state: 'attached' });
    await until(async () => (await on.open()).sockets === 1);
    await set(on, 'required');
    await on.page.getByRole('button', { name: en['consent.give'] }).waitFor();
    await until(async () => JSON.stringify(await on.open()) === JSON.stringify(NOTHING_OPEN));
    assert.equal(await on.page.locator('call-button > [slot=captcha]').count(), 0);
    await set(on, 'given');
    await calls(on);
  });

  it('withdrawn while the page is asked about the call: no call', async () => {
    const on = await visit();
    await set(on, 'given');
    await on.page.evaluate(() => {
      const button = document.querySelector('call-button')!;
      button.addEventListener('call-before-start', (event) => {
        const withdraw = async (): Promise<boolean> => {
          await Promise.resolve();
          button.setAttribute('consent', 'required');
          return true;
        };
        event.waitUntil(withdraw());
      });
    });
    await on.dial();
    await on.page.getByRole('button', { name: en['consent.give'] }).waitFor();
    await until(async () => JSON.stringify(await on.open()) === JSON.stringify(NOTHING_OPEN));
    assert.equal(await on.state(), 'idle');
    assert.equal(world.service.calls().length, 0);
  });

  it('withdrawn while the browser asks for the microphone: the attempt is given up', async () => {
    const on = await visit();
    await set(on, 'given');
    await on.page.evaluate(() => {
      navigator.permissions.query = () => Promise.reject(new TypeError('unknown name'));
      navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
    });
    await on.dial();
    await on.waitForState('requesting-media');
    await set(on, 'required');
    await on.page.getByRole('button', { name: en['consent.give'] }).waitFor();
    await until(async () => JSON.stringify(await on.open()) === JSON.stringify(NOTHING_OPEN));
    assert.equal(await on.page.locator('call-button > [slot=captcha]').count(), 0);
    await set(on, 'given');
    await until(async () => (await on.open()).sockets === 1);
  });

  it('where the question cannot be loaded the number is left, and nobody is asked', async () => {
    const on = await visit();
    await on.page.route('**/chunks/extra-*', (route) => route.abort());
    await launch(on);
    await on.page.getByRole('link', { name: 'Call by phone instead' }).waitFor();
    assert.equal(await on.page.getByLabel('Your name').count(), 0);
    assert.deepEqual(await on.open(), NOTHING_OPEN);
  });

  it('withdrawn in a call: the call goes on', async () => {
    const on = await visit();
    await set(on, 'given');
    await on.dial();
    await on.waitForState('established');
    await set(on, 'required');
    await on.page.getByRole('button', { name: 'Hang up', exact: true }).waitFor();
    assert.equal(await on.state(), 'established');
    assert.equal(world.service.calls().length, 1);
  });

  it('the snippet of the README joins it to a consent manager', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const snippet = [...readme.matchAll(/```js\n([^]*?)```/g)]
      .map(([, text]) => text!)
      .find((text) => text.includes('CookiebotOnConsentReady'))!;
    const on = await visit();
    await on.page.evaluate(() => {
      const Cookiebot = {
        consent: { preferences: false },
        renew: () => Object.assign(globalThis, { renewed: true }),
      };
      Object.assign(globalThis, { Cookiebot });
    });
    await on.page.addScriptTag({ content: snippet });
    await launch(on);
    await agree(on);
    await on.page.waitForFunction(() => 'renewed' in globalThis);
    await asksFirst(on);
    await on.page.evaluate(() => {
      const { Cookiebot } = globalThis as unknown as {
        Cookiebot: { consent: { preferences: boolean } };
      };
      Cookiebot.consent.preferences = true;
      dispatchEvent(new Event('CookiebotOnConsentReady'));
    });
    await calls(on);
  });
});
