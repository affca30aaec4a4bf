/** Turnstile from the open form to the call, against a stand-in for its script and its siteverify. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { type CallPage, NOTHING_OPEN } from '../support/e2e.js';
import { errorScenario, SCENARIOS } from '../support/turnstile/scenarios.js';
import { createTurnstileStandIn } from '../support/turnstile/stand-in.js';
import { until } from '../support/until.js';
import { useStandIn, useWorld } from '../support/use-world.js';

const SECRET = 'secret-of-the-stand-in';
const SITEKEYS = [...Object.values(SCENARIOS), errorScenario('600010')];

const provider = createTurnstileStandIn({
  sites: SITEKEYS.map((sitekey) => ({ sitekey, secret: SECRET })),
});
const host = useStandIn(provider);
const { openPage } = useWorld(() => ({
  captcha: {
    provider: 'turnstile',
    sitekey: SCENARIOS.pass,
    secret: SECRET,
    verifyUrl: `${host.origin}/turnstile/v0/siteverify`,
  },
}));

const visit = (
  sitekey: string = SCENARIOS.pass,
  viewport = { width: 1024, height: 800 },
): Promise<CallPage> =>
  openPage({
    attributes: { captcha: 'turnstile', sitekey },
    script: `data-captcha-host="${host.origin}"`,
    context: { viewport },
  });

const openForm = ({ page }: CallPage): Promise<void> =>
  page.locator('call-button [part=launcher]:visible').click();
const press = ({ page }: CallPage): Promise<void> =>
  page.getByRole('button', { name: /^Start/ }).click();
const place = ({ page }: CallPage): Locator => page.locator('call-button > [slot=captcha]');
/** The widget's; it is in a closed shadow root. */
const frameOf = ({ page }: CallPage): Promise<Frame> =>
  until(() => page.mainFrame().childFrames().at(-1));
const checkbox = async (on: CallPage): Promise<Locator> =>
  (await frameOf(on)).getByRole('checkbox', { name: 'Verify you are human' });

describe('Turnstile', () => {
  it('is asked for nothing before the form opens, and gone when it closes', async () => {
    const on = await visit();
    const asked = (): string[] => on.requests.filter((url) => url.startsWith(host.origin));
    assert.deepEqual(asked(), []);
    await openForm(on);
    await frameOf(on);
    assert.match(asked().join(), /^[^,]*\/turnstile\/v0\/api\.js\?onload=\w+&render=explicit$/);
    assert.equal(await place(on).count(), 1);
    await on.page.keyboard.press('Escape');
    assert.equal(await place(on).count(), 0);
    assert.equal(on.page.mainFrame().childFrames().length, 0);
  });

  it('solved by itself while the visitor gives a name: verified by the gate, then the call', async () => {
    const on = await visit();
    const asked = provider.verifications.length;
    await on.dial();
    await on.waitForState('established');
    assert.equal(provider.verifications.length, asked + 1);
    const { secret, remoteip } = provider.verifications.at(-1)!;
    assert.deepEqual({ secret, remoteip }, { secret: SECRET, remoteip: '127.0.0.1' });
    await on.page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await on.waitForState('ended');
    assert.deepEqual(await on.open(), NOTHING_OPEN);
    assert.deepEqual(on.errors, []);
  });

  it('asks the visitor in the form, where Cloudflare wants that, before or after the press on Call', async () => {
    const before = await visit(SCENARIOS.interactive);
    await openForm(before);
    await (await checkbox(before)).click();
    await before.page.getByLabel('Your name').fill('Ada');
    await press(before);
    await before.waitForState('established');
    await before.close();

    const later = await visit(SCENARIOS.interactive);
    await later.dial();
    await later.waitForState('verifying');
    await later.page.getByText('Please complete the human check…').first().waitFor();
    await (await checkbox(later)).click();
    await later.waitForState('established');
  });

  it('not answered in time: explained at the form, and asked again by the next press', async () => {
    const on = await visit(SCENARIOS.interactiveTimeout);
    await openForm(on);
    await (await frameOf(on)).getByText('Timed out').waitFor();
    await on.page.getByLabel('Your name').fill('Ada');
    await press(on);
    await on.waitForState('ended');
    await on.page.getByText('The human check has expired. Please do it again.').waitFor();
    await press(on);
    await (await checkbox(on)).click();
    await on.waitForState('established');
  });

  it('taken for a machine: explained at the form, with the number', async () => {
    const on = await visit(errorScenario('600010'));
    await on.dial();
    await on.waitForState('ended');
    await on.page.getByText('The human check was not accepted. Please try again.').waitFor();
    assert.equal(await on.page.getByRole('link', { name: 'Call by phone instead' }).count(), 1);
  });

  it('script blocked: explained, with the number, and another try loads it', async () => {
    provider.scriptFault = 'not-found';
    const on = await visit();
    await openForm(on);
    await on.page.getByText('The human check could not be loaded.').waitFor();
    assert.equal(await on.page.getByRole('link', { name: 'Call by phone instead' }).count(), 1);
    provider.scriptFault = null;
    await on.page.getByRole('button', { name: 'Try again' }).click();
    await frameOf(on);
  });

  it('not verified because Cloudflare is down: refused, told, and the next press works', async () => {
    provider.verifyFault = 'http-500';
    const on = await visit();
    await on.dial();
    await on.waitForState('ended');
    await on.page.getByText('The human check could not be loaded.').waitFor();
    provider.verifyFault = null;
    await press(on);
    await on.waitForState('established');
  });

  it('solved for another page, or for another service: refused by the gate', async () => {
    provider.verifyFault = 'wrong-hostname';
    const on = await visit();
    await on.dial();
    await on.waitForState('ended');
    await on.page.getByText('The human check was not accepted.').waitFor();
    await on.close();

    provider.verifyFault = null;
    const other = await visit();
    // a page that has its visitors solve for one service what it spends on another
    await other.page.addScriptTag({ url: `${host.origin}/turnstile/v0/api.js?render=explicit` });
    await other.page.evaluate(() => {
      const { turnstile } = window as unknown as {
        turnstile: { render(place: unknown, options: object): unknown };
      };
      const { render } = turnstile;
      turnstile.render = (place, options) => render(place, { ...options, action: 'busy' });
    });
    await other.dial();
    await other.waitForState('ended');
    await other.page.getByText('The human check was not accepted.').waitFor();
  });

  it('is compact where the window is narrow', async () => {
    const on = await visit(SCENARIOS.pass, { width: 340, height: 700 });
    await openForm(on);
    const box = await (await (await frameOf(on)).frameElement()).boundingBox();
    assert.ok(box!.width < 200, `${box!.width} px`);
  });
});
