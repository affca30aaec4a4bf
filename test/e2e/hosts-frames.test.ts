/** Isolated pages and frames: what works there, and what is said where it cannot. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { en } from '../../src/i18n/en.js';
import { type CallPage, countOpen, NOTHING_OPEN, visitUrl } from '../support/e2e.js';
import { useShared } from '../support/hooks.js';
import { startHostSite } from '../support/host-site.js';
import type { StrictPage } from '../support/host-world.js';
import { SCENARIOS } from '../support/turnstile/scenarios.js';
import { createTurnstileStandIn } from '../support/turnstile/stand-in.js';
import { useHostWorld, useStandIn } from '../support/use-world.js';

const SECRET = 'secret-of-the-stand-in';
const turnstile = createTurnstileStandIn({ sites: [{ sitekey: SCENARIOS.pass, secret: SECRET }] });
const provider = useStandIn(turnstile);
/** Serves the provider's script with the headers that a test wants. */
const scripts = useShared(startHostSite);
const { world, keep, openPage } = useHostWorld(() => ({
  gate: {
    aliases: { echo: { captcha: ['altcha', 'turnstile'] } },
    turnstile: { secret: SECRET, verifyUrl: `${provider.origin}/turnstile/v0/siteverify` },
  },
}));

async function hangUp(on: CallPage): Promise<void> {
  await on.page.evaluate(() => document.querySelector('call-button')!.hangUp());
  await on.waitForState('ended');
  assert.deepEqual(await on.open(), NOTHING_OPEN);
}

describe('a page that is isolated from other origins (COOP same-origin, COEP)', () => {
  async function visit(
    policy: 'require-corp' | 'credentialless',
    captcha: 'altcha' | 'turnstile',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<StrictPage> {
    scripts.put('/turnstile/v0/api.js', {
      body: readFileSync(
        new URL('../support/turnstile/turnstile/v0/api.js', import.meta.url),
        'utf8',
      ),
      type: 'text/javascript',
      headers,
    });
    const on = await openPage({
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': policy,
      },
      head: `<script async crossorigin src="${world.script}" data-captcha-host="${scripts.origin}"></script>`,
      body: world.element({ captcha, sitekey: SCENARIOS.pass }),
    });
    assert.equal(await on.page.evaluate(() => crossOriginIsolated), true);
    return on;
  }

  it('require-corp: a whole call, script and chunks from another origin', async () => {
    const on = await visit('require-corp', 'altcha');
    await on.dial();
    await on.waitForState('established');
    await hangUp(on);
    assert.deepEqual(on.errors, []);
  });

  it('require-corp, a CAPTCHA whose script does not allow it: explained, with the number', async () => {
    const on = await visit('require-corp', 'turnstile');
    await on.page.locator('call-button [part=launcher]:visible').click();
    await on.page.getByText(en['end.captcha-unavailable']).waitFor();
    assert.equal(await on.page.getByRole('link', { name: 'Call by phone instead' }).count(), 1);
  });

  it('require-corp, a CAPTCHA whose script allows it: a whole call', async () => {
    const on = await visit('require-corp', 'turnstile', {
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    await on.dial();
    await on.waitForState('established');
    await hangUp(on);
  });

  it('credentialless: a CAPTCHA that says nothing of it works', async () => {
    const on = await visit('credentialless', 'turnstile');
    await on.dial();
    await on.waitForState('established');
    await hangUp(on);
  });
});

describe('in a frame of another origin', () => {
  /** The frame's address is another port: another origin, with the service's permission all the same. */
  async function visit(
    frame: string,
    element: string,
  ): Promise<{ on: CallPage; inside: FrameLocator }> {
    const name = `/${randomUUID()}.html`;
    const content = world.site.put(name, {
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>frame</title><script async crossorigin src="${world.script}"></script>${element}`,
    });
    const outer = scripts.put(`/${randomUUID()}.html`, {
      // `visitUrl` waits for the element
      body: `<!doctype html><title>outer</title><script>customElements.define('call-button', class extends HTMLElement {})</script><iframe ${frame} style="width:500px;height:600px" src="${content}"></iframe>`,
    });
    const on = keep(await visitUrl(world.browser, outer));
    const inside = on.page.frameLocator('iframe');
    await inside.locator('call-button [part=launcher]:visible').waitFor();
    return { on, inside };
  }

  async function dial(inside: FrameLocator): Promise<void> {
    await inside.locator('call-button [part=launcher]:visible').click();
    await inside.getByLabel('Your name').fill('Ada');
    await inside.getByRole('button', { name: /^Start/ }).click();
  }

  const state = (inside: FrameLocator, name: string): Promise<void> =>
    inside.locator(`call-button:state(${name})`).waitFor();

  async function callsAndEnds(on: CallPage, inside: FrameLocator): Promise<void> {
    await dial(inside);
    await state(inside, 'established');
    await inside.getByRole('button', { name: 'Hang up', exact: true }).click();
    await state(inside, 'ended');
    const frame = on.page.frames()[1]!;
    assert.deepEqual(await frame.evaluate(countOpen), NOTHING_OPEN);
    assert.deepEqual(on.errors, []);
  }

  it('with allow="microphone; camera": a whole call', async () => {
    const { on, inside } = await visit('allow="microphone; camera"', world.element());
    await callsAndEnds(on, inside);
  });

  it('without it: explained, with the number', async () => {
    const { on, inside } = await visit('', world.element());
    await dial(inside);
    await inside.getByText(en['end.permissions-policy']).waitFor();
    await inside.getByRole('link', { name: 'Call by phone instead' }).waitFor();
    assert.equal(world.service.calls().length, 0);
    assert.deepEqual(on.errors, []);
  });

  it('sandboxed, with its origin, and allow="microphone; camera": a whole call', async () => {
    const { on, inside } = await visit(
      'sandbox="allow-scripts allow-same-origin" allow="microphone; camera"',
      world.element(),
    );
    await callsAndEnds(on, inside);
  });

  it('sandboxed, with its origin, without allow: explained, with the number', async () => {
    const { on, inside } = await visit(
      'sandbox="allow-scripts allow-same-origin"',
      world.element(),
    );
    await dial(inside);
    await inside.getByText(en['end.permissions-policy']).waitFor();
    await inside.getByRole('link', { name: 'Call by phone instead' }).waitFor();
    assert.deepEqual(on.errors, []);
  });

  it('sandboxed, without an origin, where browsers give no microphone: explained, with the number', async () => {
    const { inside } = await visit(
      'sandbox="allow-scripts" allow="microphone *; camera *"',
      world.element(),
    );
    await dial(inside);
    await inside.getByText(en['end.permissions-policy']).waitFor();
    await inside.getByRole('link', { name: 'Call by phone instead' }).waitFor();
    assert.equal(world.service.calls().length, 0);
  });
});
