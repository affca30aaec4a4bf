/**
 * The menu: a visitor's page in a real browser, and the automatic switchboard of the service at the other end.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  type CallPage,
  framesDecoded,
  hearsService,
  hearsTone,
  NOTHING_OPEN,
  openAgent,
} from '../support/e2e.js';
import { until } from '../support/until.js';
import { useBefore } from '../support/hooks.js';
import { useWorld } from '../support/use-world.js';

const { world, keep, openPage } = useWorld({ holdMs: 1500 });
/** What happened at the service, in order. */
let happened: string[] = [];
useBefore(() => {
  const { events } = world.service;
  events.on('digit', ({ digit, via }) => happened.push(`${via} ${digit}`));
  events.on('answered', () => happened.push('answered'));
  events.on('ended', ({ by }) => happened.push(`ended by ${by}`));
});
afterEach(() => {
  happened = [];
});

async function inMenu(attributes: Record<string, string> = {}): Promise<CallPage> {
  const caller = await openPage({ attributes: { target: 'menu', ...attributes } });
  await caller.dial();
  await caller.waitForState('established');
  return caller;
}

const press = ({ page }: CallPage, digits: string): Promise<void> =>
  page.evaluate((text) => document.querySelector('call-button')!.sendDtmf(text), digits);

describe('the menu', () => {
  it('speaks, repeats the key and echoes at 1, until the next key', async () => {
    const caller = await inMenu();
    await hearsService(caller.page);
    await press(caller, '1');
    await hearsTone(caller.page);
    await press(caller, '8');
    // "eight", and that there is nothing under that key
    await hearsService(caller.page);
    assert.deepEqual(happened, ['answered', 'rtp 1', 'rtp 8']);
    await caller.page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await caller.waitForState('ended');
    assert.deepEqual(await caller.open(), NOTHING_OPEN);
    assert.deepEqual(caller.errors, []);
  });

  it('holds at 2, with music, and retrieves', async () => {
    const caller = await inMenu();
    await press(caller, '2');
    await caller.waitForState('held');
    assert.equal(await caller.page.locator('[part=status]').textContent(), 'On hold');
    await hearsService(caller.page);
    await caller.waitForState('established');
    await press(caller, '1');
    await hearsTone(caller.page);
  });

  it('hangs up at 3', async () => {
    const caller = await inMenu();
    // RFC 4733 needs media that are up: it would be an INFO
    await hearsService(caller.page);
    await press(caller, '3');
    await caller.waitForState('ended');
    assert.deepEqual(happened, ['answered', 'rtp 3', 'ended by service']);
    await caller.page.getByText('The other side ended the call').first().waitFor();
  });

  it('asks for video at 4 in an audio call, and shows a picture', async () => {
    const caller = await inMenu();
    await press(caller, '4');
    await until(async () => (await framesDecoded(caller.page)) > 5, 15_000);
    const picture = caller.page.locator('[part=remote-video]');
    await picture.waitFor({ state: 'visible' });
    const cameras = (): Promise<number> =>
      caller.page.evaluate(
        () =>
          kept.tracks.filter(({ kind, readyState }) => kind === 'video' && readyState === 'live')
            .length,
      );
    await caller.page.getByText('The other side would like to see you.').waitFor();
    assert.equal(await cameras(), 0, 'the camera stays off until the visitor has said yes');
    await caller.page.getByRole('button', { name: 'Yes, turn it on' }).click();
    await until(async () => (await cameras()) === 1);
    await until(() => (world.service.calls()[0]?.stats()?.video?.received.packets ?? 0) > 10);
    await press(caller, '3');
    await caller.waitForState('ended');
  });

  it('at 5 hangs up, and is heard before the answer the next time', async () => {
    const caller = await inMenu();
    await press(caller, '5');
    await caller.waitForState('ended');
    happened = [];
    await caller.page.getByRole('button', { name: 'Call again' }).click();
    await caller.page.getByRole('button', { name: /^Start/ }).click();
    await caller.waitForState('early-media');
    await hearsService(caller.page);
    assert.deepEqual(happened, [], 'not answered yet');
    await caller.waitForState('established');
    await press(caller, '1');
    await hearsTone(caller.page);
  });

  it('at 9 finds nobody, and then somebody who answers', async () => {
    const caller = await inMenu({ media: 'video' });
    await press(caller, '9');
    await hearsService(caller.page);
    const agent = keep(await openAgent(world));
    // back in the menu meanwhile
    await press(caller, '9');
    await agent.page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
    assert.equal(await caller.state(), 'established');
    await agent.button('Answer with video').click();
    await Promise.all([hearsTone(caller.page), hearsTone(agent.page)]);
    for (const { page } of [caller, agent]) {
      await until(async () => (await framesDecoded(page)) > 5, 15_000);
    }
    await agent.button('Hang up').click();
    await caller.waitForState('ended');
  });
});
