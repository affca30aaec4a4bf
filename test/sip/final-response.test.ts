import { expect } from 'chai';
import type { EndReason } from '../../src/call/errors.js';
import { endOf, endReason, parseRetryAfter } from '../../src/sip/end-reason.js';
import { createWorld, expectQuietPage, place, turn } from '../support/sip-call.js';

const TABLE: Partial<Record<EndReason, readonly number[]>> = {
  busy: [486, 600],
  'no-answer': [408, 480],
  declined: [603, 607, 608],
  'not-found': [404, 410, 484, 604],
  'media-not-supported': [415, 488, 606],
  cancelled: [487],
  'service-unavailable': [
    300, 302, 400, 405, 420, 421, 481, 482, 483, 500, 502, 503, 504, 513, 699,
  ],
};

describe('end reason', () => {
  for (const [reason, statuses] of Object.entries(TABLE)) {
    it(`${reason} is ${statuses.join(', ')}, with and without a pass`, () => {
      for (const status of statuses) {
        expect(endReason(status, true), String(status)).to.equal(reason);
        expect(endReason(status, false), String(status)).to.equal(reason);
      }
    });
  }

  it('of 401, 403 and 407 depends on the pass', () => {
    for (const status of [401, 403, 407]) {
      expect(endReason(status, true)).to.equal('pass-refused');
      expect(endReason(status, false)).to.equal('not-allowed');
    }
  });

  it('comes with Retry-After where there is one', () => {
    expect(endOf(503, '120', false)).to.deep.equal({
      reason: 'service-unavailable',
      status: 503,
      retryAfter: 120,
    });
    expect(endOf(503, undefined, false)).to.deep.equal({
      reason: 'service-unavailable',
      status: 503,
    });
  });
});

describe('Retry-After', () => {
  const CASES: [string | undefined, number | undefined][] = [
    ['0', 0],
    ['18000;duration=3600', 18_000],
    ["120 (I'm in a meeting)", 120],
    [' 5 ; duration=1', 5],
    ['86400', 86_400],
    ['86401', 86_400],
    ['9'.repeat(400), 86_400],
    ['-5', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['12 monkeys', undefined],
    ['Fri, 31 Dec 1999 23:59:59 GMT', undefined],
    ['', undefined],
    [undefined, undefined],
  ];
  for (const [value, seconds] of CASES) {
    it(`${JSON.stringify(value ?? null).slice(0, 40)} means ${seconds ?? 'nothing'}`, () => {
      expect(parseRetryAfter(value)).to.equal(seconds);
    });
  }
});

describe('final response', () => {
  expectQuietPage();

  for (const [status, reason] of [
    [302, 'service-unavailable'],
    [403, 'pass-refused'],
    [404, 'not-found'],
    [480, 'no-answer'],
    [486, 'busy'],
    [487, 'cancelled'],
    [488, 'media-not-supported'],
    [500, 'service-unavailable'],
    [603, 'declined'],
  ] as const) {
    it(`${status} is acknowledged and ends the call once: ${reason}`, async () => {
      const world = createWorld();
      const { call, invite } = await place(world);
      world.peer.respond(invite, '180 Ringing');
      await world.event('ringing');
      world.peer.respond(invite, `${status} Whatever`);
      const ack = await world.peer.next('ACK');
      expect(ack.header('Via')).to.equal(invite.header('Via'));
      await world.event('ended');
      world.peer.respond(invite, `${status} Whatever`);
      await call.end();
      await turn();
      expect(world.ends).to.deep.equal([{ reason, status }]);
      expect(world.log).to.deep.equal(['ringing', 'ended']);
    });
  }

  it('403 without a pass means not allowed', async () => {
    const world = createWorld({ request: { pass: null } });
    const { invite } = await place(world);
    world.peer.respond(invite, '403 Forbidden');
    await world.event('ended');
    expect(world.ends).to.deep.equal([{ reason: 'not-allowed', status: 403 }]);
  });

  it('503 brings its Retry-After', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '503 Service Unavailable', { headers: ['Retry-After: 30 (full)'] });
    await world.event('ended');
    expect(world.ends).to.deep.equal([
      { reason: 'service-unavailable', status: 503, retryAfter: 30 },
    ]);
  });

  it('3xx is not followed', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    world.peer.respond(invite, '302 Moved Temporarily', { contact: 'sip:evil@example.org' });
    await world.peer.next('ACK');
    await world.event('ended');
    await turn();
    expect(world.peer.unread).to.deep.equal([]);
    expect(world.peer.sockets).to.have.length(1);
  });

  it('ends the call though SIP.js cannot read it', async () => {
    for (const header of [
      'Contact: <tel:+15551234567>',
      'Max-Forwards: many',
      'Content-Type: ///',
      'Record-Route: nonsense',
      'WWW-Authenticate: ,,,',
    ]) {
      const world = createWorld();
      const { invite } = await place(world);
      world.peer.respond(invite, '486 Busy Here', { contact: null, headers: [header] });
      await world.event('ended');
      expect(world.ends, header).to.deep.equal([{ reason: 'busy', status: 486 }]);
    }
  });
});
