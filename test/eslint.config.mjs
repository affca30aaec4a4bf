import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import { configs as lit } from 'eslint-plugin-lit';
import { configs as wc } from 'eslint-plugin-wc';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('..', import.meta.url));

/** DESIGN section 3: who may import whom inside `src/`. `panel/engine.ts`, `panel/captcha.ts`, `panel/extras/check.ts` and `log.ts` are the composition roots. */
const ADAPTERS = ['captcha', 'pass', 'sip', 'media'];
const zone = (target, from, except, message) => ({
  target: `${root}/src/${target}`,
  from: `${root}/src`,
  except: except.map((name) => `./${name}`),
  message,
});
const zones = [
  zone('shared', '', ['shared'], 'shared imports nothing else'),
  zone('call', '', ['call', 'shared'], 'the domain imports only shared'),
  zone('gate', '', ['gate', 'shared'], 'the gate imports only shared'),
  zone('i18n', '', ['i18n', 'call', 'shared'], 'dictionaries know only reasons and states'),
  zone('styles', '', ['styles'], 'styles stand alone'),
  zone('frameworks', '', ['frameworks', 'launcher', 'panel'], 'types of the element alone'),
  zone(
    'launcher',
    '',
    ['launcher', 'shared', 'panel', 'call', 'i18n'],
    'see no-restricted-imports: types alone',
  ),
  ...ADAPTERS.map((name) =>
    zone(name, '', [name, 'call', 'shared'], 'adapters import only call and shared'),
  ),
  // the panel meets the adapters in its composition roots alone
  ...ADAPTERS.map((name) => ({
    target: [
      `${root}/src/panel/!(captcha|engine).ts`,
      `${root}/src/panel/{views,extras}/!(check|log).ts`,
    ],
    from: `${root}/src/${name}`,
    message:
      'adapters are composed in panel/captcha.ts, panel/engine.ts, panel/extras/check.ts and log.ts',
  })),
];
const only = (name, group, message) => ({ group, message });

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      'demo/**/*.js',
      'test/**/*.js',
      // projects of customers, which have this one as a package
      'test/package/node/**',
      // types of packages that are not here; test/frameworks checks them where they are
      'src/frameworks/*.d.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      // an empty handler is how a guard says "nothing to do"; a comment says why
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { string: true } },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // what a browser's types promise is checked all the same: pages and older browsers do not keep it
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    extends: [lit['flat/recommended'], wc['flat/recommended']],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.js'],
          extensionAlias: { '.js': ['.ts', '.js'] },
        }),
      ],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      // the administrator's console is told of bad attributes, and of nothing else
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
    },
  },
  {
    files: ['src/panel/extras/log.ts'],
    // what the page asked for by `log-level`
    rules: { 'no-console': 'off' },
  },
  // who may import which package
  {
    files: ['src/**/*.ts'],
    ignores: ['src/sip/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [only('sip', ['sip.js', 'sip.js/*'], 'src/sip alone imports sip.js')] },
      ],
    },
  },
  {
    // a page that shows the button pays for the launcher alone
    files: ['src/launcher/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['../panel/*', '../call/*', '../i18n/*'],
              allowTypeImports: true,
              message: 'types alone',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'demo/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['describe', 'it', 'test', 'suite'] },
          ],
        },
      ],
    },
  },
  {
    // their packages are installed by the test that runs them, which checks their types then
    files: ['demo/gate/{express,hono}.ts', 'test/examples/*.ts', 'test/frameworks/*/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
