/** What is in the package, and whether bundlers, Node and TypeScript find it there. */
import assert from 'node:assert/strict';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { hashBuild } from '../support/integrity.js';
import { pack, unpack, type Packed } from '../support/package.js';

const root = new URL('../../', import.meta.url).pathname;

describe('the package', () => {
  let folder: string;
  let packed: Packed;
  let archive: Buffer<ArrayBuffer>;
  let paths: string[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'call-button-package-'));
    packed = await pack(folder);
    archive = Buffer.from(await readFile(join(folder, packed.filename)));
    paths = packed.files.map(({ path }) => path);
    await unpack(join(folder, packed.filename), join(folder, 'package'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const read = (path: string): Promise<string> => readFile(join(folder, 'package', path), 'utf8');

  it('has licence, changelog, README and what editors read', () => {
    for (const path of [
      'LICENSE',
      'CHANGELOG.md',
      'README.md',
      'dist/call-button.js',
      'dist/integrity.json',
      'dist/custom-elements.json',
      'dist/vscode.html-custom-data.json',
      'dist/vscode.css-custom-data.json',
      'dist/web-types.json',
    ]) {
      assert.ok(paths.includes(path), path);
    }
  });

  it('has nothing else: no sources, tests, source maps or pages of the demo', () => {
    const wanted =
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/call-button\.js|dist\/[\w.-]+\.json|dist\/chunks\/[\w-]+\.js|dist\/lib\/[\w./-]+\.(js|d\.ts)|src\/frameworks\/\w+\.d\.ts)$/;
    assert.deepEqual(
      paths.filter((path) => !wanted.test(path)),
      [],
    );
    const json = paths.filter((path) => /^dist\/[\w.-]+\.json$/.test(path));
    assert.equal(json.length, 5, json.join());
    for (const path of paths) assert.doesNotMatch(path, /\btest\b|script-tag/);
  });

  it('names no place of the machine that built it', async () => {
    for (const path of paths.filter((each) => each.startsWith('dist/'))) {
      assert.ok(!(await read(path)).includes(root), path);
    }
  });

  it('has modules that are not bundled, each with its types', () => {
    const modules = paths.filter((path) => /^dist\/lib\/.*\.js$/.test(path));
    assert.ok(modules.length > 100, String(modules.length));
    for (const path of modules) assert.ok(paths.includes(path.replace(/\.js$/, '.d.ts')), path);
  });

  it('has the hashes of the script-tag build that is in it', async () => {
    const { version } = JSON.parse(await read('package.json')) as { version: string };
    assert.deepEqual(
      JSON.parse(await read('dist/integrity.json')),
      await hashBuild(join(folder, 'package/dist'), version),
    );
  });

  it('says what nobody can know of it: who may install it, and that it tells where it was built', async () => {
    const { publishConfig, license, exports, sideEffects } = JSON.parse(
      await read('package.json'),
    ) as Record<string, unknown>;
    assert.deepEqual(publishConfig, { access: 'public', provenance: true });
    assert.equal(license, 'MIT');
    // what registers the element must survive tree shaking, and no more
    assert.deepEqual(sideEffects, ['./dist/lib/define.js', './dist/call-button.js']);
    assert.ok(typeof exports === 'object');
  });

  it('has no fault that publint knows', async () => {
    const { messages, pkg } = await publint({
      pack: {
        tarball: archive.buffer.slice(archive.byteOffset, archive.byteOffset + archive.length),
      },
      strict: true,
    });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg, { color: false })),
      [],
    );
  });

  it('has types that fit its modules, whoever resolves them', async () => {
    const result = await checkPackage(createPackageFromTarballData(archive), {
      // not modules: a script for a tag, and JSON
      excludeEntrypoints: [/\.js(on)?$/],
    });
    assert.ok(result.types !== false);
    assert.ok(Object.keys(result.entrypoints).length >= 9, Object.keys(result.entrypoints).join());
    const problems = result.problems.filter(
      (problem) =>
        // ES modules alone: `require()` of them is Node's, from 20.19 on
        problem.kind !== 'CJSResolvesToESM' &&
        // resolution as before `exports`, which TypeScript 6 has given up
        !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
    );
    assert.deepEqual(problems, []);
  });
});
