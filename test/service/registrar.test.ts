import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPhone, registered } from './raw-phone.js';
import { headerOf } from './sip-client.js';
import { event, start } from './start.js';

const status = (response: string): number => Number(response.slice(8, 11));

describe('a phone that registers', () => {
  it('is asked who it is, and taken with the right password', async (t) => {
    const service = await start(t);
    const phone = await createPhone(service);
    const response = await phone.register();
    assert.equal(status(response), 200);
    assert.match(
      headerOf(response, 'Contact') ?? '',
      /^<sip:phone\d+@client\.invalid;transport=ws>;expires=1(19|20)$/,
    );
    assert.equal(service.phones(), 1);
  });

  it('is refused with another password, under another name, and without digest', async (t) => {
    const service = await start(t);
    const phone = await createPhone(service);
    assert.equal(status(await phone.register({ password: 'wrong' })), 403);
    assert.equal(status(await phone.register({ password: '' })), 403);
    assert.equal(status(await phone.register({ user: 'admin' })), 403);
    assert.equal(
      status(await phone.register({ headers: ['Authorization: Basic YWdlbnQ6eA=='] })),
      401,
    );
    assert.equal(service.phones(), 0);
  });

  it('is challenged anew for a nonce that was never given', async (t) => {
    const service = await start(t);
    const phone = await createPhone(service);
    const { password } = service.agent;
    const response = await phone.register({
      headers: [
        `Authorization: Digest username="agent", realm="call-button", nonce="${Date.now().toString(36)}.${'0'.repeat(32)}", uri="sip:agent@127.0.0.1", response="${'0'.repeat(32)}", qop=auth, nc=00000001, cnonce="a"`,
      ],
      password,
    });
    // the second header is not read: the first one decides
    assert.equal(status(response), 401);
    assert.equal(service.phones(), 0);
  });

  it('refreshes, and leaves', async (t) => {
    const service = await start(t);
    const phone = await registered(service);
    assert.equal(status(await phone.register()), 200);
    assert.equal(service.phones(), 1);
    const gone = event(service, 'phones');
    assert.equal(status(await phone.register({ headers: ['Expires: 0'] })), 200);
    assert.equal((await gone).count, 0);
    assert.equal(service.phones(), 0);
  });

  it('hears who is registered where it asks without a Contact', async (t) => {
    const service = await start(t);
    await registered(service);
    const phone = await createPhone(service);
    const response = await phone.register({ contact: null });
    assert.equal(status(response), 200);
    assert.equal(response.match(/^Contact:/gm)?.length, 1);
    assert.equal(service.phones(), 1);
  });

  it('is one of several, from elsewhere', async (t) => {
    const service = await start(t);
    await registered(service);
    const second = await createPhone(service);
    const response = await second.register();
    assert.equal(response.match(/^Contact:/gm)?.length, 2);
    assert.equal(service.phones(), 2);
  });

  it('is gone with its WebSocket', async (t) => {
    const service = await start(t);
    const phone = await registered(service);
    const gone = event(service, 'phones');
    phone.client.terminate();
    assert.equal((await gone).count, 0);
  });

  it('takes back one contact at a time: * is refused, and removes nobody', async (t) => {
    const service = await start(t);
    const phone = await registered(service);
    assert.equal(status(await phone.register({ contact: '*', headers: ['Expires: 0'] })), 400);
    assert.equal(service.phones(), 1);
  });

  it('is refused for so short a time, out of order, and with what is no contact', async (t) => {
    const service = await start(t);
    const phone = await createPhone(service);
    const brief = await phone.register({ headers: ['Expires: 3'] });
    assert.equal(status(brief), 423);
    assert.equal(headerOf(brief, 'Min-Expires'), '10');
    assert.equal(status(await phone.register({ headers: ['Expires: soon'] })), 400);
    assert.equal(status(await phone.register({ contact: 'nobody' })), 400);
    assert.equal(
      status(await phone.register({ contact: '<sip:a@b.invalid>, <sip:c@d.invalid>' })),
      400,
    );
    assert.equal(service.phones(), 0);
    assert.equal(status(await phone.register()), 200);
    phone.dialog.cseq = 0;
    assert.equal(status(await phone.register()), 500);
    assert.equal(service.phones(), 1);
  });

  it('is one of sixteen at most', async (t) => {
    const service = await start(t);
    const phone = await createPhone(service);
    for (let index = 0; index < 16; index += 1) {
      const contact = `<sip:p${index}@client.invalid;transport=ws>`;
      assert.equal(status(await phone.register({ contact })), 200);
    }
    assert.equal(status(await phone.register({ contact: '<sip:more@client.invalid>' })), 403);
    assert.equal(service.phones(), 16);
  });
});
