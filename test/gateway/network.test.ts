/** A visitor whose network changes in the call: what only a real gateway can show, an ICE restart that it takes part in. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { NOTHING_OPEN } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useCaller, useGateway, useTelephone } from './support/use-world.js';

const telephone = useTelephone({ name: 'talk', answer: 'auto' });
const world = useGateway(() => ({ aliases: telephone.aliases }));
const { openPage } = useCaller(world, telephone);

interface Media {
  /** Of both ends, as agreed. */
  readonly ufrags: readonly string[];
  readonly packets: number;
}

const media = (page: Page): Promise<Media> =>
  page.evaluate(async () => {
    const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
    let packets = 0;
    for (const report of (await peer.getStats()).values() as Iterable<Record<string, unknown>>) {
      if (report['type'] === 'inbound-rtp') packets += Number(report['packetsReceived'] ?? 0);
    }
    const ufrags = [peer.currentLocalDescription, peer.currentRemoteDescription].map(
      (description) => /^a=ice-ufrag:(\S+)/m.exec(description!.sdp)![1]!,
    );
    return { ufrags, packets };
  });

async function soundGoesOn(page: Page): Promise<void> {
  const { packets } = await media(page);
  await until(async () => (await media(page)).packets > packets + 25);
}

describe('a call through the gateway, on another network', () => {
  it('loses its socket and its ICE, gets both anew, and is hung up by the telephone', async () => {
    const { page, dial, waitForState, open } = await openPage({
      attributes: { target: 'talk' },
    });
    const received: string[] = [];
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => received.push(payload.toString()));
    });
    const reoffers = (): number =>
      received.filter((text) => /^SIP\/2\.0 200 [^]*^CSeq: [2-9] INVITE/im.test(text)).length;
    await dial('Ada');
    await waitForState('established');
    await soundGoesOn(page);
    const before = await media(page);

    await page.evaluate(() => {
      // what a dead network does, and a page cannot do: the other end must not be told
      for (const socket of kept.sockets) socket.onclose?.(new CloseEvent('close', { code: 1006 }));
    });
    await until(() => reoffers() === 1);
    assert.deepEqual((await media(page)).ufrags, before.ufrags);

    await page.evaluate(() => dispatchEvent(new Event('online')));
    await until(() => reoffers() === 2);
    await until(async () => {
      const { ufrags } = await media(page);
      return ufrags.every((ufrag, i) => ufrag !== before.ufrags[i]);
    });
    await soundGoesOn(page);
    // the far end itself answers whether it is there; what it could do besides would spoil the call's own description
    const alive = await until(() =>
      received.find((text) => /^SIP\/2\.0 200 [^]*^CSeq: \d+ OPTIONS/im.test(text)),
    );
    assert.doesNotMatch(alive, /^m=/m);

    telephone.command('hangup');
    await waitForState('ended');
    const reason = await page.evaluate(
      () => document.querySelector('call-button')!.state.outcome?.reason,
    );
    assert.equal(reason, 'remote-hung-up');
    await page.evaluate(() => {
      for (const socket of kept.sockets) socket.close();
    });
    await until(async () => JSON.stringify(await open()) === JSON.stringify(NOTHING_OPEN));
  });
});
