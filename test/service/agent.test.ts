import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Service } from '../../demo/service/server.js';
import { callUp } from './caller.js';
import { createCaller } from './media-caller.js';
import { createPhone, incoming, registered } from './raw-phone.js';
import {
  bodyOf,
  connectSip,
  createDialog,
  headerOf,
  learn,
  request,
  respond,
  type Dialog,
  type SipClient,
} from './sip-client.js';
import { event, start } from './start.js';

/** A caller whose phone call is on its way. */
async function dial(
  t: TestContext,
  service: Service,
  { video = false, headers = [] }: { video?: boolean; headers?: readonly string[] } = {},
): Promise<{ client: SipClient; dialog: Dialog }> {
  const client = await connectSip(service);
  const dialog = createDialog('agent');
  const media = createCaller({ video });
  t.after(() => media.close());
  client.send(request('INVITE', dialog, { body: await media.offer(), headers }));
  return { client, dialog };
}

const CONTEXT = '7b7d;encoding=hex;purpose=call-button';

describe('a call to a person', () => {
  it('is refused with 480 where nobody has registered', async (t) => {
    const service = await start(t);
    const { client } = await dial(t, service);
    assert.match(await client.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 480 /);
  });

  it('rings the phone without an offer, with the context, and with whether there is video', async (t) => {
    const service = await start(t);
    const phone = await registered(service);
    for (const video of [true, false]) {
      const { client, dialog } = await dial(t, service, {
        video,
        headers: [`User-to-User: ${CONTEXT}`],
      });
      const leg = await incoming(t, phone);
      assert.match(leg.invite, /^INVITE sip:phone\d+@client\.invalid;transport=ws SIP\/2\.0/);
      assert.equal(bodyOf(leg.invite), '');
      assert.equal(headerOf(leg.invite, 'User-to-User'), CONTEXT);
      assert.match(headerOf(leg.invite, 'Contact') ?? '', video ? />;audio;video$/ : />;audio$/);
      leg.respond('180 Ringing');
      learn(dialog, await client.next(/^SIP\/2\.0 180 /));
      client.send(request('CANCEL', dialog, { same: true }));
      await client.next(/^SIP\/2\.0 487 /);
      assert.match(await phone.client.next(/^CANCEL /), /^CANCEL /);
    }
  });

  it('carries sound both ways, and digits as INFO', async (t) => {
    const service = await start(t);
    const phone = await registered(service);
    const calling = callUp(t, service, { alias: 'agent' });
    const leg = await incoming(t, phone);
    leg.respond('180 Ringing');
    await leg.answer();
    const { client, dialog, media } = await calling;
    for (const [from, to] of [
      [media, leg.media],
      [leg.media, media],
    ] as const) {
      const payload = Buffer.from(from === media ? 'hello' : 'good morning');
      const speaking = setInterval(() => from.send('audio', { payload }), 20);
      await to.next('audio', (packet) => packet.payload.equals(payload));
      clearInterval(speaking);
    }
    for (const end of [0, 0, 0x80]) {
      media.send('audio', {
        payloadType: 126,
        timestamp: 7,
        payload: Buffer.from([5, end, 0, 160]),
      });
    }
    const info = await phone.client.next(/^INFO /);
    assert.match(bodyOf(info), /^Signal=5\r\n/);
    phone.client.send(respond(info, '200 OK'));
    client.send(request('BYE', dialog));
    phone.client.send(respond(await phone.client.next(/^BYE /), '200 OK'));
  });

  it('is told 486 where all are busy, and 603 where one declines', async (t) => {
    const service = await start(t);
    const phones = [await registered(service), await registered(service)];
    for (const [statuses, told] of [
      [['486 Busy Here', '480 Gone'], 486],
      [['480 Gone', '404 Not Found'], 480],
      [['603 Decline'], 603],
    ] as const) {
      const { client } = await dial(t, service);
      const legs = await Promise.all(phones.map((phone) => incoming(t, phone)));
      // before a provisional response there is no CANCEL (RFC 3261 section 9.1)
      legs[1]!.respond('180 Ringing');
      await client.next(/^SIP\/2\.0 180 /);
      statuses.forEach((status, index) => legs[index]!.respond(status));
      assert.match(await client.next(/^SIP\/2\.0 [2-6]/), new RegExp(`^SIP/2\\.0 ${told} `));
      if (statuses.length === 1) await phones[1]!.client.next(/^CANCEL /);
    }
  });

  it('goes to the faster of two; the other hears that it was answered elsewhere', async (t) => {
    const service = await start(t);
    const phones = [await registered(service), await registered(service)];
    const calling = callUp(t, service, { alias: 'agent' });
    const [one, two] = await Promise.all(phones.map((phone) => incoming(t, phone)));
    one!.respond('180 Ringing');
    two!.respond('180 Ringing');
    await one!.answer();
    const cancel = await two!.client.next(/^CANCEL /);
    assert.match(headerOf(cancel, 'Reason') ?? '', /^SIP;cause=200;/);
    await calling;
    // it had answered before it heard of that
    two!.respond('200 OK', await two!.media.offer());
    await two!.client.next(/^ACK /);
    await two!.client.next(/^BYE /);
    assert.equal(service.calls().length, 1);
  });

  it('ends at the phone where the phone loses its connection while it rings', async (t) => {
    const service = await start(t);
    const phone = await registered(service);
    const { client } = await dial(t, service);
    const leg = await incoming(t, phone);
    leg.respond('180 Ringing');
    await client.next(/^SIP\/2\.0 180 /);
    phone.client.terminate();
    assert.match(await client.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 480 /);
  });

  it('ends where the phone cannot be agreed with', async (t) => {
    const service = await start(t);
    const phone = await registered(service);
    const { client } = await dial(t, service);
    const leg = await incoming(t, phone);
    leg.respond('200 OK', 'v=0\r\n');
    await phone.client.next(/^BYE /);
    assert.match(await client.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 480 /);
  });
});

describe('a transfer by the phone', () => {
  async function talking(t: TestContext) {
    const service = await start(t);
    const phone = await registered(service);
    const calling = callUp(t, service, { alias: 'agent' });
    const leg = await incoming(t, phone);
    leg.respond('180 Ringing');
    await leg.answer();
    return { service, phone, leg, caller: await calling };
  }

  it('to a service is promised, told of, and done', async (t) => {
    const { service, leg } = await talking(t);
    const transferred = event(service, 'transferred');
    leg.request('REFER', ['Refer-To: <sip:echo@127.0.0.1>']);
    await leg.client.next(/^SIP\/2\.0 202 /);
    const trying = await leg.client.next(/^NOTIFY /);
    assert.match(bodyOf(trying), /^SIP\/2\.0 100 /);
    const done = await leg.client.next(/^NOTIFY /);
    assert.match(bodyOf(done), /^SIP\/2\.0 200 /);
    assert.match(headerOf(done, 'Subscription-State') ?? '', /^terminated/);
    assert.equal((await transferred).to, 'echo');
    leg.request('BYE');
    await leg.client.next(/^SIP\/2\.0 200 [^]*BYE/);
    assert.equal(service.calls()[0]?.state, 'established');
  });

  it('to what is no service of ours is refused, and the call goes on', async (t) => {
    const { service, leg, caller } = await talking(t);
    leg.request('REFER', ['Refer-To: <sip:nobody@127.0.0.1>']);
    await leg.client.next(/^SIP\/2\.0 202 /);
    assert.match(bodyOf(await leg.client.next(/^NOTIFY [^]*sipfrag[^]*404/)), /^SIP\/2\.0 404 /);
    for (const target of [
      'tel:+8835100',
      '<tel:+8835100>',
      '<sip:+8835100@evil.example>',
      '<sip:echo@127.0.0.1?Replaces=x%0d%0aX: y>',
      '"',
      '',
    ]) {
      leg.request('REFER', [`Refer-To: ${target}`]);
      assert.match(await leg.client.next(/^SIP\/2\.0 [^]*REFER/), /^SIP\/2\.0 400 /, target);
    }
    const payload = Buffer.from('still here');
    const speaking = setInterval(() => caller.media.send('audio', { payload }), 20);
    await leg.media.next('audio', (packet) => packet.payload.equals(payload));
    clearInterval(speaking);
    assert.equal(service.calls().length, 1);
  });

  it('is for registered phones alone: a caller gets 405', async (t) => {
    const { caller } = await talking(t);
    caller.client.send(
      request('REFER', caller.dialog, { headers: ['Refer-To: <sip:echo@127.0.0.1>'] }),
    );
    assert.match(await caller.client.next(/^SIP\/2\.0 [^]*REFER/), /^SIP\/2\.0 405 /);
  });

  it('is not for whoever guesses a Call-ID', async (t) => {
    const { service, leg } = await talking(t);
    const stranger = await createPhone(service);
    const text = leg
      .request('OPTIONS')
      .replace('OPTIONS ', 'REFER ')
      .replace(/CSeq: (\d+) \w+/, 'CSeq: 900 REFER');
    stranger.client.send(
      text
        .replace(/^To: (.*);tag=.*$/m, 'To: $1;tag=guess')
        .replace('\r\n\r\n', '\r\nRefer-To: <sip:echo@127.0.0.1>\r\n\r\n'),
    );
    assert.match(await stranger.client.next(/^SIP/), /^SIP\/2\.0 405 /);
  });
});
