/** The recipes for other PBXs, as far as they can be run without those (pbxs.test.ts): what they ask, and the digest SBC. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startDaemon } from '../../demo/gateway/daemon.js';
import { findPort } from '../../demo/gateway/ports.js';
import { findPrograms } from '../../demo/gateway/programs.js';
import { answers } from '../../demo/gateway/sipp.js';
import { createGate } from '../../src/gate/index.js';
import { toNodeListener } from '../../src/gate/node.js';
import { digestPassword, digestUsername } from '../../src/gate/pass.js';
import { SECRETS } from '../service/sip-client.js';
import { useShared } from '../support/hooks.js';
import {
  type Client,
  connect,
  createDialog,
  createJti,
  finalOf,
  headerOf,
  invite,
  signPass,
} from './support/client.js';
import { useTelephone } from './support/use-world.js';

const run = promisify(execFile);
const REDEEM = 'redeem-secret-of-the-tests-0123456789abcdef';
const EXAMPLE_GATE = 'https://www.example.com/call-gate';
const read = (name: string): Promise<string> =>
  readFile(new URL(`../../demo/gateway/recipes/${name}`, import.meta.url), 'utf8');

let server: Server;
let gateUrl: string;

before(async () => {
  const gate = createGate<{ remoteAddress: string | undefined }>({
    production: false,
    origins: ['http://page.example'],
    aliases: { sales: { captcha: ['none'] } },
    jwtSecret: SECRETS.jwt,
    digestSecret: SECRETS.digest,
    redeemSecret: REDEEM,
    clientIp: (_request, context) => context?.remoteAddress,
  });
  server = createServer(toNodeListener(gate)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  gateUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/call-gate`;
});
after(() => server.close());

interface Question {
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** Asks it by curl, which is what both PBXs ask with. */
async function ask({ url, headers, body }: Question): Promise<{ status: number; text: string }> {
  const { stdout } = await run('curl', [
    ...['-s', '-w', '\n%{http_code}', '--data-binary', body],
    ...headers.flatMap((header) => ['-H', header]),
    url,
  ]);
  const lines = stdout.split('\n');
  return { status: Number(lines.pop()), text: lines.join('\n') };
}

/** As Asterisk reads it: variables are put in, and CURL() takes all that follows the first comma as it is. */
async function asterisk(pass: string, callId: string): Promise<Question> {
  const text = await read('asterisk/extensions.conf');
  const set = (name: string): string =>
    new RegExp(`[ ,]Set\\(${name}=(.*)\\)$`, 'm').exec(text)![1]!;
  const values = new Map([
    ['GATE', set('GATE').replace(EXAMPLE_GATE, gateUrl)],
    ['REDEEM_SECRET', REDEEM],
    ['PASS', pass],
    ['CALL_ID', callId],
  ]);
  const fill = (raw: string): string =>
    raw.replace(/\$\{(\w+)\}/g, (_all, name: string) => values.get(name)!);
  values.set('QUESTION', fill(set('QUESTION')));
  const [, url, body] = /^\$\{CURL\(([^,]+),(.*)\)\}$/.exec(set('ANSWER'))!;
  return {
    url: fill(url!),
    body: fill(body!),
    headers: [...text.matchAll(/CURLOPT\(httpheader\)=(.*)\)$/gm)].map(([, raw]) => fill(raw!)),
  };
}

/** As mod_curl reads it: words between blanks, or between single quotes, and no more of them than ten. */
async function freeswitch(pass: string, callId: string): Promise<Question> {
  const text = await read('freeswitch/from-web.xml');
  const [, data] = /<action application="curl" data="([^"]*)"/.exec(text)!;
  const words = [
    ...data!
      .replaceAll('&quot;', '"')
      .replace('${pass}', pass)
      .replace('$1', callId)
      .replace('change-me-redeem', REDEEM)
      .replace(EXAMPLE_GATE, gateUrl)
      .matchAll(/'([^']*)'|(\S+)/g),
  ].map(([, quoted, word]) => quoted ?? word!);
  assert.ok(words.length <= 10);
  const afterWord = (name: string): string => words[words.indexOf(name) + 1]!;
  return {
    url: words[0]!,
    headers: [afterWord('append_headers'), `Content-Type: ${afterWord('content-type')}`],
    body: afterWord('post'),
  };
}

for (const [name, question] of [
  ['Asterisk', asterisk],
  ['FreeSWITCH', freeswitch],
] as const) {
  describe(`what the recipe for ${name} asks of the gate`, () => {
    it('is answered with the service for one Call-ID, and refused for a second one', async () => {
      const pass = signPass({ alias: 'sales' });
      const first = await ask(await question(pass, 'call-1@page.example'));
      assert.equal(first.status, 200, first.text);
      assert.match(first.text, /^\{"alias":"sales","name":"Ada"/, 'as FreeSWITCH looks for it');
      assert.equal((JSON.parse(first.text) as { name: string }).name, 'Ada');
      assert.equal((await ask(await question(pass, 'call-1@page.example'))).status, 200);
      assert.equal((await ask(await question(pass, 'call-2@page.example'))).status, 403);
    });

    it('is refused with a forged pass', async () => {
      const forged = signPass({ alias: 'sales', secret: 'x'.repeat(40) });
      assert.equal((await ask(await question(forged, 'call-3'))).status, 403);
    });
  });
}

describe('the SBC that only takes digest', () => {
  const telephone = useTelephone({ name: 'talk', answer: 'auto' });
  const sbc = useSbc((text) => text.replace('change-me-digest', SECRETS.digest));
  const careless = useSbc((text) => text);

  function useSbc(edit: (text: string) => string): { readonly port: number } {
    return useShared(async () => {
      const [port, pbxPort] = await Promise.all([findPort(), findPort()]);
      const folder = await mkdtemp(join(telephone.speech.folder, 'sbc-'));
      const file = join(folder, 'kamailio.cfg');
      const text = (await read('digest/kamailio.cfg'))
        .replaceAll('8088', String(port))
        .replaceAll(':5090', `:${pbxPort}`)
        .replace('sip:100@127.0.0.1:5060;transport=tcp', telephone.aliases[0]!.target);
      await writeFile(file, edit(text));
      const daemon = await startDaemon({
        name: 'kamailio',
        program: findPrograms(['kamailio']).kamailio,
        args: ['-DD', '-E', '-Y', folder, '-f', file],
        folder,
        onLine: () => {},
        onExit: () => {},
        ready: () => answers(port),
      });
      return { port, close: () => daemon.stop() };
    });
  }

  // the telephone speaks no WebRTC
  const PLAIN = [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
    ...['m=audio 40000 RTP/AVP 96', 'a=rtpmap:96 opus/48000/2', 'a=sendrecv', ''],
  ].join('\r\n');
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

  const connectTo = ({ port }: { readonly port: number }): Promise<Client> =>
    connect(
      { service: { url: '', sipUrl: `ws://127.0.0.1:${port}` } },
      { origin: 'https://www.example.com' },
    );

  async function attempt(username: string, password: string): Promise<number> {
    const client = await connectTo(sbc);
    const dialog = createDialog('sales');
    client.send(invite(dialog, { pass: null, body: PLAIN }));
    const challenge = await finalOf(client, dialog);
    assert.equal(challenge.status, 407);
    dialog.toTag = null;
    const header = headerOf(challenge.message, 'Proxy-Authenticate')!;
    const [realm, nonce] = ['realm', 'nonce'].map(
      (field) => new RegExp(`${field}="([^"]+)"`).exec(header)![1]!,
    );
    const uri = 'sip:sales@127.0.0.1';
    const response = md5(
      [
        md5(`${username}:${realm}:${password}`),
        ...[nonce, '00000001', 'c', 'auth', md5(`INVITE:${uri}`)],
      ].join(':'),
    );
    const credentials = `Proxy-Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c"`;
    client.send(invite(dialog, { pass: null, body: PLAIN, headers: [credentials] }));
    const { status } = await finalOf(client, dialog);
    client.close();
    return status;
  }

  const username = (alias: string): string =>
    digestUsername({ expiresAt: Math.floor(Date.now() / 1000) + 60, jti: createJti(), alias });

  it('lets the credentials of a pass through once', async () => {
    const user = username('sales');
    const password = await digestPassword(user, SECRETS.digest);
    assert.equal(await attempt(user, password), 200);
    assert.equal(await attempt(user, password), 403);
  });

  it('refuses a guessed password, and a pass for another service', async () => {
    assert.equal(await attempt(username('sales'), 'guess'), 407);
    const other = username('support');
    assert.equal(await attempt(other, await digestPassword(other, SECRETS.digest)), 403);
  });

  it('lets nobody through with the key of the example', async () => {
    const client = await connectTo(careless);
    const dialog = createDialog('sales');
    client.send(invite(dialog, { pass: null, body: PLAIN }));
    assert.equal((await finalOf(client, dialog)).status, 503);
    client.close();
  });
});
