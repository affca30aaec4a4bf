/** The element in another language than English: by `lang`, with its layout, late, and where its words are missing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { ar } from '../../src/i18n/ar.js';
import { de } from '../../src/i18n/de.js';
import { en } from '../../src/i18n/en.js';
import type { CallPage } from '../support/e2e.js';
import { useWorld } from '../support/use-world.js';

const { openPage } = useWorld();

const visit = (lang: string): Promise<CallPage> =>
  openPage({ html: (element) => `<div lang="${lang}">${element}</div>` });

const launch = (page: Page): Promise<void> =>
  page.locator('call-button [part=launcher]:visible').click();
const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });
const GERMAN = /\/de-[\w-]+\.js$/;

describe('a call in German', () => {
  it('is German from the form to the end, and loads no other language', async () => {
    const on = await visit('de-AT');
    const { page } = on;
    assert.ok(!on.requests.some((url) => GERMAN.test(url)));
    await launch(page);
    await page.getByLabel(de.name).fill('Ada');
    await button(page, de['call.audio']).click();
    await on.waitForState('established');
    await page.getByText(de['status.established']).first().waitFor();
    await button(page, de.minimize).click();
    await page.getByRole('button', { name: /^Zurück zum Anruf · \d:\d\d$/ }).click();
    await button(page, de['hang-up']).click();
    await page.getByText(de['end.hung-up']).waitFor();
    const languages = on.requests.filter((url) => /\/[a-z]{2}-[\w-]+\.js$/.test(url));
    // those of the panel, and those of the bar
    assert.equal(languages.length, 2);
    for (const url of languages) assert.match(url, GERMAN);
    assert.deepEqual(on.errors, []);
  });

  it('begins late where the words are late: with the form open, name and focus kept', async () => {
    const on = await visit('de');
    const { page } = on;
    let send = (): void => {};
    const held = new Promise<void>((resolve) => (send = resolve));
    await page.route(GERMAN, async (route) => {
      await held;
      await route.continue();
    });
    await launch(page);
    const english = page.getByLabel(en.name);
    await english.fill('Ada');
    assert.equal(await page.locator('section').getAttribute('lang'), 'en');
    send();
    const german = page.getByLabel(de.name);
    await german.waitFor();
    assert.equal(await german.inputValue(), 'Ada');
    assert.ok(
      await german.evaluate((input) => (input.getRootNode() as ShadowRoot).activeElement === input),
    );
    assert.equal(await page.locator('section').getAttribute('lang'), 'de');
  });

  it('is English where the words cannot be had, and German at the next opening', async () => {
    const on = await visit('de');
    const { page } = on;
    await page.route(GERMAN, (route) => route.abort());
    await launch(page);
    await page.getByLabel(en.name).waitFor();
    await page.unroute(GERMAN);
    await button(page, en.close).click();
    await launch(page);
    await page.getByLabel(de.name).waitFor();
  });
});

describe('a call in Arabic', () => {
  it('runs from right to left, in its own digits', async () => {
    const on = await visit('ar-EG');
    const { page } = on;
    await launch(page);
    await page.getByLabel(ar.name).fill('آدا');
    const center = async (place: Locator): Promise<number> => {
      const box = (await place.boundingBox())!;
      return box.x + box.width / 2;
    };
    const middle = await center(page.locator('section'));
    const title = page.locator('section h2');
    assert.equal(await title.evaluate((element) => getComputedStyle(element).direction), 'rtl');
    // the mirror image of the English form: closing is at the left end, the sign before the word at the right
    assert.ok((await center(button(page, ar.close))) < middle);
    const call = button(page, ar['call.audio']);
    assert.ok((await center(call.locator('svg'))) > (await center(call.locator('span').last())));
    await call.click();
    await on.waitForState('established');
    assert.ok((await center(page.locator('[part=hang-up]'))) < middle);
    assert.match(await page.locator('[part=timer]').innerText(), /^[٠-٩]:[٠-٩]{2}$/);
    // a keypad is the same everywhere
    await button(page, ar['keypad.show']).click();
    assert.ok((await center(button(page, '1'))) < (await center(button(page, '3 DEF'))));
    await button(page, ar['hang-up']).click();
    await page.getByText(ar['end.hung-up']).waitFor();
    assert.deepEqual(on.errors, []);
  });
});
