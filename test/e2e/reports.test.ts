/** `report-url`: the report of each call goes to the administrator's address, once, and nothing else with it. */
import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import type { CallReport } from '../../src/index.js';
import type { CallPage } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

interface Delivery {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server of another origin that knows nothing of CORS. */
const deliveries: Delivery[] = [];
const server = createServer((request, response) => {
  const { method, url, headers } = request;
  void text(request).then((body) => {
    deliveries.push({ method, url, headers, body });
    response.writeHead(204, { 'Set-Cookie': 'seen=1' }).end();
  });
});
let receiver: string;
const { world, openPage } = useWorld();
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver = `http://127.0.0.1:${(server.address() as AddressInfo).port}/calls?site=7`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});
afterEach(() => {
  deliveries.length = 0;
});

async function visit(reportUrl: string): Promise<{ on: CallPage; said: string[] }> {
  const on = await openPage({ attributes: { 'report-url': reportUrl } });
  const said: string[] = [];
  on.page.on('console', (message) => said.push(message.text()));
  return { on, said };
}

async function callAndHangUp({ page, dial, waitForState }: CallPage): Promise<CallReport> {
  const ended = page.evaluate(
    () =>
      new Promise<CallReport>((resolve) =>
        document
          .querySelector('call-button')!
          .addEventListener('call-end', ({ report }) => resolve(report), { once: true }),
      ),
  );
  await dial();
  await waitForState('established');
  await page.evaluate(() => document.querySelector('call-button')!.hangUp());
  return ended;
}

describe('the report of a call', () => {
  it('is sent to another origin, once for each call, as call-end carries it', async () => {
    const { on } = await visit(receiver);
    const first = await callAndHangUp(on);
    await until(() => deliveries.length === 1);
    await on.page.getByRole('button', { name: 'Call again' }).click();
    await on.page.getByRole('button', { name: /^Start/ }).click();
    await on.waitForState('established');
    await on.page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await until(() => deliveries.length === 2);

    // without a question ahead (preflight)
    assert.deepEqual(
      deliveries.map(({ method, url }) => `${method} ${url}`),
      ['POST /calls?site=7', 'POST /calls?site=7'],
    );
    const [one, two] = deliveries.map(({ body }) => JSON.parse(body) as CallReport);
    assert.deepEqual(one, first);
    assert.equal(two!.reason, 'hung-up');
    assert.notEqual(two!.callId, one.callId);
    for (const { headers } of deliveries) {
      assert.equal(headers['content-type'], 'text/plain;charset=UTF-8');
      // the page's origin, not its address
      assert.equal(headers.referer, world.service.url);
      // the answer to the first one wanted to set one
      assert.equal(headers.cookie, undefined);
    }
    assert.deepEqual(on.errors, []);
  });

  it('is sent of a call that never rang', async () => {
    const { on } = await visit(receiver);
    await on.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await on.dial();
    await until(() => deliveries.length === 1);
    const { reason, callId } = JSON.parse(deliveries[0]!.body) as CallReport;
    assert.deepEqual([reason, callId], ['microphone-denied', null]);
  });

  it('is sent when the page is left in the call', async () => {
    const { on } = await visit(receiver);
    await on.dial();
    await on.waitForState('established');
    await on.page.goto('about:blank');
    await until(() => deliveries.length === 1);
    const { reason, state } = JSON.parse(deliveries[0]!.body) as CallReport;
    assert.deepEqual([reason, state], ['removed', 'established']);
  });

  it('goes to a path of the page’s own server, as the demo has it', async () => {
    const told = new Promise<string>((resolve) =>
      world.service.events.once('report', ({ reason, worstQuality }) =>
        resolve(`${reason} ${worstQuality}`),
      ),
    );
    const { on } = await visit('call-reports');
    await callAndHangUp(on);
    assert.match(await told, /^hung-up (good|medium|poor|bad|null)$/);
    assert.deepEqual(on.errors, []);
  });

  it('is sent nowhere where the address is none: the console says so, the call goes on', async () => {
    const wrong = receiver.replace('//', '//user:secret@');
    const { on, said } = await visit(wrong);
    await callAndHangUp(on);
    await until(() => said.some((line) => line.includes(`report-url="${wrong}"; expected:`)));
    const { origin } = new URL(receiver);
    assert.ok(!on.requests.some((url) => url.startsWith(origin)));
    assert.deepEqual(deliveries, []);
  });

  it('that cannot be sent spoils nothing: the console says so', async () => {
    // a port that nobody listens at
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const { on, said } = await visit(`http://127.0.0.1:${port}/`);
    await callAndHangUp(on);
    await until(() => said.some((line) => line.includes('could not send the report of a call')));
    await on.waitForState('ended');
    await on.page.getByRole('button', { name: 'Call again' }).waitFor();
  });
});
