import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { minifyTemplates } from '../../test/support/minify-templates.js';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Makes `agent.js` for the page where a person answers. With the whole of SIP.js: a phone registers and is called,
 * which the element does not.
 */
export async function buildAgent(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: folder('../../'),
    logLevel: 'warn',
    publicDir: false,
    plugins: [minifyTemplates()],
    build: {
      target: ['chrome125', 'edge125', 'firefox126', 'safari17.4'],
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      lib: {
        entry: folder('../agent/agent.ts'),
        formats: ['es'],
        fileName: () => 'agent.js',
      },
      rolldownOptions: { output: { minify: true } },
    },
  });
}

/** Makes `dist/call-button.js` and its chunks: what `vite build` does. */
export async function buildScript(): Promise<void> {
  await build({ configFile: folder('../../vite.config.ts'), logLevel: 'warn' });
}
