/**
 * Builds `dist/`: hashed ES chunks of panel, call engine and CAPTCHA providers, and `call-button.js`, the classic
 * script that finds them. Two builds, because a script tag's file must not contain `import` declarations.
 */
import { fileURLToPath } from 'node:url';
import { build, defineConfig, type Plugin, type UserConfig } from 'vite';
import { minifyTemplates } from './test/support/minify-templates.js';
import { sipDiet } from './test/support/sip-diet.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const target = ['chrome125', 'edge125', 'firefox126', 'safari17.4'];

function scriptTag(panelChunk: string, outDir: string): UserConfig {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    define: { __PANEL_CHUNK__: JSON.stringify(`./${panelChunk}`) },
    plugins: [minifyTemplates()],
    build: {
      target,
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      lib: {
        entry: `${root}src/script-tag.ts`,
        formats: ['iife'],
        name: 'callButton',
        fileName: () => 'call-button.js',
      },
    },
  };
}

/** Builds the entry as soon as the panel's hashed name is known. */
function entryAfterChunks(): Plugin {
  return {
    name: 'call-button:entry',
    apply: 'build',
    async writeBundle(options, bundle) {
      const panel = Object.values(bundle).find(
        (file) => file.type === 'chunk' && file.isEntry && file.name === 'panel',
      );
      if (panel === undefined) throw new Error('the build has no panel chunk');
      await build(scriptTag(panel.fileName, options.dir ?? `${root}dist`));
    },
  };
}

export default defineConfig({
  root,
  base: './',
  publicDir: false,
  logLevel: 'warn',
  plugins: [minifyTemplates(), sipDiet(), entryAfterChunks()],
  build: {
    target,
    outDir: 'dist',
    // older chunks stay beside the new ones: a cached entry must find its own
    emptyOutDir: false,
    modulePreload: false,
    rolldownOptions: {
      input: { panel: `${root}src/panel/index.ts` },
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: 'chunks/[name]-[hash].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
    },
  },
});
