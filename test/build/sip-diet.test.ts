import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'vite';
import { find, nameOf, type Node, parse } from '../support/sip-diet/ast.js';
import { checkPin } from '../support/sip-diet/pin.js';
import { sipDiet } from '../support/sip-diet.js';

const SIP = fileURLToPath(new URL('../../node_modules/sip.js', import.meta.url));
const ENTRY = fileURLToPath(new URL('../../src/sip/signalling.ts', import.meta.url));

async function bundle(entry: string, plugins: Plugin[], options: object = {}): Promise<string> {
  const [result] = [
    await build({
      configFile: false,
      logLevel: 'silent',
      plugins,
      build: {
        write: false,
        target: 'es2022',
        lib: { entry, formats: ['es'] },
        rolldownOptions: options,
      },
    }),
  ].flat();
  assert(result !== undefined && 'output' in result);
  return result.output[0].code;
}

describe('the pin of SIP.js', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sip-pin-'));
    await cp(join(SIP, 'package.json'), join(folder, 'package.json'));
    await cp(join(SIP, 'lib'), join(folder, 'lib'), { recursive: true });
  });
  after(() => rm(folder, { recursive: true }));

  it('holds for the published package', () => {
    checkPin(folder);
  });

  it('fails if a letter of a module differs', async () => {
    const file = join(folder, 'lib/core/timers.js');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('500', '501'));
    assert.throws(() => checkPin(folder), /made for sip\.js 0\.21\.2/);
    await writeFile(file, text);
    checkPin(folder);
  });

  it('fails if a module is missing or new', async () => {
    const file = join(folder, 'lib/core/new.js');
    await writeFile(file, '');
    assert.throws(() => checkPin(folder), /Check every cut/);
    await rm(file);
    await rm(join(folder, 'lib/version.js'));
    assert.throws(() => checkPin(folder), /Check every cut/);
    await cp(join(SIP, 'lib/version.js'), join(folder, 'lib/version.js'));
  });

  it('fails for another version', async () => {
    const file = join(folder, 'package.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"0.21.2"', '"0.21.3"'));
    assert.throws(() => checkPin(folder), /here is 0\.21\.3/);
    await writeFile(file, text);
  });
});

/** Names that are given to something, and names that are asked for. */
function namesIn(code: string): { given: Set<string>; asked: Set<string> } {
  const nodes = find(parse(code, 'bundle.js'), () => true);
  const targets = nodes
    .filter((node) => node.type === 'AssignmentExpression' && node['operator'] === '=')
    .map((node) => node['left'] as Node);
  const named = nodes.filter((node) => node['computed'] !== true);
  const defined = named.filter(({ type }) => /^(?:Property|MethodDefinition)$/.test(type));
  const written = named.filter((node) => targets.includes(node));
  const read = named.filter((node) => node.type === 'MemberExpression' && !targets.includes(node));
  const names = (list: Node[], key: string): string[] =>
    list.flatMap((node) => nameOf(node[key]) ?? []);
  return {
    given: new Set([...names(defined, 'key'), ...names(written, 'property')]),
    asked: new Set(names(read, 'property')),
  };
}

describe('the bundle with the diet', () => {
  const open = { output: { minify: false } };
  let plain = '';
  let slim = '';
  let short = '';
  before(async () => {
    plain = await bundle(ENTRY, [], open);
    slim = await bundle(ENTRY, [sipDiet([], 'all')], open);
    short = await bundle(ENTRY, [sipDiet()], open);
  });

  it('asks for nothing that was left out', () => {
    const whole = namesIn(plain);
    const rest = namesIn(slim);
    const gone = [...rest.asked].filter((name) => whole.given.has(name) && !rest.given.has(name));
    const builtIn = [Array.prototype, String.prototype, Uint8Array.prototype];
    assert.deepEqual(
      gone.filter((name) => !builtIn.some((prototype) => name in prototype)),
      // what a pass and an event of the browser have
      ['username', 'password', 'data'],
    );
  });

  it('has no log, no other role, no browser transport and no address of a foreign server', () => {
    for (const text of [
      'console.',
      'getLogger',
      'RTCPeerConnection',
      'new WebSocket(',
      'stun:',
      'Registerer',
      'Subscription',
      'Publisher',
      'Refer-To',
      'peg$',
    ]) {
      assert(!slim.includes(text), text);
    }
    assert(plain.includes('peg$') && plain.includes('stun:') && plain.includes('console.'));
  });

  it('has short names for what nobody else knows, and no other', () => {
    const [long, now] = [namesIn(slim), namesIn(short)];
    const gone = [...long.given].filter((name) => !now.given.has(name));
    assert(gone.length > 180, String(gone.length));
    // ports, delegates of the browser, SIP's own words in strings
    for (const name of ['createSignalling', 'onChange', 'addEventListener', 'data', 'INVITE']) {
      assert(!gone.includes(name), name);
    }
    for (const name of ['getReasonHeaderValue', 'recomputeRouteSet']) {
      assert(slim.includes(name) && !short.includes(name), name);
    }
  });

  it('has at most 9.5 kB of SIP.js', async () => {
    const size = async (plugins: Plugin[], options: object = {}): Promise<number> => {
      const code = await bundle(ENTRY, plugins, { ...options, output: { minify: true } });
      return gzipSync(code, { level: 9 }).length;
    };
    const share = (await size([sipDiet()])) - (await size([], { external: /^sip\.js/ }));
    assert(share < 9_500, String(share));
  });

  it('is not built for anybody but the caller', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sip-phone-'));
    const entry = join(folder, 'phone.ts');
    await writeFile(entry, `export { UserAgent } from ${JSON.stringify(`${SIP}/lib/index.js`)};`);
    await assert.rejects(bundle(entry, [sipDiet()]), /not made for what .*phone\.ts needs/);
    await rm(folder, { recursive: true });
  });

  it('is not built if a module with cuts is not loaded', async () => {
    const entry = join(SIP, 'lib/grammar/uri.js');
    await assert.rejects(bundle(entry, [sipDiet()]), /what is not loaded: .*session\.js/);
  });
});
