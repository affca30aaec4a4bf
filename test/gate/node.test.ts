import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { createGate } from '../../src/gate/index.js';
import { toNodeListener, type NodeContext, type NodeListenerOptions } from '../../src/gate/node.js';
import { DIGEST_SECRET, HCAPTCHA, JWT_SECRET, passOf, problemOf } from './support.js';

type Handler = Parameters<typeof toNodeListener>[0];

interface Served {
  readonly url: string;
  readonly port: number;
  readonly errors: unknown[];
}

/** Serves for as long as `use` runs. */
async function serve(
  handler: Handler,
  use: (served: Served) => Promise<void>,
  options: NodeListenerOptions = {},
): Promise<void> {
  const errors: unknown[] = [];
  const listener = toNodeListener(handler, { onError: (error) => errors.push(error), ...options });
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await use({ url: `http://127.0.0.1:${port}`, port, errors });
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

const gate = createGate<NodeContext>({
  production: false,
  origins: ['http://shop.example'],
  aliases: { lobby: { captcha: ['none'] } },
  jwtSecret: JWT_SECRET,
  digestSecret: DIGEST_SECRET,
  hcaptcha: HCAPTCHA,
  clientIp: (_request, context) => context?.remoteAddress,
});

const send = (url: string, body: string | ReadableStream) =>
  fetch(`${url}/call-gate/pass`, {
    method: 'POST',
    headers: { Origin: 'http://shop.example', 'Content-Type': 'application/json' },
    body,
    duplex: 'half',
  } as RequestInit);

const GOOD = JSON.stringify({ target: 'lobby', provider: 'none', name: 'Ada' });

describe('toNodeListener', { timeout: 30_000 }, () => {
  it('runs a gate on node:http', () =>
    serve(gate, async ({ url, errors }) => {
      const response = await send(url, GOOD);
      assert.equal(response.headers.get('Access-Control-Allow-Origin'), 'http://shop.example');
      await passOf(response);
      assert.equal(await problemOf(await send(url, '{')), '400 bad-request');
      assert.equal((await fetch(`${url}/pass`)).status, 204);
      const origin = 'http://shop.example';
      const put = await fetch(`${url}/pass`, { method: 'PUT', headers: { Origin: origin } });
      assert.equal(await problemOf(put), '405 method-not-allowed');
      assert.equal(await problemOf(await fetch(url)), '404 not-found');
      assert.deepEqual(errors, []);
    }));

  it('hands over method, path, query, headers, body and address as they came', () =>
    serve(
      async (request, { remoteAddress }) =>
        Response.json({
          method: request.method,
          url: request.url,
          headers: [...request.headers].filter(([name]) => name.startsWith('x-')),
          body: await request.text(),
          remoteAddress,
        }),
      async ({ url }) => {
        const response = await fetch(`${url}//a/../b?c=%20d&e=/f`, {
          method: 'PUT',
          headers: [
            ['X-One', '1'],
            ['X-Two', 'ä'],
          ],
          body: 'ü\0\r\n',
        });
        assert.deepEqual(await response.json(), {
          method: 'PUT',
          url: 'http://localhost//b?c=%20d&e=/f',
          headers: [
            ['x-one', '1'],
            ['x-two', 'ä'],
          ],
          body: 'ü\0\r\n',
          remoteAddress: '127.0.0.1',
        });
      },
    ));

  it('sends status, headers, several cookies and bytes as they are', () =>
    serve(
      () => {
        const headers = new Headers({ 'X-One': '1' });
        headers.append('Set-Cookie', 'a=1; Path=/');
        headers.append('Set-Cookie', 'b=2, 3');
        return Promise.resolve(
          new Response(new Uint8Array([0, 255, 13, 10]), { status: 418, headers }),
        );
      },
      async ({ url }) => {
        const response = await fetch(url);
        assert.equal(response.status, 418);
        assert.equal(response.headers.get('X-One'), '1');
        assert.deepEqual(response.headers.getSetCookie(), ['a=1; Path=/', 'b=2, 3']);
        assert.deepEqual([...new Uint8Array(await response.arrayBuffer())], [0, 255, 13, 10]);
      },
    ));

  it('reads a body no faster than the handler does, and whole', () =>
    serve(
      async (request) => {
        let size = 0;
        for await (const chunk of request.body as ReadableStream<Uint8Array>) {
          size += chunk.byteLength;
          await new Promise((resolve) => setImmediate(resolve));
        }
        return Response.json(size);
      },
      async ({ url }) => {
        const response = await send(url, 'x'.repeat(3_000_000));
        assert.equal(await response.json(), 3_000_000);
      },
      { maxBody: 3_000_000 },
    ));

  it('refuses a body beyond the limit, whatever the handler makes of it', async () => {
    const handlers: Handler[] = [
      async (request) => new Response(await request.text()),
      (request) =>
        request.text().then(
          () => new Response('all of it'),
          () => new Response('some of it'),
        ),
    ];
    for (const handler of handlers) {
      await serve(
        handler,
        async ({ url, errors }) => {
          const response = await send(url, 'x'.repeat(1001));
          assert.equal(response.status, 413);
          assert.equal(response.headers.get('Content-Type'), 'application/problem+json');
          assert.equal((await send(url, 'x'.repeat(1000))).status, 200);
          assert.deepEqual(errors, []);
        },
        { maxBody: 1000 },
      );
    }
  });

  it('answers before the body has arrived, and the connection is good for another request', () =>
    serve(gate, async ({ port }) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const answers = async (count: number) => {
        while (text.split('HTTP/1.1 ').length <= count) await once(socket, 'data');
      };
      const head = 'Host: x\r\nOrigin: http://shop.example\r\nContent-Type: application/json\r\n';
      // claimed too long: refused by its head alone
      socket.write(`POST /pass HTTP/1.1\r\n${head}Content-Length: 20000\r\n\r\n{`);
      await answers(1);
      assert.match(text, /^HTTP\/1.1 413 /);
      socket.write(' '.repeat(19_999));
      socket.write(`POST /pass HTTP/1.1\r\n${head}Content-Length: ${GOOD.length}\r\n\r\n${GOOD}`);
      await answers(2);
      assert.match(text.slice(9), /HTTP\/1.1 200 /);
      socket.destroy();
    }));

  it('goes on with the connection after a body that was not read to its end', () =>
    serve(gate, async ({ port }) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const head =
        'POST /pass HTTP/1.1\r\nHost: x\r\nOrigin: http://shop.example\r\nContent-Type: application/json\r\n';
      // more than the gate reads, less than the listener forbids
      socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
      for (let part = 0; part < 17; part++) socket.write(`3e8\r\n${' '.repeat(1000)}\r\n`);
      while (!text.includes('HTTP/1.1 413 ')) await once(socket, 'data');
      for (let part = 0; part < 2000; part++) socket.write(`3e8\r\n${' '.repeat(1000)}\r\n`);
      socket.write(`0\r\n\r\n${head}Content-Length: ${GOOD.length}\r\n\r\n${GOOD}`);
      while (!text.includes('HTTP/1.1 200 ')) await once(socket, 'data');
      socket.destroy();
    }));

  it('takes no more from the client than the handler asks for', async () => {
    let taken = 0;
    const incoming = new Readable({
      highWaterMark: 2000,
      read() {
        taken++;
        this.push(Buffer.alloc(1000));
      },
    });
    const answered = new Promise<number>((resolve) => {
      const listener = toNodeListener(async (request) => {
        await request.body?.getReader().read();
        for (let turn = 0; turn < 50; turn++) await new Promise((next) => setImmediate(next));
        resolve(taken);
        return new Response();
      });
      const headers = {};
      const socket = {};
      const response = Object.assign(new EventEmitter(), {
        statusCode: 0,
        headersSent: false,
        writableFinished: false,
        setHeader: () => {},
        end: () => incoming.destroy(),
        destroy: () => {},
      });
      listener(Object.assign(incoming, { method: 'POST', url: '/', headers, socket }), response);
    });
    const chunks = await answered;
    assert.ok(chunks >= 1 && chunks <= 5, `${chunks} chunks`);
  });

  it('aborts the signal when the client goes away, and not after an answer', async () => {
    const signals: AbortSignal[] = [];
    let entered: () => void = () => {};
    let aborted: () => void = () => {};
    const inside = new Promise<void>((resolve) => (entered = resolve));
    const gone = new Promise<void>((resolve) => (aborted = resolve));
    await serve(
      async (request) => {
        signals.push(request.signal);
        if (request.url.endsWith('/quick')) return new Response('done');
        request.signal.addEventListener('abort', () => aborted());
        entered();
        await gone;
        // keeps the request alive until here: Node follows signals of living requests only
        return new Response(request.method);
      },
      async ({ url }) => {
        assert.equal(await (await fetch(`${url}/quick`)).text(), 'done');
        const client = httpRequest(`${url}/slow`);
        client.on('error', () => {});
        client.end();
        await inside;
        client.destroy();
        await gone;
        assert.deepEqual(
          signals.map((signal) => signal.aborted),
          [false, true],
        );
      },
    );
  });

  it('ends the body with an error when the client goes away in the middle', async () => {
    let failed: (error: unknown) => void = () => {};
    const failure = new Promise((resolve) => (failed = resolve));
    await serve(
      async (request) => {
        await request.text().catch(failed);
        return new Response();
      },
      async ({ port }) => {
        const socket = connect(port, '127.0.0.1');
        socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
        await once(socket, 'connect');
        // the handler reads already: its 100 bytes will never come
        setImmediate(() => socket.destroy());
        assert.ok((await failure) instanceof Error);
      },
    );
  });

  it('says 500 and reports when the handler fails', () =>
    serve(
      () => Promise.reject(new Error('secret detail')),
      async ({ url, errors }) => {
        const response = await fetch(url);
        assert.equal(response.status, 500);
        assert.ok(!(await response.text()).includes('secret'));
        assert.match(String(errors[0]), /secret detail/);
      },
    ));

  it('says 400 to requests that no Request can be made of', () =>
    serve(gate, async ({ port, errors }) => {
      for (const line of ['OPTIONS * HTTP/1.1', 'TRACE /pass HTTP/1.1', 'GET http:// HTTP/1.1']) {
        const socket = connect(port, '127.0.0.1');
        socket.write(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`);
        const [chunk] = (await once(socket, 'data')) as [Buffer];
        assert.match(chunk.toString(), /^HTTP\/1.1 400 /, line);
        socket.destroy();
      }
      assert.equal(errors.length, 3);
    }));

  it('understands the absolute form that proxies send', () =>
    serve(gate, async ({ port }) => {
      const client = httpRequest({
        port,
        host: '127.0.0.1',
        path: 'http://gate.example/call-gate/pass',
        method: 'POST',
        headers: { Origin: 'http://shop.example', 'Content-Type': 'application/json' },
      });
      client.end(GOOD);
      const [response] = (await once(client, 'response')) as [IncomingMessage];
      response.resume();
      assert.equal(response.statusCode, 200);
    }));

  it('does not wait for a body that a parser has already read', async () => {
    const listener = toNodeListener(gate);
    const server = createServer((request, response) => {
      request.resume().on('end', () => setImmediate(() => listener(request, response)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const response = await send(`http://127.0.0.1:${port}`, GOOD);
      assert.equal(await problemOf(response), '400 bad-request');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
