/**
 * The recipes for Asterisk and FreeSWITCH, in real ones: Chromium calls them directly. Debian 12 has neither, so what is
 * not in PATH is skipped.
 */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { findInPath } from '../../demo/gateway/debian.js';
import type { Dialog } from '../service/sip-client.js';
import { framesDecoded, NOTHING_OPEN, openPage, type CallPage } from '../support/e2e.js';
import { until } from '../support/until.js';
import { startAsterisk } from './support/asterisk.js';
import {
  connect,
  createDialog,
  finalOf,
  invite,
  request,
  signPass,
  type Answer,
  type Client,
} from './support/client.js';
import { startFreeswitch } from './support/freeswitch.js';
import { hear } from './support/hear.js';
import { startRecipeWorld, type RecipeWorld } from './support/recipe.js';
import { likeness, readWav } from './support/speech.js';

/** See call.test.ts. */
const SAME = 0.65;
const WORDS_SECONDS = 8;

const PBXS = [
  { pbxName: 'Asterisk', start: startAsterisk },
  { pbxName: 'FreeSWITCH', start: startFreeswitch },
];

for (const { pbxName, start } of PBXS) {
  const program = findInPath([pbxName.toLowerCase()]);
  const skip = program === null && `there is no ${pbxName.toLowerCase()} in PATH`;
  let world: RecipeWorld;
  let open: CallPage | null = null;
  const openWorld = (pictures: boolean) => async (): Promise<void> => {
    world = await startRecipeWorld(program!, start, { pictures });
  };
  const closeWorld = (): Promise<void> => world.close();

  async function closeCall(): Promise<void> {
    await open?.close();
    open = null;
    // the next test begins with a telephone that is idle
    await until(() => eventsOf('CALL_CLOSED').length === eventsOf('CALL_ESTABLISHED').length);
    assert.deepEqual(world.outside.messages, [], 'nothing goes out by the trunk');
  }
  const eventsOf = (type: string): RecipeWorld['telephone']['events'] =>
    world.telephone.events.filter((event) => event.type === type);

  /** An established call. */
  async function call({ name = 'Ada', media = 'audio' } = {}): Promise<CallPage> {
    open = await openPage(world, {
      attributes: { target: 'sales', media },
      // nobody signed the certificate
      context: { ignoreHTTPSErrors: true },
    });
    await open.dial(name);
    await open.waitForState('established');
    return open;
  }

  /** Packets of one kind that came to the caller so far. */
  const received = ({ page }: CallPage): Promise<number> =>
    page.evaluate(async () => {
      let packets = 0;
      for (const peer of kept.peers) {
        for (const report of (await peer.getStats()).values() as Iterable<
          Record<string, unknown>
        >) {
          if (report['type'] === 'inbound-rtp') packets += Number(report['packetsReceived']);
        }
      }
      return packets;
    });
  async function flows(opened: CallPage): Promise<void> {
    const packets = await received(opened);
    await until(async () => (await received(opened)) > packets + 20);
  }

  describe(`a call by the recipe for ${pbxName}`, { skip }, () => {
    before(openWorld(false));
    after(closeWorld);
    afterEach(closeCall);

    it('carries speech both ways; digits reach the telephone, and dial nothing', async () => {
      const { telephone } = world;
      const { page, waitForState, open: opened, errors } = await call({ name: 'Zoë Ångström' });
      const heard = await hear(page, WORDS_SECONDS);
      await page.evaluate(() => document.querySelector('call-button')!.sendDtmf('#1*20900123#'));
      await until(
        () =>
          eventsOf('CALL_DTMF_START')
            .map(({ param }) => param)
            .join('') === '#1*20900123#',
      );
      await page.evaluate(() => document.querySelector('call-button')!.hangUp());
      await waitForState('ended');
      await until(() => eventsOf('CALL_CLOSED').length === 1);

      const [near, far] = await Promise.all(
        [telephone.speech.near, telephone.speech.far].map(readWav),
      );
      const toCaller = likeness(far!, heard);
      assert.ok(toCaller > SAME, `the caller heard the telephone: ${toCaller}`);
      const name = (await readdir(telephone.recordings)).find((file) => file.endsWith('-dec.wav'))!;
      const toCallee = likeness(near!, await readWav(join(telephone.recordings, name)));
      assert.ok(toCallee > SAME, `the telephone heard the caller: ${toCallee}`);
      assert.equal(eventsOf('CALL_CLOSED')[0]!.peerdisplayname, 'Zoë Ångström (web)');
      assert.deepEqual(await opened(), NOTHING_OPEN);
      assert.deepEqual(errors, []);
    });

    it('goes on after its socket and its ICE were lost', async () => {
      const opened = await call();
      const { page, waitForState } = opened;
      const messages: string[] = [];
      page.on('websocket', (socket) => {
        socket.on('framereceived', ({ payload }) => messages.push(payload.toString()));
      });
      // by new sockets alone: the first was there before we listened
      const reoffers = (): number =>
        messages.filter((text) => /^SIP\/2\.0 200 [^]*^CSeq: \d+ INVITE/im.test(text)).length;
      await flows(opened);
      await page.evaluate(() => {
        // what a dead network does, and a page cannot do: the other end must not be told
        for (const socket of kept.sockets) {
          socket.onclose?.(new CloseEvent('close', { code: 1006 }));
        }
      });
      await until(() => reoffers() === 1);
      await flows(opened);
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await until(() => reoffers() === 2);
      await flows(opened);
      world.telephone.command('hangup');
      await waitForState('ended');
    });

    it('ends when the browser is gone', async () => {
      const opened = await call();
      await flows(opened);
      const before = eventsOf('CALL_CLOSED').length;
      await opened.page.goto('chrome://crash').catch(() => {});
      await until(() => eventsOf('CALL_CLOSED').length > before, 10_000);
    });
  });

  describe(`a call with pictures by the recipe for ${pbxName}`, { skip }, () => {
    before(openWorld(true));
    after(closeWorld);
    afterEach(closeCall);

    it('shows both, and goes on while the camera is off', async () => {
      const opened = await call({ media: 'video' });
      const { page, state } = opened;
      await until(async () => (await framesDecoded(page)) > 15, 20_000);
      await until(() => eventsOf('CALL_RTPESTAB').some(({ param }) => param === 'video'));
      await page.evaluate(() => document.querySelector('call-button')!.setVideoMuted(true));
      // longer than who sends nothing at all is waited for
      await hear(page, 5);
      assert.equal(await state(), 'established');
      await page.evaluate(() => document.querySelector('call-button')!.hangUp());
    });
  });

  describe(`the recipe for ${pbxName}, to callers made of strings`, { skip }, () => {
    let client: Client;
    before(async () => {
      await openWorld(false)();
      client = await openClient();
    });
    after(async () => {
      client.close();
      await closeWorld();
    });
    afterEach(closeCall);

    async function openClient(): Promise<Client> {
      const opened = await connect(world, { ca: world.pbx.ca });
      // FreeSWITCH answers nobody whose Via is not true
      const send = (text: string): void => opened.send(text.replace('2.0/WS ', '2.0/WSS '));
      return {
        ...opened,
        send,
        async next(pattern, limitMs) {
          // Sofia-SIP reads the second of two messages that come at once when a third comes: a keep-alive is one
          const timer = setInterval(() => opened.send('\r\n\r\n'), 300);
          try {
            return await opened.next(pattern, limitMs);
          } finally {
            clearInterval(timer);
          }
        },
      };
    }
    async function attempt(
      alias: string,
      options?: Parameters<typeof invite>[1],
      callId?: string,
    ): Promise<Answer & { readonly dialog: Dialog }> {
      const dialog = createDialog(alias, callId);
      client.send(invite(dialog, options));
      return { ...(await finalOf(client, dialog)), dialog };
    }
    async function hangUp(from: Client, dialog: Dialog): Promise<void> {
      from.send(request('BYE', dialog));
      await from.next(/^SIP\/2\.0 200 [^]*^CSeq: \d+ BYE/m);
    }

    it('takes a pass for one call', async () => {
      const pass = signPass({ alias: 'sales' });
      const first = await attempt('sales', { pass });
      assert.equal(first.status, 200);
      assert.equal((await attempt('sales', { pass })).status, 403);
      // at the same time, by the same Call-ID or one that looks like it
      const { callId } = first.dialog;
      for (const other of [callId, `${callId}!`]) {
        const { status } = await attempt('sales', { pass }, other);
        assert.ok(status >= 400, `${other}: ${status}`);
      }
      await hangUp(client, first.dialog);
    });

    for (const [what, pass] of [
      ['without a pass', null],
      ['with a forged one', signPass({ alias: 'sales', secret: 'x'.repeat(40) })],
      ['with one for another service', signPass({ alias: 'support' })],
      ['with JSON for one', '","callId":"x'],
    ] as const) {
      it(`refuses a call ${what}`, async () => {
        assert.equal((await attempt('sales', { pass })).status, 403);
      });
    }

    it('leads to no other name', async () => {
      for (const name of [
        ...['0900123', '100', '1000', 'trunk', '*8', '*2', 's', 'h', 'asked', 'SALES', 'sales2'],
        ...['sales%20XML%20internal', '$%7Bsystem(date)%7D'],
      ]) {
        const { status } = await attempt(name, { pass: signPass({ alias: 'sales' }) });
        assert.ok(status === 403 || status === 404, `${name}: ${status}`);
      }
    });

    it('takes nobody for somebody else because of his From', async () => {
      for (const name of ['100', '1000', 'trunk', 'internal']) {
        const dialog = createDialog('0900123');
        const from = invite(dialog).replace(
          'sip:anonymous@anonymous.invalid',
          `sip:${name}@127.0.0.1`,
        );
        client.send(from);
        const { status } = await finalOf(client, dialog);
        assert.ok(status >= 400, `${name}: ${status}`);
      }
    });

    it('transfers to nobody', async () => {
      const { dialog, status } = await attempt('sales');
      assert.equal(status, 200);
      for (const to of ['sip:0900123@127.0.0.1', 'sip:100@127.0.0.1']) {
        client.send(request('REFER', dialog, { headers: [`Refer-To: <${to}>`] }));
        assert.match(await client.next(/^CSeq: \d+ REFER/m), /^SIP\/2\.0 [46]/);
      }
      await hangUp(client, dialog);
    });

    for (const [method, name, ...headers] of [
      ['REFER', 'sales', 'Refer-To: <sip:0900123@127.0.0.1>'],
      ['REGISTER', '100', 'Expires: 600'],
      ['SUBSCRIBE', '100', 'Event: presence', 'Expires: 600'],
      ['SUBSCRIBE', '100', 'Event: dialog', 'Expires: 600'],
      ['PUBLISH', '100', 'Event: presence', 'Expires: 600'],
      ['NOTIFY', '100', 'Event: check-sync', 'Subscription-State: active'],
      ['MESSAGE', 'sales', 'Content-Type: text/plain'],
      ['MESSAGE', '0900123', 'Content-Type: text/plain'],
    ] as const) {
      it(`takes no ${method} outside of a call: ${name}, ${headers[0]}`, async () => {
        const dialog = createDialog(name);
        client.send(request(method, dialog, { headers, body: 'x', contentType: null }));
        assert.match(
          await client.next(new RegExp(`^CSeq: \\d+ ${method}`, 'm')),
          /^SIP\/2\.0 [456]/,
        );
      });
    }

    it('takes so many calls at a time, and says then that it is busy', async () => {
      const calls = await Promise.all(
        Array.from({ length: 6 }, async () => {
          const own = await openClient();
          const dialog = createDialog('sales');
          own.send(invite(dialog));
          return { ...(await finalOf(own, dialog)), dialog, own };
        }),
      );
      assert.deepEqual(calls.map(({ status }) => status).sort(), [200, 200, 200, 200, 486, 486]);
      for (const { status, dialog, own } of calls) {
        if (status === 200) await hangUp(own, dialog);
        own.close();
      }
    });

    it('refuses when the gate does not answer', async () => {
      await world.closeGate();
      assert.equal((await attempt('sales')).status, 403);
    });
  });
}
