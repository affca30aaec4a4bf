/** DESIGN section 8: what a visitor is told for each final response, and that nothing stays open. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { WebSocketServer } from 'ws';
import type { EndReason } from '../../src/call/errors.js';
import { en } from '../../src/i18n/en.js';
import { NOTHING_OPEN, routePasses } from '../support/e2e.js';
import { useWorld } from '../support/use-world.js';

const { openPage } = useWorld({ ringMs: 100 });

/** Rings, and then says what is in the user part of the address: `sip:486@example.com`. */
async function startRefuser(): Promise<{ url: string; requests: string[]; close(): void }> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    handleProtocols: () => 'sip',
  });
  await once(server, 'listening');
  const requests: string[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      const line = (name: string): string =>
        text.split('\r\n').find((each) => each.startsWith(`${name}:`))!;
      requests.push(text);
      const [, status] = /^INVITE sip:(\d{3})@/.exec(text) ?? [];
      if (status === undefined) return;
      const answer = (start: string, ...headers: string[]): void =>
        socket.send(
          [
            `SIP/2.0 ${start}`,
            ...['Via', 'From', 'Call-ID', 'CSeq'].map(line),
            `${line('To')};tag=x`,
            ...headers,
            'Content-Length: 0\r\n\r\n',
          ].join('\r\n'),
        );
      answer('180 Ringing');
      answer(`${status} Whatever`, 'Retry-After: 30', 'Contact: <sip:premium@evil.example>');
    });
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

const CASES: readonly (readonly [EndReason, ...number[]])[] = [
  ['busy', 486, 600],
  ['no-answer', 480, 408],
  ['declined', 603],
  ['not-allowed', 403],
  ['not-found', 404, 410],
  ['media-not-supported', 488, 606],
  ['service-unavailable', 503, 500],
  ['cancelled', 487],
  // a redirection, which is never followed
  ['service-unavailable', 302],
];

describe('a final response', () => {
  it('of each kind is told in its own words, offers the number, and leaves nothing open', async () => {
    const refuser = await startRefuser();
    const page = await openPage({
      attributes: {
        server: refuser.url,
        target: 'sip:486@example.com',
        gate: '',
        captcha: 'none',
        'caller-name': 'Ada',
      },
    });
    for (const [reason, ...statuses] of CASES) {
      for (const status of statuses) {
        const ended: unknown = await page.page.evaluate(async (target) => {
          const element = document.querySelector('call-button')!;
          element.setAttribute('target', target);
          const abort = new AbortController();
          const end = new Promise((resolve) => {
            element.addEventListener(
              'call-state-change',
              ({ snapshot: { state, outcome } }) => {
                if (state !== 'ended') return;
                abort.abort();
                resolve([outcome!.reason, outcome!.status, outcome!.retryAfter]);
              },
              { signal: abort.signal },
            );
          });
          await element.call();
          return end;
        }, `sip:${status}@example.com`);
        assert.deepEqual(ended, [reason, status, 30]);
        await page.page.getByText(en[`end.${reason}`]).waitFor();
        // who gave up wants no other way
        if (reason !== 'cancelled') {
          await page.page.getByRole('link', { name: en['call.phone'] }).waitFor();
        }
        assert.deepEqual(await page.open(), NOTHING_OPEN, String(status));
      }
    }
    const calls = CASES.flatMap(([, ...statuses]) => statuses);
    assert.deepEqual(
      refuser.requests.filter((text) => !text.startsWith('ACK ')).map((text) => text.split(' ')[1]),
      calls.map((status) => `sip:${status}@example.com`),
    );
    assert.deepEqual(page.errors, []);
    refuser.close();
  });

  it('to a pass, refused twice: a second pass was asked for, and no third', async () => {
    const page = await openPage();
    let passes = 0;
    await routePasses(page.page, async (route) => {
      passes++;
      const response = await route.fetch();
      const pass = (await response.json()) as { pass: string };
      await route.fulfill({
        response,
        json: { ...pass, pass: pass.pass.replace(/\.[^.]+$/, '.AAAA') },
      });
    });
    await page.dial();
    await page.waitForState('ended');
    await page.page.getByText(en['end.pass-refused']).waitFor();
    assert.equal(passes, 2);
    assert.deepEqual(await page.open(), NOTHING_OPEN);
  });
});
