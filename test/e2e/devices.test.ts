/** DESIGN section 8: what a visitor is told where the browser or a device keeps a call from being made. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import type { EndReason } from '../../src/call/errors.js';
import { en } from '../../src/i18n/en.js';
import { en as extra } from '../../src/i18n/extra/en.js';
import { type CallPage, framesDecoded, NOTHING_OPEN } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

/** A name of another host, over plain http: no secure context. */
const INSECURE_HOST = 'shop.example';

const TEL = 'tel:+15550100123';

interface Told {
  readonly reason: EndReason;
  readonly early: boolean;
}

/** Presses Call, and returns how that ended. */
async function dialInVain(where: Page | Frame): Promise<Told> {
  await where.locator('call-button [part=launcher]:visible').click();
  await where.getByLabel(en.name).fill('Ada Lovelace');
  await where.evaluate(() => {
    const element = document.querySelector('call-button')!;
    element.addEventListener('call-end', ({ reason }) =>
      Object.assign(globalThis, { told: { reason, early: element.state.outcome?.early } }),
    );
  });
  await where.getByRole('button', { name: /^Start/ }).click();
  const told = await where.waitForFunction(() => (globalThis as unknown as { told?: Told }).told);
  return (await told.jsonValue())!;
}

/** Told at the form in the words of the reason, with the number and a way to try again; no pass was spent. */
async function refusedAtForm(
  reason: EndReason,
  { page: visited, passes, errors }: CallPage,
  where: Page | Frame = visited,
  link = true,
): Promise<void> {
  assert.deepEqual(await dialInVain(where), { reason, early: true });
  const alert = where.getByRole('alert').filter({ hasText: en[`end.${reason}`] });
  await alert.waitFor();
  const phone = alert.getByRole('link', { name: en['call.phone'] });
  assert.deepEqual(
    await phone.evaluateAll((links) => links.map((each) => each.getAttribute('href'))),
    link ? [TEL] : [],
  );
  assert.equal(
    await where.evaluate(() => document.querySelector('call-button')!.state.state),
    'ended',
  );
  assert.equal(await where.getByRole('button', { name: /^Start/ }).isEnabled(), true);
  assert.equal(passes(), 0);
  // an insecure page is no origin that the service knows
  assert.deepEqual(
    errors.filter(
      (text) =>
        reason !== 'insecure-context' || !/^(WebSocket|Access to fetch|Failed to load) /.test(text),
    ),
    [],
  );
}

/** The page keeps its link, and no button promises what cannot be had. */
async function linkStays({ page: visited, errors, state }: CallPage): Promise<void> {
  const link = visited.locator('call-button [part=launcher]:visible');
  await until(async () => (await link.getAttribute('href')) === TEL);
  assert.equal(await link.innerText(), 'Call us');
  assert.equal(await visited.getByRole('button').count(), 0);
  assert.equal(await state(), 'unavailable');
  await until(() => errors.length > 0);
  assert.match(errors.join(), /cannot call: .*a browser with WebRTC, and an https page/);
}

describe('a visitor who is asked', () => {
  // without the flag nobody answers the browser's question: what the visitor has allowed counts
  const { world, openPage } = useWorld({}, { without: ['--use-fake-ui-for-media-stream'] });

  it('and blocks the microphone reads where to allow it, and calls once it is allowed', async () => {
    const caller = await openPage({ permissions: [] });
    await refusedAtForm('microphone-denied', caller);
    assert.equal((await caller.open()).tracks, 0);
    const help = caller.page.getByRole('list', { name: extra['help.title'] });
    const steps = ['help.chrome', 'help.allow', 'help.again'] as const;
    assert.deepEqual(
      await help.getByRole('listitem').allTextContents(),
      steps.map((step) => extra[step].replace('{device}', en['devices.audioinput'])),
    );
    await caller.page.context().grantPermissions(['microphone'], { origin: world.service.url });
    await help.waitFor({ state: 'detached' });
    await caller.page.getByRole('button', { name: /^Start/ }).click();
    await caller.waitForState('established');
  });

  it('is told before where the browser will ask', async () => {
    const caller = await openPage();
    // as a visitor comes who was never asked
    await caller.page.context().clearPermissions();
    await caller.page.locator('call-button [part=launcher]:visible').click();
    await caller.page.getByText(extra['hint.top']).waitFor();
    assert.deepEqual(caller.errors, []);
  });

  it('and blocks the camera alone gets a voice call', async () => {
    const caller = await openPage({ attributes: { media: 'video' }, permissions: ['microphone'] });
    await caller.dial();
    await caller.waitForState('established');
    const { videoMuted, localVideo } = await caller.page.evaluate(
      () => document.querySelector('call-button')!.state,
    );
    assert.deepEqual({ videoMuted, localVideo }, { videoMuted: true, localVideo: false });
  });
});

describe('a computer without any device', () => {
  const { openPage } = useWorld({}, { without: ['--use-fake-device-for-media-stream'] });

  it('cannot call: a microphone must be connected', async () => {
    await refusedAtForm('microphone-missing', await openPage());
  });

  it('nor by video', async () => {
    await refusedAtForm('microphone-missing', await openPage({ attributes: { media: 'video' } }));
  });
});

describe('a computer without a camera', () => {
  const { openPage } = useWorld(
    {},
    {
      without: ['--use-fake-device-for-media-stream'],
      flags: ['--use-fake-device-for-media-stream=device-count=0'],
    },
  );

  it('makes a voice call of a video call, and sees the far end', async () => {
    const caller = await openPage({ attributes: { media: 'video' } });
    await caller.dial();
    await caller.waitForState('established');
    const { localVideo, remoteVideo, videoMuted } = await caller.page.evaluate(
      () => document.querySelector('call-button')!.state,
    );
    assert.deepEqual([localVideo, videoMuted, remoteVideo], [false, true, true]);
    await until(async () => (await framesDecoded(caller.page)) > 0);
    await caller.page.getByRole('button', { name: en['video.unmute'] }).click();
    await caller.page.getByText(en['notice.camera-unavailable']).waitFor();
    assert.equal(await caller.state(), 'established');
    assert.deepEqual(caller.errors, []);
  });
});

describe('a page or a browser', () => {
  const { world, openPage } = useWorld(
    {},
    { flags: [`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`] },
  );

  // the service answers to its own names only
  let mirror: Server;
  before(async () => {
    mirror = createServer((request, response) => {
      void fetch(new URL(request.url ?? '', world.service.url)).then(async (original) => {
        const headers = { 'content-type': original.headers.get('content-type') ?? '' };
        response.writeHead(original.status, headers);
        response.end(new Uint8Array(await original.arrayBuffer()));
      });
    }).listen(0, '127.0.0.1');
    await once(mirror, 'listening');
  });
  after(() => {
    mirror.closeAllConnections();
    mirror.close();
  });
  const insecure = (): string =>
    `http://${INSECURE_HOST}:${(mirror.address() as AddressInfo).port}/`;

  /** The caller's page in a frame of a page of another origin. */
  async function framed(caller: CallPage, allow: string): Promise<Frame> {
    const name = `${randomUUID()}.html`;
    await writeFile(
      join(world.pages, name),
      `<!doctype html><link rel="icon" href="data:,"><title>outer</title><iframe ${allow} width="600" height="800" src="${caller.page.url()}"></iframe>`,
    );
    await caller.page.goto(`${world.service.url.replace('127.0.0.1', 'localhost')}${name}`);
    return until(async () => {
      const frame = caller.page.frames()[1];
      const there = await frame
        ?.evaluate(() => customElements.get('call-button') !== undefined)
        .catch(() => false);
      return there === true && frame;
    });
  }

  it('a frame of another origin that lacks allow="microphone": told, and not blamed on the visitor', async () => {
    const caller = await openPage();
    const warnings: string[] = [];
    caller.page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text());
    });
    const frame = await framed(caller, '');
    await refusedAtForm('permissions-policy', caller, frame);
    await until(() => warnings.some((text) => text.includes('on the iframe that this page is in')));
  });

  it('a frame that has it calls', async () => {
    const caller = await openPage();
    const frame = await framed(caller, 'allow="microphone"');
    await frame.locator('call-button [part=launcher]:visible').click();
    await frame.getByLabel(en.name).fill('Ada Lovelace');
    await frame.getByRole('button', { name: /^Start/ }).click();
    await until(() => world.service.calls()[0]?.state === 'established');
    await frame.evaluate(() => document.querySelector('call-button')!.hangUp());
  });

  it('a page without https keeps its link', async () => {
    await linkStays(await openPage({ origin: insecure() }));
  });

  it('a page without https and without a number explains', async () => {
    const caller = await openPage({
      origin: insecure(),
      content: '',
      attributes: { label: 'Call' },
    });
    await refusedAtForm('insecure-context', caller, caller.page, false);
  });

  it('a browser without WebRTC keeps its link', async () => {
    await linkStays(
      await openPage({ init: () => Reflect.deleteProperty(globalThis, 'RTCPeerConnection') }),
    );
  });

  it('a browser without WebRTC, on a page without a number, explains', async () => {
    const caller = await openPage({
      init: () => Reflect.deleteProperty(globalThis, 'RTCPeerConnection'),
      content: '',
      attributes: { label: 'Call' },
    });
    await refusedAtForm('webrtc-unsupported', caller, caller.page, false);
    assert.deepEqual(await caller.open(), NOTHING_OPEN);
  });

  it('a browser that has no peer connection left explains', async () => {
    const caller = await openPage({
      init: () => {
        // as Chromium says with too many of them
        globalThis.RTCPeerConnection = function () {
          throw new DOMException('Cannot create so many PeerConnections', 'UnknownError');
        } as unknown as typeof RTCPeerConnection;
      },
    });
    await refusedAtForm('webrtc-unsupported', caller);
    assert.deepEqual(await caller.open(), NOTHING_OPEN);
  });

  it('a microphone that another program uses: told', async () => {
    // no program of ours can take a fake microphone
    const caller = await openPage({
      init: () => {
        navigator.mediaDevices.getUserMedia = () =>
          Promise.reject(new DOMException('Could not start audio source', 'NotReadableError'));
      },
    });
    await refusedAtForm('microphone-busy', caller);
  });
});
