/** The container files copy what is there, install what the gateway needs, and agree with its configuration. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { fillSite } from '../../demo/gateway/kamailio.js';
import { findPrograms, PACKAGES } from '../../demo/gateway/programs.js';

const root = fileURLToPath(new URL('../../demo/gateway/', import.meta.url));
const read = (name: string): Promise<string> => readFile(join(root, name), 'utf8');
const run = promisify(execFile);

/** Lines of each stage, by its name. */
async function stages(): Promise<ReadonlyMap<string, string>> {
  const parts = (await read('containers/Containerfile')).split(/^FROM /m).slice(1);
  return new Map(parts.map((part) => [/ AS (\w+)/.exec(part)![1]!, part]));
}

const copies = (stage: string): [string, string][] =>
  [...stage.matchAll(/^COPY (\S+) (\S+)$/gm)].map(([, from, to]) => [from!, to!]);

describe('the container files', () => {
  it('start Kamailio from the files they copy, with the example as the site', async () => {
    const { kamailio } = findPrograms(['kamailio']);
    const folder = await mkdtemp(join(tmpdir(), 'call-gateway-container-'));
    try {
      for (const [from, to] of copies((await stages()).get('kamailio')!)) {
        await cp(join(root, from), join(folder, to), { recursive: true });
      }
      const etc = join(folder, 'etc/kamailio');
      await mkdir(join(etc, 'tables'));
      await cp(join(root, 'tables'), join(etc, 'tables'), { recursive: true });
      for (const flags of [['WITH_EARLY_ANSWER'], ['WITH_EARLY_ANSWER', 'WITH_REDIS']]) {
        const site = fillSite(await read('kamailio/site.example.cfg'), {}, flags);
        const file = join(etc, 'kamailio.cfg');
        // as an administrator leaves it: beside the other files
        await writeFile(file, site.replace(/^include_file ".*\//m, 'include_file "'));
        const { stderr } = await run(kamailio, ['-c', '-f', file]);
        assert.match(stderr, /config file ok, exiting/);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('copy only what exists, and install the packages that the command installs', async () => {
    const all = await stages();
    assert.deepEqual([...all.keys()], ['kamailio', 'rtpengine', 'coturn']);
    for (const [name, stage] of all) {
      for (const [from] of copies(stage))
        await read(from).catch((error: unknown) => {
          if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
        });
      const program = name === 'coturn' ? 'turnserver' : (name as 'kamailio' | 'rtpengine');
      for (const needed of PACKAGES[program]) assert.match(stage, new RegExp(`\\s${needed}\\s`));
    }
  });

  it('agree with each other about ports and paths', async () => {
    const [site, tls, rtpengine, compose] = await Promise.all(
      [
        'kamailio/site.example.cfg',
        'kamailio/tls.cfg',
        'rtpengine/rtpengine.conf',
        'containers/compose.yaml',
      ].map(read),
    );
    const value = (name: string): string => new RegExp(`"!${name}!([^!]*)!g"`).exec(site!)![1]!;
    const all = await stages();
    assert.ok(all.get('kamailio')!.includes(`http://127.0.0.1:${value('ADMIN_PORT')}/health`));
    assert.match(value('ADMIN_SOCKET'), new RegExp(`:${value('ADMIN_PORT')}$`));
    assert.ok(
      rtpengine!.includes(`b2b-url = http://127.0.0.1:${value('ADMIN_PORT')}/media-timeout`),
    );
    assert.ok(rtpengine!.includes(`listen-ng = ${value('MEDIA_ENGINE').replace('udp:', '')}`));
    const pem = [...tls!.matchAll(/^\w+ = (.*\.pem)$/gm)].map(([, path]) => path!);
    assert.equal(pem.length, 2);
    for (const path of [...pem, value('TABLES_FOLDER')]) {
      assert.ok(compose!.includes(`:${path}:ro`), path);
    }
    for (const stage of ['kamailio', 'rtpengine']) {
      const target = copies(all.get(stage)!).find(([from]) => from === 'media/')![1];
      assert.equal(`${target}ringback.wav`, value('RINGBACK_FILE'));
    }
    // who may read what is mounted
    const users = [...all.values()].flatMap((stage) => [...stage.matchAll(/--uid (\d+)/g)]);
    for (const [, uid] of users) assert.match(compose!, new RegExp(`chown .*\\b${uid} site`));
    assert.equal(users.length, 2);
    for (const target of all.keys()) assert.ok(compose!.includes(`target: ${target} }`), target);
  });
});
