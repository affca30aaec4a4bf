import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { startService, type Service, type ServiceOptions } from '../../demo/service/server.js';
import { SECRETS } from './sip-client.js';
import { start } from './start.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `fetch` tidies paths up and sets Host itself; this one sends what it is given. */
function ask(
  service: Service,
  path: string,
  options: { method?: string; host?: string } = {},
): Promise<Answer> {
  const { method = 'GET', host = `127.0.0.1:${service.port}` } = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      port: service.port,
      host: '127.0.0.1',
      path,
      method,
      headers: { host },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.end();
  });
}

const PAGE = `<!doctype html>
<call-button server="%SIP_URL%" gate="%GATE_URL%" captcha="altcha" data-a="x > y" target='echo'></call-button>
<call-button server="%SIP_URL%" target="sip:a@b"></call-button>`;

/** A service over a folder of pages and one of scripts, and a secret beside them. */
async function startSite(test: TestContext, options: ServiceOptions = {}): Promise<Service> {
  const root = await mkdtemp(join(tmpdir(), 'call-button-'));
  test.after(() => rm(root, { recursive: true }));
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), text);
  };
  await write('secret.txt', 'secret');
  await write('pages/index.html', PAGE);
  await write('pages/agent/index.html', 'agent');
  await write('pages/agent/agent.css', 'a{}');
  await write('pages/empty/readme.md', 'no');
  await write('pages/assets/a b.svg', '<svg/>');
  await write('pages/service/server.js', 'source');
  await write('pages/gateway/index.html', 'source');
  await write('pages/source.ts', 'source');
  await write('pages/.env.txt', 'secret');
  await write('dist/call-button.js', 'entry');
  await write('dist/chunks/panel-B1a2C3.js', 'chunk');
  await write('dist/integrity.json', '{}');
  await write('dist/custom-elements.json', '{}');
  await symlink(join(root, 'secret.txt'), join(root, 'pages/link.txt'));
  return start(test, {
    pages: join(root, 'pages'),
    dist: () => Promise.resolve(join(root, 'dist')),
    ...options,
  });
}

describe('pages', () => {
  it('name the addresses of the service as the visitor reached it', async (t) => {
    const service = await startSite(t);
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      const host = `${name}:${service.port}`;
      const { status, headers, body } = await ask(service, '/', { host });
      assert.equal(status, 200);
      assert.equal(headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.ok(body.includes(`server="ws://${host}/sip"`), body);
      assert.ok(body.includes(`gate="http://${host}/call-gate"`), body);
      assert.doesNotMatch(body, /%\w+_URL%/);
    }
  });

  it('use TLS behind a proxy that was configured with its https origin', async (t) => {
    const service = await startSite(t, { origins: ['https://demo.example'] });
    const { body } = await ask(service, '/', { host: 'demo.example' });
    assert.match(
      body,
      /server="wss:\/\/demo\.example\/sip" gate="https:\/\/demo\.example\/call-gate"/,
    );
  });

  it('are not given under names of others (DNS rebinding)', async (t) => {
    const service = await startSite(t);
    for (const host of [
      'evil.example',
      `evil.example:${service.port}`,
      '127.0.0.1:1',
      '"><script>',
      '127.0.0.1@evil',
    ]) {
      assert.equal((await ask(service, '/', { host })).status, 421, host);
    }
  });

  it('demand the CAPTCHA that the gate demands', async (t) => {
    const altcha = await ask(await startSite(t), '/');
    assert.match(altcha.body, / captcha="altcha" data-a="x > y" target='echo'>/);
    const hcaptcha = await ask(
      await startSite(t, {
        captcha: { provider: 'hcaptcha', sitekey: 'key"1', secret: `0x${'0'.repeat(40)}` },
      }),
      '/',
    );
    assert.match(
      hcaptcha.body,
      /<call-button sitekey="key&quot;1" [^<]* captcha="hcaptcha" data-a="x > y" target='echo'>/,
    );
    // an element without the attribute is of another kind and stays as it is
    assert.match(hcaptcha.body, /<call-button server="[^"]*" target="sip:a@b">/);
  });

  it('have the right types', async (t) => {
    const service = await startSite(t);
    for (const [path, type] of [
      ['/agent/', 'text/html; charset=utf-8'],
      ['/agent/agent.css?v=1', 'text/css; charset=utf-8'],
      ['/assets/a%20b.svg', 'image/svg+xml'],
      ['/dist/call-button.js', 'text/javascript; charset=utf-8'],
    ] as const) {
      const { status, headers } = await ask(service, path);
      assert.deepEqual([status, headers['content-type']], [200, type], path);
    }
  });

  it('of a folder are found with a slash', async (t) => {
    const service = await startSite(t);
    const { status, headers } = await ask(service, '/agent');
    assert.deepEqual([status, headers.location], [301, '/agent/']);
    assert.equal((await ask(service, '//agent')).headers.location, '/agent/');
    assert.equal((await ask(service, '/empty')).status, 404);
  });

  for (const path of [
    '/nothing.html',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/agent/../../secret.txt',
    '/agent/%2e%2e/%2e%2e/secret.txt',
    '/..%5csecret.txt',
    '/link.txt',
    '/.env.txt',
    '/index.html%00.svg',
    '/%zz',
    '/source.ts',
    '/empty/readme.md',
    '/service/server.js',
    '//service/server.js',
    '/%73ervice/server.js',
    '/gateway/',
    '/index.html/',
    '/dist/../pages/source.ts',
    '/dist/%2e%2e/secret.txt',
    '/dist/nothing.js',
  ]) {
    it(`do not include ${path}`, async (t) => {
      const { status, body } = await ask(await startSite(t), path);
      assert.deepEqual([status, body], [404, 'not found\n']);
    });
  }

  it('can only be read', async (t) => {
    const service = await startSite(t);
    const { status, headers } = await ask(service, '/', { method: 'POST' });
    assert.deepEqual([status, headers.allow], [405, 'GET, HEAD']);
    const head = await ask(service, '/agent/', { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '5', '']);
    assert.equal((await ask(service, '/sip')).status, 426);
  });
});

describe('script', () => {
  it('may be used by pages of other origins; hashed chunks are kept, the entry is asked for again', async (t) => {
    const service = await startSite(t);
    const entry = await ask(service, '/dist/call-button.js');
    assert.equal(entry.body, 'entry');
    assert.equal(entry.headers['access-control-allow-origin'], '*');
    assert.equal(entry.headers['cache-control'], 'no-cache');
    const chunk = await ask(service, '/dist/chunks/panel-B1a2C3.js');
    assert.equal(chunk.headers['access-control-allow-origin'], '*');
    assert.equal(chunk.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal((await ask(service, '/')).headers['access-control-allow-origin'], undefined);
  });

  const [moving] = /^0\.\d+|^\d+/.exec(packageJson.version)!;

  it('is there by its version, which never changes, and by the moving one, which is asked for again', async (t) => {
    const service = await startSite(t);
    const forGood = 'public, max-age=31536000, immutable';
    for (const [path, body, caching] of [
      [`${packageJson.version}/call-button.js`, 'entry', forGood],
      [`${packageJson.version}/chunks/panel-B1a2C3.js`, 'chunk', forGood],
      [`${packageJson.version}/integrity.json`, '{}', forGood],
      [`${moving}/call-button.js`, 'entry', 'public, max-age=300, must-revalidate'],
      [`${moving}/chunks/panel-B1a2C3.js`, 'chunk', forGood],
    ] as const) {
      const { status, headers, body: text } = await ask(service, `/call-button/${path}`);
      assert.deepEqual([status, text, headers['cache-control']], [200, body, caching], path);
      assert.equal(headers['access-control-allow-origin'], '*');
      assert.equal(headers['cross-origin-resource-policy'], 'cross-origin');
    }
    const url = `${service.url}call-button/${moving}/call-button.js`;
    const etag = (await fetch(url)).headers.get('etag')!;
    const again = await fetch(url, { headers: { 'If-None-Match': etag } });
    assert.deepEqual([again.status, await again.text()], [304, '']);
    const changed = await fetch(url, { headers: { 'If-None-Match': '"other"' } });
    assert.equal(changed.status, 200);
  });

  for (const path of [
    // hashes of a moving address would be wrong some day
    `${moving}/integrity.json`,
    `${packageJson.version}/custom-elements.json`,
    `${packageJson.version}/chunks/nothing-B1a2C3d4.js`,
    `${packageJson.version}/chunks/../../secret.txt`,
    `${packageJson.version}/`,
    packageJson.version,
    '0.0.0/call-button.js',
    '99/call-button.js',
    'call-button.js',
  ]) {
    it(`is not at call-button/${path}`, async (t) => {
      assert.equal((await ask(await startSite(t), `/call-button/${path}`)).status, 404);
    });
  }

  it('that cannot be built leaves the pages alone', async (t) => {
    const service = await startService({
      port: 0,
      dist: () => Promise.reject(new Error('no compiler')),
    });
    t.after(() => service.close());
    const faults: unknown[] = [];
    service.events.on('fault', (fault) => faults.push(fault));
    assert.equal((await ask(service, '/dist/call-button.js')).status, 503);
    assert.equal((await ask(service, '/')).status, 200);
    assert.deepEqual(faults.map(String), ['Error: no compiler']);
  });
});

describe('reports of calls', () => {
  const send = (service: Service, body: string, origin = service.url.slice(0, -1)) =>
    fetch(`${service.url}call-reports`, { method: 'POST', body, headers: { origin } });

  it('are told of in one event, whoever wrote them', async (t) => {
    const service = await startSite(t);
    const told: unknown[] = [];
    service.events.on('report', (report) => told.push(report));
    const report = {
      reason: 'busy',
      durationMs: 0,
      timings: { packet: 480 },
      worstQuality: 'good',
    };
    assert.equal((await send(service, JSON.stringify(report))).status, 204);
    assert.deepEqual(told.splice(0), [
      { reason: 'busy', durationMs: 0, packetMs: 480, worstQuality: 'good' },
    ]);
    const odd = {
      reason: 'busy',
      durationMs: 1,
      timings: { packet: 'soon' },
      worstQuality: '\u001b[2J',
    };
    assert.equal((await send(service, JSON.stringify(odd))).status, 204);
    assert.deepEqual(told, [{ reason: 'busy', durationMs: 1, packetMs: null, worstQuality: null }]);
  });

  for (const [what, body] of [
    ['no JSON', 'busy'],
    ['no object', 'null'],
    ['a line break', '{"reason":"busy\\nanswered","durationMs":0}'],
    ['no time', '{"reason":"busy","durationMs":-1}'],
    ['too long', `{"reason":"busy","durationMs":0,"x":"${'x'.repeat(20_000)}"}`],
  ] as const) {
    it(`with ${what} are refused`, async (t) => {
      const service = await startSite(t);
      service.events.on('report', () => assert.fail('told of'));
      assert.equal((await send(service, body)).status, 400);
    });
  }

  it('of other origins are refused', async (t) => {
    const service = await startSite(t);
    assert.equal((await send(service, '{}', 'https://evil.example')).status, 403);
    assert.equal((await ask(service, '/call-reports')).status, 404);
  });
});

describe('gate and page together', () => {
  it('hand out a challenge for every alias of the service', async (t) => {
    const service = await startSite(t);
    for (const alias of ['echo', 'busy', 'silent', 'declined', 'closed']) {
      const { status } = await ask(service, `/call-gate/challenge?target=${alias}`);
      assert.equal(status, 200, alias);
    }
    assert.equal((await ask(service, '/call-gate/challenge?target=nobody')).status, 404);
  });
});

describe('start of the service', () => {
  it('takes the next port where one is taken, or says so', async (t) => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    t.after(() => squatter.close());
    const { port } = squatter.address() as { port: number };
    await assert.rejects(startService({ port, secrets: SECRETS }), { code: 'EADDRINUSE' });
    const service = await start(t, { port, furtherPorts: 20 });
    assert.ok(service.port > port && service.port <= port + 20);
    assert.equal(service.url, `http://127.0.0.1:${service.port}/`);
    assert.equal(service.sipUrl, `ws://127.0.0.1:${service.port}/sip`);
  });

  it('has secrets of its own each time', async (t) => {
    const [one, other] = [await startService({ port: 0 }), await startService({ port: 0 })];
    t.after(() => Promise.all([one.close(), other.close()]));
    const challenge = async (service: Service): Promise<string> =>
      (await ask(service, '/call-gate/challenge?target=echo')).body;
    assert.notEqual(await challenge(one), await challenge(other));
  });

  it('fails with options that are not safe, and leaves no port open', async () => {
    await assert.rejects(
      startService({
        port: 0,
        secrets: { jwt: 'short', digest: 'short', altcha: 'short' },
        gate: { production: true },
      }),
      TypeError,
    );
  });
});
