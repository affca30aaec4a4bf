/** The element in React, Vue, Svelte and Angular: types checked, built by Vite, mounted, called from. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { prepareScript } from '../../demo/service/script.js';
import { startWorld, type World } from '../support/e2e.js';
import { FRAMEWORKS, installExamples } from '../support/examples.js';
import { pack, unpack } from '../support/package.js';
import { until } from '../support/until.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const uninstalled = installExamples(FRAMEWORKS) ?? false;
const here = createRequire(join(FRAMEWORKS, 'package.json'));
const bin = (name: string): string => join(FRAMEWORKS, 'node_modules/.bin', name);

async function run(program: string, ...values: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program, ...values], { cwd: root });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => (said += data.toString()));
  }
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 0, said);
}

const tsc = (project: string): Promise<void> =>
  run(join(root, 'node_modules/typescript/bin/tsc'), '-p', project);

/** A function of a package that is installed only here. */
async function plugin(name: string, what: string, ...values: unknown[]): Promise<Plugin> {
  const module = (await import(pathToFileURL(here.resolve(name)).href)) as Record<
    string,
    (...values: unknown[]) => Plugin
  >;
  return module[what]!(...values);
}

/** As a customer gets it: the files of the package alone, and none of this project's. */
async function installPackage(): Promise<void> {
  const place = join(FRAMEWORKS, 'node_modules/call-button');
  await rm(place, { recursive: true, force: true });
  const { filename } = await pack(place);
  await unpack(join(place, filename), place);
}

interface Framework {
  readonly name: string;
  check(): Promise<void>;
  plugins(): Promise<readonly Plugin[]>;
  /** Folder to build, where it is not the example's own. */
  readonly folder?: string;
}

const ngc = join(FRAMEWORKS, 'node_modules/.cache/angular');

const ALL: readonly Framework[] = [
  {
    name: 'React',
    check: () => tsc(join(FRAMEWORKS, 'react')),
    plugins: () => Promise.resolve([]),
  },
  {
    name: 'Vue',
    check: () => run(bin('vue-tsc'), '-p', join(FRAMEWORKS, 'vue')),
    plugins: async () => [
      await plugin('@vitejs/plugin-vue', 'default', {
        template: {
          compilerOptions: { isCustomElement: (tag: string) => tag === 'call-button' },
        },
      }),
    ],
  },
  {
    name: 'Svelte',
    check: () =>
      run(
        bin('svelte-check'),
        '--workspace',
        join(FRAMEWORKS, 'svelte'),
        '--fail-on-warnings',
        '--threshold',
        'warning',
      ),
    plugins: async () => [
      await plugin('@sveltejs/vite-plugin-svelte', 'svelte', { configFile: false }),
    ],
  },
  {
    name: 'Angular',
    async check() {
      await run(bin('ngc'), '-p', join(FRAMEWORKS, 'angular'));
      await cp(join(FRAMEWORKS, 'angular/index.html'), join(ngc, 'index.html'));
    },
    plugins: () => Promise.resolve([]),
    folder: ngc,
  },
];

describe('call-button as a package', { skip: uninstalled }, () => {
  let world: World;
  before(async () => {
    // first, since a build of it empties the folder
    await prepareScript();
    await tsc(join(root, 'test/tsconfig.build.json'));
    await installPackage();
    world = await startWorld({ ringMs: 50 });
  });
  after(() => world.close());

  it('every entry is imported on a server, where there is no window', async () => {
    const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>;
    };
    const entries = Object.entries(exports)
      .filter(([, target]) => typeof target === 'object')
      .map(([name]) => name.replace('.', 'call-button').replace('*', 'de'));
    assert.ok(entries.includes('call-button/react') && entries.length >= 9, entries.join());
    for (const entry of entries) {
      const { href } = pathToFileURL(here.resolve(entry));
      await run('--input-type=module', '-e', `await import(${JSON.stringify(href)})`);
    }
  });

  it('React renders it on a server', () => {
    const { createElement } = here('react') as {
      createElement(tag: string, attributes: object, ...children: unknown[]): unknown;
    };
    const { renderToString } = here('react-dom/server') as {
      renderToString(tree: unknown): string;
    };
    const html = renderToString(
      createElement(
        'call-button',
        { server: 'wss://sip.example.com', 'ring-timeout': 20 },
        createElement('a', { href: 'tel:+15550100123' }, 'Call'),
      ),
    );
    assert.equal(
      html,
      '<call-button server="wss://sip.example.com" ring-timeout="20"><a href="tel:+15550100123">Call</a></call-button>',
    );
  });

  for (const { name, check, plugins, folder } of ALL) {
    const id = name.toLowerCase();
    it(`${name}: attributes, properties, listeners and methods, in a call`, async () => {
      await check();
      const outDir = join(world.pages, id);
      await mkdir(outDir, { recursive: true });
      await build({
        configFile: false,
        root: folder ?? join(FRAMEWORKS, id),
        base: './',
        logLevel: 'warn',
        plugins: [...(await plugins())],
        build: {
          outDir,
          emptyOutDir: true,
          target: 'chrome125',
          modulePreload: false,
          chunkSizeWarningLimit: 4000,
        },
      });
      const { service, browser } = world;
      const context = await browser.newContext();
      await context.grantPermissions(['microphone'], { origin: service.url });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (/error|warning/.test(message.type())) errors.push(message.text());
      });
      const query = new URLSearchParams({ server: service.sipUrl, gate: service.gateUrl });
      await page.goto(`${service.url}${id}/index.html?${query}`);
      const element = page.locator('call-button.sales');
      const press = (text: string): Promise<void> =>
        page.getByRole('button', { name: text, exact: true }).click();

      await press('Rename');
      await press('Talk to sales');
      await page.getByText(`Said by ${name}.`).waitFor();
      assert.equal(await element.getByLabel('Your name').inputValue(), 'Grace');
      await press('Start call');
      await page.locator('call-button:state(established)').waitFor();
      const [, hex = ''] = /User-to-User: ([0-9a-f]+);/.exec(service.lastInviteRaw!) ?? [];
      assert.deepEqual(JSON.parse(Buffer.from(hex, 'hex').toString()), { page: `/${id}` });
      await press('End it');
      await page.getByText(/^hung-up by Chromium \d+$/).waitFor();
      await page.getByText('How was it?').waitFor();

      await press('Call again');
      await press('Start call');
      await page.locator('call-button:state(established)').waitFor();
      await press('Remove');
      await until(() => service.calls().length === 0);
      assert.deepEqual(errors, []);
      await context.close();
    });
  }
});
