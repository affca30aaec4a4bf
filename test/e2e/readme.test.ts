/** What the README tells a customer to paste works as it stands there. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { findRedis, startRedis } from '../support/redis.js';
import { useWorld } from '../support/use-world.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(
    ([, text]) => text!,
  );

const { world, openPage } = useWorld();

describe('the README', () => {
  const snippets = blocks('html');

  it('has snippets', () => {
    assert.ok(snippets.length >= 3);
  });

  for (const [index, snippet] of snippets.entries()) {
    it(`HTML snippet ${index + 1} makes a call once it names a real service`, async () => {
      const real = snippet
        .replace(/<script[^>]*src="[^"]*call-button\.js"\s*><\/script\s*>/, '')
        .replace('wss://sip.example.com', world.service.sipUrl)
        .replace('https://www.example.com/call-gate', world.service.gateUrl)
        .replace('target="sales"', 'target="echo"')
        .replace(/sitekey="[^"]*"/, 'captcha="altcha"');
      const { page, waitForState, errors } = await openPage({ html: () => real });
      await page.locator('call-button [part=launcher]:visible').click();
      await page.getByLabel('Your name').fill('Ada');
      for (const box of await page.getByRole('checkbox', { name: /agree/ }).all())
        await box.check();
      await page.getByRole('button', { name: /^Start/ }).click();
      await waitForState('established');
      assert.deepEqual(errors, []);
    });
  }

  it('a required control in a slot blocks the call until it is filled in, and joins the context', async () => {
    const real = snippets[1]!
      .replace('wss://sip.example.com', world.service.sipUrl)
      .replace('https://www.example.com/call-gate', world.service.gateUrl)
      .replace('target="sales"', 'target="busy"');
    const { page, state, waitForState } = await openPage({ html: () => real });
    await page.locator('call-button [part=launcher]:visible').click();
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: /^Start/ }).click();
    assert.equal(await state(), 'idle');
    await page.getByRole('checkbox', { name: /agree/ }).check();
    await page.getByRole('button', { name: /^Start/ }).click();
    await waitForState('ended');
    const [, hex] = /User-to-User: ([0-9a-f]+);/.exec(world.service.lastInviteRaw!)!;
    assert.deepEqual(JSON.parse(Buffer.from(hex!, 'hex').toString()), { consent: 'on' });
  });

  it('the consent hook of the events snippet holds the form up', async () => {
    const snippet = blocks('js').find((text) => text.includes('call-before-open'))!;
    const { page } = await openPage();
    await page.evaluate(() => {
      Object.assign(globalThis, {
        askForConsent: () =>
          new Promise((resolve) => Object.assign(globalThis, { consent: resolve })),
      });
    });
    await page.addScriptTag({ content: snippet });
    const answer = async (yes: boolean): Promise<void> => {
      await page.waitForFunction(() => 'consent' in globalThis);
      assert.equal(await page.getByLabel('Your name').count(), 0);
      await page.evaluate((value) => {
        const scope = globalThis as unknown as { consent?: (answer: boolean) => void };
        scope.consent!(value);
        delete scope.consent;
      }, yes);
    };
    const launcher = page.locator('call-button [part=launcher]:visible');
    await launcher.click();
    await answer(false);
    await launcher.click();
    await answer(true);
    await page.getByLabel('Your name').waitFor();
  });

  it('the analytics snippet tells what goes on in every call of the page', async () => {
    const snippet = blocks('js').find((text) => text.includes('dataLayer'))!;
    const { page, dial, waitForState, errors } = await openPage();
    await page.addScriptTag({ content: snippet });
    await dial();
    await waitForState('established');
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await waitForState('ended');
    const pushed = await page.evaluate(
      () => (globalThis as unknown as { dataLayer: Readonly<Record<string, unknown>>[] }).dataLayer,
    );
    const states = pushed.flatMap(({ event, state }) => (event === 'call' ? [state] : []));
    assert.equal(states.length, new Set(states).size);
    assert.deepEqual(states.slice(-3), ['established', 'ending', 'ended']);
    const { durationMs, worstQuality, ...end } = pushed.at(-1)!;
    assert.deepEqual(end, { event: 'call_end', service: 'echo', reason: 'hung-up' });
    assert.ok(Number(durationMs) > 0 && worstQuality !== undefined);
    assert.deepEqual(errors, []);
  });

  it('the gate snippet starts and hands out challenges to its own origin alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'call-button-gate-'));
    const file = join(folder, 'gate.ts');
    const snippet = blocks('js')
      .find((text) => text.includes('createGate'))!
      .replace("'call-button/gate'", JSON.stringify(`${root}src/gate/index.ts`))
      .replace("'call-button/gate/node'", JSON.stringify(`${root}src/gate/node.ts`))
      .replace(
        'createServer(toNodeListener(gate)).listen(3000);',
        'const server = createServer(toNodeListener(gate)).listen(0, "127.0.0.1", () => console.log(server.address().port));',
      );
    await writeFile(file, snippet);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const secret = (): string => randomBytes(32).toString('hex');
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        PASS_JWT_SECRET: secret(),
        PASS_DIGEST_SECRET: secret(),
        HCAPTCHA_SITEKEY: '20000000-ffff-ffff-ffff-000000000002',
        HCAPTCHA_SECRET: `0x${secret()}`,
        ALTCHA_KEY: secret(),
      },
    });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const url = `http://127.0.0.1:${line.toString().trim()}/call-gate/challenge?target=support`;
      const own = await fetch(url, { headers: { Origin: 'https://www.example.com' } });
      assert.equal(own.status, 200);
      const other = await fetch(url, { headers: { Origin: 'https://evil.example' } });
      assert.equal(other.status, 403);
    } finally {
      child.kill();
      await rm(folder, { recursive: true, force: true });
    }
  });

  const program = findRedis();
  it(
    'the Redis snippet connects and counts',
    { skip: program === null && 'there is no Redis' },
    async () => {
      const redis = await startRedis(program!);
      const folder = await mkdtemp(join(tmpdir(), 'call-button-redis-'));
      const file = join(folder, 'store.ts');
      const snippet = blocks('js')
        .find((text) => text.includes('createRedisStore'))!
        .replace("'redis'", JSON.stringify(import.meta.resolve('redis')))
        .replace("'call-button/gate/redis'", JSON.stringify(`${root}src/gate/redis-store.ts`));
      await writeFile(
        file,
        `${snippet}\nconsole.log(await store.incr('a', 9)); await redis.close();`,
      );
      await writeFile(join(folder, 'package.json'), '{"type":"module"}');
      const child = spawn(process.execPath, ['--import', 'tsx', file], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, REDIS_URL: redis.url },
      });
      try {
        const [line] = (await once(child.stdout, 'data')) as [Buffer];
        assert.equal(line.toString().trim(), '1');
      } finally {
        child.kill();
        await redis.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});
