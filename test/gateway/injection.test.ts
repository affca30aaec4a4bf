/** Packets of somebody who is no party of the call, at every port that the call has: its sound goes on as it was. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { useBefore } from '../support/hooks.js';
import { until } from '../support/until.js';
import { openEcho, type Echo } from './support/echo.js';
import { FAREWELL, RINGING } from './support/far-call.js';
import { hear } from './support/hear.js';
import { likeness, readWav, shareOf } from './support/speech.js';
import { useCaller, useGateway, useTelephone } from './support/use-world.js';

/** Above it the words are the same: see `likeness`. */
const SAME = 0.65;
const WORDS_SECONDS = 8;
/** Of the sound that is injected, Hz. */
const FOREIGN_HZ = 1000;
const PCMU = 0;
const TELEPHONE_EVENT = 126;

const telephone = useTelephone(
  { name: 'talk', answer: 'auto' },
  { name: 'premium', answer: 'auto' },
);
const world = useGateway(() => ({
  aliases: telephone.aliases.filter(({ alias }) => alias === 'talk'),
}));
const { openPage, dial } = useCaller(world, telephone);
let echo: Echo;
/** Of strangers, at the telephone. */
let foreign = 0;
const attackers: Socket[] = [];

useBefore(async () => {
  echo = await openEcho((packet) => {
    if ([TONE, DIGIT].some((payload) => packet.subarray(12).equals(payload))) foreign += 1;
  });
  // one of another machine, and one of the PBX's or the caller's own
  for (const host of ['127.0.0.66', '127.0.0.1']) {
    const socket = createSocket('udp4').bind(0, host);
    await once(socket, 'listening');
    attackers.push(socket);
  }
});
after(() => {
  for (const socket of attackers) socket.close();
  echo.close();
});

function rtp(type: number, sequence: number, ssrc: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = type;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE((sequence * 160) >>> 0, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payload]);
}

/** 20 ms at full level: half a period of the highest value, and half of the lowest. */
const TONE = Buffer.from(
  Array.from({ length: 160 }, (_, i) => (((i * 2 * FOREIGN_HZ) / 8000) % 2 < 1 ? 0x80 : 0x00)),
);
/** RFC 4733: the digit 9, at its end, of 100 ms. */
const DIGIT = Buffer.from([9, 0x8a, 0x03, 0x20]);

/** Until it is ended: a stream of sound, digits, and packets of ever other sources, from both attackers. */
function inject(ports: readonly number[]): { readonly sent: () => number; end(): void } {
  const ssrcs = attackers.map(() => randomInt(2 ** 32));
  let sequence = randomInt(30_000);
  let sent = 0;
  const timer = setInterval(() => {
    sequence += 1;
    attackers.forEach((socket, i) => {
      for (const port of ports) {
        for (const packet of [
          rtp(PCMU, sequence, ssrcs[i]!, TONE),
          rtp(PCMU, sequence, randomInt(2 ** 32), TONE),
          rtp(TELEPHONE_EVENT, sequence, ssrcs[i]!, DIGIT),
        ]) {
          socket.send(packet, port, '127.0.0.1', () => {});
          sent += 1;
        }
      }
    });
  }, 20);
  return { sent: () => sent, end: () => clearInterval(timer) };
}

/** Of rtpengine, towards the caller: what the page was told. */
async function portsOf(page: Page): Promise<number[]> {
  const sdp = await page.evaluate(
    () =>
      kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!
        .remoteDescription!.sdp,
  );
  return [...new Set([...sdp.matchAll(/^(?:m=audio|a=rtcp:) ?(\d+)/gm)].map(([, p]) => Number(p)))];
}

/** Of rtpengine, towards the PBX: sound and its RTCP; none before the INVITE. */
function farPortsOf(messages: string): number[] {
  const port = /^m=audio (\d+)/m.exec(messages)?.[1];
  return port === undefined ? [] : [Number(port), Number(port) + 1];
}

type Packets = readonly [sent: number, heard: number, said: number, received: number];

/** The caller's, and those at the telephone; the telephone's, and those at the caller. */
async function countPackets(page: Page): Promise<Packets> {
  const [sent, received] = await page.evaluate(async () => {
    const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
    const reports = [...(await peer.getStats()).values()] as Record<string, unknown>[];
    const sum = (type: string, name: string): number =>
      reports
        .filter((report) => report['type'] === type)
        .reduce((total, report) => total + Number(report[name]), 0);
    return [sum('outbound-rtp', 'packetsSent'), sum('inbound-rtp', 'packetsReceived')] as const;
  });
  return [sent, echo.heard, echo.said, received];
}

describe('packets of strangers', () => {
  it('at every port of a call, seconds after the answer: it sounds as it did before', async () => {
    const call = await dial([{ reply: '200 OK', sdp: echo.port }, { receive: 'ACK' }, ...FAREWELL]);
    const { page, waitForState, far, flows, hangUp, state } = call;
    await waitForState('established');
    const ports = [...(await portsOf(page)), ...farPortsOf(await far.messages())];
    const near = await readWav(telephone.speech.near);
    await hear(page, 4);
    const attack = inject(ports);
    const heard = await hear(page, WORDS_SECONDS);
    attack.end();
    assert.ok(attack.sent() > 1000);
    assert.ok(likeness(near, heard) > SAME, `in the attack: ${likeness(near, heard)}`);
    assert.ok(shareOf(heard, FOREIGN_HZ) < 0.1, `foreign sound: ${shareOf(heard, FOREIGN_HZ)}`);
    await flows();
    assert.equal(await state(), 'established');
    await hangUp();
  });

  for (const [way, steps] of [
    ['passed through', []],
    ['transcoded', [RINGING]],
  ] as const) {
    it(`from before the answer on, ${way}: not one reaches either side, and none of the call is missing`, async () => {
      const call = await dial([
        ...steps,
        { pauseMs: 1000 },
        { reply: '200 OK', sdp: echo.port },
        { receive: 'ACK' },
        ...FAREWELL,
      ]);
      const { page, waitForState, far, hangUp } = call;
      const foreignBefore = foreign;
      await until(async () => farPortsOf(await far.messages()).length > 0);
      const attacks = [inject(farPortsOf(await far.messages()))];
      await waitForState('established');
      attacks.push(inject(await portsOf(page)));
      const before = await countPackets(page);
      const answered = performance.now();
      await until(() => performance.now() - answered > 3000);
      const now = await countPackets(page);
      for (const attack of attacks) attack.end();
      assert.ok(attacks.every((attack) => attack.sent() > 1000));
      const [sent, heard, said, received] = now.map((value, i) => value - before[i]!);
      // some are on their way while they are counted
      assert.ok(Math.abs(sent! - heard!) < 10, `${sent} sent, ${heard} at the telephone`);
      assert.ok(Math.abs(said! - received!) < 10, `${said} said, ${received} at the caller`);
      assert.ok(said! > 100);
      assert.equal(foreign, foreignBefore);
      await hangUp();
    });
  }
});

describe('digits by RFC 4733', () => {
  const digits = (): string =>
    telephone.events
      .filter(({ type }) => type === 'CALL_DTMF_START')
      .map(({ param }) => param)
      .join('');

  it('of the caller are digits: they start no call; those of strangers reach nobody', async () => {
    const call = await openPage({ attributes: { target: 'talk' } });
    const { page, waitForState, state } = call;
    await call.dial();
    await waitForState('established');
    await hear(page, 1);
    const attack = inject(await portsOf(page));
    await page.evaluate(() => document.querySelector('call-button')!.sendDtmf('*9008835#'));
    await until(() => digits().endsWith('#'), 15_000);
    attack.end();
    assert.ok(attack.sent() > 100);
    assert.equal(digits(), '*9008835#');
    assert.equal(await state(), 'established');
    assert.equal(await world.counter('call_gateway_calls'), 1);
    const called = telephone.events.filter(({ accountaor }) => accountaor?.includes('premium'));
    assert.deepEqual(called, []);
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await waitForState('ended');
    await until(() => telephone.events.some(({ type }) => type === 'CALL_CLOSED'));
  });
});
