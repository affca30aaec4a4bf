/** What becomes of an element between the script's arrival and its removal: other copies, clones, moves, single-page apps. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { type CallPage, hearsTone, NOTHING_OPEN, visitUrl } from '../support/e2e.js';
import type { HostPage } from '../support/host-world.js';
import { until } from '../support/until.js';
import { useHostWorld } from '../support/use-world.js';

const { world, keep, openPage } = useHostWorld();

const tag = (query = ''): string =>
  `<script async crossorigin src="${world.script}${query}"></script>`;

const visit = (page: Partial<HostPage>): Promise<CallPage> =>
  openPage({ head: tag(), body: world.element(), ...page });

async function hangsUp(on: CallPage): Promise<void> {
  await on.page.evaluate(() => document.querySelector('call-button')!.hangUp());
  await on.waitForState('ended');
  assert.deepEqual(await on.open(), NOTHING_OPEN);
  assert.deepEqual(on.errors, []);
}

const launcher = (on: CallPage): Promise<void> =>
  on.page.locator('call-button [part=launcher]:visible').first().click();

describe('the script', () => {
  it('loaded twice: the second one leaves the first alone', async () => {
    const on = await visit({
      head: tag().replace('async', '') + tag('?version=2').replace('async', ''),
    });
    await on.dial();
    await on.waitForState('established');
    await hangsUp(on);
  });

  it('loaded by two elements of two scripts at once: one call at a time all the same', async () => {
    const on = await visit({
      head: tag() + tag('?version=2'),
      body: world.element() + world.element({ id: 'second' }),
    });
    await on.dial();
    await on.waitForState('established');
    const second = on.page.locator('#second');
    await second.locator('[part=launcher]:visible').click();
    await second.getByText('You are already in a call on this page.').waitFor();
    await on.page.keyboard.press('Escape');
    await hangsUp(on);
  });
});

describe('an element', () => {
  it('made and set up before the script arrives calls', async () => {
    const on = await visit({
      head: '',
      body: `<script>
        const element = document.createElement('call-button');
        Object.assign(element, { server: '${world.service.sipUrl}', gate: '${world.service.gateUrl}', captcha: 'altcha' });
        element.setAttribute('target', 'echo');
        element.innerHTML = '<a href="tel:+15550100123">Call us</a>';
        element.context = { page: 'early' };
        document.body.append(element);
        addEventListener('load', () => document.head.append(Object.assign(document.createElement('script'), { src: '${world.script}', crossOrigin: '' })));
      </script>`,
    });
    await on.dial();
    await on.waitForState('established');
    const [, hex] = /User-to-User: ([0-9a-f]+);/.exec(world.service.lastInviteRaw!)!;
    assert.deepEqual(JSON.parse(Buffer.from(hex!, 'hex').toString()), { page: 'early' });
    await hangsUp(on);
  });

  it('made by a script afterwards calls', async () => {
    const on = await visit({ body: '' });
    await on.page.evaluate(
      ({ sipUrl, gateUrl }) => {
        const element = document.createElement('call-button');
        Object.assign(element, { server: sipUrl, gate: gateUrl, captcha: 'altcha', label: 'Call' });
        element.target = 'echo';
        document.body.append(element);
      },
      { sipUrl: world.service.sipUrl, gateUrl: world.service.gateUrl },
    );
    await on.dial();
    await on.waitForState('established');
    await hangsUp(on);
  });

  for (const method of ['append', 'moveBefore'] as const) {
    it(`moved by ${method} while the form is open, and again in the call: form and call stay`, async () => {
      const on = await visit({ body: `<main>${world.element()}</main><aside></aside>` });
      const move = (to: string): Promise<void> =>
        on.page.evaluate(
          ([selector, how]) => {
            const place = document.querySelector(selector)!;
            const element = document.querySelector('call-button')!;
            if (how === 'append') place.append(element);
            else place.moveBefore(element, null);
          },
          [to, method] as const,
        );
      await launcher(on);
      await on.page.getByLabel('Your name').fill('Ada');
      await on.page.locator('call-button > [slot=captcha]').waitFor({ state: 'attached' });
      await move('aside');
      assert.equal(await on.page.getByLabel('Your name').inputValue(), 'Ada');
      await until(
        async () => (await on.page.locator('call-button > [slot=captcha]').count()) === 1,
      );
      await on.page.getByRole('button', { name: /^Start/ }).click();
      await on.waitForState('established');
      await on.page.evaluate(() => document.querySelector('call-button')!.sendDtmf('1'));
      await move('main');
      await hearsTone(on.page);
      assert.equal(await on.state(), 'established');
      await hangsUp(on);
    });
  }

  it('cloned with its form open: the copy begins anew, with one CAPTCHA of its own', async () => {
    const on = await visit({});
    await launcher(on);
    await on.page.locator('call-button > [slot=captcha]').waitFor({ state: 'attached' });
    await on.page.evaluate(() => {
      const original = document.querySelector('call-button')!;
      original.after(original.cloneNode(true));
      original.remove();
    });
    await until(async () => JSON.stringify(await on.open()) === JSON.stringify(NOTHING_OPEN));
    assert.equal(await on.state(), 'idle');
    await on.dial();
    assert.equal(await on.page.locator('call-button > [slot=captcha]').count(), 1);
    await on.waitForState('established');
    await hangsUp(on);
  });

  for (const mode of ['open', 'closed'] as const) {
    it(`inside of a shadow root that is ${mode}: calls`, async () => {
      const on = await visit({
        body: `<div id="host"></div><template>${world.element({ 'caller-name': 'Ada' })}</template><script>
          const root = document.getElementById('host').attachShadow({ mode: '${mode}' });
          root.append(document.querySelector('template').content.cloneNode(true));
          globalThis.inner = root.querySelector('call-button');
        </script>`,
      });
      const inner = (expression: string): Promise<unknown> =>
        on.page.evaluate(`inner.${expression}`);
      await inner('call()');
      await until(async () => (await inner('state.state')) === 'established');
      await inner(`sendDtmf('1')`);
      await hearsTone(on.page);
      await inner('hangUp()');
      await until(async () => (await inner('state.state')) === 'ended');
      assert.deepEqual(await on.open(), NOTHING_OPEN);
      assert.deepEqual(on.errors, []);
    });
  }
});

describe('on paper', () => {
  it('there is neither button nor panel, unless the page wants them', async () => {
    const on = await visit({
      head: `${tag()}<style>@media print { .printed { display: inline-block } }</style>`,
      body: world.element({ placement: 'bottom-right' }),
    });
    await launcher(on);
    await on.page.getByLabel('Your name').waitFor();
    const shown = (): Promise<boolean[]> =>
      on.page.evaluate(() => {
        const { shadowRoot } = document.querySelector('call-button')!;
        const panel = shadowRoot!.querySelector('call-button-panel')!.shadowRoot!;
        return [
          shadowRoot!.querySelector('button')!.checkVisibility(),
          panel.querySelector('section')!.checkVisibility(),
        ];
      });
    assert.deepEqual(await shown(), [true, true]);
    await on.page.emulateMedia({ media: 'print' });
    assert.deepEqual(await shown(), [false, false]);
    await on.page.evaluate(() => {
      document.querySelector('call-button')!.classList.add('printed');
    });
    assert.equal((await shown())[0], true);
  });
});

describe('a site that navigates by Turbo', () => {
  const TURBO = createRequire(import.meta.url).resolve('@hotwired/turbo/dist/turbo.es2017-umd.js');

  /** Two pages with the element, which Turbo keeps or replaces. */
  async function visitTurbo(permanent: boolean): Promise<CallPage> {
    const { site } = world;
    const turbo = site.put('/turbo.js', {
      body: readFileSync(TURBO, 'utf8'),
      type: 'text/javascript',
    });
    const [first, second] = [`/${randomUUID()}.html`, `/${randomUUID()}.html`];
    const publish = (path: string, other: string, title: string): string =>
      site.put(path, {
        body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><script src="${turbo}"></script>${tag()}</head><body><h1>${title}</h1><a href="${other}">Go on</a><div id="call" ${permanent ? 'data-turbo-permanent' : ''}>${world.element()}</div></body></html>`,
      });
    publish(second, first, 'Second');
    return keep(await visitUrl(world.browser, publish(first, second, 'First')));
  }

  const goOn = async (on: CallPage, title: string): Promise<void> => {
    await on.page.getByRole('link', { name: 'Go on' }).click();
    await on.page.getByRole('heading', { name: title }).waitFor();
  };

  it('and keeps the element: the call goes on over several pages', async () => {
    const on = await visitTurbo(true);
    await on.dial();
    await on.waitForState('established');
    await on.page.evaluate(() => document.querySelector('call-button')!.sendDtmf('1'));
    await on.page.evaluate(() => document.querySelector('call-button')!.close());
    await goOn(on, 'Second');
    await goOn(on, 'First');
    await hearsTone(on.page);
    assert.equal(await on.state(), 'established');
    assert.equal(world.service.calls().length, 1);
    await hangsUp(on);
  });

  it('and replaces the element: the call ends, nothing stays open, and the new one calls', async () => {
    const on = await visitTurbo(false);
    await on.dial();
    await on.waitForState('established');
    const bye = new Promise<string>((resolve) => {
      world.service.events.once('bye', ({ by }) => resolve(by));
    });
    await goOn(on, 'Second');
    assert.equal(await bye, 'caller');
    await until(async () => JSON.stringify(await on.open()) === JSON.stringify(NOTHING_OPEN));
    assert.equal(await on.state(), 'idle');
    await on.dial();
    await on.waitForState('established');
    await hangsUp(on);
  });

  it('back to a page that was left with its form open: one CAPTCHA, and it calls', async () => {
    const on = await visitTurbo(false);
    await launcher(on);
    await on.page.locator('call-button > [slot=captcha]').waitFor({ state: 'attached' });
    await goOn(on, 'Second');
    await on.page.goBack();
    await on.page.getByRole('heading', { name: 'First' }).waitFor();
    await on.dial();
    assert.equal(await on.page.locator('call-button > [slot=captcha]').count(), 1);
    await on.waitForState('established');
    await hangsUp(on);
  });
});
