/** hCaptcha from the checkbox to the call, against a stand-in for its script and its siteverify. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CallPage, NOTHING_OPEN } from '../support/e2e.js';
import { SCENARIOS } from '../support/hcaptcha/scenarios.js';
import { createHCaptchaStandIn } from '../support/hcaptcha/stand-in.js';
import { useStandIn, useWorld } from '../support/use-world.js';

const SECRET = 'secret-of-the-stand-in';
const SITEKEY = SCENARIOS.challenge;

const provider = createHCaptchaStandIn({ sites: [{ sitekey: SITEKEY, secret: SECRET }] });
const host = useStandIn(provider);
const { openPage } = useWorld(() => ({
  captcha: {
    provider: 'hcaptcha',
    sitekey: SITEKEY,
    secret: SECRET,
    verifyUrl: `${host.origin}/siteverify`,
  },
}));

const visit = (viewport = { width: 1024, height: 800 }, lang = 'en'): Promise<CallPage> =>
  openPage({
    attributes: { captcha: 'hcaptcha', sitekey: SITEKEY, lang },
    script: `data-captcha-host="${host.origin}"`,
    context: { viewport },
  });

const press = ({ page }: CallPage): Promise<void> =>
  page.getByRole('button', { name: /^Start/ }).click();

describe('hCaptcha', () => {
  it('is asked for nothing before the form opens, and drawn in the light DOM then', async () => {
    const on = await visit();
    assert.equal(
      on.requests.some((url) => url.startsWith(host.origin)),
      false,
    );
    await on.page.locator('call-button [part=launcher]:visible').click();
    await on.page.locator('call-button > [slot=captcha] iframe').waitFor();
    const [script] = on.requests.filter((url) => url.startsWith(host.origin));
    assert.match(script!, /\/1\/api\.js\?.*render=explicit/);
    assert.match(script!, /sentry=false/);
    // nothing around it that would keep the challenge, which opens on the page's body, from being reached
    const reachable = await on.page.evaluate(() => {
      const panel = document
        .querySelector('call-button')!
        .shadowRoot!.querySelector('call-button-panel')!;
      const top = panel.shadowRoot!.querySelectorAll('dialog, [popover], [aria-modal=true]').length;
      return top === 0 && document.querySelectorAll('[inert]').length === 0;
    });
    assert.ok(reachable);
    await on.page.keyboard.press('Escape');
    assert.equal(await on.page.locator('call-button > [slot=captcha]').count(), 0);
  });

  it('speaks the language of the form, and follows it', async () => {
    const on = await visit(undefined, 'de-CH');
    await on.page.locator('call-button [part=launcher]:visible').click();
    const language = (lang: string): Promise<void> =>
      on.page.frameLocator('call-button iframe').locator(`html[lang=${lang}]`).waitFor();
    await language('de');
    await on.page.evaluate(() => {
      document.querySelector('call-button')!.lang = 'fr';
    });
    await language('fr');
    assert.equal(await on.page.locator('call-button > [slot=captcha]').count(), 1);
  });

  it('solved by the checkbox: verified by the gate, then the call', async () => {
    const on = await visit();
    await on.page.locator('call-button [part=launcher]:visible').click();
    await on.page.getByLabel('Your name').fill('Ada');
    await on.page.frameLocator('call-button iframe').getByRole('checkbox').click();
    await on.page.getByRole('button', { name: 'Solve' }).click();
    const asked = provider.verifications.length;
    await press(on);
    await on.waitForState('established');
    assert.equal(provider.verifications.length, asked + 1);
    assert.equal(provider.verifications.at(-1)!['sitekey'], SITEKEY);
    await on.page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await on.waitForState('ended');
    assert.deepEqual(await on.open(), NOTHING_OPEN);
  });

  it('opened by the press on Call where the box was not ticked', async () => {
    const on = await visit();
    await on.dial();
    await on.waitForState('verifying', 'requesting-media');
    await on.page.getByRole('button', { name: 'Solve' }).click();
    await on.waitForState('established');
  });

  it('closed by the visitor: explained at the form, and the next press works', async () => {
    const on = await visit();
    await on.dial();
    await on.page
      .locator('[data-hcaptcha-challenge]')
      .getByRole('button', { name: 'Close' })
      .click();
    await on.waitForState('ended');
    await on.page.getByText('The human check was closed.').waitFor();
    await press(on);
    await on.page.getByRole('button', { name: 'Solve' }).click();
    await on.waitForState('established');
  });

  it('script blocked: explained, with the number, and another try loads it', async () => {
    provider.scriptFault = 'not-found';
    const on = await visit();
    await on.page.locator('call-button [part=launcher]:visible').click();
    await on.page.getByText('The human check could not be loaded.').waitFor();
    assert.equal(await on.page.getByRole('link', { name: 'Call by phone instead' }).count(), 1);
    provider.scriptFault = null;
    await on.page.getByRole('button', { name: 'Try again' }).click();
    await on.page.locator('call-button > [slot=captcha] iframe').waitFor();
  });

  it('not verified because the provider is down: refused, told, and no call', async () => {
    provider.verifyFault = 'http-500';
    const on = await visit();
    await on.dial();
    await on.page.getByRole('button', { name: 'Solve' }).click();
    await on.waitForState('ended');
    await on.page.getByText('The human check could not be loaded.').waitFor();
    provider.verifyFault = null;
    await press(on);
    await on.page.getByRole('button', { name: 'Solve' }).click();
    await on.waitForState('established');
  });

  it('solved for another page: refused by the gate', async () => {
    provider.verifyFault = 'wrong-hostname';
    const on = await visit();
    await on.dial();
    await on.page.getByRole('button', { name: 'Solve' }).click();
    await on.waitForState('ended');
    await on.page.getByText('The human check was not accepted.').waitFor();
  });

  it('is compact where the window is narrow', async () => {
    const on = await visit({ width: 340, height: 700 });
    await on.page.locator('call-button [part=launcher]:visible').click();
    const frame = on.page.locator('call-button > [slot=captcha] iframe');
    await frame.waitFor();
    const box = await frame.boundingBox();
    assert.ok(box!.width < 200, `${box!.width} px`);
  });
});
