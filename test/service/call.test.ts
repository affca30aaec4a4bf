import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadAssets } from '../../demo/service/media/assets.js';
import type { OpusPacket } from '../../demo/service/media/ogg.js';
import { buildPli } from '../../demo/service/media/rtcp.js';
import { packetizeVp8, startsKeyframe } from '../../demo/service/media/vp8.js';
import { callUp } from './caller.js';
import { createCaller, VIDEO_SSRC, type MediaCaller } from './media-caller.js';
import {
  bodyOf,
  connectSip,
  createDialog,
  headerOf,
  learn,
  request,
  respond,
} from './sip-client.js';
import { event, start } from './start.js';

const assets = await loadAssets();

/** What the caller hears while it speaks: its packets come back once the greeting is over. */
async function echoOf(media: MediaCaller, payload: Buffer): Promise<Buffer> {
  const speaking = setInterval(() => media.send('audio', { payload }), 20);
  try {
    return (await media.next('audio', (packet) => packet.payload.equals(payload))).payload;
  } finally {
    clearInterval(speaking);
  }
}

/** Which of the packets it is; the very first may arrive before the caller's DTLS has finished, and is lost then. */
const indexIn = (packets: readonly OpusPacket[], payload: Buffer): number =>
  packets.findIndex(({ data }) => data.equals(payload));

/** RFC 4733: the same event three times while the key is held, three times at its end. */
function press(media: MediaCaller, key: number, timestamp: number): void {
  for (const end of [0, 0, 0, 0x80, 0x80, 0x80]) {
    media.send('audio', {
      payloadType: 126,
      timestamp,
      payload: Buffer.from([key, end | 10, 0, 160]),
    });
  }
}

describe('echo', () => {
  it('greets with speech from its first packet on, then returns what it hears', async (t) => {
    const service = await start(t);
    const { media } = await callUp(t, service);
    const heard = indexIn(assets.greeting.opus, (await media.first('audio')).payload);
    assert.ok(heard === 0 || heard === 1, `packet ${heard} is the first to be heard`);
    const payload = Buffer.from('a voice that nobody else has');
    press(media, 1, 1000);
    assert.deepEqual(await echoOf(media, payload), payload);
  });

  it('plays its greeting to the end where nobody presses a key', async (t) => {
    const service = await start(t);
    const { media } = await callUp(t, service);
    const last = assets.greeting.opus.at(-1)!.data;
    assert.deepEqual(
      (await media.next('audio', ({ payload }) => payload.equals(last))).payload,
      last,
    );
    await echoOf(media, Buffer.from('hello?'));
  });

  it('numbers what it sends without a gap, from greeting to digit to echo', async (t) => {
    const service = await start(t);
    const { media } = await callUp(t, service);
    const heard: { sequence: number; timestamp: number }[] = [];
    const first = await media.next('audio');
    const collecting = media.next('audio', (packet) => {
      heard.push(packet);
      return packet.payload.toString() === 'echo';
    });
    press(media, 7, 1000);
    await echoOf(media, Buffer.from('echo'));
    await collecting;
    heard.reduce((before, packet) => {
      assert.equal(packet.sequence, (before.sequence + 1) & 0xffff);
      const ticks = (packet.timestamp - before.timestamp) >>> 0;
      assert.ok(ticks > 0 && ticks < 48_000, `${ticks} ticks from one packet to the next`);
      return packet;
    }, first);
  });

  it('reports each digit once and says it', async (t) => {
    const service = await start(t);
    const { media } = await callUp(t, service);
    const [five, star] = ['5', '*'].map((digit) => assets.digits.get(digit)!.opus[3]!.data);
    for (const [key, digit, clip] of [
      [5, '5', five],
      [10, '*', star],
    ] as const) {
      const digits: string[] = [];
      service.events.on('digit', (value) => digits.push(value.digit));
      const said = media.next('audio', ({ payload }) => payload.equals(clip!));
      press(media, key, key * 1000);
      await said;
      service.events.removeAllListeners('digit');
      assert.deepEqual(digits, [digit]);
    }
  });

  it('takes digits by INFO as well', async (t) => {
    const service = await start(t);
    const { client, dialog } = await callUp(t, service);
    for (const [contentType, body, digit] of [
      ['application/dtmf-relay', 'Signal=#\r\nDuration=100', '#'],
      ['application/dtmf', '8', '8'],
    ] as const) {
      const pressed = event(service, 'digit');
      client.send(request('INFO', dialog, { contentType, body }));
      await client.next(/^SIP\/2\.0 200 [^]*^CSeq: \d+ INFO/m);
      const { digit: seen, via } = await pressed;
      assert.deepEqual({ seen, via }, { seen: digit, via: 'info' });
    }
  });

  it('speaks and mirrors G.711 where no Opus is offered', async (t) => {
    const service = await start(t);
    const { media, answer } = await callUp(t, service, { pcmu: true });
    assert.match(answer, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 0 126\r$/m);
    const spoken = assets.greeting.pcmu[20]!.data;
    await media.next('audio', ({ payload }) => payload.equals(spoken));
    const payload = Buffer.alloc(160, 0x55);
    press(media, 2, 1000);
    assert.deepEqual(await echoOf(media, payload), payload);
    assert.equal(service.calls()[0]?.stats()?.audio?.codec, 'pcmu');
  });

  it('answers an audio offer with audio only', async (t) => {
    const service = await start(t);
    const { answer } = await callUp(t, service);
    assert.equal(answer.match(/^m=/gm)?.length, 1);
    assert.equal(service.calls()[0]?.stats()?.video, null);
  });

  it('shows a picture, and the caller itself from its next key frame on', async (t) => {
    const service = await start(t);
    const { media } = await callUp(t, service, { video: true });
    const sixth = packetizeVp8(assets.picture.frames[5]!.data, 5).at(-1)!;
    assert.ok((await media.next('video', ({ payload }) => payload.equals(sixth))).marker);

    const [key, delta] = [Buffer.alloc(200, 0x10), Buffer.alloc(200, 0x11)];
    const [keyPayload, deltaPayload] = [packetizeVp8(key, 7)[0]!, packetizeVp8(delta, 8)[0]!];
    press(media, 1, 1000);
    await event(service, 'digit');
    const speaking = setInterval(
      () => media.send('video', { payload: deltaPayload, marker: true }),
      20,
    );
    // a delta frame alone is of no use to a decoder: the caller is asked for a key frame
    while (media.keyframeRequests === 0) await media.next('video');
    clearInterval(speaking);
    const mirrored = media.next('video', ({ payload }) => payload.equals(keyPayload));
    const followed = media.next('video', ({ payload }) => payload.equals(deltaPayload));
    media.send('video', { payload: keyPayload, marker: true });
    media.send('video', { payload: deltaPayload, marker: true });
    const [one, two] = [await mirrored, await followed];
    assert.equal(two.sequence, (one.sequence + 1) & 0xffff);
    assert.ok(one.marker);
    assert.equal(service.calls()[0]?.stats()?.video?.mirrored, true);
  });

  it('jumps to a key frame of the picture, or hands the wish on, when the caller asks for one', async (t) => {
    const service = await start(t);
    const { media, answer } = await callUp(t, service, { video: true });
    const ssrc = Number(/^m=video[^]*?^a=ssrc:(\d+)/m.exec(answer)![1]);
    const isKey = ({ payload }: { payload: Buffer }): boolean => startsKeyframe(payload);
    await media.first('video');
    await media.next('video', (packet) => packet.marker && !isKey(packet));
    let between = 0;
    const again = media.next('video', (packet) => {
      if (packet.marker) between += 1;
      return isKey(packet);
    });
    media.sendRtcp('video', buildPli(VIDEO_SSRC, ssrc));
    await again;
    assert.ok(between < 15, `${between} frames before the key frame`);

    const keyPayload = packetizeVp8(Buffer.alloc(100, 0x10), 1)[0]!;
    press(media, 1, 1000);
    const filming = setInterval(
      () => media.send('video', { payload: keyPayload, marker: true }),
      20,
    );
    await media.next('video', ({ payload }) => payload.equals(keyPayload));
    const before = media.keyframeRequests;
    const asking = setInterval(() => media.sendRtcp('video', buildPli(VIDEO_SSRC, ssrc)), 50);
    while (media.keyframeRequests === before) await media.next('video');
    clearInterval(filming);
    clearInterval(asking);
  });

  it('measures what it receives: a muted voice shows', async (t) => {
    const service = await start(t);
    const { media } = await callUp(t, service);
    press(media, 1, 1000);
    await echoOf(media, Buffer.alloc(80, 1));
    const loud = service.calls()[0]!.stats()!.audio!.received;
    assert.ok(loud.packets > 0 && loud.payloadMean === 80, `mean ${loud.payloadMean}`);
    const heard: Promise<unknown>[] = [];
    for (let index = 0; index < 60; index += 1)
      media.send('audio', { payload: Buffer.from([1, 2, index]) });
    heard.push(media.next('audio', ({ payload }) => payload.equals(Buffer.from([1, 2, 59]))));
    await Promise.all(heard);
    assert.equal(service.calls()[0]!.stats()!.audio!.received.payloadMean, 3);
  });
});

describe('end of a call', () => {
  it('follows a BYE, and leaves no media open', async (t) => {
    const service = await start(t);
    const { client, dialog } = await callUp(t, service);
    assert.equal(service.liveMedia(), 1);
    const ended = event(service, 'ended');
    client.send(request('BYE', dialog));
    assert.match(await client.next(/^CSeq: \d+ BYE/m), /^SIP\/2\.0 200 /);
    assert.equal((await ended).by, 'caller');
    while (service.liveMedia() > 0) await new Promise(setImmediate);
    assert.equal(service.calls().length, 0);
    client.send(request('BYE', dialog));
    assert.match(await client.next(/^SIP\/2\.0 [3-6]/), /^SIP\/2\.0 481 /);
  });

  it('comes from the service when it is asked to', async (t) => {
    const service = await start(t);
    const { client } = await callUp(t, service);
    const ended = event(service, 'ended');
    const hangingUp = service.calls()[0]!.hangUp();
    const bye = await client.next(/^BYE /);
    assert.match(bye, /^BYE sip:caller@client\.invalid;transport=ws SIP\/2\.0/);
    client.send(respond(bye, '200 OK'));
    await hangingUp;
    assert.equal((await ended).by, 'service');
  });

  it('comes from the service when it closes', async (t) => {
    const service = await start(t);
    const { client, dialog } = await callUp(t, service);
    // the answer says that the ACK has been read: before it, no BYE may be sent (RFC 3261 section 15)
    client.send(request('INFO', dialog));
    await client.next(/^CSeq: \d+ INFO/m);
    const closing = service.close();
    await client.next(/^BYE /);
    await closing;
    assert.equal(service.liveMedia(), 0);
    await client.closed;
  });

  it('comes when no media arrive after the answer', async (t) => {
    const service = await start(t, { mediaTimeoutMs: 200 });
    const client = await connectSip(service);
    const dialog = createDialog();
    const media = createCaller();
    t.after(() => media.close());
    client.send(request('INVITE', dialog, { body: await media.offer() }));
    learn(dialog, await client.next(/^SIP\/2\.0 200 /));
    client.send(request('ACK', dialog));
    await client.next(/^BYE /);
  });
});

describe('change of a call', () => {
  it('is put on hold and retrieved by the service with re-INVITEs', async (t) => {
    const service = await start(t);
    const { client, media } = await callUp(t, service);
    press(media, 1, 1000);
    await echoOf(media, Buffer.from('before'));
    const [call] = service.calls();

    const holding = call!.hold();
    const held = await client.next(/^INVITE /);
    assert.match(bodyOf(held), /^a=sendonly\r$/m);
    assert.match(bodyOf(held), /^a=setup:actpass\r$/m);
    client.send(
      respond(
        held,
        '200 OK',
        bodyOf(held).replace('a=sendonly', 'a=recvonly').replace('actpass', 'passive'),
      ),
    );
    await client.next(/^ACK /);
    await holding;

    const retrieving = call!.retrieve();
    const retrieved = await client.next(/^INVITE /);
    assert.match(bodyOf(retrieved), /^a=sendrecv\r$/m);
    assert.ok(
      Number(/^o=- \d+ (\d+)/m.exec(bodyOf(retrieved))![1]) >
        Number(/^o=- \d+ (\d+)/m.exec(bodyOf(held))![1]),
    );
    client.send(respond(retrieved, '200 OK', bodyOf(retrieved).replace('actpass', 'passive')));
    await retrieving;
    await echoOf(media, Buffer.from('after'));
  });

  it('stays as it was when the caller refuses the hold', async (t) => {
    const service = await start(t);
    const { client, media } = await callUp(t, service);
    const holding = service.calls()[0]!.hold();
    client.send(respond(await client.next(/^INVITE /), '488 Not Acceptable Here'));
    await assert.rejects(holding, /488/);
    press(media, 1, 1000);
    await echoOf(media, Buffer.from('still here'));
  });

  it('sends nothing to a caller who holds, and goes on after', async (t) => {
    const service = await start(t);
    const { client, dialog, media, offer } = await callUp(t, service);
    press(media, 1, 1000);
    await echoOf(media, Buffer.from('before'));
    const reinvite = async (direction: string): Promise<string> => {
      client.send(
        request('INVITE', dialog, { body: offer.replace('a=sendrecv', `a=${direction}`) }),
      );
      const response = await client.next(/^SIP\/2\.0 200 [^]*^CSeq: \d+ INVITE/m);
      client.send(request('ACK', dialog));
      return bodyOf(response);
    };
    assert.match(await reinvite('sendonly'), /^a=recvonly\r$/m);
    const sent = service.calls()[0]!.stats()!.audio!.sent.packets;
    const received = service.calls()[0]!.stats()!.audio!.received.packets;
    const speaking = setInterval(
      () => media.send('audio', { payload: Buffer.from('unheard') }),
      20,
    );
    while (service.calls()[0]!.stats()!.audio!.received.packets < received + 10)
      await new Promise(setImmediate);
    clearInterval(speaking);
    assert.equal(service.calls()[0]!.stats()!.audio!.sent.packets, sent);
    assert.match(await reinvite('sendrecv'), /^a=sendrecv\r$/m);
    await echoOf(media, Buffer.from('after'));
  });

  it('cannot restart ICE: 488, and the call goes on', async (t) => {
    const service = await start(t);
    const { client, dialog, media, offer } = await callUp(t, service);
    client.send(
      request('INVITE', dialog, { body: offer.replace(/a=ice-ufrag:.*/g, 'a=ice-ufrag:other') }),
    );
    assert.match(await client.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 488 /);
    client.send(request('ACK', dialog, { same: true }));
    press(media, 1, 1000);
    await echoOf(media, Buffer.from('still here'));
  });

  it('refuses REFER in the call', async (t) => {
    const service = await start(t);
    const { client, dialog } = await callUp(t, service);
    client.send(request('REFER', dialog, { headers: ['Refer-To: <sip:+8835100@evil.example>'] }));
    assert.match(await client.next(/^CSeq: \d+ REFER/m), /^SIP\/2\.0 405 /);
  });

  it('sends INFO', async (t) => {
    const service = await start(t);
    const { client } = await callUp(t, service);
    const sending = service.calls()[0]!.sendInfo('text/plain', 'hello');
    const info = await client.next(/^INFO /);
    client.send(respond(info, '200 OK'));
    await sending;
    assert.equal(bodyOf(info), 'hello');
    assert.equal(headerOf(info, 'Content-Type'), 'text/plain');
  });
});

describe('loss of the WebSocket in a call', () => {
  it('leaves the media running, and the caller may come back on another', async (t) => {
    const service = await start(t);
    const { client, dialog, media, offer } = await callUp(t, service);
    press(media, 1, 1000);
    await echoOf(media, Buffer.from('before'));
    const lost = event(service, 'connection');
    client.terminate();
    assert.equal((await lost).state, 'lost');
    assert.equal(service.calls()[0]?.reachable, false);
    await echoOf(media, Buffer.from('between'));

    const again = await connectSip(service);
    const restored = event(service, 'connection');
    again.send(request('INVITE', dialog, { body: offer }));
    assert.match(await again.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 200 /);
    again.send(request('ACK', dialog));
    assert.equal((await restored).state, 'restored');
    assert.equal(service.calls()[0]?.reachable, true);
    await echoOf(media, Buffer.from('after'));

    // and requests of the service find the new one
    const hangingUp = service.calls()[0]!.hangUp();
    again.send(respond(await again.next(/^BYE /), '200 OK'));
    await hangingUp;
  });

  it('ends the call after a while', async (t) => {
    const service = await start(t, { graceMs: 100 });
    const { client, dialog } = await callUp(t, service);
    const ended = event(service, 'ended');
    client.terminate();
    assert.equal((await ended).by, 'network');
    while (service.liveMedia() > 0) await new Promise(setImmediate);
    const late = await connectSip(service);
    late.send(request('BYE', dialog));
    assert.match(await late.next(/^SIP/), /^SIP\/2\.0 481 /);
  });

  it('does not start a running call a second time', async (t) => {
    const service = await start(t);
    const { dialog, offer } = await callUp(t, service);
    const other = await connectSip(service);
    other.send(request('INVITE', { ...dialog, toTag: null, target: null }, { body: offer }));
    assert.match(await other.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 482 /);
    assert.equal(service.calls().length, 1);
  });

  it('gives the dialog to nobody who does not know its tags', async (t) => {
    const service = await start(t);
    const { dialog } = await callUp(t, service);
    const stranger = await connectSip(service);
    for (const change of [{ toTag: 'guess' }, { fromTag: 'guess' }]) {
      stranger.send(request('BYE', { ...dialog, ...change }));
      assert.match(await stranger.next(/^SIP/), /^SIP\/2\.0 481 /);
    }
    assert.equal(service.calls().length, 1);
  });
});
