import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import { configs as lit } from 'eslint-plugin-lit';
import { configs as wc } from 'eslint-plugin-wc';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('..', import.meta.url));

/** DESIGN section 3: who may import whom inside `src/`. `panel/compose.ts` is the one composition root. */
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
  zone('launcher', '', ['launcher', 'shared', 'panel/host.ts', 'call'], 'the launcher loads the panel dynamically'),
  ...ADAPTERS.map((name) => zone(name, '', [name, 'call', 'shared'], 'adapters import only call and shared')),
];
const only = (name, group, message) => ({ group, message });

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'demo/**/*.js', 'test/**/*.js'] },
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
      '@typescript-eslint/consistent-type-imports': 'error',
      // an empty handler is how a guard says "nothing to do"; a comment says why
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    extends: [lit['flat/recommended'], wc['flat/recommended']],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver': { typescript: false, node: { extensions: ['.ts', '.js'] } },
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      'no-console': 'error',
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-restricted-imports': 'off',
      'no-restricted-imports': 'off',
    },
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
    files: ['test/**/*.ts', 'demo/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['describe', 'it', 'test', 'suite'] }] }],
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } } },
);
export { zones };
