import { expect } from 'chai';
import { summarize } from '../../src/sip/summary.js';
import { createRandom, mutate } from '../support/mutate.js';
import { RFC4475 } from '../support/rfc4475.js';

const CALL_ID = '0b9d2c5e-7f3a-4c1d-9e8f-1a2b3c4d5e6f';
const lines = (...text: string[]): string => text.join('\r\n');
const SDP = lines(
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 192.0.2.7',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 126',
  'c=IN IP4 192.0.2.7',
  'a=ice-ufrag:Zq3x',
  'a=ice-pwd:sEcReTiCePaSsWoRd',
  'a=fingerprint:sha-256 AA:BB:CC',
  'a=candidate:1 1 udp 2113937151 0f1e.local 51234 typ host generation 0',
  'a=candidate:2 1 udp 2113937151 2001:db8::7 51235 typ host generation 0',
  'a=candidate:3 1 udp 1677729535 203.0.113.9 51236 typ srflx raddr 192.0.2.7 rport 51234',
  'a=sendrecv',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=inactive',
  'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
  '',
);
const INVITE = lines(
  'INVITE sip:sales@example.com SIP/2.0',
  'Via: SIP/2.0/WSS f7a1.invalid;branch=z9hG4bK77',
  'From: "Zacharias Quillfeather" <sip:anonymous@example.com>;tag=t1',
  'To: <sip:sales@example.com>',
  `Call-ID: ${CALL_ID}`,
  'CSeq: 3 INVITE',
  'Contact: <sip:x@f7a1.invalid;transport=ws>',
  'X-Call-Pass: eyJhbGciOiJIUzI1NiJ9.secret.pass',
  'Proxy-Authorization: Digest username="1:j.sales", response="0a1b2c"',
  'User-to-User: 7b7d;encoding=hex;purpose=call-button',
  'Content-Type: application/sdp',
  `Content-Length: ${SDP.length}`,
  '',
  SDP,
);
const answer = (start: string, ...more: string[]): string =>
  lines(
    start,
    'Via: SIP/2.0/WSS f7a1.invalid;branch=z9hG4bK77;received=203.0.113.9',
    'From: "Zacharias Quillfeather" <sip:anonymous@example.com>;tag=t1',
    'To: <sip:sales@example.com>;tag=t2',
    `Call-ID: ${CALL_ID}`,
    'CSeq: 3 INVITE',
    ...more,
    '',
    '',
  );

describe('a SIP message in the log', () => {
  it('has method, numbers, and what the description offers', () => {
    expect(summarize(INVITE)).to.equal(
      `INVITE, CSeq 3, Call-ID ${CALL_ID}, audio sendrecv (2 host, 1 srflx), video inactive, application off`,
    );
  });

  it('has status, phrase, cause and Retry-After', () => {
    expect(
      summarize(answer('SIP/2.0 486 Busy Here', 'Reason: Q.850;cause=17;text="User busy"')),
    ).to.equal(`486 Busy Here to INVITE, CSeq 3, Call-ID ${CALL_ID}, cause 17`);
    expect(
      summarize(answer('SIP/2.0 503 Service Unavailable', 'Retry-After: 30 (at 10.0.0.1)')),
    ).to.equal(`503 Service Unavailable to INVITE, CSeq 3, Call-ID ${CALL_ID}, Retry-After 30`);
    expect(summarize(answer('SIP/2.0 180'))).to.match(/^180 to INVITE,/);
  });

  for (const phrase of [
    'Bye Zacharias',
    'see quillfeather',
    'Ask 203.0.113.9',
    'Moved to sip:ada@example.com',
    '<b>',
    '\u001b[2J',
    '%c',
  ]) {
    it(`leaves out the phrase "${phrase}"`, () => {
      expect(summarize(answer(`SIP/2.0 403 ${phrase}`))).to.match(/^403 to INVITE, CSeq 3,/);
    });
  }

  it('leaves out identifiers and methods that could be anything', () => {
    const text = INVITE.replaceAll(CALL_ID, 'a84b4c76e66710@10.0.0.1')
      .replace('CSeq: 3 INVITE', 'CSeq: 3 ada@10.0.0.1')
      .replace(/^INVITE /, 'ada@10.0.0.1 ');
    expect(summarize(text)).to.match(/^\d+ characters that are no SIP message$/);
    expect(summarize(answer('SIP/2.0 200 OK').replace('3 INVITE', '3 a@10.0.0.1'))).to.match(
      /^200 OK to unknown method, CSeq 3,/,
    );
    expect(summarize('')).to.equal('0 characters that are no SIP message');
  });

  it('shows nothing private of any message, however it is broken, in little time', () => {
    const random = createRandom(4475);
    const texts = [...RFC4475.map(({ bytes }) => bytes), INVITE];
    const mutants = texts.flatMap((text) => [
      text,
      ...Array.from({ length: 40 }, () => mutate(text, random)),
    ]);
    mutants.push(INVITE + 'a=candidate: typ '.repeat(4000), `SIP/2.0 200 ${'A'.repeat(60_000)}`);
    const begin = performance.now();
    for (const text of mutants) {
      const said = summarize(text);
      expect(said, text).to.match(/^[\w ,.'()/-]*$/);
      expect(said, text).not.to.match(/@|\d+\.\d+\.\d+|sip:|z9hG4bK|eyJ|secret|Zach|Quill|Zq3x/i);
    }
    expect(performance.now() - begin).to.be.below(2000);
  });
});
