/** What a page goes through in a browser: autoplay policy, navigation, back/forward cache, freezing. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { type CdpPage, drive, IN_BUTTON, IN_PANEL } from '../support/cdp-page.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { world, keep } = useWorld(
  { ringMs: 100 },
  {
    without: ['--disable-back-forward-cache', '--autoplay-policy'],
    flags: ['--autoplay-policy=document-user-activation-required'],
  },
);

const KEEP = `
  addEventListener('pageshow', ({ persisted }) => { globalThis.persisted = persisted });
  globalThis.sounds = [];
  globalThis.peers = [];
  globalThis.tracks = [];
  for (const [name, list] of [['Audio', sounds], ['RTCPeerConnection', peers]]) {
    globalThis[name] = new Proxy(globalThis[name], {
      construct(target, values, newTarget) {
        const made = Reflect.construct(target, values, newTarget);
        list.push(made);
        return made;
      },
    });
  }
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
`;

/** A page that nobody has touched yet. */
async function visit(attributes = '', script = ''): Promise<{ page: Page; on: CdpPage }> {
  const { service, browser, pages } = world;
  const context = keep(await browser.newContext());
  await context.grantPermissions(['microphone', 'camera'], { origin: service.url });
  const page = await context.newPage();
  await page.addInitScript(KEEP);
  const name = `${randomUUID()}.html`;
  await writeFile(
    join(pages, name),
    `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>e2e</title>
<script async crossorigin src="/dist/call-button.js"></script>
<call-button server="${service.sipUrl}" gate="${service.gateUrl}" target="echo" captcha="altcha" ${attributes}><a href="tel:+15550100123">Call us</a></call-button>
<script type="module">${script}</script>`,
  );
  await writeFile(join(pages, 'other.html'), '<!doctype html><title>other</title><p>elsewhere');
  await page.goto(`${service.url}${name}`);
  const on = await drive(page);
  await on.waitFor(`customElements.get('call-button') !== undefined`);
  return { page, on };
}

const button = (words: string): string =>
  `[...${IN_PANEL}.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === '${words}')`;
const inState = (state: string): string =>
  `document.querySelector('call-button').state.state === '${state}'`;
const playing = `sounds.some(({ paused, srcObject }) => !paused && srcObject !== null)`;
const leave = (page: Page): Promise<unknown> => page.goto(`${world.service.url}other.html`);

/** As a visitor does: by mouse and keyboard. */
async function dial(on: CdpPage): Promise<void> {
  await on.click(`${IN_BUTTON}.querySelector('button')`);
  await on.waitFor(`${IN_PANEL}.activeElement?.id === 'name'`);
  await on.type('Ada Lovelace');
  await on.click(button('Start call'));
}

/** Back to the page as it was left: a driver for it, once it is restored. */
async function back(page: Page): Promise<CdpPage> {
  await page.goBack({ waitUntil: 'commit' });
  const on = await drive(page);
  await on.waitFor('globalThis.persisted === true');
  return on;
}

const nothingLive = `peers.every(({ signalingState }) => signalingState === 'closed') && tracks.every(({ readyState }) => readyState === 'ended')`;

describe('a page that may play sound only after a gesture', () => {
  it('is unlocked by the press on Call: the first word is heard', async () => {
    const { on } = await visit();
    assert.equal(await on.evaluate('navigator.userActivation.hasBeenActive'), false);
    await dial(on);
    await on.waitFor(inState('established'));
    await on.waitFor(playing);
    assert.equal(await on.evaluate(`document.querySelector('call-button').state.notice`), null);
  });

  const CALL = `await customElements.whenDefined('call-button'); document.querySelector('call-button').call();`;

  it('called by a script: a page with a microphone may play, and no notice says otherwise', async () => {
    const { on } = await visit('caller-name="Ada"', CALL);
    await on.waitFor(inState('established'));
    await on.waitFor(playing);
    assert.equal(await on.evaluate('navigator.userActivation.hasBeenActive'), false);
    assert.equal(await on.evaluate(`document.querySelector('call-button').state.notice`), null);
  });

  it('blocked all the same says so, and a click turns the sound on', async () => {
    const { on } = await visit(
      'caller-name="Ada"',
      // a browser that does not make the exception
      `const { play } = HTMLMediaElement.prototype;
      HTMLMediaElement.prototype.play = function () {
        this.autoplay = this.muted || navigator.userActivation.hasBeenActive;
        return this.autoplay ? play.call(this) : Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
      };
      ${CALL}`,
    );
    await on.waitFor(inState('established'));
    await on.waitFor(`document.querySelector('call-button').state.notice === 'sound-blocked'`);
    assert.equal(await on.evaluate(playing), false);
    await on.click(button('Turn sound on'));
    await on.waitFor(playing);
    await on.waitFor(`document.querySelector('call-button').state.notice === null`);
  });
});

describe('a page that is left', () => {
  it('idle: comes back from the back/forward cache, and calls', async () => {
    const { page } = await visit();
    await leave(page);
    const on = await back(page);
    await dial(on);
    await on.waitFor(inState('established'));
  });

  it('with the form open: comes back with the form, which works', async () => {
    const { page, on: before } = await visit();
    await before.click(`${IN_BUTTON}.querySelector('button')`);
    await before.waitFor('peers.length === 1');
    await leave(page);
    const on = await back(page);
    assert.equal(await on.evaluate(`peers[0].signalingState`), 'closed');
    await on.click(`${IN_PANEL}.querySelector('#name')`);
    await on.type('Ada');
    await on.click(button('Start call'));
    await on.waitFor(inState('established'));
  });

  it('in a call: it asks first, the far end is told, nothing stays live, and the page comes back to where it ended', async () => {
    const { page, on: before } = await visit();
    await dial(before);
    await before.waitFor(inState('established'));
    const bye = new Promise<string>((resolve) => {
      world.service.events.once('bye', ({ by }) => resolve(by));
    });
    let asked = '';
    page.once('dialog', (dialog) => {
      asked = dialog.type();
      void dialog.accept();
    });
    await leave(page);
    assert.equal(asked, 'beforeunload');
    assert.equal(await bye, 'caller');
    await until(() => world.service.calls().length === 0 && world.service.liveMedia() === 0);
    const on = await back(page);
    await on.waitFor(inState('ended'));
    await on.waitFor(button('Call again'));
    assert.equal(await on.evaluate(nothingLive), true);
    await on.click(button('Call again'));
    await on.click(button('Start call'));
    await on.waitFor(inState('established'));
    await on.waitFor(playing);
  });

  it('while it rings: the far end is told', async () => {
    const { page, on: before } = await visit();
    await before.evaluate(`document.querySelector('call-button').target = 'silent'`);
    await dial(before);
    await before.waitFor(inState('ringing'));
    const ended = new Promise<string>((resolve) => {
      world.service.events.once('ended', ({ by }) => resolve(by));
    });
    await leave(page);
    assert.equal(await ended, 'cancelled');
    const on = await back(page);
    await on.waitFor(inState('ended'));
    assert.equal(await on.evaluate(nothingLive), true);
  });

  it('closed in a call: the far end is told', async () => {
    const { page, on } = await visit();
    await dial(on);
    await on.waitFor(inState('established'));
    const bye = new Promise<string>((resolve) => {
      world.service.events.once('bye', ({ by }) => resolve(by));
    });
    await page.close();
    assert.equal(await bye, 'caller');
  });
});

describe('a page that is frozen in a call', () => {
  it('goes on when it thaws: no absurd quality, no lost call, the clock is right', async () => {
    const { page, on } = await visit();
    await dial(on);
    await on.waitFor(inState('established'));
    await on.waitFor(`document.querySelector('call-button').state.quality?.loss != null`);
    await on.evaluate(`(() => {
      globalThis.qualities = [];
      globalThis.states = [];
      const element = document.querySelector('call-button');
      element.addEventListener('call-quality-change', ({ quality }) => qualities.push(quality));
      element.addEventListener('call-state-change', ({ snapshot }) => states.push(snapshot.state));
    })()`);
    const session = await page.context().newCDPSession(page);
    const frozenAt = Date.now();
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await until(() => Date.now() > frozenAt + 4000);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await on.waitFor('qualities.length > 2');
    const qualities = await on.evaluate<Record<string, number | null>[]>('qualities');
    for (const { loss, jitter, delay } of qualities) {
      assert.ok(loss == null || (loss >= 0 && loss < 0.5), `loss ${loss}`);
      assert.ok(jitter == null || (jitter >= 0 && jitter < 1000), `jitter ${jitter}`);
      assert.ok(delay == null || (delay >= 0 && delay < 1000), `delay ${delay}`);
    }
    assert.deepEqual(
      [...new Set(await on.evaluate<string[]>('states'))].filter(
        (state) => state !== 'established',
      ),
      [],
    );
    const shown = await on.evaluate<string>(
      `${IN_PANEL}.querySelector('[part=timer]').textContent`,
    );
    const seconds = Math.floor(
      (await on.evaluate<number>(
        `Date.now() - document.querySelector('call-button').state.answeredAt`,
      )) / 1000,
    );
    assert.ok(Math.abs(seconds - Number(shown.split(':')[1])) <= 1, `${shown} after ${seconds} s`);
  });
});
