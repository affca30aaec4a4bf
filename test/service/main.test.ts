import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';

const MAIN = fileURLToPath(new URL('../../demo/service/main.ts', import.meta.url));

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Once that many lines were printed. */
  lines(count: number): Promise<string[]>;
}

async function run(test: TestContext, env: Record<string, string> = {}): Promise<Run> {
  const dist = await mkdtemp(join(tmpdir(), 'call-button-'));
  await writeFile(join(dist, 'call-button.js'), 'entry');
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--dist', dist], {
    env: { ...process.env, HCAPTCHA_SECRET: '', TURNSTILE_SECRET: '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  test.after(async () => {
    child.kill('SIGKILL');
    await rm(dist, { recursive: true });
  });
  let text = '';
  let onText: () => void = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      onText();
    });
  }
  return {
    child,
    output: () => text,
    lines: (count) =>
      new Promise((resolve, reject) => {
        child.once('exit', () => reject(new Error(`ended early: ${text}`)));
        onText = () => {
          const lines = text.split('\n').slice(0, -1);
          if (lines.length >= count) resolve(lines);
        };
        onText();
      }),
  };
}

const addressIn = (line: string): string => /^Open (http:\/\/127\.0\.0\.1:\d+\/)$/.exec(line)![1]!;

describe('npm start', () => {
  it('says where to look and which CAPTCHA is used, and answers within five seconds', async (t) => {
    const begin = performance.now();
    const { lines } = await run(t);
    const [address, captcha, agent, configurator, ...rest] = await lines(4);
    assert.match(captcha!, /^CAPTCHA: ALTCHA /);
    assert.match(
      agent!,
      /^A person answers at http:.*\/agent\/ \(user agent, password [\w-]{12}\)$/,
    );
    assert.equal(
      configurator,
      `Set up a button of your own at ${addressIn(address!)}configurator/`,
    );
    assert.deepEqual(rest, []);
    const page = await fetch(addressIn(address!));
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<call-button/);
    assert.equal(await (await fetch(`${addressIn(address!)}dist/call-button.js`)).text(), 'entry');
    const seconds = (performance.now() - begin) / 1000;
    assert.ok(seconds < 5, `${seconds} s`);
  });

  it('prints a line for each report of a call', async (t) => {
    const { lines } = await run(t);
    const [first] = await lines(4);
    const url = addressIn(first!);
    const report = { reason: 'hung-up', durationMs: 12_345, timings: { packet: 480 } };
    const body = JSON.stringify(report);
    await fetch(`${url}call-reports`, {
      method: 'POST',
      body,
      headers: { origin: url.slice(0, -1) },
    });
    assert.equal(
      (await lines(5))[4],
      'report of a call: hung-up, 12 s, first packet 480 ms after the press',
    );
  });

  for (const [name, provider, variable] of [
    ['hCaptcha', 'hcaptcha', 'HCAPTCHA'],
    ['Turnstile', 'turnstile', 'TURNSTILE'],
  ] as const) {
    it(`uses ${name} where a site key and a secret are set, and keeps the secret`, async (t) => {
      const { lines, output } = await run(t, {
        [`${variable}_SITEKEY`]: 'the-key',
        [`${variable}_SECRET`]: '0xSECRET',
      });
      const [address, captcha] = await lines(2);
      assert.equal(captcha, `CAPTCHA: ${name}, site key the-key`);
      const page = await (await fetch(addressIn(address!))).text();
      assert.match(page, new RegExp(`captcha="${provider}"`));
      assert.match(page, /sitekey="the-key"/);
      assert.doesNotMatch(page + output(), /SECRET/);
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends cleanly on ${signal}, with a connection open`, async (t) => {
      const { child, lines, output } = await run(t);
      const origin = addressIn((await lines(2))[0]!).slice(0, -1);
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/sip`, 'sip', { origin });
      await once(socket, 'open');
      const closed = once(socket, 'close');
      const exited = once(child, 'exit');
      child.kill(signal);
      assert.deepEqual(await exited, [0, null], output());
      await closed;
    });
  }

  it('refuses a port that is none', async (t) => {
    const { child, output } = await run(t, { PORT: 'eighty' });
    assert.deepEqual(await once(child, 'exit'), [2, null]);
    assert.match(output(), /"eighty" is no port/);
  });
});
