import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectSip, createDialog, headerOf, learn, request } from './sip-client.js';
import { event, start } from './start.js';

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';

describe('handshake of the SIP WebSocket', () => {
  it('takes the pages of the service and speaks the subprotocol sip', async (t) => {
    const service = await start(t);
    const client = await connectSip(service);
    client.send(request('OPTIONS', createDialog()));
    assert.match(await client.next(/^SIP/), /^SIP\/2\.0 200 /);
  });

  it('takes the same server under the name localhost, and origins that were configured', async (t) => {
    const service = await start(t, { origins: ['https://shop.example'] });
    await connectSip(service, { origin: `http://localhost:${service.port}` });
    await connectSip(service, { origin: 'https://shop.example' });
  });

  for (const [what, options, status] of [
    ['no Origin', { origin: null }, '403'],
    ['a foreign Origin', { origin: 'http://evil.example' }, '403'],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }, '403'],
    ['the null origin of a sandbox', { origin: 'null' }, '403'],
    ['another path', { path: '/sip/x' }, '404'],
    ['another subprotocol', { protocols: ['xmpp'] }, '400'],
    ['no subprotocol', { protocols: [] }, '400'],
  ] as const) {
    it(`refuses ${what} with ${status}`, async (t) => {
      const service = await start(t);
      const settings = 'protocols' in options ? { protocols: [...options.protocols] } : options;
      await assert.rejects(connectSip(service, settings), { message: status });
    });
  }
});

describe('messages outside calls', () => {
  it('answers a CRLF keep-alive, and nothing to an answer', async (t) => {
    const client = await connectSip(await start(t));
    client.send('\r\n');
    client.send('\r\n\r\n');
    assert.equal(await client.next(/^\r\n/), '\r\n');
    client.send(request('OPTIONS', createDialog()));
    // had the single CRLF been answered, its answer would come first
    assert.match(await client.next(/(?:)/), /^SIP\/2\.0 200 /);
  });

  it('lists its methods in answer to OPTIONS, whatever the alias', async (t) => {
    const client = await connectSip(await start(t));
    client.send(request('OPTIONS', createDialog('nobody')));
    const response = await client.next(/^SIP/);
    assert.match(response, /^SIP\/2\.0 200 /);
    assert.equal(headerOf(response, 'Allow'), 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO');
    assert.equal(headerOf(response, 'Accept'), 'application/sdp');
  });

  for (const method of ['REFER', 'MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'UPDATE']) {
    it(`refuses ${method} with 405 and Allow`, async (t) => {
      const client = await connectSip(await start(t));
      client.send(request(method, createDialog()));
      const response = await client.next(/^SIP/);
      assert.match(response, /^SIP\/2\.0 405 /);
      assert.match(headerOf(response, 'Allow') ?? '', /INVITE/);
    });
  }

  it('does not know made-up methods', async (t) => {
    const client = await connectSip(await start(t));
    client.send(request('SHOUT', createDialog()));
    assert.match(await client.next(/^SIP/), /^SIP\/2\.0 501 /);
  });

  it('refuses requests in dialogs that it does not have', async (t) => {
    const client = await connectSip(await start(t));
    for (const method of ['BYE', 'INFO', 'INVITE']) {
      const dialog = createDialog();
      dialog.toTag = 'invented';
      client.send(request(method, dialog));
      assert.match(await client.next(/^SIP/), /^SIP\/2\.0 481 /);
    }
    client.send(request('CANCEL', createDialog()));
    assert.match(await client.next(/^SIP/), /^SIP\/2\.0 481 /);
  });

  it('understands no extension that is required of it', async (t) => {
    const client = await connectSip(await start(t));
    client.send(request('INVITE', createDialog(), { headers: ['Require: timer, 100rel'] }));
    const response = await client.next(/^SIP/);
    assert.match(response, /^SIP\/2\.0 420 /);
    assert.equal(headerOf(response, 'Unsupported'), 'timer, 100rel');
  });

  for (const header of ['From', 'To', 'Call-ID', 'CSeq']) {
    it(`answers a request without ${header} with 400 that names it`, async (t) => {
      const service = await start(t);
      const client = await connectSip(service);
      client.send(
        request('INVITE', createDialog()).replace(new RegExp(`^${header}: .*\r\n`, 'm'), ''),
      );
      const response = await client.next(/^SIP/);
      assert.match(response, /^SIP\/2\.0 400 /);
      assert.equal(headerOf(response, 'Warning'), `399 call-button "${header} is missing"`);
    });
  }

  for (const [what, text] of [
    ['an empty message', ''],
    ['noise', '\u0000\u0001\uffff noise'],
    ['a web request', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['headers without a start line', 'Via: SIP/2.0/WS x\r\n\r\n'],
    ['a request without Via', request('OPTIONS', createDialog()).replace(/^Via: .*\r\n/m, '')],
    ['an ACK without Call-ID', request('ACK', createDialog()).replace(/^Call-ID: .*\r\n/m, '')],
    [
      'a response with a bad CSeq',
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/WS x\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\nCSeq: x\r\n\r\n',
    ],
    ['a status out of range', 'SIP/2.0 999 Odd\r\n\r\n'],
  ] as const) {
    it(`drops ${what} in silence and goes on`, async (t) => {
      const service = await start(t);
      const client = await connectSip(service);
      const dropped = event(service, 'dropped');
      client.send(text);
      await dropped;
      client.send(request('OPTIONS', createDialog()));
      assert.match(await client.next(/(?:)/), /^SIP\/2\.0 200 /);
    });
  }

  it('answers malformed headers with 400', async (t) => {
    const client = await connectSip(await start(t));
    const whole = request('INVITE', createDialog());
    for (const broken of [
      whole.replace(/^From: .*$/m, 'From: <<<'),
      whole.replace(/;tag=\w+/, ''),
      whole.replace(/^CSeq: .*$/m, 'CSeq: INVITE'),
      whole.replace(/;branch=\w+/, ''),
      whole.replace(/\r\n\r\n$/, '\r\n'),
    ]) {
      client.send(broken);
      assert.match(await client.next(/^SIP/), /^SIP\/2\.0 400 /);
    }
  });

  it('closes the connection at a message above 64 KB, and only that one', async (t) => {
    const service = await start(t);
    const [large, other] = [await connectSip(service), await connectSip(service)];
    large.send(request('OPTIONS', createDialog(), { body: 'x'.repeat(65_536) }));
    assert.equal(await large.closed, 1009);
    other.send(request('OPTIONS', createDialog()));
    assert.match(await other.next(/^SIP/), /^SIP\/2\.0 200 /);
  });

  it('reads binary frames too', async (t) => {
    const client = await connectSip(await start(t));
    client.send(Buffer.from(request('OPTIONS', createDialog())) as unknown as string);
    assert.match(await client.next(/^SIP/), /^SIP\/2\.0 200 /);
  });
});

describe('INVITE that leads to no call', () => {
  for (const [alias, status, extra] of [
    ['busy', '486', {}],
    ['declined', '603', {}],
    ['closed', '503', { 'Retry-After': '120' }],
    ['nobody', '404', {}],
    ['UPPER', '404', {}],
  ] as const) {
    it(`answers ${alias} with ${status}`, async (t) => {
      const service = await start(t);
      const client = await connectSip(service);
      const dialog = createDialog(alias);
      client.send(request('INVITE', dialog, { body: SDP }));
      const response = await client.next(/^SIP\/2\.0 [2-6]/);
      assert.ok(response.startsWith(`SIP/2.0 ${status} `), response);
      for (const [name, value] of Object.entries(extra))
        assert.equal(headerOf(response, name), value);
      learn(dialog, response);
      client.send(request('ACK', dialog, { same: true }));
      assert.equal(service.calls().length, 0);
    });
  }

  it('lets declined ring first', async (t) => {
    const client = await connectSip(await start(t));
    client.send(request('INVITE', createDialog('declined'), { body: SDP }));
    assert.match(await client.next(/^SIP\/2\.0 (?!100)/), /^SIP\/2\.0 180 /);
    assert.match(await client.next(/^SIP\/2\.0 (?!100)/), /^SIP\/2\.0 603 /);
  });

  it('rings without end at silent, until CANCEL gets 200 and the INVITE 487', async (t) => {
    const service = await start(t);
    const client = await connectSip(service);
    const dialog = createDialog('silent');
    client.send(request('INVITE', dialog, { body: SDP }));
    const ringing = await client.next(/^SIP\/2\.0 180 /);
    assert.notEqual(headerOf(ringing, 'Contact'), null);
    assert.deepEqual(
      service.calls().map(({ state }) => state),
      ['ringing'],
    );
    const ended = event(service, 'ended');
    client.send(request('CANCEL', dialog, { same: true }));
    assert.match(await client.next(/^CSeq: \d+ CANCEL/m), /^SIP\/2\.0 200 /);
    assert.match(await client.next(/^SIP\/2\.0 [2-6][^]*^CSeq: \d+ INVITE/m), /^SIP\/2\.0 487 /);
    assert.equal((await ended).by, 'cancelled');
    assert.equal(service.calls().length, 0);
  });

  it('refuses a CANCEL from another connection', async (t) => {
    const service = await start(t);
    const [caller, stranger] = [await connectSip(service), await connectSip(service)];
    const dialog = createDialog('silent');
    caller.send(request('INVITE', dialog, { body: SDP }));
    await caller.next(/^SIP\/2\.0 180 /);
    stranger.send(request('CANCEL', dialog, { same: true }));
    assert.match(await stranger.next(/^SIP/), /^SIP\/2\.0 481 /);
    assert.equal(service.calls().length, 1);
  });

  for (const [what, extras, status] of [
    ['a body without Content-Type', { body: SDP, contentType: null }, '415'],
    ['a body that is no SDP', { body: '{}', contentType: 'application/json' }, '415'],
    ['no offer', {}, '488'],
    ['an offer without media', { body: SDP }, '488'],
    ['an offer that is noise', { body: 'm=\r\nm=audio\r\na=x\r\n' }, '488'],
  ] as const) {
    it(`answers ${what} with ${status} and lives on`, async (t) => {
      const service = await start(t);
      const client = await connectSip(service);
      client.send(request('INVITE', createDialog(), extras));
      assert.ok((await client.next(/^SIP\/2\.0 [2-6]/)).startsWith(`SIP/2.0 ${status} `));
      client.send(request('OPTIONS', createDialog()));
      await client.next(/^SIP\/2\.0 200 /);
      assert.equal(service.calls().length, 0);
    });
  }

  it('answers an INVITE without Contact with 400', async (t) => {
    const client = await connectSip(await start(t));
    client.send(
      request('INVITE', createDialog('silent'), { body: SDP }).replace(/^Contact: .*\r\n/m, ''),
    );
    assert.match(await client.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 400 /);
  });

  it('answers a loop with 482, a copy of the INVITE with its last response', async (t) => {
    const client = await connectSip(await start(t));
    const dialog = createDialog('silent');
    const invite = request('INVITE', dialog, { body: SDP });
    client.send(invite);
    await client.next(/^SIP\/2\.0 180 /);
    client.send(invite);
    await client.next(/^SIP\/2\.0 180 /);
    client.send(invite.replace(/branch=\w+/, 'branch=z9hG4bKother'));
    await client.next(/^SIP\/2\.0 482 /);
  });

  it('lets a caller start anew on another connection while it rings, in place of its first try', async (t) => {
    const service = await start(t);
    const [broken, fresh] = [await connectSip(service), await connectSip(service)];
    const dialog = createDialog('silent');
    broken.send(request('INVITE', dialog, { body: SDP }));
    await broken.next(/^SIP\/2\.0 180 /);
    fresh.send(request('INVITE', dialog, { body: SDP }));
    await fresh.next(/^SIP\/2\.0 180 /);
    assert.equal(service.calls().length, 1);
    fresh.send(request('CANCEL', dialog, { same: true }));
    await fresh.next(/^SIP\/2\.0 487 /);
    assert.equal(service.calls().length, 0);
  });

  it('has room for so many calls and no more', async (t) => {
    const client = await connectSip(await start(t, { maxCalls: 2 }));
    for (let index = 0; index < 2; index += 1) {
      client.send(request('INVITE', createDialog('silent'), { body: SDP }));
      await client.next(/^SIP\/2\.0 180 /);
    }
    client.send(request('INVITE', createDialog('silent'), { body: SDP }));
    const response = await client.next(/^SIP\/2\.0 [2-6]/);
    assert.match(response, /^SIP\/2\.0 503 /);
    assert.equal(headerOf(response, 'Retry-After'), '10');
  });

  it('forgets a call that only rang when its connection closes', async (t) => {
    const service = await start(t);
    const client = await connectSip(service);
    client.send(request('INVITE', createDialog('silent'), { body: SDP }));
    await client.next(/^SIP\/2\.0 180 /);
    const ended = event(service, 'ended');
    client.terminate();
    assert.equal((await ended).by, 'network');
    assert.equal(service.calls().length, 0);
  });

  it('shows the INVITE as it came', async (t) => {
    const service = await start(t);
    assert.equal(service.lastInviteRaw, null);
    const client = await connectSip(service);
    const invite = request('INVITE', createDialog('busy'), {
      body: SDP,
      headers: ['User-to-User: 00;encoding=hex'],
    });
    client.send(invite);
    await client.next(/^SIP\/2\.0 486 /);
    assert.equal(service.lastInviteRaw, invite);
  });
});
