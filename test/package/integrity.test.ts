/** The script by its hashes, from a CDN's folders: it calls, and what somebody has changed does not run. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { prepareScript } from '../../demo/service/script.js';
import { stage } from '../release/cdn.js';
import { startWorld, type World } from '../support/e2e.js';
import { startFileHost, type FileHost } from '../support/file-host.js';
import { hashBuild } from '../support/integrity.js';
import { integrityLines, type Integrity } from '../support/published.js';
import { visit, type Visitor } from './visitor.js';

const VERSION = '1.2.3';

let world: World;
let cdn: string;
let host: FileHost;
let integrity: Integrity;
before(async () => {
  world = await startWorld({ ringMs: 50 });
  cdn = await mkdtemp(join(tmpdir(), 'call-button-cdn-'));
  const dist = await prepareScript();
  await stage(dist, cdn, VERSION);
  host = await startFileHost(cdn);
  integrity = await hashBuild(dist, VERSION);
});
afterEach(() => host.tampered.clear());
after(async () => {
  await world.close();
  await host.close();
  await rm(cdn, { recursive: true, force: true });
});

/** Another script of the same behaviour: refused for its bytes alone. */
async function tamper(name: string): Promise<string> {
  const path = `/${VERSION}/${name}`;
  host.tampered.set(path, `${await readFile(join(cdn, path), 'utf8')}\nglobalThis.stolen = true;`);
  return path;
}

const chunk = (name: string): string =>
  Object.keys(integrity.files).find((file) => file.startsWith(`chunks/${name}-`))!;

async function open(lines: string, ready = true, media = 'audio'): Promise<Visitor> {
  const name = randomUUID();
  await mkdir(join(world.pages, name));
  await writeFile(
    join(world.pages, name, 'index.html'),
    `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>integrity</title>
${lines}
<call-button server="%SIP_URL%" gate="%GATE_URL%" target="echo" media="${media}" captcha="altcha"><a href="tel:+15550100123">Call us</a></call-button>`,
  );
  return visit(world, `${name}/`, ready);
}

const hashed = (): string => integrityLines(integrity, `${host.url}${VERSION}/`);
const stolen = ({ page }: Visitor): Promise<boolean> => page.evaluate(() => 'stolen' in globalThis);

describe('a page that knows the hashes', () => {
  it('calls', async () => {
    const visitor = await open(hashed());
    await visitor.call();
    await visitor.hangUp();
    assert.deepEqual(visitor.errors, []);
    const scripts = visitor.requests.filter((url) => url.endsWith('.js'));
    for (const url of scripts) assert.ok(url.startsWith(`${host.url}${VERSION}/`), url);
    await visitor.close();
  });

  it('keeps its link where the script is not what it was', async () => {
    const path = await tamper('call-button.js');
    const visitor = await open(hashed(), false);
    await visitor.page.waitForLoadState();
    assert.ok(host.asked.includes(path));
    assert.ok(
      visitor.errors.some((text) => text.includes('integrity')),
      visitor.errors.join(),
    );
    assert.equal(
      await visitor.page.evaluate(() => customElements.get('call-button') !== undefined),
      false,
    );
    const link = visitor.page.getByRole('link', { name: 'Call us' });
    assert.equal(await link.getAttribute('href'), 'tel:+15550100123');
    assert.ok(await link.isVisible());
    assert.equal(await stolen(visitor), false);
    await visitor.close();
  });

  it('puts the link in the place of the button where the panel is not what it was', async () => {
    const path = await tamper(chunk('panel'));
    const visitor = await open(hashed());
    const { page } = visitor;
    await page.locator('call-button [part=launcher]:visible').click();
    const link = page.locator('call-button a[part=launcher]:visible');
    await link.waitFor();
    assert.equal(await link.getAttribute('href'), 'tel:+15550100123');
    assert.equal(await link.textContent(), 'Call us');
    assert.ok(host.asked.includes(path));
    assert.ok(
      visitor.errors.some((text) => text.includes('integrity')),
      visitor.errors.join(),
    );
    assert.equal(await stolen(visitor), false);
    await visitor.close();
  });

  for (const [name, media] of [
    ['engine', 'audio'],
    ['altcha', 'audio'],
    ['video', 'video'],
  ] as const) {
    it(`explains itself, and names the number, where the chunk "${name}" is not what it was`, async () => {
      const path = await tamper(chunk(name));
      const visitor = await open(hashed(), true, media);
      const { page } = visitor;
      await page.locator('call-button [part=launcher]:visible').click();
      const message = page.locator('call-button').locator('[part=message]');
      await message.waitFor();
      assert.match(await message.innerText(), /\w{3}/);
      const link = page.locator('call-button').locator('[part~=panel] a[href="tel:+15550100123"]');
      await link.first().waitFor();
      assert.ok(host.asked.includes(path));
      assert.equal(await stolen(visitor), false);
      await visitor.close();
    });
  }
});

describe('a page that knows no hashes', () => {
  it('gets the newest of a major version, and calls', async () => {
    const visitor = await open(
      `<script async crossorigin src="${host.url}1/call-button.js"></script>`,
    );
    await visitor.call();
    await visitor.hangUp();
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  it('runs what somebody has changed: so the tests above see what they say', async () => {
    await tamper(chunk('panel'));
    const visitor = await open(
      `<script async crossorigin src="${host.url}${VERSION}/call-button.js"></script>`,
    );
    await visitor.page.locator('call-button [part=launcher]:visible').hover();
    await visitor.page.waitForFunction(() => 'stolen' in globalThis);
    await visitor.close();
  });
});
