/** Pages with a strict Content-Security-Policy: what the README tells to allow is enough, and nothing else is asked for. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { NOTHING_OPEN } from '../support/e2e.js';
import { SCENARIOS as HCAPTCHA } from '../support/hcaptcha/scenarios.js';
import { createHCaptchaStandIn } from '../support/hcaptcha/stand-in.js';
import type { HostPage, StrictPage } from '../support/host-world.js';
import { SCENARIOS as TURNSTILE } from '../support/turnstile/scenarios.js';
import { createTurnstileStandIn } from '../support/turnstile/stand-in.js';
import { useHostWorld, useStandIn } from '../support/use-world.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const SECRET = 'secret-of-the-stand-in';
const NONCE = 'R4nd0m';

const README = read('../../README.md');
/** The policies of the README, by what they are for. */
const [, block = ''] = /```text\n(# ALTCHA[^]*?)```/.exec(README) ?? [];
const POLICIES = new Map(
  [...block.matchAll(/# (.*)\n(.*)/g)].map(([, name = '', text = '']) => [name, text]),
);

const hcaptcha = createHCaptchaStandIn({ sites: [{ sitekey: HCAPTCHA.pass, secret: SECRET }] });
const turnstile = createTurnstileStandIn({ sites: [{ sitekey: TURNSTILE.pass, secret: SECRET }] });
const hosts = [useStandIn(hcaptcha), useStandIn(turnstile)] as const;
const { world, openPage } = useHostWorld(() => ({
  gate: {
    aliases: { echo: { captcha: ['altcha', 'hcaptcha', 'turnstile'] } },
    hcaptcha: {
      sitekey: HCAPTCHA.pass,
      secret: SECRET,
      verifyUrl: `${hosts[0].origin}/siteverify`,
    },
    turnstile: { secret: SECRET, verifyUrl: `${hosts[1].origin}/turnstile/v0/siteverify` },
  },
}));

/** A policy of the README with real addresses; nothing beside what it allows is allowed. */
function headers(name: string, ...further: string[]): Record<string, string> {
  const { gateUrl, sipUrl, url } = world.service;
  const text = POLICIES.get(name);
  assert.ok(text, `the README has no policy for ${name}`);
  const real = text
    .replaceAll('https://www.example.com', new URL(gateUrl).origin)
    .replaceAll('wss://sip.example.com', new URL(sipUrl).origin)
    .replaceAll('https://cdn.example.com', new URL(url).origin);
  return {
    'Content-Security-Policy': [`default-src 'none'`, real, ...further, 'report-uri /reports'].join(
      '; ',
    ),
  };
}

const withNonce = (): string =>
  `<script nonce="${NONCE}" async crossorigin src="${world.script}"></script>`;
const bare = (): string => `<script async crossorigin src="${world.script}"></script>`;

async function visit(page: HostPage): Promise<StrictPage> {
  const on = await openPage(page);
  const scripts = {
    'https://js.hcaptcha.com/1/api.js*': read('../support/hcaptcha/1/api.js'),
    'https://challenges.cloudflare.com/turnstile/v0/api.js*': read(
      '../support/turnstile/turnstile/v0/api.js',
    ),
  };
  // the providers' own addresses: the page's policy is asked before the request gets here
  for (const [url, body] of Object.entries(scripts)) {
    await on.page.route(url, (route) =>
      route.fulfill({
        body,
        contentType: 'text/javascript',
        headers: { 'access-control-allow-origin': '*' },
      }),
    );
  }
  return on;
}

/** A whole call, with all that draws or loads something: the check, keypad, choice of devices, and the end. */
async function callAll(on: StrictPage): Promise<void> {
  await on.page.locator('call-button [part=launcher]:visible').click();
  await on.page.getByRole('button', { name: 'Check your microphone' }).click();
  await on.page.getByRole('button', { name: 'Play a test sound' }).click();
  await on.page.getByLabel('Your name').fill('Ada');
  await on.page.getByRole('button', { name: /^Start/ }).click();
  await on.waitForState('established');
  const press = (name: string): Promise<void> =>
    on.page.locator('[part=controls]').getByRole('button', { name, exact: true }).click();
  await press('Show keypad');
  await on.page.getByRole('button', { name: '5 JKL', exact: true }).click();
  await press('Choose microphone, speaker and camera');
  await on.page.getByRole('combobox', { name: 'Microphone' }).waitFor();
  await press('Hang up');
  await on.waitForState('ended');
  await on.page.getByRole('radio').first().waitFor();
  assert.deepEqual(await on.open(), NOTHING_OPEN);
}

async function callsWithoutViolation(on: StrictPage): Promise<void> {
  await callAll(on);
  assert.deepEqual(await on.violations(), []);
  assert.deepEqual(on.errors, []);
}

/** What the providers' own scripts bring along beside the frame that the stand-ins draw. */
async function probe(on: StrictPage, urls: Readonly<Record<string, string>>): Promise<void> {
  for (const url of Object.values(urls)) {
    await on.page.route(url, (route) =>
      route.fulfill({ body: '', headers: { 'access-control-allow-origin': '*' } }),
    );
  }
  await on.page.evaluate(
    ({ frame, style, connect }) =>
      Promise.all([
        connect && fetch(connect),
        ...[
          frame && Object.assign(document.createElement('iframe'), { src: frame }),
          style &&
            Object.assign(document.createElement('link'), { rel: 'stylesheet', href: style }),
        ].map(
          (element) =>
            element &&
            new Promise((resolve) => {
              element.addEventListener('load', resolve);
              element.addEventListener('error', resolve);
              document.body.append(element);
            }),
        ),
      ]),
    urls as { frame?: string; style?: string; connect?: string },
  );
}

const HCAPTCHA_PARTS = {
  frame: 'https://newassets.hcaptcha.com/captcha/v1/static/hcaptcha.html',
  style: 'https://newassets.hcaptcha.com/style.css',
  connect: 'https://api.hcaptcha.com/checksiteconfig',
};
const TURNSTILE_PARTS = { frame: 'https://challenges.cloudflare.com/cdn-cgi/challenge-platform/' };

describe('a page with a strict Content-Security-Policy', () => {
  it('by nonce and strict-dynamic, no style, no image: a whole call without a violation', async () => {
    const on = await visit({
      headers: headers('ALTCHA'),
      head: withNonce(),
      body: world.element({ rating: 'stars', check: '' }),
    });
    await callsWithoutViolation(on);
  });

  it('by nonce alone: the same, the chunks have the nonce of the script', async () => {
    const { 'Content-Security-Policy': policy = '' } = headers('ALTCHA');
    const on = await visit({
      headers: { 'Content-Security-Policy': policy.replace(` 'strict-dynamic'`, '') },
      head: withNonce(),
      body: world.element({ rating: 'stars', check: '' }),
    });
    await callsWithoutViolation(on);
  });

  it('by hash and strict-dynamic: the same, the script loaded as the README tells', async () => {
    const [, loader = ''] = /```js\n(document\.head\.append[^]*?)```/.exec(README)!;
    const inline = loader.replace(/'https:[^']*call-button\.js'/, JSON.stringify(world.script));
    const hash = `sha256-${createHash('sha256').update(inline).digest('base64')}`;
    const { 'Content-Security-Policy': policy = '' } = headers('ALTCHA');
    const on = await visit({
      headers: { 'Content-Security-Policy': policy.replace(`nonce-${NONCE}`, hash) },
      head: `<script>${inline}</script>`,
      body: world.element({ rating: 'stars', check: '' }),
    });
    await callsWithoutViolation(on);
  });

  it('by a list of hosts: the same', async () => {
    const on = await visit({
      headers: headers('a list of hosts, ALTCHA'),
      head: bare(),
      body: world.element({ rating: 'stars', check: '' }),
    });
    await callsWithoutViolation(on);
  });

  for (const [mode, head] of [
    ['', withNonce],
    ['a list of hosts, ', bare],
  ] as const) {
    it(`hCaptcha, ${mode || 'by nonce '}as the README has it: drawn, solved, called`, async () => {
      const on = await visit({
        headers: headers(`${mode}hCaptcha`),
        head: head(),
        body: world.element({
          captcha: 'hcaptcha',
          sitekey: HCAPTCHA.pass,
          rating: 'stars',
          check: '',
        }),
      });
      await probe(on, HCAPTCHA_PARTS);
      await callsWithoutViolation(on);
      assert.ok(on.requests.some((url) => url.startsWith('https://js.hcaptcha.com/1/api.js')));
    });

    it(`Turnstile, ${mode || 'by nonce '}as the README has it: drawn, solved, called`, async () => {
      const on = await visit({
        headers: headers(`${mode}Turnstile`),
        head: head(),
        body: world.element({
          captcha: 'turnstile',
          sitekey: TURNSTILE.pass,
          rating: 'stars',
          check: '',
        }),
      });
      await probe(on, TURNSTILE_PARTS);
      await callsWithoutViolation(on);
      assert.ok(on.requests.some((url) => url.startsWith('https://challenges.cloudflare.com/')));
    });
  }

  it('a provider that the policy leaves out: explained, with the number', async () => {
    const on = await visit({
      headers: headers('a list of hosts, ALTCHA'),
      head: bare(),
      body: world.element({ captcha: 'turnstile', sitekey: TURNSTILE.pass }),
    });
    await on.page.locator('call-button [part=launcher]:visible').click();
    await on.page.getByText('The human check could not be loaded.').waitFor();
    assert.equal(await on.page.getByRole('link', { name: 'Call by phone instead' }).count(), 1);
    await probe(on, TURNSTILE_PARTS);
    const violations = (await on.violations()).join('\n');
    assert.match(violations, /script-src-elem https:\/\/challenges\.cloudflare\.com/);
    assert.match(violations, /frame-src https:\/\/challenges\.cloudflare\.com/);
  });
});

/** Runs in the page: names of the policies that are made. */
function keepPolicies(): void {
  const policies: string[] = [];
  Object.assign(globalThis, { policies });
  const { trustedTypes } = globalThis as unknown as {
    trustedTypes: { createPolicy(name: string, rules: object): unknown };
  };
  const create = trustedTypes.createPolicy.bind(trustedTypes);
  trustedTypes.createPolicy = (name, rules) => {
    policies.push(name);
    return create(name, rules);
  };
}

describe('a page with Trusted Types', () => {
  const policies = (on: StrictPage): Promise<string[]> =>
    on.page.evaluate(() => (globalThis as unknown as { policies: string[] }).policies);

  it('ALTCHA: a whole call with the policies of the README and no violation', async () => {
    const on = await visit({
      headers: headers('ALTCHA', POLICIES.get('Trusted Types')!),
      head: withNonce(),
      body: world.element({ rating: 'stars', check: '' }),
      init: keepPolicies,
    });
    assert.deepEqual(await policies(on), []);
    await callsWithoutViolation(on);
    assert.deepEqual(await policies(on), ['lit-html']);
  });

  for (const [name, captcha, sitekey] of [
    ['hCaptcha', 'hcaptcha', HCAPTCHA.pass],
    ['Turnstile', 'turnstile', TURNSTILE.pass],
  ] as const) {
    it(`${name}: the same, its script by a policy of our own`, async () => {
      const on = await visit({
        headers: headers(name, POLICIES.get('Trusted Types')!),
        head: withNonce(),
        body: world.element({ captcha, sitekey, rating: 'stars', check: '' }),
        init: keepPolicies,
      });
      await callsWithoutViolation(on);
      assert.deepEqual(await policies(on), ['lit-html', 'call-button']);
    });
  }

  it('a page that has made the policy of lit before: works where it allows duplicates', async () => {
    const on = await visit({
      headers: headers('ALTCHA', `${POLICIES.get('Trusted Types')!} 'allow-duplicates'`),
      head: `<script nonce="${NONCE}">trustedTypes.createPolicy('lit-html', { createHTML: (html) => html })</script>${withNonce()}`,
      body: world.element({ rating: 'stars', check: '' }),
    });
    await callsWithoutViolation(on);
  });
});
