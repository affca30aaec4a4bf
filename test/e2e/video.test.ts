/** Pictures that come and go in a call, by the visitor's wish and against it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../../src/i18n/en.js';
import { loadAxe, violations } from '../support/axe.js';
import { type CallPage, framesDecoded, NOTHING_OPEN } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { world, openPage } = useWorld({
  // who takes no picture, at first or later
  aliases: new Map([
    [
      'voice',
      async (call) => {
        await call.answer({ video: null });
        await call.waitMs(60_000);
      },
    ],
    // takes the picture out of the call at the first key
    [
      'drops',
      async (call) => {
        const pressed = new Promise((resolve) => (call.onDigit = resolve));
        await call.answer();
        await pressed;
        await call.renegotiate({ video: 'inactive' });
        await call.waitMs(60_000);
      },
    ],
    // would like to see the caller from the first key on
    [
      'asks',
      async (call) => {
        const pressed = new Promise((resolve) => (call.onDigit = resolve));
        await call.answer();
        await pressed;
        await call.renegotiate({ video: 'sendrecv' }, true);
        await call.waitMs(60_000);
      },
    ],
  ]),
});
let caller: CallPage;

async function visit(target: string, media: string): Promise<void> {
  caller = await openPage({ attributes: { target, media } });
}

/** A button of the row below the picture. */
const control = (name: string) =>
  caller.page.locator('[part=controls]').getByRole('button', { name, exact: true });

const cameras = (): Promise<number> =>
  caller.page.evaluate(
    () =>
      kept.tracks.filter(({ kind, readyState }) => kind === 'video' && readyState === 'live')
        .length,
  );

/** What only pictures need has been asked for. */
const pictures = (): boolean => caller.requests.some((url) => url.includes('/chunks/video-'));

const received = (): number => world.service.calls()[0]?.stats()?.video?.received.packets ?? 0;

describe('a video call without the camera', () => {
  it('begins by one press, sees the far end, and adds and drops the picture in the call', async () => {
    await visit('echo', 'video');
    await loadAxe(caller.page);
    await caller.page.locator('call-button [part=launcher]:visible').click();
    await caller.page.getByLabel(en.name).fill('Ada Lovelace');
    await caller.page.getByRole('button', { name: en['call.no-camera'] }).click();
    await caller.waitForState('established');
    await until(async () => (await framesDecoded(caller.page)) > 0);
    assert.equal(await caller.page.evaluate(() => kept.tracks.length), 1, 'the microphone');
    assert.equal(received(), 0);

    await control(en['video.unmute']).click();
    await until(() => received() > 10);
    assert.equal(await cameras(), 1);
    await caller.page.locator('[part=self-view]').waitFor({ state: 'visible' });
    assert.deepEqual(await violations(caller.page, 'call-button'), []);

    await control(en['video.mute']).click();
    await until(async () => (await cameras()) === 0);
    await control(en['video.unmute']).waitFor();
    assert.deepEqual(await violations(caller.page, 'call-button'), []);
    const stopped = received();
    await control(en['video.unmute']).click();
    await until(() => received() > stopped + 10);
    await control(en['hang-up']).click();
    await caller.waitForState('ended');
    assert.deepEqual(await caller.open(), NOTHING_OPEN);
    assert.deepEqual(caller.errors, []);
  });
});

describe('a video call', () => {
  it('becomes a voice call where the far end says so: the camera goes off, told, and voices go on', async () => {
    await visit('drops', 'video');
    await caller.dial();
    await caller.waitForState('established');
    await until(() => received() > 10);
    await caller.page.evaluate(() => document.querySelector('call-button')!.sendDtmf('1'));
    await caller.page.getByText(en['notice.video-ended']).waitFor();
    await until(async () => (await cameras()) === 0);
    const before = world.service.calls()[0]!.stats()!.audio!.received.packets;
    await until(
      () => (world.service.calls()[0]?.stats()?.audio?.received.packets ?? 0) > before + 50,
    );
    assert.equal(await caller.state(), 'established');
    assert.deepEqual(caller.errors, []);
  });
});

describe('what only pictures need', () => {
  it('is loaded beside the engine for a video call; where it cannot be had, the form says so and nothing begins', async () => {
    await visit('echo', 'video');
    const { page } = caller;
    await page.route('**/chunks/engine-*', async (route) => {
      await until(pictures);
      await route.continue();
    });
    await page.route('**/chunks/video-*', (route) => route.abort());
    await page.locator('call-button [part=launcher]:visible').click();
    const alert = page.getByRole('alert').getByText(en['end.gate-unreachable']);
    await alert.waitFor();
    await page.getByLabel(en.name).fill('Ada Lovelace');
    await page.getByRole('button', { name: en['call.video'], exact: true }).click();
    await alert.waitFor();
    assert.equal(await caller.state(), 'idle');
    assert.equal(await page.evaluate(() => kept.tracks.length), 0);
    await page.getByRole('button', { name: en.close }).click();
    assert.deepEqual(await caller.open(), NOTHING_OPEN);
  });

  it('is not loaded for a voice call, before the far end would like to see the visitor', async () => {
    await visit('asks', 'audio');
    await caller.dial();
    await caller.waitForState('established');
    assert.equal(pictures(), false);
    await caller.page.evaluate(() => document.querySelector('call-button')!.sendDtmf('1'));
    await caller.page.getByRole('button', { name: en['video.yes'] }).click();
    await until(() => received() > 10);
    await control(en['video.mute']).waitFor();
    await control(en['fullscreen.enter']).waitFor();
    assert.equal(pictures(), true);
    assert.deepEqual(caller.errors, []);
  });

  it('cannot be had in a voice call: that goes on', async () => {
    await visit('asks', 'audio');
    await caller.page.route('**/chunks/video-*', (route) => route.abort());
    await caller.dial();
    await caller.waitForState('established');
    await caller.page.evaluate(() => document.querySelector('call-button')!.sendDtmf('1'));
    await caller.page.locator('call-button:state(video-requested)').waitFor({ state: 'attached' });
    await until(pictures);
    const before = world.service.calls()[0]!.stats()!.audio!.received.packets;
    await until(
      () => (world.service.calls()[0]?.stats()?.audio?.received.packets ?? 0) > before + 50,
    );
    assert.equal(await caller.state(), 'established');
    assert.ok(await caller.page.locator('.orb').isVisible());
    assert.equal(await cameras(), 0);
    await control(en['hang-up']).click();
    await caller.waitForState('ended');
  });
});

describe('a voice call', () => {
  it('has no control for a camera, and once a page has added video by script it has', async () => {
    await visit('echo', 'audio');
    await caller.dial();
    await caller.waitForState('established');
    assert.equal(await control(en['video.unmute']).count(), 0);
    await caller.page.evaluate(() => document.querySelector('call-button')!.setVideoMuted(false));
    await until(() => received() > 10);
    await control(en['video.mute']).click();
    await until(async () => (await cameras()) === 0);
    await control(en['video.unmute']).waitFor();
  });

  it('the far end refuses the picture that is added: the camera goes off, told, and voices go on', async () => {
    await visit('voice', 'audio');
    await caller.dial();
    await caller.waitForState('established');
    const before = await until(() => world.service.calls()[0]?.stats()?.audio?.received.packets);
    await caller.page.evaluate(() => document.querySelector('call-button')!.setVideoMuted(false));
    await caller.page.getByText(en['notice.video-refused']).waitFor();
    await until(async () => (await cameras()) === 0);
    assert.equal(await caller.page.evaluate(() => kept.tracks.length), 2, 'it had been on');
    assert.equal(await caller.state(), 'established');
    await until(
      () => (world.service.calls()[0]?.stats()?.audio?.received.packets ?? 0) > before + 50,
    );
    // another try is the visitor's to make, and comes to the same
    await control(en['video.unmute']).click();
    await until(async () => (await caller.page.evaluate(() => kept.tracks.length)) === 3);
    await until(async () => (await cameras()) === 0);
    assert.equal(await caller.state(), 'established');
    assert.deepEqual(caller.errors, []);
  });

  it('of a video call whose picture is refused from the start goes on as one', async () => {
    await visit('voice', 'video');
    await caller.dial();
    await caller.waitForState('established');
    await caller.page.getByText(en['notice.video-refused']).waitFor();
    await until(async () => (await cameras()) === 0);
    await control(en['video.unmute']).waitFor();
    assert.equal(received(), 0);
  });
});
