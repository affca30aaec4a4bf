/** What a bad network and a hostile far end do to a call that is up: the real element, the real service, and a proxy. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { beforeEach, describe, it } from 'node:test';
import { en } from '../../src/i18n/en.js';
import { type CallPage, listen, MICROPHONE_HZ, NOTHING_OPEN } from '../support/e2e.js';
import { createRandom, mutate } from '../support/mutate.js';
import { inDialog, RFC4475, toBuffer } from '../support/rfc4475.js';
import { type SipProxy, startSipProxy } from '../support/sip-proxy.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { world, keep, openPage } = useWorld({ ringMs: 100 });
let proxy: SipProxy;
let visitor: CallPage;
beforeEach(async () => {
  proxy = keep(await startSipProxy(world.service.sipUrl));
});

const call = () => world.service.calls()[0]!;

interface Seen {
  states: string[];
  reasons: string[];
}
declare global {
  var seen: Seen;
}

/** On the line, with all that the call says from then on kept in the page. */
async function talk(): Promise<void> {
  visitor = await openPage({ attributes: { server: proxy.url } });
  await visitor.dial();
  await visitor.waitForState('established');
  await until(() => world.service.calls()[0]?.state === 'established');
  await visitor.page.evaluate(() => {
    globalThis.seen = { states: [], reasons: [] };
    const element = document.querySelector('call-button')!;
    element.addEventListener('call-state-change', ({ snapshot }) =>
      seen.states.push(snapshot.state),
    );
    element.addEventListener('call-end', ({ reason }) => seen.reasons.push(reason));
  });
}

const seenStates = (): Promise<string[]> =>
  visitor.page.evaluate(() => [...new Set(globalThis.seen.states)]);

const packetsReceived = (): Promise<number> =>
  visitor.page.evaluate(async () => {
    const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
    let packets = 0;
    for (const report of (await peer.getStats()).values() as Iterable<Record<string, unknown>>) {
      if (report['type'] === 'inbound-rtp') packets += Number(report['packetsReceived'] ?? 0);
    }
    return packets;
  });

/** Twenty packets are 0.4 s of sound. */
async function soundGoesOn(): Promise<void> {
  const so = await packetsReceived();
  await until(async () => (await packetsReceived()) > so + 20);
}

describe('a WebSocket that is cut in the call', () => {
  it('costs no sound, and afterwards both ends can say everything: hold, INFO, BYE', async () => {
    await talk();
    proxy.refusing = true;
    proxy.cut();
    await until(() => !call().reachable);
    await soundGoesOn();
    const before = proxy.connections;
    proxy.refusing = false;
    await until(() => call().reachable);
    assert.equal(proxy.connections, before + 1);
    await soundGoesOn();

    await call().hold();
    await visitor.waitForState('held');
    await call().retrieve();
    await visitor.waitForState('established');
    await call().sendInfo('text/plain', 'hello');
    await until(() => proxy.fromCaller.some((frame) => /^SIP\/2\.0 200 [^]*\d+ INFO/.test(frame)));

    const digit = new Promise<unknown>((resolve) => world.service.events.once('digit', resolve));
    await visitor.page.evaluate(() => {
      // as where the far end takes no telephone-event
      Object.defineProperty(RTCDTMFSender.prototype, 'canInsertDTMF', { value: false });
      document.querySelector('call-button')!.sendDtmf('7');
    });
    assert.deepEqual(await digit, { callId: call().id, alias: 'echo', digit: '7', via: 'info' });
    await until(async () => {
      const { hz } = await listen(visitor.page);
      return Math.abs(hz - MICROPHONE_HZ) < 20;
    }, 15_000);

    await call().hangUp();
    await visitor.waitForState('ended');
    assert.deepEqual(await visitor.page.evaluate(() => seen.reasons), ['remote-hung-up']);
    assert.deepEqual(await visitor.open(), NOTHING_OPEN);
    assert.equal((await seenStates()).includes('reconnecting'), false);
    assert.deepEqual(
      visitor.errors.filter((text) => !text.includes('WebSocket')),
      [],
    );
  });

  it('lets the visitor hang up as soon as there is another', async () => {
    await talk();
    proxy.cut();
    await until(() => !call().reachable);
    await visitor.page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await visitor.waitForState('ended');
    // the service knows by then: media that close while there is no socket are an end as well
    assert.equal(proxy.connections, 2);
    assert.match(proxy.fromCaller.at(-1)!, /^BYE /);
    await until(() => world.service.calls().length === 0);
  });

  it('or swallows everything is replaced in seconds, once the network may have changed', async () => {
    await talk();
    proxy.swallow();
    // what the browser says of a change of network: the far end is asked at once, and has 5 s
    await visitor.page.evaluate(() => dispatchEvent(new Event('online')));
    await until(() => proxy.connections === 2, 10_000);
    await until(() => proxy.fromCaller.some((frame) => frame.startsWith('OPTIONS ')));
    await until(() => call().reachable);
    assert.ok((await seenStates()).every((state) => state === 'established'));
    await call().hangUp();
    await visitor.waitForState('ended');
    assert.deepEqual(await visitor.page.evaluate(() => seen.reasons), ['remote-hung-up']);
  });
});

describe('a WebSocket that swallows everything while it rings', () => {
  it('is noticed in seconds once the network may have changed: told, and the far end too', async () => {
    visitor = await openPage({ attributes: { server: proxy.url, target: 'silent' } });
    await visitor.dial();
    await visitor.waitForState('ringing');
    // the server has shown that it answers questions
    await until(() => proxy.fromServer.some((frame) => /^SIP[^]*\d OPTIONS\r/.test(frame)));
    proxy.swallow();
    await visitor.page.evaluate(() => dispatchEvent(new Event('online')));
    await visitor.waitForState('ended');
    await visitor.page.getByText(en['end.connection-lost']).waitFor();
    assert.equal(proxy.connections, 2);
    assert.ok(proxy.fromCaller.some((frame) => frame.startsWith('CANCEL ')));
    await until(() => world.service.calls().length === 0);
    assert.deepEqual(await visitor.open(), NOTHING_OPEN);
    assert.deepEqual(visitor.errors, []);
  });
});

describe('a gateway that asks for credentials', () => {
  /** The service does so where there is no pass in the header. */
  async function visit(): Promise<void> {
    proxy = keep(
      await startSipProxy(world.service.sipUrl, (frame) =>
        frame.replace(/^X-Call-Pass: .*\r\n/m, ''),
      ),
    );
    visitor = await openPage({ attributes: { server: proxy.url } });
  }

  it('gets them, by a file that is loaded then', async () => {
    await visit();
    await visitor.dial();
    await visitor.waitForState('established');
    assert.match(
      proxy.fromServer.find((frame) => !frame.startsWith('SIP/2.0 1'))!,
      /^SIP\/2\.0 407 /,
    );
    const loaded = visitor.requests.filter((url) => /\/chunks\/digest-[\w-]+\.js$/.test(url));
    assert.equal(loaded.length, 1);
    await call().hangUp();
    await visitor.waitForState('ended');
    assert.deepEqual(await visitor.open(), NOTHING_OPEN);
    assert.deepEqual(visitor.errors, []);
  });

  it('cannot be called without that file, and the visitor is told so', async () => {
    await visit();
    await visitor.page.route('**/chunks/digest-*', (route) => route.abort());
    await visitor.dial();
    await visitor.waitForState('ended');
    await visitor.page.getByText(en['end.gateway-unreachable']).waitFor();
    assert.deepEqual(await visitor.open(), NOTHING_OPEN);
    // the 407 had its ACK, and nothing came after it
    assert.match(proxy.fromCaller.at(-1)!, /^ACK /);
  });
});

describe('a STUN server that never answers', () => {
  it('is asked, and the INVITE does not wait for it', async () => {
    const stun = createSocket('udp4');
    let asked = 0;
    stun.on('message', () => asked++);
    stun.bind(0, '127.0.0.1');
    await once(stun, 'listening');
    visitor = await openPage({ attributes: { server: proxy.url } });
    await visitor.page.evaluate((port) => {
      const element = document.querySelector('call-button')!;
      element.iceServers = [{ urls: `stun:127.0.0.1:${port}` }];
      const times = { connecting: 0, invite: 0 };
      Object.assign(globalThis, { times });
      element.addEventListener('call-state-change', ({ snapshot }) => {
        if (snapshot.state === 'connecting') times.connecting ||= performance.now();
      });
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function (data) {
        if (typeof data === 'string' && data.startsWith('INVITE '))
          times.invite ||= performance.now();
        send.call(this, data);
      };
    }, stun.address().port);
    await visitor.dial();
    await visitor.waitForState('established');
    const waited = await visitor.page.evaluate(() => {
      const { times } = globalThis as unknown as {
        times: Readonly<Record<'connecting' | 'invite', number>>;
      };
      return times.invite - times.connecting;
    });
    // the cap is 1500 ms, a browser's patience with such a server 10 s; a loaded machine is slow by itself
    assert.ok(waited < 1_000, `${waited} ms`);
    assert.ok(asked > 0);
    stun.close();
    // and the pass is in its first flight: nobody has to ask for it
    assert.match(proxy.fromCaller[0]!, /^INVITE [^]*\r\nX-Call-Pass: /);
    assert.deepEqual(
      proxy.fromServer.map((frame) => frame.split(' ')[1]),
      ['100', '180', '200'],
    );
  });
});

/** Longest time in the handler of a frame, milliseconds, of the better of two times that the frame came. */
const slowest = (): Promise<readonly [number, string]> =>
  visitor.page.evaluate(() => {
    const { spent } = globalThis as unknown as { spent: Map<string, number> };
    return [...spent].reduce<readonly [number, string]>(
      (worst, [text, ms]) => (ms > worst[0] ? [ms, text.slice(0, 200)] : worst),
      [0, ''],
    );
  });

describe('a hostile far end', () => {
  it('with RFC 4475 and spoiled traffic: nothing reaches the page, nothing holds it up, the call goes on', async () => {
    visitor = await openPage({ attributes: { server: proxy.url } });
    await visitor.page.evaluate(() => {
      const spent = new Map<string, number>();
      Object.assign(globalThis, { spent });
      const { prototype } = WebSocket;
      const { set } = Object.getOwnPropertyDescriptor(prototype, 'onmessage')!;
      Object.defineProperty(prototype, 'onmessage', {
        configurable: true,
        set(this: WebSocket, handler: ((event: MessageEvent) => void) | null) {
          set!.call(
            this,
            handler &&
              ((event: MessageEvent<unknown>) => {
                const start = performance.now();
                handler.call(this, event);
                const ms = performance.now() - start;
                const { data } = event;
                const key = typeof data === 'string' ? data : new TextDecoder().decode(data as ArrayBuffer); // prettier-ignore
                spent.set(key, Math.min(ms, spent.get(key) ?? Infinity));
              }),
          );
        },
      });
    });
    await visitor.dial();
    await visitor.waitForState('established');
    await until(() => world.service.calls()[0]?.state === 'established');
    // real traffic, of all kinds that there are
    await call().hold();
    await call().retrieve();
    await visitor.waitForState('established');
    await call().sendInfo('text/plain', 'hello');
    await until(() => proxy.fromServer.some((frame) => frame.startsWith('INFO ')));
    const real = proxy.fromServer.filter((frame) => !/^a=(?:sendonly|inactive)/m.test(frame));

    const offer = proxy.fromServer.find((frame) => frame.startsWith('INVITE '))!;
    const line = (name: string): string => new RegExp(`^${name}: (.*)\r$`, 'm').exec(offer)![1]!;
    const dialog = { callId: line('Call-ID'), from: line('From'), to: line('To') };
    const random = createRandom(4475);
    const spoiled = Array.from({ length: 400 }, () => {
      const frame = real[random(real.length)]!;
      // another description than the far end's would be another call
      const end = frame.indexOf('\r\n\r\n');
      return mutate(frame.slice(0, end), random) + frame.slice(end);
    });
    const torture = RFC4475.flatMap(({ bytes }) => {
      const inside = inDialog(bytes, dialog);
      return [bytes, inside].flatMap((text) => {
        const frame = Buffer.from(toBuffer(text));
        return [frame, frame.toString()];
      });
    });
    const huge = ['x'.repeat(2 ** 20), `${offer}${'v=0\r\n'.repeat(20_000)}`];
    for (let round = 0; round < 2; round++) {
      for (const frame of [...torture, ...spoiled, ...huge]) proxy.inject(frame);
    }
    const uri = offer.split(' ')[1]!;
    const request = (method: string, cseq: number): string =>
      [
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/WS gateway.example;branch=z9hG4bK${method}`,
        `From: ${dialog.from}`,
        `To: ${dialog.to}`,
        `Call-ID: ${dialog.callId}`,
        `CSeq: ${cseq} ${method}`,
        'Content-Length: 0\r\n\r\n',
      ].join('\r\n');
    // frames are handled in order: its answer comes after all the others
    proxy.inject(request('OPTIONS', 2 ** 31 - 2));
    await until(
      () => proxy.fromCaller.some((frame) => /^SIP[^]*2147483646 OPTIONS/.test(frame)),
      30_000,
    );
    assert.equal(await visitor.state(), 'established');
    await soundGoesOn();
    const [ms, frame] = await slowest();
    assert.ok(ms < 50, `${ms} ms for ${frame}`);
    // nobody was called: all that the page asks goes to the far end
    for (const sent of proxy.fromCaller.filter((text) => /^(?:INVITE|REFER|MESSAGE) /.test(text))) {
      assert.match(sent, new RegExp(`^Call-ID: ${dialog.callId.replace(/[.+]/g, '\\$&')}\r$`, 'm'));
    }
    assert.deepEqual(visitor.errors, []);

    proxy.inject(request('BYE', 2 ** 31 - 1));
    await visitor.waitForState('ended');
    assert.deepEqual(await visitor.open(), NOTHING_OPEN);
    assert.deepEqual(visitor.errors, []);
  });
});
