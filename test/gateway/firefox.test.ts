/** The plain audio call in Firefox: the built element, the gateway, and an ordinary SIP telephone. */
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { countOpen, keepCount, MICROPHONE_HZ, NOTHING_OPEN } from '../support/e2e.js';
import { launchFirefox } from '../support/firefox.js';
import { useBefore } from '../support/hooks.js';
import { until } from '../support/until.js';
import { likeness, readWav, shareOf, type Sound } from './support/speech.js';
import { useGateway, useTelephone } from './support/use-world.js';

const telephone = useTelephone({ name: 'talk', answer: 'auto' });
const world = useGateway(() => ({ aliases: telephone.aliases }));
let browser: Browser;
useBefore(async () => {
  browser = await launchFirefox();
});
after(() => browser.close());

async function openPage(): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  // tsx names functions by a helper that the page does not have
  await page.evaluateOnNewDocument('globalThis.__name = (value) => value');
  await page.evaluateOnNewDocument(keepCount);
  const { url, sipUrl, gateUrl } = world.service;
  await writeFile(
    join(world.pages, 'firefox.html'),
    `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Firefox</title>
<script async crossorigin src="/dist/call-button.js"></script>
<call-button server="${sipUrl}" gate="${gateUrl}" target="talk" captcha="altcha"></call-button>`,
  );
  await page.goto(`${url}firefox.html`);
  await page.waitForFunction(() => customElements.get('call-button') !== undefined);
  return { page, errors };
}

const waitForState = (page: Page, state: string): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => document.querySelector('call-button')!.state.state === wanted,
    {},
    state,
  );

/** What the far end says in that time. Firefox has no MediaStreamTrackProcessor in a page: it is recorded and decoded. */
async function hear(page: Page, seconds: number): Promise<Sound> {
  const { samples, rate } = await page.evaluate(async (limit) => {
    const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
    const { track } = peer.getReceivers().find(({ track: { kind } }) => kind === 'audio')!;
    const recorder = new MediaRecorder(new MediaStream([track]));
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, limit * 1000));
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.stop();
    await stopped;
    // needs no device, which an AudioContext would wait for
    const context = new OfflineAudioContext(1, 1, 16_000);
    const sound = await context.decodeAudioData(await new Blob(pieces).arrayBuffer());
    const bytes = new Uint8Array(sound.getChannelData(0).slice().buffer);
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) {
      text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    }
    return { samples: btoa(text), rate: sound.sampleRate };
  }, seconds);
  const data = Buffer.from(samples, 'base64');
  return {
    samples: new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length)),
    rate,
  };
}

it('Firefox calls: sound goes both ways, digits arrive, and hanging up ends it on both sides', async () => {
  const { page, errors } = await openPage();
  await page.locator('call-button >>> [part=launcher]').click();
  await page.locator('call-button >>> input[autocomplete=name]').fill('Ada Lovelace');
  await page.locator('call-button >>> button[type=submit]').click();
  await waitForState(page, 'established');
  const heard = await hear(page, 8);
  await page.evaluate(() => document.querySelector('call-button')!.sendDtmf('15#'));
  await until(
    () =>
      telephone.events
        .filter(({ type }) => type === 'CALL_DTMF_START')
        .map(({ param }) => param)
        .join('') === '15#',
  );
  const callId = await page.evaluate(() => document.querySelector('call-button')!.state.callId);
  await page.evaluate(() => document.querySelector('call-button')!.hangUp());
  await waitForState(page, 'ended');
  await until(() => telephone.events.some(({ type }) => type === 'CALL_CLOSED'));

  const toCaller = likeness(await readWav(telephone.speech.far), heard);
  assert.ok(toCaller > 0.65, `the caller heard the telephone: ${toCaller}`);
  const name = (await readdir(telephone.recordings)).find((file) => file.endsWith('-dec.wav'))!;
  const recorded = await readWav(join(telephone.recordings, name));
  const toCallee = shareOf(recorded, MICROPHONE_HZ);
  assert.ok(toCallee > 0.8, `the telephone heard the caller: ${toCallee}`);
  assert.equal((await world.callLine(callId!)).end, 'caller');
  assert.deepEqual(await page.evaluate(countOpen), NOTHING_OPEN);
  assert.deepEqual(errors, []);
});
