/** Whatever goes wrong around a call: an explanation, no hanging state, nothing left open. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { WebSocketServer, type WebSocket } from 'ws';
import { en } from '../../src/i18n/en.js';
import { type CallPage, NOTHING_OPEN, routePasses } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { world, openPage } = useWorld({ ringMs: 100 });

const hangUp = ({ page }: CallPage): Promise<void> =>
  page.evaluate(() => document.querySelector('call-button')!.hangUp());

describe('before anybody uses it', () => {
  it('a page makes one request for it, stores nothing and opens nothing', async () => {
    const { page, requests, open: opened } = await openPage();
    const own = requests.filter((url) => !url.endsWith('.html') && !url.startsWith('data:'));
    assert.deepEqual(own, [`${world.service.url}dist/call-button.js`]);
    assert.deepEqual(await opened(), NOTHING_OPEN);
    const stored = await page.evaluate(async () => [
      localStorage.length,
      sessionStorage.length,
      document.cookie,
      (await indexedDB.databases()).length,
    ]);
    assert.deepEqual(stored, [0, 0, '', 0]);
  });

  it('opening and closing the form opens a socket and a peer connection, and closes both', async () => {
    const { page, open: opened } = await openPage();
    await page.locator('call-button [part=launcher]:visible').click();
    await until(async () => {
      const { sockets, peerConnections, tracks } = await opened();
      return sockets === 1 && peerConnections === 1 && tracks === 0;
    });
    await page.keyboard.press('Escape');
    await until(async () => JSON.stringify(await opened()) === JSON.stringify(NOTHING_OPEN));
    assert.equal(await page.locator('call-button > [slot=captcha]').count(), 0);
    const focused = await page.evaluate(
      () => document.querySelector('call-button')!.shadowRoot!.activeElement?.localName,
    );
    assert.equal(focused, 'button');
  });
});

describe('one call at a time', () => {
  it('a second element says so, and works when the first call is over', async () => {
    const page = await openPage({
      html: (element) =>
        `${element}<p>${element.replace('<call-button', '<call-button id="second"')}</p>`,
    });
    await page.dial();
    await page.waitForState('established');
    await page.page.evaluate(() =>
      document.querySelector<HTMLElementTagNameMap['call-button']>('#second')!.open(),
    );
    const second = page.page.locator('#second');
    await second.getByText('You are already in a call on this page.').waitFor();
    assert.equal(await second.getByRole('button', { name: /^Start/ }).isDisabled(), true);
    const refused = await page.page.evaluate(() => {
      const element = document.querySelector<HTMLElementTagNameMap['call-button']>('#second')!;
      return new Promise((resolve) => {
        element.addEventListener('call-error', ({ reason }) => resolve(reason));
        void element.call();
      });
    });
    assert.equal(refused, 'another-call');
    await hangUp(page);
    await page.waitForState('ended');
    await second.getByLabel('Your name').fill('Bob');
    await second.getByRole('button', { name: /^Start/ }).click();
    await until(() => world.service.calls()[0]?.state === 'established');
    await page.page.evaluate(() =>
      document.querySelector<HTMLElementTagNameMap['call-button']>('#second')!.hangUp(),
    );
    await until(async () => JSON.stringify(await page.open()) === JSON.stringify(NOTHING_OPEN));
  });
});

describe('impatient visitors and busy pages', () => {
  it('a double click on Call makes one call', async () => {
    const { page, waitForState } = await openPage();
    let invites = 0;
    const count = (): void => void (invites += 1);
    world.service.events.on('admitted', count);
    await page.locator('call-button [part=launcher]:visible').dblclick();
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: /^Start/ }).dblclick();
    await waitForState('established');
    world.service.events.off('admitted', count);
    assert.equal(invites, 1);
    assert.equal(world.service.calls().length, 1);
  });

  it('Call pressed while the panel closes leaves nothing open', async () => {
    const { page, open: opened, state } = await openPage();
    await page.locator('call-button [part=launcher]:visible').click();
    await page.getByLabel('Your name').fill('Ada');
    await page.evaluate(() => {
      const element = document.querySelector('call-button')!;
      void element.call();
      element.close();
    });
    await until(async () => JSON.stringify(await opened()) === JSON.stringify(NOTHING_OPEN));
    assert.match(await state(), /^(idle|ended)$/);
  });

  for (const wanted of [
    'idle',
    'requesting-media',
    'verifying',
    'authorizing',
    'connecting',
    'ringing',
    'established',
    'held',
    'ended',
  ] as const) {
    it(`removed in the state ${wanted}: nothing stays open, and the far end is told`, async () => {
      const { page, open: opened, errors } = await openPage();
      await page.evaluate((state) => {
        const element = document.querySelector('call-button')!;
        element.addEventListener('call-state-change', () => {
          if (element.state.state === state) element.remove();
        });
        Object.assign(globalThis, { element });
      }, wanted);
      await page.locator('call-button [part=launcher]:visible').click();
      if (wanted === 'idle') {
        await until(async () => (await opened()).sockets === 1);
        await page.evaluate(() => document.querySelector('call-button')!.remove());
      } else {
        await page.getByLabel('Your name').fill('Ada');
        await page.getByRole('button', { name: /^Start/ }).click();
        if (wanted === 'held') {
          await until(() => world.service.calls()[0]?.state === 'established');
          // refused where the element is gone before it could answer
          await world.service
            .calls()[0]!
            .hold()
            .catch(() => {});
        } else if (wanted === 'ended') await hangUpSoon(page);
      }
      await page.waitForFunction(() => document.querySelector('call-button') === null);
      await until(async () => JSON.stringify(await opened()) === JSON.stringify(NOTHING_OPEN));
      await until(() => world.service.calls().length === 0);
      assert.deepEqual(errors, []);
      assert.equal(await page.locator('[slot=captcha]').count(), 0);
    });
  }

  async function hangUpSoon(page: CallPage['page']): Promise<void> {
    await page.waitForFunction(
      () => document.querySelector('call-button')!.state.state === 'established',
    );
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
  }

  it('moved in the document in a call: the call goes on, the picture too', async () => {
    const { page, dial, waitForState, state } = await openPage({
      attributes: { media: 'video' },
      html: (element) => `<main>${element}</main><aside></aside>`,
    });
    await dial();
    await waitForState('established');
    await page.evaluate(() =>
      document.querySelector('aside')!.append(document.querySelector('call-button')!),
    );
    await page.waitForFunction(() => {
      const video = document
        .querySelector('call-button')!
        .shadowRoot!.querySelector('call-button-panel')!
        .shadowRoot!.querySelector<HTMLVideoElement>('[part=remote-video]')!;
      return !video.paused && video.currentTime > 0;
    });
    assert.equal(await state(), 'established');
    assert.equal(world.service.calls().length, 1);
  });

  it('navigated away in a call: the far end is told at once', async () => {
    const { page, dial, waitForState } = await openPage();
    await dial();
    await waitForState('established');
    const bye = new Promise<string>((resolve) => {
      world.service.events.once('bye', ({ by }) => resolve(by));
    });
    await page.goto('about:blank');
    assert.equal(await bye, 'caller');
  });
});

describe('devices', () => {
  it('given up at the permission prompt: a stream that comes late is stopped', async () => {
    const { page, dial, waitForState, open: opened } = await openPage();
    await page.evaluate(() => {
      navigator.permissions.query = () => Promise.reject(new TypeError('unknown name'));
      const { mediaDevices } = navigator;
      const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (constraints) => {
        await new Promise((resolve) => Object.assign(globalThis, { allow: resolve }));
        return getUserMedia(constraints);
      };
    });
    await dial();
    await waitForState('requesting-media');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await waitForState('ended');
    await page.evaluate(() => (globalThis as unknown as { allow: () => void }).allow());
    await page.waitForFunction(() => kept.tracks.length > 0);
    await until(async () => (await opened()).tracks === 0);
  });
});

describe('the gate', () => {
  const answers: readonly (readonly [
    string,
    { status: number; contentType: string; body: string } | 'abort',
    string,
  ])[] = [
    ['unreachable', 'abort', 'No connection.'],
    [
      'HTML with 200',
      { status: 200, contentType: 'text/html', body: '<h1>Hello</h1>' },
      'Something went wrong on our side.',
    ],
    [
      'HTML with 502',
      { status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' },
      'Something went wrong on our side.',
    ],
    [
      'JSON of another shape',
      { status: 200, contentType: 'application/json', body: '{"pass":1}' },
      'Something went wrong on our side.',
    ],
    [
      'too many calls',
      {
        status: 429,
        contentType: 'application/problem+json',
        body: '{"type":"urn:call-button:problem:rate-limited","title":"Too many","status":429}',
      },
      'Too many calls from here.',
    ],
    [
      'closed',
      {
        status: 503,
        contentType: 'application/problem+json',
        body: '{"type":"urn:call-button:problem:closed","title":"Closed","status":503}',
      },
      en['end.closed'],
    ],
  ];
  for (const [what, answer, words] of answers) {
    it(`${what}: explained at the form, and the next press works with a new token`, async () => {
      const { page, dial, waitForState } = await openPage();
      const tokens: string[] = [];
      let broken = true;
      await routePasses(page, async (route) => {
        tokens.push((JSON.parse(route.request().postData() ?? '{}') as { token: string }).token);
        if (!broken) await route.continue();
        else if (answer === 'abort') await route.abort();
        else await route.fulfill(answer);
      });
      await dial();
      await waitForState('ended');
      await page.getByText(words).waitFor();
      assert.equal(tokens.length, 1, 'asked once');
      broken = false;
      await page.getByRole('button', { name: /^Start/ }).click();
      await waitForState('established');
      assert.equal(new Set(tokens).size, 2, 'no token twice');
    });
  }

  it('slow: can be given up', async () => {
    const { page, dial, waitForState } = await openPage();
    await routePasses(page, () => {});
    await dial();
    await waitForState('authorizing');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await waitForState('ended');
    assert.ok(await page.getByRole('button', { name: /^Start/ }).isEnabled());
  });

  it('a pass that the gateway refuses: the CAPTCHA again, one new pass, then the call', async () => {
    const { page, dial, waitForState } = await openPage();
    let passes = 0;
    await routePasses(page, async (route) => {
      passes += 1;
      const response = await route.fetch();
      const pass = (await response.json()) as { pass: string };
      // forged the first time
      const body =
        passes === 1
          ? {
              ...pass,
              pass: pass.pass
                .replace(/.$/, (end) => (end === 'A' ? 'B' : 'A'))
                .replace(/\.[^.]+$/, '.AAAA'),
            }
          : pass;
      await route.fulfill({ response, json: body });
    });
    await dial();
    await waitForState('established');
    assert.equal(passes, 2);
  });
});

describe('a hostile SIP peer', () => {
  let peer: WebSocketServer;
  let url: string;
  let behave: (socket: WebSocket, message: string) => void = () => {};
  before(async () => {
    peer = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'sip' });
    await once(peer, 'listening');
    url = `ws://127.0.0.1:${(peer.address() as AddressInfo).port}/`;
    peer.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => behave(socket, data.toString()));
    });
  });
  after(() => {
    for (const socket of peer.clients) socket.terminate();
    peer.close();
  });

  const attributes = () => ({
    server: url,
    target: 'sip:a@example.com',
    gate: '',
    captcha: 'none',
  });
  const answer = (invite: string, status: string, extra = ''): string => {
    const keep = (name: string): string =>
      invite.split('\r\n').find((line) => line.startsWith(`${name}:`))!;
    return `SIP/2.0 ${status}\r\n${['Via', 'From', 'Call-ID', 'CSeq'].map(keep).join('\r\n')}\r\n${keep('To')};tag=x\r\n${extra}Content-Length: 0\r\n\r\n`;
  };

  it('silent: given up after 6 s with an explanation', async () => {
    behave = () => {};
    const { page, dial, waitForState, open: opened } = await openPage({ attributes: attributes() });
    await dial();
    await waitForState('ended');
    await page.getByText('No connection.').waitFor();
    assert.deepEqual(await opened(), NOTHING_OPEN);
  });

  it('garbage, huge frames and wrong tags before a proper answer: only the answer counts', async () => {
    behave = (socket, message) => {
      if (!message.startsWith('INVITE')) return;
      socket.send('garbage');
      socket.send(Buffer.from([0xff, 0xfe, 0x00, 0x80]));
      socket.send('SIP/2.0 200 OK\r\n\r\n');
      socket.send('SIP/2.0 999 Never\r\nVia: x\r\n\r\n');
      socket.send(`SIP/2.0 200 OK\r\nX: ${'y'.repeat(2_000_000)}\r\n\r\n`);
      socket.send(
        answer(message, '200 OK').replace(/From: .*/, 'From: <sip:b@example.com>;tag=wrong'),
      );
      socket.send(answer(message, '200 OK').replace(/Call-ID: .*/, 'Call-ID: other'));
      socket.send(answer(message, '200 OK').replace(/CSeq: .*/, 'CSeq: nonsense'));
      socket.send('BYE sip:a@b SIP/2.0\r\n\r\n');
      socket.send(answer(message, '486 Busy Here'));
    };
    const {
      page,
      dial,
      waitForState,
      errors,
      open: opened,
    } = await openPage({ attributes: attributes() });
    await dial();
    await waitForState('ended');
    await page.getByText('The line is busy.').waitFor();
    assert.deepEqual(errors, []);
    assert.deepEqual(await opened(), NOTHING_OPEN);
  });

  it('answers with a description that is none: ended, told, nothing open', async () => {
    behave = (socket, message) => {
      if (!message.startsWith('INVITE')) return;
      const body = 'v=0\r\nthis is no description\r\n';
      socket.send(
        answer(
          message,
          '200 OK',
          'Contact: <sip:x@127.0.0.1>\r\nContent-Type: application/sdp\r\n',
        ).replace('Content-Length: 0\r\n\r\n', `Content-Length: ${body.length}\r\n\r\n${body}`),
      );
    };
    const {
      page,
      dial,
      waitForState,
      errors,
      open: opened,
    } = await openPage({ attributes: attributes() });
    await dial();
    await waitForState('ended');
    await page.getByText('cannot take this kind of call').waitFor();
    assert.deepEqual(errors, []);
    assert.deepEqual(await opened(), NOTHING_OPEN);
  });

  it('answers, and its media never come: given up after 10 s, and told', async () => {
    const sdp = [
      'v=0',
      'o=- 1 1 IN IP4 192.0.2.1',
      's=-',
      't=0 0',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 192.0.2.1',
      'a=mid:0',
      'a=rtcp-mux',
      'a=rtpmap:111 opus/48000/2',
      'a=ice-ufrag:nobody',
      'a=ice-pwd:nobodynobodynobodynobody',
      `a=fingerprint:sha-256 ${Array(32).fill('00').join(':')}`,
      'a=setup:active',
      'a=candidate:1 1 udp 2122260223 192.0.2.1 9 typ host\r\n',
    ].join('\r\n');
    const headers = 'Contact: <sip:x@127.0.0.1>\r\nContent-Type: application/sdp\r\n';
    let byes = 0;
    behave = (socket, message) => {
      if (message.startsWith('BYE')) {
        byes++;
        socket.send(answer(message, '200 OK').replace(';tag=x;tag=x', ';tag=x'));
      }
      if (!message.startsWith('INVITE')) return;
      const ok = answer(message, '200 OK', headers);
      socket.send(ok.replace('Content-Length: 0\r\n\r\n', `Content-Length: ${sdp.length}\r\n\r\n${sdp}`)); // prettier-ignore
    };
    const {
      page,
      dial,
      waitForState,
      errors,
      open: opened,
    } = await openPage({ attributes: attributes() });
    await page.clock.install();
    await dial();
    await waitForState('established');
    await page.clock.fastForward(10_000);
    await waitForState('ended');
    await page.getByText(en['end.media-timeout']).waitFor();
    await page.getByRole('link', { name: en['call.phone'] }).waitFor();
    assert.equal(byes, 1);
    assert.deepEqual(errors, []);
    assert.deepEqual(await opened(), NOTHING_OPEN);
  });

  it('refuses the socket: explained', async () => {
    const { page, dial, waitForState } = await openPage({
      attributes: { ...attributes(), server: 'ws://127.0.0.1:9/' },
    });
    await dial();
    await waitForState('ended');
    await page.getByText('No connection.').waitFor();
  });
});
