/** The main job through the gateway: a real Chromium, the built element, and an ordinary SIP telephone. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { framesDecoded, NOTHING_OPEN } from '../support/e2e.js';
import { useKeep } from '../support/hooks.js';
import { type SipProxy, startSipProxy } from '../support/sip-proxy.js';
import { until } from '../support/until.js';
import { hear } from './support/hear.js';
import { contrast, difference, look, readPng } from './support/picture.js';
import { likeness, loudness, readWav } from './support/speech.js';
import { useCaller, useGateway, useTelephone } from './support/use-world.js';

/** Above it the words are the same, below `OTHER` they are not: see `likeness`. */
const SAME = 0.65;
const OTHER = 0.5;
/** A sentence is said again and again: whenever a call begins, its beginning is heard whole within that time. */
const WORDS_SECONDS = 8;

const telephone = useTelephone(
  { name: 'talk', answer: 'auto', video: true },
  { name: 'desk', answer: 'manual' },
);
const world = useGateway(() => ({ aliases: telephone.aliases }));
const { openPage: visit } = useCaller(world, telephone);
const keep = useKeep();
afterEach(() => telephone.command('hangup'));

/** Takes the pass out of the header, so that the gateway asks for digest. */
const withoutPass = async (): Promise<SipProxy> =>
  keep(
    await startSipProxy(world.service.sipUrl, (frame) =>
      frame.replace(/^X-Call-Pass: .*\r\n/m, ''),
    ),
  );

const isDigest = (url: string): boolean => /\/digest-[^/]+\.js$/.test(url);

const eventsOf = (type: string): typeof telephone.events =>
  telephone.events.filter((event) => event.type === type);

describe('a call through the gateway', () => {
  it('carries speech both ways, and digits; ends on both sides with one line in the log', async () => {
    const {
      page,
      dial,
      waitForState,
      requests,
      errors,
      open: opened,
    } = await visit({
      attributes: { target: 'talk', context: '{"page":"/prices"}' },
    });
    await dial('Ada "Countess" Lovelace');
    await waitForState('established');
    const heard = await hear(page, WORDS_SECONDS);
    await page.evaluate(() => document.querySelector('call-button')!.sendDtmf('15#'));
    await until(
      () =>
        eventsOf('CALL_DTMF_START')
          .map(({ param }) => param)
          .join('') === '15#',
    );
    const callId = await page.evaluate(() => document.querySelector('call-button')!.state.callId);
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await waitForState('ended');
    await until(() => eventsOf('CALL_CLOSED').length === 1);

    const [near, farWords] = await Promise.all(
      [telephone.speech.near, telephone.speech.far].map(readWav),
    );
    const toCaller = likeness(farWords!, heard);
    assert.ok(toCaller > SAME, `the caller heard the telephone: ${toCaller}`);
    assert.ok(likeness(near!, heard) < OTHER, 'and not itself');
    const name = (await readdir(telephone.recordings)).find((file) => file.endsWith('-dec.wav'))!;
    const recorded = await readWav(join(telephone.recordings, name));
    const toCallee = likeness(near!, recorded);
    assert.ok(toCallee > SAME, `the telephone heard the caller: ${toCallee}`);
    assert.ok(likeness(farWords!, recorded) < OTHER, 'and not itself');

    const line = await world.callLine(callId!);
    assert.equal(line.alias, 'talk');
    assert.equal(line.end, 'caller');
    assert.ok(line.seconds >= WORDS_SECONDS && line.seconds < 30, `${line.seconds} s`);
    assert.ok(!world.lines.some((text) => /Ada|Lovelace|eyJ/.test(text)), 'no name, no pass');
    assert.equal(await world.counter('call_gateway_calls_total{end="caller"}'), 1);
    assert.deepEqual(await opened(), NOTHING_OPEN);
    assert.deepEqual(errors, []);
    assert.deepEqual(requests.filter(isDigest), []);
  });

  it('is asked for credentials where the header with the pass is lost, and has them', async () => {
    const before = eventsOf('CALL_CLOSED').length;
    const proxy = await withoutPass();
    const { page, dial, waitForState, requests, errors } = await visit({
      attributes: { server: proxy.url, target: 'talk' },
    });
    await dial();
    await waitForState('established');
    const heard = await hear(page, WORDS_SECONDS);
    assert.ok(likeness(await readWav(telephone.speech.far), heard) > SAME);
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await waitForState('ended');
    await until(() => eventsOf('CALL_CLOSED').length > before);
    const sent = proxy.fromCaller.filter((frame) => frame.startsWith('INVITE '));
    assert.deepEqual(
      sent.map((frame) => /^Proxy-Authorization: Digest /m.test(frame)),
      [false, true],
    );
    assert.ok(proxy.fromServer.some((frame) => frame.startsWith('SIP/2.0 407 ')));
    assert.equal(requests.filter(isDigest).length, 1);
    assert.deepEqual(errors, []);
  });

  it('has media before anybody picks up, a ringback tone and nothing of the caller', async () => {
    const { page, dial, waitForState } = await visit({ attributes: { target: 'desk' } });
    await dial();
    await waitForState('early-media');
    // 440 and 480 Hz for two seconds of six
    const loud = await until(async () => {
      const levels = loudness(await hear(page, 2));
      return levels.filter((level) => level > -45).length > 20;
    }, 15_000);
    assert.ok(loud);
    const connected = await page.evaluate(
      () => kept.peers.filter(({ connectionState }) => connectionState === 'connected').length,
    );
    assert.equal(connected, 1, 'ICE and DTLS are finished');
    telephone.command('accept');
    await waitForState('established');
    const heard = await hear(page, WORDS_SECONDS);
    assert.ok(likeness(await readWav(telephone.speech.far), heard) > SAME);
  });

  it('shows both pictures', async () => {
    const { page, dial, waitForState } = await visit({
      attributes: { target: 'talk', media: 'video' },
    });
    await dial();
    await waitForState('established');
    await until(async () => (await framesDecoded(page)) > 15, 15_000);
    // and at the telephone, which decodes it and writes it down
    await until(() => eventsOf('CALL_RTPESTAB').some(({ param }) => param === 'video'));
    const file = join(telephone.recordings, 'seen.png');
    telephone.command('snapshot_recv', file);
    const seen = await look(page, { png: await readPng(file) });
    const [camera, shown] = [
      await look(page, { of: 'camera' }),
      await look(page, { of: 'far end' }),
    ];
    // a part of a circle grows and shrinks in the camera's picture
    assert.ok(difference(seen, camera) < 15, `the caller’s camera: ${difference(seen, camera)}`);
    assert.ok(contrast(seen) > 1, `not one colour: ${contrast(seen)}`);
    assert.ok(difference(seen, shown) > 60, `and not the telephone’s: ${difference(seen, shown)}`);
  });

  it('is given up while it rings, and the telephone learns of it', async () => {
    const {
      page,
      dial,
      waitForState,
      open: opened,
    } = await visit({
      attributes: { target: 'desk' },
    });
    const before = eventsOf('CALL_CLOSED').length;
    await dial();
    await waitForState('early-media');
    const callId = await page.evaluate(() => document.querySelector('call-button')!.state.callId);
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await waitForState('ended');
    await until(() => eventsOf('CALL_CLOSED').length > before);
    assert.equal((await world.callLine(callId!)).end, 'cancelled');
    assert.deepEqual(await opened(), NOTHING_OPEN);
  });
});
