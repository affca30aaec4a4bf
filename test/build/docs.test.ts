/** What is public is documented, what is documented is there, and the README says it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { CALL_STATES } from '../../src/call/call-state.js';
import {
  type ElementDeclaration,
  type Manifest,
  readmeTables,
  withTables,
} from '../support/readme-tables.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const folder = (path: string): string =>
  readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(join(path, name)))
    .join('\n');
const all = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].flatMap((match) => match.slice(1)))]
    .filter((name) => name !== undefined)
    .sort();
const names = (list: readonly { readonly name: string }[]): string[] =>
  list.map(({ name }) => name).sort();

const made = mkdtempSync(join(tmpdir(), 'call-button-docs-'));
after(() => rmSync(made, { recursive: true, force: true }));
const require = createRequire(import.meta.url);
const cem = join(require.resolve('@custom-elements-manifest/analyzer/package.json'), '../cem.js');
const { status, stderr } = spawnSync(
  process.execPath,
  [cem, 'analyze', '--config', 'test/custom-elements-manifest.config.mjs'],
  {
    cwd: root,
    env: { ...process.env, CALL_BUTTON_MANIFEST_DIR: relative(root, made) },
    encoding: 'utf8',
  },
);
assert.equal(status, 0, stderr);
const json = <T>(file: string): T => JSON.parse(readFileSync(join(made, file), 'utf8')) as T;
const manifest = json<Manifest>('custom-elements.json');
const element: ElementDeclaration = manifest.modules[0]!.declarations[0]!;

const launcher = read('src/launcher/call-button.ts') + read('src/launcher/launcher.ts');
const panel = folder('src/panel');
const styles = folder('src/styles') + read('src/launcher/styles.ts');

describe('the manifest', () => {
  it('has every attribute, with a property that mirrors it', () => {
    const observed = /const ATTRIBUTES =\s*'([^']*)'/
      .exec(launcher)![1]!
      .split(' ')
      // properties alone
      .filter((name) => name !== 'strings' && name !== 'ice-servers');
    // read by the panel when it draws: no bytes for a property on every page
    const asked = all(/const WITH_EXTRAS = '([^']*)'/.exec(panel)![1]!, /\[([\w-]+)\]/g);
    // and nothing more is loaded for
    for (const name of all(panel, /\belement\.hasAttribute\('([\w-]+)'\)/g))
      assert.ok(asked.includes(name), name);
    // native ones, which the panel follows by itself
    assert.deepEqual(names(element.attributes), [...observed, ...asked, 'dir', 'lang'].sort());
    const fields = element.members.filter(({ kind }) => kind === 'field').map(({ name }) => name);
    for (const { name, fieldName } of element.attributes) {
      if (observed.includes(name))
        assert.ok(fieldName !== undefined && fields.includes(fieldName), name);
    }
  });

  it('has the attributes that templates of frameworks may write, with their values', () => {
    const [, body = ''] = /interface CallButtonAttributes \{([^}]*)\}/.exec(
      read('src/frameworks/attributes.ts'),
    )!;
    const written = new Map(
      [...body.matchAll(/^ {2}'?([\w-]+)'?\?: (.*) \| undefined;$/gm)].map(
        ([, name = '', type = '']) => [name, type] as const,
      ),
    );
    const own = element.attributes.filter(({ name }) => name !== 'lang' && name !== 'dir');
    assert.deepEqual([...written.keys()].sort(), names(own));
    for (const { name, type } of own) {
      if (type?.text.includes("'")) assert.equal(written.get(name), type.text, name);
    }
  });

  it('has every method', () => {
    const actions = /const ACTIONS =\s*'([^']*)'/.exec(launcher)![1]!.split(' ');
    const methods = element.members.filter(({ kind }) => kind === 'method');
    assert.deepEqual(names(methods), [...actions, 'open', 'call'].sort());
  });

  it('has every event', () => {
    assert.deepEqual(names(element.events), all(panel, /super\('(call-[\w-]+)'/g));
  });

  it('has every part, and the panel hands on each of them', () => {
    const shown = all(panel + launcher, /\bpart(?:="|: '|', ')([\w-]+)["']/g);
    assert.deepEqual(names(element.cssParts), shown);
    const exported = (file: string): string[] =>
      /const PARTS =\s*',?([^']*)'/.exec(read(file))![1]!.split(',');
    const files = ['call-button-panel', 'engine', 'video'].map((name) => `src/panel/${name}.ts`);
    assert.deepEqual([...files.flatMap(exported), 'launcher'].sort(), shown);
    const atForm = ['views/form-view.ts', 'extras/check.ts', 'extras/permission.ts'];
    const form = all(
      atForm.map((name) => read(`src/panel/${name}`)).join(''),
      /\bpart="([\w-]+)"/g,
    );
    assert.deepEqual(exported('src/panel/call-button-panel.ts').sort(), [...form, 'panel'].sort());
  });

  it('has every custom property, with the default that the styles have', () => {
    assert.deepEqual(names(element.cssProperties), all(styles, /var\((--call-button-[\w-]+)/g));
    for (const { name, default: text = '' } of element.cssProperties) {
      if (!/^#|^\d+px$|^\w+$/.test(text) || text === 'the') continue;
      assert.ok(styles.includes(`var(${name}, ${text})`), `${name}: ${text}`);
    }
  });

  it('has every slot', () => {
    const slots = all(
      `${panel}\n${launcher}`,
      /<slot name="([\w-]+)"|create\('slot', 'name', '([\w-]+)'/g,
    );
    assert.deepEqual(names(element.slots), ['', ...slots].sort());
    const forwarded = all(/FORWARDED_SLOTS = \[([^\]]*)\]/.exec(panel)![1]!, /'([\w-]+)'/g);
    assert.deepEqual(
      forwarded,
      slots.filter((name) => name !== 'icon' && name !== 'away'),
    );
  });

  it('has every custom state', () => {
    const ofForm = all(read('src/panel/controller.ts'), /\? \['([\w-]+)'\] : \[\]/g);
    const [, list = ''] = /get states\(\)[^]*?entries\(\{([^]*?)\}\)/.exec(
      read('src/panel/call-controller.ts'),
    )!;
    const states = [...ofForm, ...all(list, /^\s+'?([\w-]+)'?[:,]/gm)];
    assert.ok(states.length > 4);
    assert.deepEqual(names(element.cssStates), [...states, ...CALL_STATES, 'closed'].sort());
  });

  it('says something of each', () => {
    const { members, attributes, events, slots, cssParts, cssProperties, cssStates } = element;
    const lists = [members, attributes, events, slots, cssParts, cssProperties, cssStates];
    for (const { name, description = '' } of lists.flat()) {
      assert.ok(description.length > 5, name);
    }
  });

  it('is what editors are told', () => {
    const { tags } = json<{ tags: { name: string; attributes: { name: string }[] }[] }>(
      'vscode.html-custom-data.json',
    );
    assert.equal(tags[0]!.name, 'call-button');
    assert.deepEqual(names(tags[0]!.attributes), names(element.attributes));
    const css = json<{ properties: { name: string }[] }>('vscode.css-custom-data.json');
    assert.deepEqual(names(css.properties), names(element.cssProperties));
    const web = json<{
      contributions: { html: { elements: { name: string; attributes: { name: string }[] }[] } };
    }>('web-types.json').contributions.html.elements[0]!;
    assert.equal(web.name, 'call-button');
    assert.deepEqual(names(web.attributes), names(element.attributes));
  });
});

describe('the README', () => {
  it('has the tables of the manifest (npm run docs)', async () => {
    const readme = read('README.md');
    const filepath = join(root, 'README.md');
    const fresh = await format(withTables(readme, readmeTables(manifest)), {
      ...(await resolveConfig(filepath)),
      filepath,
    });
    assert.equal(readme, fresh);
  });
});
