/**
 * Builds `dist/`: hashed ES chunks of panel, call engine and CAPTCHA providers, `call-button.js`, the classic script
 * that finds them, and `integrity.json` with the hashes of both. Two builds, because a script tag's file must not
 * contain `import` declarations.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, defineConfig, type InlineConfig, type Plugin, type Rolldown } from 'vite';
import packageJson from './package.json' with { type: 'json' };
import { writeIntegrity } from './test/support/integrity.js';
import { minifyTemplates } from './test/support/minify-templates.js';
import { sipDiet } from './test/support/sip-diet.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const target = ['chrome125', 'edge125', 'firefox128', 'safari17.4'];

/**
 * Has V8 compile all functions of a file while it arrives, on another thread, and not on the main one when each is first
 * called (v8.dev/blog/explicit-compile-hints). In the entry that takes a third off the time in scripts. For chunks of
 * which nearly all is called.
 */
const CALLED_ON_LOAD = '//# allFunctionsCalledOnLoad';

function scriptTag(chunks: Readonly<Record<string, string>>, outDir: string): InlineConfig {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    // name by name: the whole list would stand at each place that reads one
    define: Object.fromEntries(
      Object.entries(chunks).map(([name, file]) => [`__CHUNKS__.${name}`, JSON.stringify(file)]),
    ),
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
      rolldownOptions: { output: { postBanner: CALLED_ON_LOAD } },
    },
  };
}

/** Builds the entry as soon as the hashed names of what it loads are known. */
function entryAfterChunks(): Plugin {
  return {
    name: 'call-button:entry',
    apply: 'build',
    async writeBundle(options, bundle) {
      const chunks: Record<string, string> = {};
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk' && file.isEntry) chunks[file.name] = file.fileName;
      }
      const outDir = options.dir ?? `${root}dist`;
      await build(scriptTag(chunks, outDir));
      await writeIntegrity(outDir, packageJson.version);
    },
  };
}

const languagesHash = readdirSync(`${root}src/i18n`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort()
  .reduce(
    (hash, file) => hash.update(readFileSync(`${root}src/i18n/${file}`)),
    // the same words may be written otherwise by another release
    createHash('sha256').update(packageJson.version),
  )
  .digest('base64url')
  .slice(0, 6);

/**
 * Name of a chunk. Languages share one hash: the names of all of them stand in the form and again in the extras, where a
 * hash for each cannot be compressed.
 */
function chunkFileNames({ facadeModuleId }: { readonly facadeModuleId?: string | null }): string {
  const language = /\/src\/i18n\/(extra\/)?[a-z]{2}\.ts$/.exec(facadeModuleId ?? '');
  if (language === null) return 'chunks/[name]-[hash:6].js';
  return `chunks/[name]-${language[1] === undefined ? '' : 'extra-'}${languagesHash}.js`;
}

/** What every opened form loads, by the module that asks for it first. */
const FIRST = [
  ['panel', 'src/panel/index.ts'],
  [
    'captcha',
    'src/panel/captcha.ts',
    'src/captcha/captcha-core.ts',
    'src/shared/gate-fetch.ts',
    'src/call/gate-error.ts',
    'src/shared/clock.ts',
  ],
  ['extra', 'src/panel/extras/index.ts'],
] as const;

/**
 * The chunk of a module that several chunks share: that of the first to be loaded. Left to itself the bundler makes
 * chunks of some hundred bytes of such modules, each a request more, and worse to compress.
 */
function chunkOf(
  id: string,
  context: { getModuleInfo(id: string): Rolldown.ModuleInfo | null },
): string | null {
  const within = (root: string): boolean => {
    const seen = new Set<string>();
    const visit = (each: string): boolean => {
      if (each === id) return true;
      if (seen.has(each)) return false;
      seen.add(each);
      return (context.getModuleInfo(each)?.importedIds ?? []).some(visit);
    };
    return visit(root);
  };
  return FIRST.find(([, ...roots]) => roots.some((path) => within(`${root}${path}`)))?.[0] ?? null;
}

export default defineConfig({
  root,
  publicDir: false,
  logLevel: 'warn',
  plugins: [minifyTemplates(), sipDiet(), entryAfterChunks()],
  build: {
    target,
    outDir: 'dist',
    emptyOutDir: true,
    // library mode: no preload helper around `import()`
    lib: {
      // a group whose first module is no entry takes a helper for its names, in a chunk of its own: a request more
      entry: {
        panel: `${root}src/panel/index.ts`,
        hours: `${root}src/panel/watch-hours.ts`,
        captcha: `${root}src/panel/captcha.ts`,
        extra: `${root}src/panel/extras/index.ts`,
      },
      formats: ['es'],
    },
    rolldownOptions: {
      checks: { bundlerTimings: false },
      // what the engine shares with the panel stays in the panel's chunk: one request less in a row
      preserveEntrySignatures: 'allow-extension',
      output: {
        codeSplitting: { groups: [{ name: chunkOf, includeDependenciesRecursively: false }] },
        minify: true,
        entryFileNames: 'chunks/[name]-[hash:6].js',
        chunkFileNames,
        postBanner: ({ name }) => (name === 'panel' || name === 'engine' ? CALLED_ON_LOAD : ''),
      },
    },
  },
});
