/**
 * `npm run release`: everything that a release needs, up to the point where it would be published; fails with all that
 * stands in its way. Nothing leaves this machine without `--publish`.
 *
 *   --publish        publishes the archive that was checked (`npm publish`) and makes the tag, which is yours to push
 *   --no-provenance  publishes from a machine that npm does not know as a CI
 *   --cdn <folder>   puts the script-tag build into `<folder>/1.2.3/` and `<folder>/1/`, for your CDN
 *   --url <address>  of the folder `1.2.3/` on the CDN, for the lines to paste
 *   --since <ref>    compares the public interface with that commit's; default: the last tag's
 *   --allow-dirty    tries what is not committed; not with `--publish`
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prerelease, valid } from 'semver';
import { output, pack, run } from '../support/package.js';
import { integrityLines, type Integrity, movingFolder } from '../support/published.js';
import type { Manifest } from '../support/readme-tables.js';
import { compareApi, formatChanges, judgeVersion, type PackageJson } from './api.js';
import { stage } from './cdn.js';
import { judgeChangelog } from './changelog.js';
import { currentApi, API_FILE } from './current.js';
import { apiAt, isTagged, lastVersion, tagOf, uncommitted } from './repository.js';
import { formatFiles } from './report.js';

const { values: options } = parseArgs({
  options: {
    publish: { type: 'boolean', default: false },
    'no-provenance': { type: 'boolean', default: false },
    cdn: { type: 'string' },
    url: { type: 'string' },
    since: { type: 'string' },
    'allow-dirty': { type: 'boolean', default: false },
  },
});

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
const problems: string[] = [];
const check = (problem: string | null): void => {
  if (problem !== null) problems.push(problem);
};
const title = (text: string): void => console.log(`\n${text}\n${'-'.repeat(text.length)}`);

async function step(name: string, script: string): Promise<boolean> {
  title(name);
  const { code, stdout, stderr } = await run('npm', ['run', '--silent', script], root);
  const said = `${stdout}${code === 0 ? '' : stderr}`.trim();
  if (said !== '') console.log(said);
  if (code !== 0) problems.push(`npm run ${script} failed`);
  return code === 0;
}

const packageJson = JSON.parse(await read('package.json')) as PackageJson;
const { name, version } = packageJson;
if (valid(version) === null) throw new Error(`"${version}" in package.json is no version`);
const tag = tagOf(version);
console.log(`${name} ${version}, tag ${tag}`);

const dirty = await uncommitted(root);
if (dirty.length > 0 && (options.publish || !options['allow-dirty'])) {
  problems.push(`not committed:\n${dirty.map((line) => `    ${line}`).join('\n')}`);
}
if (await isTagged(root, version)) problems.push(`${tag} is there already: raise the version`);
check(judgeChangelog(await read('CHANGELOG.md'), version));
if (packageJson.repository === undefined) {
  const text =
    'package.json has no "repository", which npm compares with where the provenance says it was built';
  if (options.publish) problems.push(text);
  else console.log(`Before it is published: ${text}.`);
}

// it builds the script by itself: before the rest of `dist/`
await step('Sizes', 'size');
const built = await step('Build', 'build');

title('Public interface');
if (built) {
  const manifest = JSON.parse(await read('dist/custom-elements.json')) as Manifest;
  const api = currentApi(manifest, packageJson);
  const stale = compareApi(JSON.parse(await read(API_FILE)) as typeof api, api);
  if (stale.length > 0) {
    problems.push(`${API_FILE} is not as the code has it (npm run docs): ${stale.length} lines`);
  }
  const last = await lastVersion(root);
  const since = options.since ?? (last === null ? null : tagOf(last));
  if (since === null) console.log('No version before this one.');
  else {
    const changes = compareApi(await apiAt(root, since, API_FILE), api);
    console.log(`Since ${since}:\n${formatChanges(changes) || 'no change'}`);
    if (last !== null) check(judgeVersion(last, version, changes));
  }
}

const folder = await mkdtemp(join(tmpdir(), 'call-button-release-'));
try {
  if (built) {
    const packed = await pack(folder);
    title(packed.filename);
    console.log(formatFiles(packed));

    title('Lines to paste');
    const integrity = JSON.parse(await read('dist/integrity.json')) as Integrity;
    const url = options.url ?? `https://cdn.example.com/call-button/${version}/`;
    console.log(integrityLines(integrity, url.endsWith('/') ? url : `${url}/`));

    if (problems.length === 0 && options.cdn !== undefined) {
      await stage(join(root, 'dist'), options.cdn, version);
      const moving = movingFolder(version);
      console.log(
        `In ${options.cdn}: ${version}/${moving === null ? '' : ` and ${moving}/, where older chunks stay`}`,
      );
    }
    if (problems.length === 0 && options.publish) {
      title('Publishing');
      const channel = prerelease(version) === null ? 'latest' : 'next';
      const archive = join(folder, packed.filename);
      const values = ['publish', archive, '--tag', channel];
      if (options['no-provenance']) values.push('--provenance=false');
      console.log(await output('npm', values, root));
      await output('git', ['tag', '--annotate', '--message', tag, tag], root);
      console.log(`Published. git push origin ${tag}`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

if (problems.length > 0) {
  title('In the way of a release');
  for (const problem of problems) console.error(`- ${problem}`);
  process.exitCode = 1;
} else if (!options.publish) {
  console.log('\nReady. Nothing was published: --publish does.');
}
