import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { minifyTemplates } from '../../test/support/minify-templates.js';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Makes the script of a page in `demo/`. That of `agent`, where a person answers, has the whole of SIP.js: a phone
 * registers and is called, which the element does not.
 */
export async function buildPage(name: 'agent' | 'configurator', outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: folder('../../'),
    logLevel: 'warn',
    publicDir: false,
    plugins: [minifyTemplates()],
    build: {
      target: ['chrome125', 'edge125', 'firefox128', 'safari17.4'],
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      lib: {
        entry: folder(`../${name}/${name}.ts`),
        formats: ['es'],
        fileName: () => `${name}.js`,
      },
      rolldownOptions: { output: { minify: true } },
    },
  });
}

/** Makes `dist/call-button.js` and its chunks: what `vite build` does. */
export async function buildScript(): Promise<void> {
  await build({ configFile: folder('../../vite.config.ts'), logLevel: 'warn' });
}

/** Makes `dist/custom-elements.json` and what editors know of the element: what `npm run manifest` does. */
export async function buildManifest(): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  const analyzer = resolve('@custom-elements-manifest/analyzer/package.json');
  await promisify(execFile)(
    process.execPath,
    [
      join(analyzer, '../cem.js'),
      'analyze',
      '--config',
      'test/custom-elements-manifest.config.mjs',
    ],
    { cwd: folder('../../') },
  );
}
