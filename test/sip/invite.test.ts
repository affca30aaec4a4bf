import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import { createWorld, expectQuietPage, PASS, place, turn } from '../support/sip-call.js';
import type { Received } from '../support/sip-peer.js';
import { rejection } from '../support/rejection.js';

const names = (message: Received): string[] => message.headers.map(([name]) => name);

/** Header names of an INVITE with everything in it, in the order of SIP.js. */
const HEADERS = [
  'Via',
  'To',
  'From',
  'CSeq',
  'Call-ID',
  'Max-Forwards',
  'X-Call-Pass',
  'User-to-User',
  'Contact',
  'Allow',
  'Supported',
  'User-Agent',
  'Content-Type',
  'Content-Length',
];

describe('INVITE', () => {
  expectQuietPage();

  it('is what a gateway expects of an anonymous caller with a pass', async () => {
    const world = createWorld({ request: { userToUser: '7b7d;encoding=hex;purpose=call-button' } });
    const { invite } = await place(world);

    expect(invite.socket.protocol).to.equal('sip');
    expect(invite.start).to.equal('INVITE sip:sales@example.com SIP/2.0');
    expect(names(invite)).to.deep.equal(HEADERS);
    expect(invite.header('Via')).to.match(
      /^SIP\/2\.0\/WSS [0-9a-f-]{36}\.invalid;branch=z9hG4bK\d+$/,
    );
    expect(invite.header('From')).to.match(
      /^"Ada Lovelace" <sip:anonymous@example\.com>;tag=[0-9a-f-]{36}$/,
    );
    expect(invite.header('To')).to.equal('<sip:sales@example.com>');
    const host = /WSS (\S+);/.exec(invite.header('Via'))?.[1] ?? '';
    expect(invite.header('Contact')).to.match(
      new RegExp(`^<sip:[0-9a-f-]{36}@${host.replace('.', '\\.')};transport=ws;ob>$`),
    );
    expect(invite.header('Call-ID')).to.equal(world.request.callId);
    expect(invite.header('CSeq')).to.equal('1 INVITE');
    expect(invite.header('X-Call-Pass')).to.equal(PASS.pass);
    expect(invite.header('User-to-User')).to.equal('7b7d;encoding=hex;purpose=call-button');
    expect(invite.header('Allow')).to.equal('INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE');
    expect(invite.header('Supported')).to.equal('outbound, timer');
    expect(invite.header('User-Agent')).to.equal('call-button');
    expect(invite.header('Content-Type')).to.equal('application/sdp');
  });

  it('carries the offer untouched, with a=setup:actpass', async () => {
    const world = createWorld();
    const { invite } = await place(world);
    expect(invite.body).to.equal(world.media.made[0]?.sdp);
    expect(invite.body).to.include('a=setup:actpass\r\n');
    expect(invite.header('Content-Length')).to.equal(String(invite.body.length));
  });

  it('has nothing of a pass or a context where there is none, and Via WS on an insecure socket', async () => {
    const world = createWorld({ servers: ['ws://127.0.0.1:5066'], request: { pass: null } });
    const { invite } = await place(world);
    expect(names(invite)).to.deep.equal(
      HEADERS.filter((name) => name !== 'X-Call-Pass' && name !== 'User-to-User'),
    );
    expect(invite.header('Via')).to.match(/^SIP\/2\.0\/WS /);
  });

  it('differs from call to call in Contact, Via and tag', async () => {
    const [one, two] = await Promise.all([place(createWorld()), place(createWorld())]);
    const unlike = (name: string, pattern: RegExp): void => {
      const first = pattern.exec(one.invite.header(name))?.[1];
      expect(first).to.be.a('string');
      expect(first).not.to.equal(pattern.exec(two.invite.header(name))?.[1]);
    };
    unlike('Contact', /sip:([^@]+)@/);
    unlike('Contact', /@([^;]+);/);
    unlike('From', /tag=(.*)$/);
  });

  const HOSTILE = [
    'Eve"\r\nX-Evil: 1\r\nA: "',
    'Eve\nX-Evil: 1',
    'Eve\rX-Evil: 1',
    'Eve" <sip:boss@example.com>;tag=evil, "x',
    'Eve\\" <sip:boss@example.com>, "',
    'Eve\\',
    '\\\\\\"\r\n\r\nv=0',
    '\u0000\u0007\u007f',
    '"'.repeat(5000),
  ];
  for (const displayName of HOSTILE) {
    it(`adds no header and no parameter for the name ${JSON.stringify(displayName.slice(0, 40))}`, async () => {
      const world = createWorld({ request: { displayName } });
      const { invite } = await place(world);
      expect(names(invite)).to.deep.equal(HEADERS.filter((name) => name !== 'User-to-User'));
      // one quoted-string of RFC 3261 §25.1 at most, then our own address and tag
      expect(invite.header('From')).to.match(
        /^(?:"(?:[\x20\x21\x23-\x5b\x5d-\x7e\x80-\uffff]|\\[\x20-\x7e])*" )?<sip:anonymous@example\.com>;tag=[0-9a-f-]{36}$/,
      );
      expect(invite.header('From').length).to.be.below(400);
      expect(invite.body).to.equal(world.media.made[0]?.sdp);
    });
  }

  it('keeps names of any script as they are', async () => {
    const world = createWorld({ request: { displayName: 'Зоя 👩‍💻 李' } });
    const { invite } = await place(world);
    expect(invite.header('From')).to.match(/^"Зоя 👩‍💻 李" <sip:anonymous@example\.com>;tag=/);
  });

  const REFUSED: [string, Parameters<typeof createWorld>[0], string][] = [
    [
      'pass with a line break',
      { request: { pass: { ...PASS, pass: 'a\r\nX-Evil: 1' } } },
      'gate-error',
    ],
    ['pass with a bare LF', { request: { pass: { ...PASS, pass: 'a\nX-Evil: 1' } } }, 'gate-error'],
    ['empty pass', { request: { pass: { ...PASS, pass: '' } } }, 'gate-error'],
    [
      'user name with a line break',
      { request: { pass: { ...PASS, username: 'a\r\nb' } } },
      'gate-error',
    ],
    ['context with a line break', { request: { userToUser: '00\r\nX-Evil: 1' } }, 'misconfigured'],
    ['Call-ID with a line break', { request: { callId: 'a\r\nX-Evil: 1' } }, 'internal-error'],
    [
      'target with a line break',
      { request: { targetUri: 'sip:a@b\r\nX-Evil: 1' } },
      'misconfigured',
    ],
    ['target with a space', { request: { targetUri: 'sip:a@b SIP/2.0' } }, 'misconfigured'],
    ['target that is no SIP URI', { request: { targetUri: 'tel:+15551234567' } }, 'misconfigured'],
    ['domain with a line break', { request: { domain: 'b>\r\nX-Evil: 1' } }, 'misconfigured'],
  ];
  for (const [title, options, reason] of REFUSED) {
    it(`is not sent with a ${title}`, async () => {
      const world = createWorld(options);
      const error = await rejection(world.invite());
      expect(error).to.be.instanceOf(CallError);
      expect((error as CallError).reason).to.equal(reason);
      await turn();
      expect(world.peer.received).to.deep.equal([]);
      expect(world.media.log).to.deep.equal([]);
      expect(world.log).to.deep.equal([]);
    });
  }

  it('drops headers hidden in the target URI', async () => {
    const world = createWorld({
      request: { targetUri: 'sip:sales@example.com;user=phone?Replaces=1%3Bto-tag%3D2&X-Evil=1' },
    });
    const { invite } = await place(world);
    expect(invite.start).to.equal('INVITE sip:sales@example.com;user=phone SIP/2.0');
    expect(invite.header('To')).to.equal('<sip:sales@example.com;user=phone>');
  });

  it('is not sent when the offer fails, and says why', async () => {
    const world = createWorld();
    world.media.failNext('createOffer', new CallError('webrtc-unsupported', 'no'));
    const error = await rejection(world.invite());
    expect((error as CallError).reason).to.equal('webrtc-unsupported');
    await turn();
    expect(world.peer.received).to.deep.equal([]);
    expect(world.log).to.deep.equal([]);
  });

  it('is not sent when the call is given up while the offer is made', async () => {
    const world = createWorld();
    const go = world.media.pauseNext('createOffer');
    const inviting = rejection(world.invite());
    await turn();
    world.abort.abort();
    go();
    expect(((await inviting) as Error).name).to.equal('AbortError');
    await turn();
    expect(world.peer.received).to.deep.equal([]);
    expect(world.log).to.deep.equal([]);
  });
});
