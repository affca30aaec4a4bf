import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesOf, planAnswer, writeDescription } from '../../demo/service/media/plan.js';
import { parseDescription, toDirection } from '../../demo/service/media/sdp.js';

const HEAD = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1',
  'a=fingerprint:sha-256 AA:BB',
  'a=setup:actpass',
];
const AUDIO = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 0 8 110 126',
  'a=ice-ufrag:ufrag',
  'a=ice-pwd:password',
  'a=candidate:1 1 udp 2113937151 0b2b-11.local 50000 typ host generation 0',
  'a=candidate:2 1 udp 2113937150 192.0.2.7 50001 typ host',
  'a=mid:0',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:2/recvonly urn:example',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:63 red/48000/2',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  'a=ssrc:1 cname:a',
  'a=ssrc:1 msid:a b',
];
const VIDEO = [
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98',
  'a=mid:1',
  'a=recvonly',
  'a=rtcp-mux',
  'a=rtpmap:98 H264/90000',
  'a=rtpmap:96 VP8/90000',
  'a=rtpmap:97 rtx/90000',
];
const join = (...parts: string[][]): string => `${parts.flat().join('\r\n')}\r\n`;

/** Answer with a fixed transport. */
function answer(offer: string): string {
  const description = parseDescription(offer);
  const directions = new Map(description.sections.map(({ mid, direction }) => [mid, direction]));
  return writeDescription(planAnswer(description), {
    transport: {
      iceUfrag: 'u',
      icePwd: 'p',
      fingerprint: 'sha-256 CC',
      candidates: ['1 1 UDP 1 192.0.2.1 9 typ host'],
    },
    sessionId: '42',
    version: 3,
    setup: 'passive',
    bundled: description.bundle.length > 0,
    direction: ({ mid }) => directions.get(mid) ?? 'sendrecv',
    ssrc: (kind) => (kind === 'audio' ? 11 : 22),
  });
}

describe('offer', () => {
  it('yields transport, sections and codecs, without names that only the browser knows', () => {
    const offer = parseDescription(join(HEAD, AUDIO, VIDEO));
    assert.deepEqual(
      [offer.iceUfrag, offer.icePwd, offer.fingerprint, offer.setup, offer.bundle],
      ['ufrag', 'password', 'sha-256 AA:BB', 'actpass', ['0', '1']],
    );
    assert.deepEqual(offer.candidates, ['2 1 udp 2113937150 192.0.2.7 50001 typ host']);
    const [audio, video] = offer.sections;
    assert.deepEqual(
      audio!.codecs.map(({ name }) => name),
      ['opus', 'red', 'pcmu', 'pcma', 'telephone-event', 'telephone-event'],
    );
    assert.deepEqual(audio!.ssrcs, [1]);
    assert.equal(audio!.extensions.get('urn:example'), 2);
    assert.equal(video!.direction, 'recvonly');
  });

  it('is read whatever it is', () => {
    for (const text of [
      '',
      'm=',
      'v=0\nm=audio\nm=video 0 x\n',
      '\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:x\r\na=ssrc:\r\n',
      'a=candidate:',
    ]) {
      const description = parseDescription(text);
      assert.deepEqual(linesOf(planAnswer(description)), []);
    }
  });

  it('may have its direction for all sections at once', () => {
    const offer = join(
      HEAD,
      ['a=inactive'],
      AUDIO.filter((line) => line !== 'a=sendrecv'),
    );
    assert.equal(parseDescription(offer).sections[0]?.direction, 'inactive');
  });
});

describe('answer', () => {
  it('takes one codec per kind, digits of the same clock, and the level extension', () => {
    const text = answer(join(HEAD, AUDIO, VIDEO));
    assert.match(text, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 111 110\r$/m);
    assert.match(text, /^m=video 9 UDP\/TLS\/RTP\/SAVPF 96\r$/m);
    assert.match(text, /^a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r$/m);
    assert.doesNotMatch(text, /urn:example|red\/|rtx|H264/);
    assert.match(text, /^a=group:BUNDLE 0 1\r$/m);
    assert.match(text, /^o=- 42 3 IN IP4 127\.0\.0\.1\r$/m);
    const reread = parseDescription(text);
    assert.deepEqual(
      reread.sections.map(({ mid, direction, ssrcs }) => [mid, direction, ssrcs]),
      [
        ['0', 'sendrecv', [11]],
        ['1', 'recvonly', [22]],
      ],
    );
    assert.deepEqual(
      [reread.iceUfrag, reread.setup, reread.candidates.length],
      ['u', 'passive', 1],
    );
  });

  it('takes G.711 where Opus is missing, with digits at 8000 Hz', () => {
    const audio = AUDIO.map((line) => line.replace('opus/48000/2', 'g722/8000'));
    assert.match(answer(join(HEAD, audio)), /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 0 126\r$/m);
  });

  it('refuses in place what it cannot do, with as many sections as the offer', () => {
    const h264 = VIDEO.map((line) => line.replace('VP8', 'VP9'));
    const data = [
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      'a=mid:2',
      'a=sctp-port:5000',
    ];
    const second = AUDIO.map((line) => line.replace('a=mid:0', 'a=mid:3'));
    const text = answer(
      join(HEAD, h264, data, AUDIO, second).replace('BUNDLE 0 1', 'BUNDLE 1 2 0 3'),
    );
    assert.deepEqual(text.match(/^m=\w+ \d+/gm), [
      'm=video 0',
      'm=application 0',
      'm=audio 9',
      'm=audio 0',
    ]);
    assert.match(text, /^a=group:BUNDLE 0\r$/m);
    assert.match(text, /^m=application 0 UDP\/DTLS\/SCTP webrtc-datachannel\r$/m);
  });

  it('carries only the first section where nothing is bundled', () => {
    const text = answer(
      join(
        HEAD.filter((line) => !line.startsWith('a=group')),
        AUDIO,
        VIDEO,
      ),
    );
    assert.deepEqual(text.match(/^m=\w+ \d+/gm), ['m=audio 9', 'm=video 0']);
    assert.doesNotMatch(text, /BUNDLE/);
  });

  for (const [what, change] of [
    ['a second port for RTCP', (line: string) => (line === 'a=rtcp-mux' ? 'a=x' : line)],
    ['plain RTP', (line: string) => line.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['a section that was switched off', (line: string) => line.replace('m=audio 9', 'm=audio 0')],
    ['a section outside the bundle', (line: string) => line.replace('a=mid:0', 'a=mid:7')],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(linesOf(planAnswer(parseDescription(join(HEAD, AUDIO.map(change))))), []);
    });
  }

  it('names directions from both sides', () => {
    assert.deepEqual(
      [
        toDirection(true, true),
        toDirection(true, false),
        toDirection(false, true),
        toDirection(false, false),
      ],
      ['sendrecv', 'sendonly', 'recvonly', 'inactive'],
    );
  });
});
