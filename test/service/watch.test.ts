import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { MediaEvents, MediaPeer, MediaState } from '../../demo/service/media/peer.js';
import type { Service, ServiceOptions } from '../../demo/service/server.js';
import { connectSip, createDialog, learn, request, type SipClient } from './sip-client.js';
import { event, start } from './start.js';

interface Rig {
  readonly service: Service;
  readonly client: SipClient;
  /** What the media library would report. */
  report(state: MediaState): void;
  readonly closed: () => number;
}

/** An established call whose media are told what to report: a peer of the same library cannot be made to fail. */
async function establish(test: TestContext, options: ServiceOptions): Promise<Rig> {
  let events: MediaEvents | null = null;
  let closed = 0;
  let state: MediaState = 'new';
  const peer: MediaPeer = {
    answer: () => Promise.resolve('v=0\r\n'),
    offer: () => 'v=0\r\n',
    accept() {},
    rollback() {},
    video: false,
    say: () => Promise.resolve(),
    show() {},
    mirror() {},
    stats: () => ({ state, audio: null, video: null }),
    close() {
      closed += 1;
      return Promise.resolve();
    },
  };
  const service = await start(test, {
    ...options,
    createMedia(given) {
      events = given;
      return peer;
    },
  });
  const client = await connectSip(service);
  const dialog = createDialog();
  client.send(request('INVITE', dialog, { body: 'v=0\r\n' }));
  learn(dialog, await client.next(/^SIP\/2\.0 200 /));
  client.send(request('ACK', dialog));
  return {
    service,
    client,
    report(next) {
      state = next;
      events!.onState(next);
    },
    closed: () => closed,
  };
}

describe('watch over the media of a call', () => {
  for (const state of ['failed', 'closed'] as const) {
    it(`hangs up when they are ${state} and do not come back`, async (t) => {
      const { service, client, report, closed } = await establish(t, { mediaTimeoutMs: 50 });
      report('connected');
      const ended = event(service, 'ended');
      report(state);
      await client.next(/^BYE /);
      assert.equal((await ended).by, 'network');
      assert.equal(closed(), 1);
    });

    it(`ends at once when the WebSocket goes after they were ${state}, as with a closed page`, async (t) => {
      const { service, client, report } = await establish(t, {});
      report('connected');
      report(state);
      const ended = event(service, 'ended');
      client.terminate();
      assert.equal((await ended).by, 'network');
    });

    it(`ends at once when they are ${state} after the WebSocket went`, async (t) => {
      const { service, client, report } = await establish(t, {});
      report('connected');
      const lost = event(service, 'connection');
      client.terminate();
      await lost;
      const ended = event(service, 'ended');
      report(state);
      assert.equal((await ended).by, 'network');
    });
  }

  it('lets a call go on whose media come back', async (t) => {
    const { service, client, report } = await establish(t, { mediaTimeoutMs: 150 });
    report('connected');
    report('disconnected');
    report('failed');
    report('connected');
    const bye = client.next(/^BYE /);
    const quiet = new Promise((resolve) => setTimeout(resolve, 400, 'quiet'));
    assert.equal(await Promise.race([bye.catch(() => 'quiet'), quiet]), 'quiet');
    assert.equal(service.calls()[0]?.state, 'established');
    client.close();
    await client.closed;
    await bye.catch(() => {});
  });
});
