import { expect } from 'chai';
import { hasSdp, header, parseMessage, reply, rewrite } from '../../src/sip/message.js';

const LINES = [
  'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
  'TO :',
  ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
  'from   : "J Rosenberg \\\\\\"; tag=no"       <sip:jdrosen@example.com;tag=no>',
  '  ;',
  '  tag = 98asjd8',
  'Max-Forwards: 0068',
  'i: wsinv.ndaksdj@192.0.2.1',
  'l: 4',
  'cseq: 0009',
  '  INVITE',
  'v  : SIP  / 2.0  / UDP 192.0.2.2;branch=390skdjuw',
  'Via : SIP/2.0/TCP spindle.example.com;branch=z9hG4bK9ikj8',
  's :',
  'NewFangledHeader:   newfangled value',
  ' continued newfangled value',
  'c:application/SDP; charset=utf-8',
  'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam',
];
const TORTUOUS = `${LINES.join('\r\n')}\r\n\r\nv=0\näö`;

const without = (name: RegExp): string =>
  `${LINES.join('\r\n')
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .filter((line) => !name.test(line))
    .join('\r\n')}\r\n\r\n`;

describe('reading a message', () => {
  it('understands the tortuous INVITE of RFC 4475 §3.1.1.1: compact names, folded lines, spaces', () => {
    const message = parseMessage(TORTUOUS);
    expect(message).to.include({
      status: 0,
      method: 'INVITE',
      cseq: 9,
      callId: 'wsinv.ndaksdj@192.0.2.1',
      fromTag: '98asjd8',
      toTag: '1918181833n',
      branch: '390skdjuw',
      body: 'v=0\n',
    });
    expect(hasSdp(message!)).to.equal(true);
    expect(header(message!, 'newfangledheader')).to.equal(
      'newfangled value continued newfangled value',
    );
  });

  it('reads responses, with and without a phrase', () => {
    for (const start of ['SIP/2.0 486 Busy Here', 'SIP/2.0 486', 'SIP/2.0 486 ', 'sip/2.0 486 x']) {
      const message = parseMessage(TORTUOUS.replace(/^[^\r]*/, start));
      expect(message, start).to.include({ status: 486, method: 'INVITE' });
    }
  });

  it('cuts the body where Content-Length says, in bytes, and never inside a character', () => {
    const body = (length: string): string | undefined =>
      parseMessage(TORTUOUS.replace('l: 4', `l: ${length}`).replace(/\r\n\r\n[^]*$/, '\r\n\r\nä😀'))
        ?.body;
    expect(body('6')).to.equal('ä😀');
    expect(body('2')).to.equal('ä');
    expect(body('4')).to.equal('ä\ufffd');
    expect(body('0')).to.equal('');
    // too much, or nonsense: the frame says where the message ends
    for (const length of ['7', '99999999999', '-1', 'x', '']) {
      expect(body(length), length).to.equal('ä😀');
    }
  });

  for (const [title, text] of [
    ['nothing', ''],
    ['no empty line', TORTUOUS.replace('\r\n\r\n', '\r\n')],
    ['only line feeds', TORTUOUS.replace(/\r\n/g, '\n')],
    ['no start line', `\r\n${TORTUOUS}`],
    ['another protocol', TORTUOUS.replace('SIP/2.0', 'HTTP/1.1')],
    ['another version', TORTUOUS.replace(' SIP/2.0', ' SIP/7.0')],
    ['a status below 100', TORTUOUS.replace(/^[^\r]*/, 'SIP/2.0 099 x')],
    ['a status above 699', TORTUOUS.replace(/^[^\r]*/, 'SIP/2.0 700 x')],
    ['a status of four digits', TORTUOUS.replace(/^[^\r]*/, 'SIP/2.0 4294967301 x')],
    ['two request URIs', TORTUOUS.replace(/^INVITE/, 'INVITE sip:a@b')],
    ['no Via', without(/^v/i)],
    ['no From', without(/^from/i)],
    ['no To', without(/^to/i)],
    ['no Call-ID', without(/^i/)],
    ['no CSeq', without(/^cseq/)],
    ['an empty Call-ID', TORTUOUS.replace('wsinv.ndaksdj@192.0.2.1', '')],
    ['two From', TORTUOUS.replace('Max-Forwards: 0068', 'f: <sip:a@b>;tag=1')],
    ['two CSeq', TORTUOUS.replace('Max-Forwards: 0068', 'CSeq: 8 INVITE')],
    ['a CSeq of 2^31', TORTUOUS.replace('0009', '2147483648')],
    ['a negative CSeq', TORTUOUS.replace('0009', '-1')],
    ['a CSeq without a method', TORTUOUS.replace('  INVITE', '  ')],
    ['a CSeq of another method', TORTUOUS.replace('  INVITE', '  BYE')],
    ['a control character in From', TORTUOUS.replace('J Rosenberg', 'J\u0000Rosenberg')],
    [
      'a bare line feed in To',
      TORTUOUS.replace('sip:vivekg@chair-dnrc.example.com ;', 'sip:a@b\n;'),
    ],
    ['a Call-ID of 9000 characters', TORTUOUS.replace('wsinv', 'w'.repeat(9000))],
  ] as const) {
    it(`refuses ${title}`, () => {
      expect(parseMessage(text)).to.equal(null);
    });
  }

  it('takes no name for a property of something', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const message = parseMessage(TORTUOUS.replace('Max-Forwards', name))!;
      expect(header(message, name.toLowerCase())).to.equal('0068');
    }
  });

  it('leaves out lines that are broken or too long', () => {
    for (const line of [`X: ${'x'.repeat(9000)}`, 'no colon', ': no name', 'a b: c', 'X: \u0007']) {
      const message = parseMessage(TORTUOUS.replace('Max-Forwards: 0068', line));
      expect(message?.headers.length, line.slice(0, 20)).to.equal(
        parseMessage(TORTUOUS)!.headers.length - 1,
      );
    }
  });

  it('takes no time for what is made to take long', () => {
    const start = performance.now();
    for (const evil of [
      `"${'\\"'.repeat(30_000)}`,
      '"'.repeat(60_001),
      ' '.repeat(60_000),
      ';tag='.repeat(12_000),
      '<'.repeat(60_000),
      '\r\n '.repeat(20_000),
    ]) {
      parseMessage(TORTUOUS.replace('"J Rosenberg', evil));
      parseMessage(TORTUOUS.replace('newfangled value', evil));
      parseMessage(evil);
      // as many long lines as go into a frame
      const line = `f: ${evil.slice(0, 8_000)}\r\n`;
      parseMessage(TORTUOUS.replace('\r\n\r\n', `\r\n${line.repeat(7)}\r\n`));
    }
    expect(performance.now() - start).to.be.below(1_000);
  });
});

describe('a stateless response', () => {
  const answer = reply(parseMessage(TORTUOUS)!, '486 Busy Here');

  it('copies what RFC 3261 §8.2.6 wants, in one piece', () => {
    expect(answer.split('\r\n')).to.deep.equal([
      'SIP/2.0 486 Busy Here',
      'Via: SIP  / 2.0  / UDP 192.0.2.2;branch=390skdjuw',
      'Via: SIP/2.0/TCP spindle.example.com;branch=z9hG4bK9ikj8',
      'From: "J Rosenberg \\\\\\"; tag=no"       <sip:jdrosen@example.com;tag=no> ; tag = 98asjd8',
      'To: sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
      'Call-ID: wsinv.ndaksdj@192.0.2.1',
      'CSeq: 0009 INVITE',
      'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE',
      'Content-Length: 0',
      '',
      '',
    ]);
  });

  it('adds a To tag where there is none', () => {
    const bare = parseMessage(TORTUOUS.replace(';   tag    = 1918181833n', ''))!;
    expect(reply(bare, '200 OK')).to.include(
      '\r\nTo: sip:vivekg@chair-dnrc.example.com;tag=390skdjuw\r\n',
    );
  });
});

describe('a message for SIP.js', () => {
  it('has only the headers that SIP.js needs, and our own address', () => {
    expect(rewrite(parseMessage(TORTUOUS)!, 'sip:us@here.invalid').split('\r\n')).to.deep.equal([
      'INVITE sip:us@here.invalid SIP/2.0',
      'to: sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
      'from: "J Rosenberg \\\\\\"; tag=no"       <sip:jdrosen@example.com;tag=no> ; tag = 98asjd8',
      'call-id: wsinv.ndaksdj@192.0.2.1',
      'cseq: 0009 INVITE',
      'via: SIP  / 2.0  / UDP 192.0.2.2;branch=390skdjuw',
      'via: SIP/2.0/TCP spindle.example.com;branch=z9hG4bK9ikj8',
      'contact: "Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam',
      'content-type: application/sdp',
      '',
      'v=0\n',
    ]);
  });

  it('keeps a Contact with a percent sign in its name, and none that cannot be decoded', () => {
    const contact = (value: string): boolean =>
      /^contact:/m.test(
        rewrite(parseMessage(TORTUOUS.replace(/m:.*$/m, `m: ${value}`))!, 'sip:a@b'),
      );
    expect(contact('"50% off" <sip:a@b>')).to.equal(true);
    expect(contact('<sip:%61@b>')).to.equal(true);
    expect(contact('<sip:%ff@b>')).to.equal(false);
    expect(contact('<sip:%zz@b>')).to.equal(false);
  });

  it('never is a redirection', () => {
    const moved = parseMessage(TORTUOUS.replace(/^[^\r]*/, 'SIP/2.0 302 Moved'))!;
    expect(rewrite(moved, '')).to.match(/^SIP\/2\.0 488 -\r\n/);
    expect(rewrite(moved, '')).not.to.include('contact:');
  });
});
