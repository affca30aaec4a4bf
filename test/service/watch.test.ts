import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { MediaEvents, MediaPeer, MediaState } from '../../demo/service/media/peer.js';
import type { Service, ServiceOptions } from '../../demo/service/server.js';
import { connectSip, createDialog, learn, request, type SipClient } from './sip-client.js';
import { event, start } from './start.js';

interface Established {
  readonly client: SipClient;
  readonly callId: string;
  /** What the media library would report. */
  report(state: MediaState): void;
  closedTimes(): number;
}

interface Rig {
  readonly service: Service;
  dial(): Promise<Established>;
}

/** Calls whose media are told what to report: a peer of the same library cannot be made to fail. */
async function createRig(test: TestContext, options: ServiceOptions = {}): Promise<Rig> {
  const peers: { events: MediaEvents; state: MediaState; closed: number }[] = [];
  const service = await start(test, {
    ...options,
    createMedia(events) {
      const peer = { events, state: 'new' as MediaState, closed: 0 };
      peers.push(peer);
      const media: MediaPeer = {
        answer: () => Promise.resolve('v=0\r\n'),
        offer: () => 'v=0\r\n',
        accept() {},
        rollback() {},
        wish: { hold: false, video: null },
        remote: { audio: 'sendrecv', video: null },
        codec: () => null,
        say: () => Promise.resolve(),
        loop: () => Promise.resolve(),
        show() {},
        relay() {},
        stream: () => null,
        stats: () => ({ state: peer.state, audio: null, video: null }),
        close() {
          peer.closed += 1;
          return Promise.resolve();
        },
      };
      return media;
    },
  });
  return {
    service,
    async dial() {
      const client = await connectSip(service);
      const dialog = createDialog();
      client.send(request('INVITE', dialog, { body: 'v=0\r\n' }));
      learn(dialog, await client.next(/^SIP\/2\.0 200 /));
      client.send(request('ACK', dialog));
      const peer = peers.at(-1)!;
      const report = (state: MediaState): void => {
        peer.state = state;
        peer.events.onState(state);
      };
      report('connected');
      return { client, callId: dialog.callId, report, closedTimes: () => peer.closed };
    },
  };
}

describe('watch over the media of a call', () => {
  for (const state of ['failed', 'closed'] as const) {
    it(`hangs up when they are ${state} and do not come back`, async (t) => {
      const { service, dial } = await createRig(t, { mediaTimeoutMs: 50 });
      const { client, report, closedTimes } = await dial();
      const ended = event(service, 'ended');
      report(state);
      await client.next(/^BYE /);
      assert.equal((await ended).by, 'network');
      assert.equal(closedTimes(), 1);
    });

    it(`ends at once when the WebSocket goes after they were ${state}, as with a closed page`, async (t) => {
      const { service, dial } = await createRig(t);
      const { client, report } = await dial();
      report(state);
      const ended = event(service, 'ended');
      client.terminate();
      assert.equal((await ended).by, 'network');
    });

    it(`ends at once when they are ${state} after the WebSocket went`, async (t) => {
      const { service, dial } = await createRig(t);
      const { client, report } = await dial();
      const lost = event(service, 'connection');
      client.terminate();
      await lost;
      const ended = event(service, 'ended');
      report(state);
      assert.equal((await ended).by, 'network');
    });
  }

  it('lets a call go on whose media come back', async (t) => {
    const { service, dial } = await createRig(t, { mediaTimeoutMs: 50 });
    const [lucky, other] = [await dial(), await dial()];
    lucky.report('disconnected');
    lucky.report('failed');
    lucky.report('connected');
    // its time was up before that of the other one
    other.report('failed');
    await other.client.next(/^BYE /);
    assert.deepEqual(
      service.calls().map(({ id, state }) => ({ id, state })),
      [{ id: lucky.callId, state: 'established' }],
    );
  });
});
