/** What a release compares, judges and puts where. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  type Api,
  compareApi,
  describeApi,
  formatChanges,
  judgeVersion,
  neededStep,
} from '../release/api.js';
import { stage } from '../release/cdn.js';
import { changelogEntry, judgeChangelog } from '../release/changelog.js';
import { exportedNames } from '../release/entries.js';
import { formatFiles } from '../release/report.js';
import { apiAt, isTagged, lastVersion, uncommitted } from '../release/repository.js';
import { sri } from '../support/integrity.js';
import { integrityLines, movingFolder } from '../support/published.js';
import { output } from '../support/package.js';

const OLD: Api = {
  attributes: { media: "'audio' | 'video', default audio", tel: 'string' },
  methods: { open: '() => Promise<void>' },
};

describe('a difference of the public interface', () => {
  const compare = (now: Api) => compareApi(OLD, now);
  const cases: readonly (readonly [string, Api, line: string, before1: string, after1: string])[] =
    [
      ['nothing', OLD, '', 'patch', 'patch'],
      ['a new kind', { ...OLD, parts: { launcher: '' } }, '+ parts: launcher', 'patch', 'minor'],
      [
        'a new name',
        { ...OLD, methods: { ...OLD['methods'], close: '() => void' } },
        '+ methods: close (() => void)',
        'patch',
        'minor',
      ],
      ['a name that is gone', { ...OLD, methods: {} }, '- methods: open', 'minor', 'major'],
      [
        'a kind that is gone',
        { attributes: OLD['attributes']! },
        '- methods: open',
        'minor',
        'major',
      ],
      [
        'another type',
        { ...OLD, methods: { open: '() => void' } },
        '~ methods: open (() => Promise<void> → () => void)',
        'minor',
        'major',
      ],
      [
        'an attribute with one value more',
        {
          ...OLD,
          attributes: { ...OLD['attributes'], media: "'audio' | 'video' | 'text', default audio" },
        },
        "~ attributes: media ('audio' | 'video', default audio → 'audio' | 'video' | 'text', default audio)",
        'patch',
        'minor',
      ],
      [
        'an attribute with one value less',
        { ...OLD, attributes: { ...OLD['attributes'], media: "'audio', default audio" } },
        "~ attributes: media ('audio' | 'video', default audio → 'audio', default audio)",
        'minor',
        'major',
      ],
      [
        'another default',
        { ...OLD, attributes: { ...OLD['attributes'], media: "'audio' | 'video', default video" } },
        "~ attributes: media ('audio' | 'video', default audio → 'audio' | 'video', default video)",
        'minor',
        'major',
      ],
    ];
  for (const [what, now, line, young, grown] of cases) {
    it(`of ${what} is read as such, and asks for ${young} before 1.0 and ${grown} after`, () => {
      const changes = compare(now);
      assert.equal(formatChanges(changes), line);
      assert.equal(neededStep('0.3.1', changes), young);
      assert.equal(neededStep('1.3.1', changes), grown);
    });
  }

  it('decides whether a version may follow', () => {
    const broken = compare({ ...OLD, methods: {} });
    const grown = compare({ ...OLD, parts: { panel: '' } });
    const verdict = (last: string, next: string, changes = broken): boolean =>
      judgeVersion(last, next, changes) === null;
    assert.match(judgeVersion('1.2.3', '1.3.0', broken)!, /at least 2\.0\.0, since something was/);
    assert.match(judgeVersion('1.2.3', '1.2.3', [])!, /at least 1\.2\.4$/);
    assert.ok(verdict('1.2.3', '2.0.0'));
    assert.ok(verdict('1.2.3', '2.0.0-rc.1'));
    assert.ok(!verdict('1.2.3', '1.9.0-rc.1'));
    assert.ok(!verdict('1.2.3', '1.2.4', grown));
    assert.ok(verdict('1.2.3', '1.3.0', grown));
    assert.ok(!verdict('0.1.0', '0.1.1'));
    assert.ok(verdict('0.1.0', '0.2.0'));
    assert.ok(verdict('0.1.0', '0.1.1', grown));
    assert.ok(!verdict('1.2.3', '1.2.3', []), 'the same again');
    assert.ok(!verdict('1.2.3', '1.2.2', []), 'backwards');
    assert.ok(verdict('2.0.0-rc.1', '2.0.0', []), 'after its candidate');
  });
});

describe('the public interface', () => {
  const named = (name: string) => [{ name, description: 'something' }];
  const declaration = {
    members: [
      { kind: 'field' as const, name: 'state', readonly: true, type: { text: 'Snapshot' } },
      {
        kind: 'method' as const,
        name: 'sendDtmf',
        parameters: [{ name: 'digits', type: { text: 'string' } }],
        return: { type: { text: 'void' } },
      },
    ],
    attributes: [
      { name: 'media', type: { text: "'audio' | 'video'" }, default: 'audio' },
      { name: 'rating', default: 'not asked' },
    ],
    events: named('call-end'),
    slots: named(''),
    cssParts: named('panel'),
    cssProperties: [{ name: '--call-button-radius', default: '99px' }],
    cssStates: named('open'),
  };
  const packageJson = {
    name: 'call-button',
    version: '1.0.0',
    exports: { './gate': { types: './a.d.ts', default: './a.js' }, './x.json': './x.json' },
    engines: { node: '>=20' },
  };

  it('is what the manifest and the package name, and no sentence', () => {
    assert.deepEqual(
      describeApi({ modules: [{ declarations: [declaration] }] }, packageJson, {
        './gate': ['createGate'],
      }),
      {
        attributes: { media: "'audio' | 'video', default audio", rating: '' },
        properties: { state: 'readonly Snapshot' },
        methods: { sendDtmf: '(digits: string) => void' },
        events: { 'call-end': '' },
        slots: { '(default)': '' },
        parts: { panel: '' },
        'custom properties': { '--call-button-radius': 'default 99px' },
        'custom states': { open: '' },
        entries: { './gate': '', './x.json': '' },
        exports: { './gate createGate': '' },
        engines: { node: '>=20' },
      },
    );
  });

  it('has the names that the entries export, types and languages included', async () => {
    const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    const names = exportedNames(JSON.parse(text) as Parameters<typeof exportedNames>[0]);
    assert.ok(names['./gate']?.includes('createGate'));
    assert.ok(names['./gate']?.includes('GateOptions'));
    assert.ok(names['.']?.includes('CallState'));
    assert.ok(names['./i18n/*']?.includes('de'));
    assert.ok(Object.values(names).every((all) => all.length > 0));
  });
});

describe('the changelog', () => {
  const text = `# Changelog

## 1.1.0 – 2026-11-26

### Added

- A thing.

## 1.0.1 – unreleased

- Something.

## 1.0.0 – 2026-02-30

- Something.

## 0.9.0 – 2026-01-01

## 0.8.0

- Something.
`;

  it('has the text of a version, up to the next one', () => {
    assert.deepEqual(changelogEntry(text, '1.1.0'), {
      date: '2026-11-26',
      text: '### Added\n\n- A thing.',
    });
    assert.equal(changelogEntry(text, '1.1'), null);
  });

  for (const [version, why] of [
    ['1.1.0', null],
    ['2.0.0', /has no entry "## 2\.0\.0/],
    ['1.0.1', /"unreleased": it needs a date/],
    ['1.0.0', /"2026-02-30": it needs a date/],
    ['0.9.0', /says nothing/],
    ['0.8.0', /it needs a date/],
  ] as const) {
    it(`${why === null ? 'lets' : 'does not let'} ${version} out`, () => {
      const verdict = judgeChangelog(text, version);
      if (why === null) assert.equal(verdict, null);
      else assert.match(verdict!, why);
    });
  }
});

describe('the repository', () => {
  let root: string;
  const git = (...values: string[]) =>
    output('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...values], root);
  const commit = async (name: string, content: string): Promise<void> => {
    await writeFile(join(root, name), content);
    await git('add', '.');
    await git('commit', '--quiet', '--message', name);
  };
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'call-button-git-'));
    await git('init', '--quiet', '--initial-branch=main');
    await commit('api.json', '{"parts":{"old":""}}');
  });
  after(() => rm(root, { recursive: true, force: true }));

  it('has no version before the first tag', async () => {
    assert.equal(await lastVersion(root), null);
    assert.equal(await isTagged(root, '0.9.0'), false);
  });

  it('knows the newest version that leads here, by number', async () => {
    await git('tag', 'v0.9.0');
    await commit('api.json', '{"parts":{"new":""}}');
    await git('tag', 'v0.10.0');
    await git('tag', 'vague');
    await git('checkout', '--quiet', '-b', 'other');
    await commit('other', '');
    await git('tag', 'v3.0.0');
    await git('checkout', '--quiet', 'main');
    assert.equal(await lastVersion(root), '0.10.0');
    assert.equal(await isTagged(root, '0.10.0'), true);
  });

  it('has the interface of each', async () => {
    assert.deepEqual(await apiAt(root, 'v0.9.0', 'api.json'), { parts: { old: '' } });
    assert.deepEqual(await apiAt(root, 'v0.10.0', 'api.json'), { parts: { new: '' } });
    await assert.rejects(apiAt(root, 'v0.9.0', 'none.json'), /v0\.9\.0 has no none\.json/);
  });

  it('tells what is not committed, new files included', async () => {
    assert.deepEqual(await uncommitted(root), []);
    await writeFile(join(root, 'api.json'), '{}');
    await writeFile(join(root, 'new'), '');
    assert.deepEqual(await uncommitted(root), [' M api.json', '?? new']);
  });
});

describe("a CDN's folders", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'call-button-cdn-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function build(name: string, text: string): Promise<string> {
    const dist = join(folder, name);
    await mkdir(join(dist, 'chunks'), { recursive: true });
    await writeFile(join(dist, 'call-button.js'), text);
    await writeFile(join(dist, `chunks/panel-${name}.js`), text);
    return dist;
  }

  it('move with the major version, before 1.0 with the minor, and with no prerelease', () => {
    assert.equal(movingFolder('1.2.3'), '1');
    assert.equal(movingFolder('12.0.0'), '12');
    assert.equal(movingFolder('0.4.1'), '0.4');
    assert.equal(movingFolder('2.0.0-rc.1'), null);
  });

  it('have each version for good, and the newest with the chunks of those before', async () => {
    const cdn = join(folder, 'cdn');
    const read = (path: string) => readFile(join(cdn, path), 'utf8');
    await stage(await build('one', '1'), cdn, '1.0.0');
    await stage(await build('two', '2'), cdn, '1.1.0');
    assert.equal(await read('1.0.0/call-button.js'), '1');
    assert.equal(await read('1.1.0/call-button.js'), '2');
    assert.equal(await read('1/call-button.js'), '2');
    assert.deepEqual(await readdir(join(cdn, '1/chunks')), ['panel-one.js', 'panel-two.js']);
    assert.deepEqual(await readdir(join(cdn, '1.1.0/chunks')), ['panel-two.js']);
    const { files } = JSON.parse(await read('1.0.0/integrity.json')) as {
      files: Record<string, string>;
    };
    assert.deepEqual(files, {
      'call-button.js': sri(Buffer.from('1')),
      'chunks/panel-one.js': sri(Buffer.from('1')),
    });
    // no hashes where bytes change
    assert.deepEqual(await readdir(join(cdn, '1')), ['call-button.js', 'chunks']);

    await stage(join(folder, 'one'), cdn, '1.0.0');
    await assert.rejects(stage(await build('three', '3'), cdn, '1.0.0'), /with other bytes/);
    assert.equal(await read('1.0.0/call-button.js'), '1');
  });
});

describe('the lines to paste', () => {
  const integrity = {
    version: '1.2.3',
    files: {
      'call-button.js': 'sha384-a',
      'chunks/de-1.js': 'sha384-b',
      'chunks/fr-1.js': 'sha384-c',
    },
  };

  it('have the hash of the script in its tag, and those of chunks by their whole address', () => {
    const lines = integrityLines(integrity, 'https://cdn.example.com/1.2.3/');
    assert.match(
      lines,
      /<script async crossorigin integrity="sha384-a" src="https:\/\/cdn\.example\.com\/1\.2\.3\/call-button\.js"><\/script>/,
    );
    const [, map] = /<script type="importmap">([^]*?)<\/script>/.exec(lines)!;
    assert.deepEqual(JSON.parse(map!), {
      integrity: {
        'https://cdn.example.com/1.2.3/chunks/de-1.js': 'sha384-b',
        'https://cdn.example.com/1.2.3/chunks/fr-1.js': 'sha384-c',
      },
    });
    assert.ok(lines.indexOf('importmap') < lines.indexOf('async'), 'the map comes first');
  });

  it('list the files that deserve it, and the sum of the others', () => {
    const text = formatFiles({
      name: 'a',
      version: '1.0.0',
      filename: 'a.tgz',
      size: 1_000,
      unpackedSize: 4_500,
      integrity: '',
      files: [
        { path: 'package.json', size: 500 },
        { path: 'dist/call-button.js', size: 1_000 },
        { path: 'dist/lib/sip/a.js', size: 1_000 },
        { path: 'dist/lib/sip/b.js', size: 2_000 },
      ],
    });
    assert.deepEqual(
      text.split('\n').map((line) => line.trim()),
      [
        '1.0 kB  dist/call-button.js',
        '3.0 kB  dist/lib/sip/ (2 files)',
        '0.5 kB  package.json',
        '4.5 kB  unpacked, 4 files',
        '1.0 kB  packed',
      ],
    );
  });
});
