/**
 * A person answers: a visitor's page and the page of the bench phone, in two browser contexts, through the service.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AgentPage,
  type CallPage,
  framesDecoded,
  hearsService,
  hearsTone,
  listen,
  NOTHING_OPEN,
  openAgent,
  type PageOptions,
  SILENCE,
} from '../support/e2e.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { world, keep, openPage } = useWorld();

const visit = ({ attributes = {}, ...options }: PageOptions = {}): Promise<CallPage> =>
  openPage({ attributes: { target: 'agent', ...attributes }, ...options });

const duty = async (): Promise<AgentPage> => keep(await openAgent(world));

const rings = ({ page }: AgentPage, name: string): Promise<void> =>
  page.getByRole('heading', { name }).waitFor();

const waits = ({ page }: AgentPage): Promise<void> =>
  page.getByRole('heading', { name: 'Waiting for a call.' }).waitFor();

async function talk(): Promise<{ caller: CallPage; agent: AgentPage }> {
  const agent = await duty();
  const caller = await visit();
  await caller.dial();
  await rings(agent, 'Ada Lovelace');
  await agent.button('Answer').click();
  await caller.waitForState('established');
  return { caller, agent };
}

describe('a person who answers', () => {
  it('sees name, context and page before answering; both hear each other; ends clean', async () => {
    const agent = await duty();
    const caller = await visit({
      attributes: { context: '{"page":"/","ticket":42}' },
      // a single-page app knows late what page it is on
      html: (element) => `${element}<script>
        document.addEventListener('call-before-start', ({ target }) => {
          target.context = { ...JSON.parse(target.context), page: '/pianos/grand' };
        });
      </script>`,
    });
    await caller.dial('Ada Lovelace');
    await rings(agent, 'Ada Lovelace');
    await caller.waitForState('ringing');
    const said = await agent.page.locator('main').innerText();
    assert.match(said, /is calling, from \/pianos\/grand\./);
    assert.match(said, /ticket\s+42/i);
    assert.equal(await agent.button('Answer with video').count(), 0);
    assert.match(await agent.page.title(), /Ada Lovelace is calling/);
    await agent.button('Answer').click();
    await caller.waitForState('established');
    await Promise.all([hearsTone(caller.page), hearsTone(agent.page)]);

    // keys reach the page of the person, who could not see them as RFC 4733 events
    await caller.page.evaluate(() => document.querySelector('call-button')!.sendDtmf('19#'));
    await until(async () => (await agent.page.locator('kbd').allTextContents()).join('') === '19#');

    await caller.page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await caller.waitForState('ended');
    await waits(agent);
    assert.match(
      await agent.page.locator('main').innerText(),
      /Last call: Ada Lovelace, they hung up/,
    );
    assert.deepEqual(await caller.open(), NOTHING_OPEN);
    // the line stays registered
    await until(async () => (await agent.open()).peerConnections === 0);
    assert.equal((await agent.open()).tracks, 0);
    assert.equal((await agent.open()).sockets, 1);
    assert.deepEqual([...caller.errors, ...agent.errors], []);
  });

  it('answers a video call by video, and both see each other', async () => {
    const agent = await duty();
    const caller = await visit({ attributes: { media: 'video' } });
    await caller.dial();
    await rings(agent, 'Ada Lovelace');
    await agent.button('Answer with video').click();
    await caller.waitForState('established');
    for (const { page } of [caller, agent]) {
      await until(async () => (await framesDecoded(page)) > 5, 15_000);
    }
    // the camera off and on again, without a new call
    await agent.button('Camera off').click();
    await agent.button('Camera on').click();
    const before = await framesDecoded(caller.page);
    await until(async () => (await framesDecoded(caller.page)) > before + 5, 15_000);
    await agent.button('Hang up').click();
    await caller.waitForState('ended');
    await caller.page.getByText('The other side ended the call').first().waitFor();
  });

  it('answers a video call by voice, and turns the camera on later', async () => {
    const agent = await duty();
    const caller = await visit({ attributes: { media: 'video' } });
    await caller.dial();
    await rings(agent, 'Ada Lovelace');
    await agent.button('Answer').click();
    await caller.waitForState('established');
    await hearsTone(caller.page);
    assert.equal(await framesDecoded(caller.page), 0);
    await agent.button('Camera on').click();
    await until(async () => (await framesDecoded(caller.page)) > 5, 15_000);
  });

  it('holds, with music for the caller, and retrieves; mutes', async () => {
    const { caller, agent } = await talk();
    await hearsTone(caller.page);
    await agent.button('Hold').click();
    await caller.waitForState('held');
    await hearsService(caller.page);
    await until(async () => (await listen(agent.page)).level < SILENCE, 15_000);
    await agent.button('Resume').click();
    await caller.waitForState('established');
    await Promise.all([hearsTone(caller.page), hearsTone(agent.page)]);

    await agent.button('Mute').click();
    await until(async () => (await listen(caller.page)).level < SILENCE, 15_000);
    await agent.button('Unmute').click();
    await hearsTone(caller.page);
  });

  it('hands the caller over to the menu, and is free', async () => {
    const { caller, agent } = await talk();
    const digits: string[] = [];
    const onDigit = ({ digit }: { digit: string }) => void digits.push(digit);
    world.service.events.on('digit', onDigit);
    await hearsTone(caller.page);
    await agent.button('Hand over to menu').click();
    await waits(agent);
    assert.match(await agent.page.locator('main').innerText(), /handed over to the menu/);
    assert.equal(await caller.state(), 'established');
    await caller.page.evaluate(() => document.querySelector('call-button')!.sendDtmf('1'));
    await until(() => digits.join('') === '1');
    // the echo of the menu
    await hearsTone(caller.page);
    world.service.events.off('digit', onDigit);
  });

  it('declines, and the caller hears so', async () => {
    const agent = await duty();
    const caller = await visit();
    await caller.dial();
    await rings(agent, 'Ada Lovelace');
    await agent.button('Decline').click();
    await caller.waitForState('ended');
    await caller.page.getByText('declined', { exact: false }).first().waitFor();
    await waits(agent);
  });

  it('is busy while in a call, and not there when nobody is', async () => {
    const { agent } = await talk();
    const other = await visit();
    await other.dial('Bob');
    await other.waitForState('ended');
    await other.page.getByText('busy', { exact: false }).first().waitFor();
    await agent.button('Hang up').click();
    await waits(agent);
    await agent.button('Sign out').click();
    await until(() => world.service.phones() === 0);
    await other.page.getByRole('button', { name: 'Call again' }).click();
    await other.page.getByRole('button', { name: /^Start/ }).click();
    await other.waitForState('ended');
    await until(() =>
      other.page.evaluate(() => document.querySelector('call-button')!.state.state === 'ended'),
    );
    await other.page.getByText('Nobody answered', { exact: false }).first().waitFor();
  });

  it('rings in two tabs: one answers, the other stops ringing', async () => {
    const [one, two] = [await duty(), await duty()];
    const caller = await visit();
    await caller.dial();
    await Promise.all([rings(one, 'Ada Lovelace'), rings(two, 'Ada Lovelace')]);
    await one.button('Answer').click();
    await caller.waitForState('established');
    await waits(two);
    assert.match(await two.page.locator('main').innerText(), /answered on another phone/);
    await hearsTone(caller.page);
  });

  it('answered in both at the same time: one has the call, the other is told', async () => {
    const [one, two] = [await duty(), await duty()];
    const caller = await visit();
    await caller.dial();
    await Promise.all([rings(one, 'Ada Lovelace'), rings(two, 'Ada Lovelace')]);
    // without the moment that a click waits in: the other answer would take the button away
    const buttons = await Promise.all(
      [one, two].map(({ button }) => button('Answer').elementHandle()),
    );
    await Promise.all(
      buttons.map((button) =>
        button.evaluate((node) =>
          node.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true })),
        ),
      ),
    );
    await caller.waitForState('established');
    const idle = await Promise.any([waits(one).then(() => two), waits(two).then(() => one)]);
    await Promise.all([hearsTone(caller.page), hearsTone(idle.page)]);
    assert.equal(world.service.calls().length, 1);
  });

  it('closes the tab while it rings: nobody is there', async () => {
    const agent = await duty();
    const caller = await visit();
    await caller.dial();
    await rings(agent, 'Ada Lovelace');
    await agent.page.close();
    await caller.waitForState('ended');
    await caller.page.getByText('Nobody answered', { exact: false }).first().waitFor();
  });

  it('closes the tab in the call: the caller is told at once', async () => {
    const { caller, agent } = await talk();
    await hearsTone(caller.page);
    await agent.page.close({ runBeforeUnload: true });
    await caller.waitForState('ended');
  });
});
