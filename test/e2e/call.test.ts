/**
 * The main job: a real Chromium calls the embedded service, both hear and see each other, and nothing stays open.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type CallPage,
  framesDecoded,
  hearsTone,
  listen,
  MICROPHONE_HZ,
  NOTHING_OPEN,
  SILENCE,
} from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { world, openPage } = useWorld({ ringMs: 150 });

/** A button of the row below the picture: advice about the connection may offer the same remedy. */
const control = (page: CallPage['page'], name: string) =>
  page.locator('[part=controls]').getByRole('button', { name, exact: true });

const call = () => world.service.calls()[0]!;

describe('an audio call', () => {
  it('greets, returns the caller’s own voice, takes digits, mutes to silence, and ends clean', async () => {
    const { page, dial, waitForState, errors, open: opened } = await openPage();
    const digits: string[] = [];
    const onDigit = ({ digit }: { digit: string }) => void digits.push(digit);
    world.service.events.on('digit', onDigit);
    await dial();
    await waitForState('established');

    // speech: loud enough, and not our own tone
    const greeting = await until(async () => {
      const heard = await listen(page);
      return heard.level > -45 && heard;
    });
    assert.ok(Math.abs(greeting.hz - MICROPHONE_HZ) > 100, `heard ${greeting.hz} Hz`);

    await control(page, 'Show keypad').click();
    await page.getByRole('button', { name: '5 JKL', exact: true }).click();
    await page.keyboard.press('#');
    await until(() => digits.join('') === '5#');
    assert.equal(await page.locator('output').textContent(), '5#');
    await hearsTone(page);

    await control(page, 'Mute microphone').click();
    assert.equal(await page.locator('call-button:state(muted)').count(), 1);
    await until(async () => (await listen(page)).level < SILENCE, 15_000);
    // and at the far end: it measures what arrives
    await until(() => {
      const { level, payloadMean } = call().stats()!.audio!.received;
      return level === null ? payloadMean < 10 : level < -80;
    });
    await control(page, 'Unmute microphone').click();
    await hearsTone(page);

    // each second is told, in the call and, minimised, by the button
    for (const [place, form] of [
      ['[part=timer]', /^0:\d\d$/],
      ['[part=launcher]', /0:\d\d/],
    ] as const) {
      const told = async (): Promise<string> =>
        (await page.locator(place).first().textContent()) ?? '';
      const before = await told();
      assert.match(before, form);
      await until(async () => (await told()) !== before);
      assert.match(await told(), form);
      await page.evaluate(() => document.querySelector('call-button')!.close());
    }
    await page.evaluate(() => document.querySelector('call-button')!.open());
    const ended = page.evaluate(
      () =>
        new Promise((resolve) => {
          document
            .querySelector('call-button')!
            .addEventListener('call-end', (event) =>
              resolve({ reason: event.reason, callId: event.callId, durationMs: event.durationMs }),
            );
        }),
    );
    const { id } = call();
    await control(page, 'Hang up').click();
    const end = (await ended) as { reason: string; callId: string; durationMs: number };
    assert.equal(end.reason, 'hung-up');
    assert.equal(end.callId, id);
    assert.ok(end.durationMs > 0);
    assert.deepEqual(await opened(), NOTHING_OPEN);
    assert.deepEqual(errors, []);
    world.service.events.off('digit', onDigit);
  });

  it('can be made again from where it ended', async () => {
    const { page, dial, waitForState, open: opened } = await openPage();
    await dial();
    await waitForState('established');
    await control(page, 'Hang up').click();
    await waitForState('ended');
    await page.getByRole('button', { name: 'Call again' }).click();
    await page.getByRole('button', { name: /^Start/ }).click();
    await waitForState('established');
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await waitForState('ended');
    assert.deepEqual(await opened(), NOTHING_OPEN);
  });

  it('ends when the far end hangs up, and says so', async () => {
    const { page, dial, waitForState, open: opened } = await openPage();
    await dial();
    await waitForState('established');
    await call().hangUp();
    await waitForState('ended');
    await page.getByText('The other side ended the call.').waitFor();
    assert.deepEqual(await opened(), NOTHING_OPEN);
  });

  it('is put on hold and retrieved by the far end', async () => {
    const { page, dial, waitForState } = await openPage();
    await dial();
    await waitForState('established');
    await page.evaluate(() => document.querySelector('call-button')!.sendDtmf('1'));
    await hearsTone(page);
    await call().hold();
    await waitForState('held');
    assert.equal(await page.locator('[part=status]').textContent(), 'On hold');
    await call().retrieve();
    await waitForState('established');
    await hearsTone(page);
  });

  it('sends digits through the API, pauses included', async () => {
    const { page, dial, waitForState } = await openPage();
    const digits: string[] = [];
    const onDigit = ({ digit }: { digit: string }) => void digits.push(digit);
    world.service.events.on('digit', onDigit);
    await dial();
    await waitForState('established');
    await page.evaluate(() => document.querySelector('call-button')!.sendDtmf('12,*'));
    await until(() => digits.join('') === '12*');
    world.service.events.off('digit', onDigit);
  });
});

describe('devices in a call', () => {
  it('are chosen in the panel: microphone, speaker and camera, and the call goes on', async () => {
    const {
      page,
      dial,
      waitForState,
      errors,
      open: opened,
    } = await openPage({
      attributes: { media: 'video' },
    });
    await dial();
    await waitForState('established');
    // a digit ends the greeting
    await page.evaluate(() => document.querySelector('call-button')!.sendDtmf('1'));
    await until(() => call().stats()!.video!.mirrored, 15_000);
    await control(page, 'Choose microphone, speaker and camera').click();
    for (const [name, option] of [
      ['Microphone', 'Fake Audio Input 2'],
      ['Speaker', 'Fake Audio Output 2'],
      ['Camera', 'fake_device_2'],
    ] as const) {
      const list = page.getByRole('combobox', { name, exact: true });
      await list.selectOption({ label: option });
      await until(async () => (await list.locator('option:checked').textContent()) === option);
    }
    // what was used before is closed
    await until(async () => (await opened()).tracks === 2);
    // keys sound where the voice does
    const speaker = await page.getByRole('combobox', { name: 'Speaker' }).inputValue();
    const sinks = await page.evaluate(() =>
      kept.contexts
        .filter((context) => context.state !== 'closed')
        .map((context) => (context as AudioContext & { readonly sinkId: string }).sinkId),
    );
    assert.deepEqual(sinks, [speaker]);
    await hearsTone(page);
    const before = call().stats()!.video!.received.packets;
    await until(() => call().stats()!.video!.received.packets > before + 20);
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('combobox').count(), 0);
    await control(page, 'Hang up').click();
    await waitForState('ended');
    assert.deepEqual(await opened(), NOTHING_OPEN);
    assert.deepEqual(errors, []);
  });
});

describe('a video call', () => {
  it('shows both sides, turns the camera off and on, and ends clean', async () => {
    const {
      page,
      dial,
      waitForState,
      errors,
      open: opened,
    } = await openPage({
      attributes: { media: 'video' },
    });
    await dial();
    await waitForState('established');
    await until(async () => (await framesDecoded(page)) > 10, 15_000);
    await page.evaluate(() => document.querySelector('call-button')!.sendDtmf('1'));
    // the service sends back what it gets: packets both ways
    await until(() => call().stats()!.video!.mirrored);
    const before = await framesDecoded(page);
    await until(async () => (await framesDecoded(page)) > before + 10, 15_000);
    assert.ok(call().stats()!.video!.received.packets > 10);

    const selfView = page.locator('[part=self-view]');
    const size = await until(() =>
      selfView.evaluate(
        (video: HTMLVideoElement) => video.videoWidth > 0 && getComputedStyle(video).transform,
      ),
    );
    assert.match(size, /^matrix\(-1,/, 'mirrored');
    await control(page, 'Hide my picture').click();
    assert.equal(await selfView.isVisible(), false);
    await control(page, 'Show my picture').click();
    assert.equal(await selfView.isVisible(), true);

    await control(page, 'Turn camera off').click();
    // the camera itself is released: one live track, the microphone's
    await until(async () => (await opened()).tracks === 1);
    const stopped = call().stats()!.video!.received.packets;
    await control(page, 'Turn camera on').click();
    await until(() => call().stats()!.video!.received.packets > stopped + 10);
    assert.equal((await opened()).tracks, 2);

    await control(page, 'Full screen').click();
    await page.locator('call-button:state(fullscreen)').waitFor();
    assert.equal(await page.evaluate(() => document.fullscreenElement?.localName), 'call-button');
    await control(page, 'Leave full screen').click();
    await until(() => page.evaluate(() => document.fullscreenElement === null));

    await control(page, 'Hang up').click();
    await waitForState('ended');
    assert.deepEqual(await opened(), NOTHING_OPEN);
    assert.deepEqual(errors, []);
  });
});

describe('what the far end answers', () => {
  const answers = [
    ['busy', 'busy', 'The line is busy.'],
    ['declined', 'declined', 'The call was declined.'],
    ['closed', 'service-unavailable', 'Please try again in 2 minutes.'],
  ] as const;
  for (const [target, reason, words] of answers) {
    it(`${target}: says so, offers the number, and leaves nothing open`, async () => {
      const { page, dial, waitForState, open: opened } = await openPage({ attributes: { target } });
      const failed = page.evaluate(
        () =>
          new Promise((resolve) => {
            document
              .querySelector('call-button')!
              .addEventListener('call-error', (event) => resolve([event.reason, event.retryAfter]));
          }),
      );
      await dial();
      await waitForState('ended');
      assert.deepEqual(await failed, [reason, target === 'closed' ? 120 : null]);
      await page.getByText(words).waitFor();
      assert.equal(
        await page.getByRole('link', { name: 'Call by phone instead' }).getAttribute('href'),
        'tel:+15550100123',
      );
      assert.deepEqual(await opened(), NOTHING_OPEN);
    });
  }

  it('silent: rings with a tone until the limit, then nobody answered', async () => {
    const {
      page,
      dial,
      waitForState,
      open: opened,
    } = await openPage({
      attributes: { target: 'silent', 'ring-timeout': '2' },
    });
    await dial();
    await waitForState('ringing');
    await page.getByText('Ringing…').first().waitFor();
    await waitForState('ended');
    await page.getByText('Nobody answered.').waitFor();
    assert.deepEqual(await opened(), NOTHING_OPEN);
  });

  it('silent: can be given up, and the far end learns of it', async () => {
    const ended = new Promise<string>((resolve) => {
      world.service.events.once('ended', ({ by }) => resolve(by));
    });
    const {
      page,
      dial,
      waitForState,
      open: opened,
    } = await openPage({ attributes: { target: 'silent' } });
    await dial();
    await waitForState('ringing');
    await control(page, 'Cancel').click();
    await waitForState('ended');
    assert.equal(await ended, 'cancelled');
    assert.deepEqual(await opened(), NOTHING_OPEN);
  });

  it('an alias nobody serves: told at the form, before anything rings', async () => {
    const { page, dial, waitForState } = await openPage({ attributes: { target: 'nobody' } });
    await dial();
    await waitForState('ended');
    await page.getByText('This service cannot be reached at the moment.').waitFor();
    assert.ok(await page.getByLabel('Your name').isEnabled());
  });
});
