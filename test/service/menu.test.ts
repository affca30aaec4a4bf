import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadAssets, type Prompt } from '../../demo/service/media/assets.js';
import { callUp, type PhoneCall } from './caller.js';
import { bodyOf, connectSip, createDialog, learn, request, respond } from './sip-client.js';
import { event, start } from './start.js';

const assets = await loadAssets();

/** Somewhere in the middle of it, where no other clip is alike. */
const middle = (prompt: Prompt): Buffer => assets.prompts[prompt].opus[30]!.data;

const says = ({ media }: PhoneCall, prompt: Prompt): Promise<unknown> =>
  media.next('audio', ({ payload }) => payload.equals(middle(prompt)));

let timestamp = 0;
/** RFC 4733. */
function press({ media }: PhoneCall, ...keys: readonly number[]): void {
  for (const key of keys) {
    timestamp += 960;
    for (const end of [0, 0x80]) {
      media.send('audio', {
        payloadType: 126,
        timestamp,
        payload: Buffer.from([key, end, 0, 160]),
      });
    }
  }
}

describe('the menu', () => {
  it('may be interrupted, and says each key to its end', async (t) => {
    const service = await start(t);
    const call = await callUp(t, service, { alias: 'menu' });
    await call.media.first('audio');
    const said: number[] = [];
    const done = says(call, 'unknown');
    call.media
      .next('audio', ({ payload }) => {
        for (const key of [7, 8]) {
          if (payload.equals(assets.digits.get(String(key))!.opus.at(-1)!.data)) said.push(key);
        }
        return said.length === 2;
      })
      .catch(() => {});
    press(call, 7, 8);
    await done;
    assert.deepEqual(said, [7, 8]);
  });

  it('takes 300 keys at once: reports all, says a few, and goes on', async (t) => {
    const service = await start(t);
    const call = await callUp(t, service, { alias: 'menu' });
    let digits = 0;
    service.events.on('digit', () => (digits += 1));
    await call.media.first('audio');
    const done = says(call, 'unknown');
    press(call, ...Array.from({ length: 300 }, () => 5 + 1));
    await done;
    assert.equal(digits, 300);
    press(call, 3);
    const bye = await call.client.next(/^BYE /);
    call.client.send(respond(bye, '200 OK'));
  });

  it('takes keys by INFO, and refuses malformed ones', async (t) => {
    const service = await start(t);
    const call = await callUp(t, service, { alias: 'menu' });
    const { client, dialog } = call;
    for (const [contentType, body, status] of [
      ['application/dtmf-relay', 'Signal=55\r\nDuration=100\r\n', 400],
      ['application/dtmf-relay', '\u0000\u0000', 400],
      ['application/dtmf', 'Signal=5', 400],
      ['text/html', '<b>5</b>', 415],
      ['application/dtmf', '3', 200],
    ] as const) {
      client.send(request('INFO', dialog, { contentType, body }));
      const response = await client.next(/^SIP\/2\.0 [^]*^CSeq: \d+ INFO/m);
      assert.match(response, new RegExp(`^SIP/2\\.0 ${status} `), body);
    }
    client.send(respond(await client.next(/^BYE /), '200 OK'));
  });

  it('goes on where the caller refuses the hold, and where it refuses video', async (t) => {
    const service = await start(t);
    const call = await callUp(t, service, { alias: 'menu' });
    press(call, 2);
    const hold = await call.client.next(/^INVITE /);
    assert.match(bodyOf(hold), /^a=sendonly\r$/m);
    call.client.send(respond(hold, '488 Not Acceptable Here'));
    await says(call, 'back');
    press(call, 4);
    const video = await call.client.next(/^INVITE /);
    assert.match(bodyOf(video), /^m=video 9 /m);
    call.client.send(respond(video, '603 Decline'));
    await says(call, 'no-picture');
    // and where the m-line alone is refused
    press(call, 4);
    const again = await call.client.next(/^INVITE /);
    const body = bodyOf(again).replace('m=video 9', 'm=video 0').replaceAll('actpass', 'passive');
    call.client.send(respond(again, '200 OK', body));
    await says(call, 'no-picture');
  });

  it('is not disturbed by keys that nobody listens for', async (t) => {
    const service = await start(t, {
      aliases: new Map([
        [
          'deaf',
          async (call) => {
            await call.ring();
            await call.waitMs(50);
            await call.answer();
          },
        ],
      ]),
    });
    const digits: string[] = [];
    service.events.on('digit', ({ digit, via }) => digits.push(`${via} ${digit}`));
    const call = await callUp(t, service, { alias: 'deaf' });
    const body = 'Signal=1\r\nDuration=100\r\n';
    call.client.send(request('INFO', call.dialog, { contentType: 'application/dtmf-relay', body }));
    await call.client.next(/^SIP\/2\.0 200 [^]*^CSeq: \d+ INFO/m);
    press(call, 2);
    await event(service, 'digit');
    assert.deepEqual(digits, ['info 1', 'rtp 2']);
    assert.equal(service.calls()[0]?.state, 'established');

    // and before the answer they are refused
    const client = await connectSip(service);
    const dialog = createDialog('silent');
    client.send(request('INVITE', dialog, { body: call.offer }));
    learn(dialog, await client.next(/^SIP\/2\.0 180 /));
    client.send(request('INFO', dialog, { contentType: 'application/dtmf-relay', body }));
    assert.match(await client.next(/^SIP\/2\.0 [^]*^CSeq: \d+ INFO/m), /^SIP\/2\.0 4\d\d /);
    assert.equal(service.calls().length, 2);
  });
});
