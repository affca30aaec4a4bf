/** Global style sheets of pages: what is inside of the element looks as on a page without any. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { StrictPage } from '../support/host-world.js';
import { useHostWorld } from '../support/use-world.js';

const { world, openPage } = useHostWorld();

const INHERITED =
  'box-sizing:content-box;font:italic 900 30px/3 cursive;font-variant:small-caps;letter-spacing:.3em;word-spacing:1em;text-transform:uppercase;text-indent:2em;text-align:right;text-shadow:2px 2px red;white-space:pre;color:red;-webkit-text-fill-color:red;-webkit-text-stroke:1px red;cursor:wait;list-style:square;user-select:all;fill:red;stroke:red;accent-color:red;border-spacing:9px;hyphens:auto;word-break:break-all;tab-size:2';
const BOXES =
  'display:flex;padding:30px;margin:30px;border:9px solid red;width:500px;height:500px;min-height:90px';
const important = (text: string): string => text.replaceAll(';', '!important;') + '!important';

/**
 * What pages have. All of it hits `<call-button>` itself, and there it is the page's right: `display`, margin, size,
 * position, `opacity`, `z-index`, `direction` of the button, `color-scheme`, what it hides, and the custom properties.
 * Children that the page slots in, and a CAPTCHA that has to live in the page, are the page's to style as well.
 */
const SHEETS = {
  'a rule for everything': `*{${INHERITED}}`,
  'an important one': `*,*::before,*::after{${important(INHERITED)}}`,
  'rules for elements': `button,svg,path,input,p,h2,form,label,a,i,span,select,output,small,video,header,section{${important(`${INHERITED};${BOXES}`)}}`,
  'rules for boxes':
    'div,section,slot,header,form,p,span{display:flex!important;position:relative!important;float:left!important}',
  'a root of 10 px': ':root{font-size:10px}',
  'a root of 62.5 % and a body of large print':
    'html{font-size:62.5%!important}body{font:900 3rem/2 cursive!important}',
};

/** Runs in the page: computed style and size of all inside of the element, by their path. */
const look = (): Record<string, Record<string, string>> => {
  const found: Record<string, Record<string, string>> = {};
  const walk = (root: ShadowRoot | Element, path: string): void => {
    [...root.children].forEach((element, n) => {
      // holds nothing but what the page slots in
      if (element.matches('slot[name=away]')) return;
      const at = `${path}>${element.localName}${n}`;
      const style = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      const all = Object.fromEntries(
        [...style].map((name) => [name, style.getPropertyValue(name)]),
      );
      found[at] = { ...all, box: `${width.toFixed(1)} × ${height.toFixed(1)}` };
      walk(element, at);
      if (element.shadowRoot) walk(element.shadowRoot, at);
    });
  };
  walk(document.querySelector('call-button')!.shadowRoot!, '');
  return found;
};

/** Switches each sheet on and off in one task, so that no clock or animation moves on in between. */
async function differences(page: Page): Promise<string[]> {
  await page.evaluate(`globalThis.look = ${look.toString()}`);
  return page.evaluate((sheets) => {
    const take = (globalThis as unknown as { look: typeof look }).look;
    const found: string[] = [];
    const probe = document.querySelector('h1')!;
    const clean = take();
    const plain = getComputedStyle(probe).fontSize;
    for (const [name, text] of Object.entries(sheets)) {
      const style = document.createElement('style');
      style.textContent = text;
      document.head.append(style);
      const [fontSize, display] = [
        getComputedStyle(probe).fontSize,
        getComputedStyle(probe.firstElementChild!).display,
      ];
      if (fontSize === plain && display !== 'flex') found.push(`${name}: does nothing to the page`);
      const hostile = take();
      for (const [path, styles] of Object.entries(clean)) {
        for (const [property, value] of Object.entries(styles)) {
          const now = hostile[path]![property]!;
          if (now !== value) found.push(`${name}: ${path} ${property}: ${value}, now ${now}`);
        }
      }
      style.remove();
    }
    return found;
  }, SHEETS);
}

const visit = (
  head = '',
  attributes: Record<string, string> = {},
  body = '',
): Promise<StrictPage> =>
  openPage({
    head: `${head}<script async crossorigin src="${world.script}"></script>`,
    body: `<h1>Page <span>of some company</span></h1>${world.element(attributes)}${body}`,
    context: { reducedMotion: 'reduce' },
  });

describe('style sheets of the page', () => {
  it('change nothing inside: button, form with an error, call with keypad and devices', async () => {
    const on = await visit();
    assert.deepEqual(await differences(on.page), [], 'button');
    await on.page.evaluate(async () => document.querySelector('call-button')!.open());
    await on.page.getByRole('button', { name: /^Start/ }).click();
    await on.page.getByText('Please enter your name.').waitFor();
    assert.deepEqual(await differences(on.page), [], 'form');
    await on.page.getByLabel('Your name').fill('Ada Lovelace');
    await on.page.getByRole('button', { name: /^Start/ }).click();
    await on.waitForState('established');
    const controls = on.page.locator('[part=controls]');
    await controls.getByRole('button', { name: 'Show keypad' }).click();
    assert.deepEqual(await differences(on.page), [], 'keypad');
    await controls.getByRole('button', { name: 'Choose microphone, speaker and camera' }).click();
    await on.page.getByRole('combobox', { name: 'Microphone' }).waitFor();
    assert.deepEqual(await differences(on.page), [], 'devices');
    assert.deepEqual(on.errors, []);
  });

  it('that were there first, with a slow transition of everything: the same sizes, and nothing moves', async () => {
    const sizes = async (head: string): Promise<Record<string, string | undefined>> => {
      const on = await visit(head);
      await on.page.evaluate(async () => document.querySelector('call-button')!.open());
      await on.page.getByRole('checkbox').waitFor();
      await on.page.waitForFunction(() => {
        const { shadowRoot } = document.querySelector('call-button')!;
        const inside = shadowRoot!.querySelector('call-button-panel')!.shadowRoot!;
        return inside.getAnimations().every(({ playState }) => playState === 'finished');
      });
      const all = await on.page.evaluate(look);
      await on.close();
      return Object.fromEntries(Object.entries(all).map(([path, { box }]) => [path, box]));
    };
    const text = Object.values(SHEETS).join('');
    const hostile = await sizes(`<style>*{transition:all 9s!important}${text}</style>`);
    assert.deepEqual(hostile, await sizes(''));
  });

  it('a page that runs from right to left by CSS alone mirrors the button, and no text of the panel', async () => {
    const on = await visit('<style>html{direction:rtl}</style>', { placement: 'bottom-right' });
    await on.page.evaluate(async () => document.querySelector('call-button')!.open());
    await on.page.getByLabel('Your name').waitFor();
    const [left, direction] = await on.page.evaluate(() => {
      const { shadowRoot } = document.querySelector('call-button')!;
      const inside = shadowRoot!.querySelector('call-button-panel')!.shadowRoot!;
      return [
        shadowRoot!.querySelector('[part=launcher]')!.getBoundingClientRect().left,
        getComputedStyle(inside.querySelector('h2')!).direction,
      ];
    });
    assert.equal(left, 20);
    assert.equal(direction, 'ltr');
  });

  it('what is hidden with a menu is hidden, and takes no click', async () => {
    const on = await visit(
      '<style>call-button{visibility:hidden}.off{pointer-events:none}</style>',
    );
    const button = on.page.locator('[part=launcher]').first();
    assert.equal(await button.isVisible(), false);
    await on.page.evaluate(() => {
      document.querySelector('style')!.textContent = 'body{pointer-events:none}';
    });
    assert.equal(await button.isVisible(), true);
    assert.equal(await button.evaluate((node) => getComputedStyle(node).pointerEvents), 'none');
  });

  it('neighbours in high layers cover it until the page gives it a higher one', async () => {
    const on = await visit(
      '<style>.bar{position:fixed;inset:0;z-index:2147483646;background:#fff8}</style>',
      { placement: 'bottom-right' },
      '<div class="bar"></div>',
    );
    const hit = (): Promise<string> =>
      on.page.evaluate(() => {
        const button = document.querySelector('call-button')!;
        const { left, top } = button.getBoundingClientRect();
        return document.elementFromPoint(left + 9, top + 24)!.localName;
      });
    assert.equal(await hit(), 'div');
    await on.page.evaluate(() => {
      document
        .querySelector('call-button')!
        .style.setProperty('--call-button-z-index', '2147483647');
    });
    assert.equal(await hit(), 'call-button');
    await on.page.locator('[part=launcher]:visible').click();
    // a real click at its place: what covers it would get it
    await on.page.getByLabel('Your name').click();
  });
});

describe('before the script is there', () => {
  const style = readFileSync(
    new URL('../../demo/configurator/first-paint.css', import.meta.url),
    'utf8',
  );

  /** Runs in the page: brings the script once the page without it has been painted. */
  const arrive = (src: string): void => {
    const found = { shifts: [] as number[], before: '', after: '' };
    const paint = (then: () => void): void =>
      void requestAnimationFrame(() => requestAnimationFrame(then));
    const box = (element: Element): string => JSON.stringify(element.getBoundingClientRect());
    const observer = new PerformanceObserver((list) => note(list.getEntries()));
    const note = (entries: PerformanceEntryList): void => {
      for (const entry of entries) found.shifts.push((entry as unknown as { value: number }).value);
    };
    addEventListener('load', () =>
      paint(() => {
        found.before = box(document.querySelector('call-button>a')!);
        observer.observe({ type: 'layout-shift', buffered: true });
        const script = Object.assign(document.createElement('script'), { src, crossOrigin: '' });
        script.onload = () =>
          paint(() => {
            note(observer.takeRecords());
            const { shadowRoot } = document.querySelector('call-button')!;
            found.after = box(shadowRoot!.querySelector('button')!);
            Object.assign(globalThis, { found });
          });
        document.head.append(script);
      }),
    );
  };

  async function watch(head: string, attributes: Record<string, string>, dir = 'ltr') {
    const { page } = await openPage({
      head: `<style>html{direction:${dir}}${head}</style><script>(${arrive.toString()})('${world.script}')</script>`,
      body: `<p>Some text ${world.element(attributes)} and more of it.</p><p>Below.</p>`,
    });
    const found = await page.waitForFunction(
      () => (globalThis as { found?: { shifts: number[]; before: string; after: string } }).found,
    );
    return (await found.jsonValue())!;
  }

  for (const placement of ['inline', 'bottom-right', 'bottom-left'] as const) {
    for (const dir of ['ltr', 'rtl'] as const) {
      it(`the link has the button's box, ${placement}, ${dir}: nothing shifts`, async () => {
        const { shifts, before, after } = await watch(style, { placement }, dir);
        assert.equal(before, after);
        assert.deepEqual(shifts, []);
      });
    }
  }

  it('a page without that style shifts', async () => {
    const { shifts } = await watch('', {});
    assert.ok(shifts.length > 0);
  });

  it('the README has it', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    assert.ok(readme.includes(`\`\`\`css\n${style}\`\`\``));
  });
});
