import { expect } from 'chai';
import { fakeSdp } from '../support/fake-media-session.js';
import { createRandom, mutate } from '../support/mutate.js';
import { expectQuietPage, turn } from '../support/sip-call.js';
import { answered, Caller, createPhoneWorld, expectUp, register } from '../support/sip-phone.js';

describe('hostile input to a phone', () => {
  expectQuietPage();

  for (let seed = 1; seed <= 3; seed++) {
    it(`of 100 mutated INVITEs (seed ${seed}) leaves a phone that rings`, async () => {
      const random = createRandom(seed);
      const world = createPhoneWorld();
      const contact = await register(world, 3_600);
      let rang = 0;
      for (let i = 0; i < 100; i++) {
        const hostile = new Caller(world, contact, {
          headers: ['User-to-User: 7b7d;encoding=hex;purpose=call-button'],
        });
        const text = hostile.text('INVITE', {
          cseq: 1,
          toTag: '',
          body: fakeSdp('caller'),
          headers: ['User-to-User: 7b7d;encoding=hex;purpose=call-button'],
        });
        world.peer.socket.deliver(mutate(text, random));
        await turn();
        const call = world.calls[rang];
        if (call === undefined) continue;
        rang++;
        expect([...call.caller.name].length).to.be.at.most(64);
        expect(`${call.caller.name}${call.caller.address}`).not.to.match(/[\r\n]/);
        if (i % 2 === 0) call.accept(world.media);
        await turn();
        const ended = call.end('declined');
        world.clock.advance(2_000);
        await ended;
        // what it was accepted with is used up
        await world.media.rollback().catch(() => {});
      }
      // the mutations are neither all harmless nor all fatal
      expect(rang).to.be.within(10, 90);
      const caller = new Caller(world, contact);
      caller.invite();
      await turn();
      expect(world.peer.unread.at(-1)).to.equal('SIP/2.0 180 Ringing');
      expect(world.log.filter((entry) => entry === 'confirmed')).to.deep.equal([]);
      // nobody was called, and no line of ours was written by somebody else
      for (const { method, text } of world.peer.received) {
        expect(method).to.be.oneOf(['', 'REGISTER', 'BYE']);
        expect(text).not.to.match(/^X-/m);
      }
    });
  }

  for (let seed = 4; seed <= 6; seed++) {
    it(`of 100 mutations in the call (seed ${seed}) ends no call`, async () => {
      const random = createRandom(seed);
      const world = createPhoneWorld();
      const { caller } = await answered(world);
      const relay = { type: 'application/dtmf-relay', body: 'Signal=1\r\nDuration=160\r\n' };
      for (let i = 0; i < 100; i++) {
        const texts = [
          caller.text('OPTIONS'),
          caller.text('INFO', relay),
          caller.text('INVITE', { body: fakeSdp('caller', 'sendonly') }),
          caller.text('ACK', { body: fakeSdp('caller') }),
          caller.text('CANCEL', { cseq: 1, toTag: '' }),
          caller.text('NOTIFY', {
            headers: ['Event: refer', 'Subscription-State: active'],
            type: 'message/sipfrag',
            body: 'SIP/2.0 200 OK',
          }),
          caller.text('REFER', { headers: ['Refer-To: <sip:evil@example.org?Replaces=x>'] }),
          caller.text('UPDATE', { body: fakeSdp('caller') }),
          caller.text('MESSAGE', { type: 'text/plain', body: 'hello' }),
          caller.text('REGISTER'),
        ];
        world.peer.socket.deliver(mutate(texts[random(texts.length)] ?? '', random));
        await turn();
        expect(world.ends).to.deep.equal([]);
      }
      caller.cseq += 1_000;
      caller.send('OPTIONS');
      await turn();
      expect(world.peer.unread.at(-1)).to.match(/^SIP\/2\.0 200 /);
      caller.send('BYE', { cseq: 2 ** 31 - 1 });
      await turn();
      expect(world.ends).to.deep.equal(['remote-hung-up']);
    });
  }

  it('that is no SIP at all is dropped, and pings get a pong', async () => {
    const world = createPhoneWorld();
    const { caller } = await answered(world);
    for (const data of ['', '\r\n', 'x'.repeat(70_000), new ArrayBuffer(70_000), '{}', null, 7]) {
      world.peer.socket.deliver(data);
    }
    world.peer.socket.deliver('\r\n\r\n');
    expect(world.peer.pings).to.deep.equal(['\r\n']);
    await expectUp(world, caller);
  });

  it('responses to nothing are dropped', async () => {
    const world = createPhoneWorld();
    const { caller, ok } = await answered(world);
    for (const [status, method] of [
      ['200 OK', 'BYE'],
      ['481 Gone', 'INVITE'],
      ['401 Unauthorized', 'REGISTER'],
      ['200 OK', 'REGISTER'],
      ['202 Accepted', 'REFER'],
    ]) {
      const text = ok.text
        .replace(/^SIP\/2\.0 .*/, `SIP/2.0 ${status}`)
        .replace(/CSeq: .*/, `CSeq: 1 ${method}`);
      world.peer.socket.deliver(text);
      // and as if it were an answer to us
      world.peer.socket.deliver(
        text.replace(/From: (.*)\r\nTo: (.*)\r\n/, 'From: $2\r\nTo: $1\r\n'),
      );
      await turn();
    }
    await expectUp(world, caller);
    expect(world.registrations.at(-1)).to.deep.equal({ state: 'registered' });
  });
});
