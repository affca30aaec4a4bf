/** The packed package in empty projects of customers: built by their tools, called from, imported, type-checked. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startWorld, type World } from '../support/e2e.js';
import { startFileHost } from '../support/file-host.js';
import { install, output, pack, unpack } from '../support/package.js';
import { until } from '../support/until.js';
import { visit } from './visitor.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const PROJECTS = ['vite', 'webpack', 'node'] as const;

/** Outside of this repository, so that nothing of its own is found. */
const folder = await mkdtemp(join(tmpdir(), 'call-button-consumers-'));
const { filename } = await pack(folder);
const archive = join(folder, filename);
const project = (name: (typeof PROJECTS)[number]): string => join(folder, name);

async function prepare(name: (typeof PROJECTS)[number]): Promise<string | null> {
  await cp(join(here, name), project(name), { recursive: true });
  return install(project(name), archive);
}
const [vite, webpack, node] = await Promise.all(PROJECTS.map(prepare));
after(() => rm(folder, { recursive: true, force: true }));

describe('a page that uses the package', () => {
  let world: World;
  before(async () => {
    world = await startWorld({ ringMs: 50 });
  });
  after(() => world.close());

  it('built by Vite calls', { skip: vite ?? false }, async () => {
    await output('npm', ['run', 'build'], project('vite'));
    await cp(join(project('vite'), 'dist'), join(world.pages, 'vite'), { recursive: true });
    const { call, hangUp, errors, close } = await visit(world, 'vite/');
    await call();
    await hangUp();
    assert.deepEqual(errors, []);
    await close();
  });

  it(
    'built by webpack calls, with a language that it brings along',
    { skip: webpack ?? false },
    async () => {
      await output('npm', ['run', 'build'], project('webpack'));
      const place = join(world.pages, 'webpack');
      await cp(join(project('webpack'), 'dist'), place, { recursive: true });
      await cp(join(project('webpack'), 'index.html'), join(place, 'index.html'));
      assert.ok((await readdir(place)).length > 3, 'chunks of their own');
      const { call, hangUp, errors, close } = await visit(world, 'webpack/');
      await call({ name: 'Wer ruft an?', start: /^Jetzt anrufen$/ });
      await hangUp();
      assert.deepEqual(errors, []);
      await close();
    },
  );

  it('with nothing but a script tag of another origin calls, however deep the script lies', async () => {
    const cdn = await mkdtemp(join(tmpdir(), 'call-button-cdn-'));
    await unpack(archive, join(cdn, 'npm/call-button@0'));
    const host = await startFileHost(cdn);
    const base = `${host.url}npm/call-button@0/dist/`;
    await mkdir(join(world.pages, 'plain'), { recursive: true });
    await writeFile(
      join(world.pages, 'plain/index.html'),
      `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>plain</title>
<script async crossorigin src="${base}call-button.js"></script>
<call-button server="%SIP_URL%" gate="%GATE_URL%" target="echo" captcha="altcha"><a href="tel:+15550100123">Call us</a></call-button>`,
    );
    const { call, hangUp, errors, requests, close } = await visit(world, 'plain/');
    const scripts = requests.filter((url) => url.endsWith('.js'));
    assert.deepEqual(scripts, [`${base}call-button.js`], 'before anybody calls');
    await call();
    await hangUp();
    assert.deepEqual(errors, []);
    const later = requests.filter((url) => url.endsWith('.js')).slice(1);
    assert.ok(later.length >= 3, later.join());
    for (const url of later) assert.ok(url.startsWith(`${base}chunks/`), url);
    await close();
    await until(() => world.service.calls().length === 0);
    await host.close();
    await rm(cdn, { recursive: true });
  });
});

describe('a server that uses the package', { skip: node ?? false }, () => {
  it('imports the gate, which answers', async () => {
    assert.equal(await output(process.execPath, ['gate.mjs'], project('node')), '200\n');
  });

  it(
    'requires the gate, where Node can',
    {
      skip: !('require_module' in process.features) && 'this Node has no require() of ES modules',
    },
    async () => {
      const values = ['--disable-warning=ExperimentalWarning', 'gate.cjs'];
      assert.equal(await output(process.execPath, values, project('node')), '200\n');
    },
  );
});

describe('TypeScript', { skip: node ?? false }, () => {
  for (const resolution of ['bundler', 'node16']) {
    it(`finds the types by moduleResolution ${resolution}, and mistakes by them`, async () => {
      const compiler = join(project('node'), 'node_modules/typescript/bin/tsc');
      await output(
        process.execPath,
        [compiler, '-p', `tsconfig.${resolution}.json`],
        project('node'),
      );
    });
  }
});
