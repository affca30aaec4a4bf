/** A caller's media: ICE, DTLS and SRTP by libdatachannel, and speech in packets of 20 ms that the far end returns. */
import { randomInt } from 'node:crypto';
import { Audio, PeerConnection } from 'node-datachannel';
import type { OpusPacket } from '../../../demo/service/media/ogg.js';
import { buildRtp, isRtcp, parseRtp, sequenceDelta } from '../../../demo/service/media/rtp.js';

const OPUS = 111;
const CLOCK_PER_MS = 48;
const LIMIT_MS = 5_000;
const CANDIDATES = /^a=(candidate:.*|end-of-candidates)\r\n/gm;

/** What one call heard since it was asked last. */
export interface Heard {
  readonly packets: number;
  /** Share of packets that did not come, 0 to 1; 1 where none came. */
  readonly loss: number;
  /** Interarrival jitter at its worst, RFC 3550 section 6.4.1. */
  readonly jitterMs: number;
}

export interface CallerMedia {
  readonly offer: string;
  accept(answer: string): void;
  /** Rejects after 5 s. */
  readonly connected: Promise<void>;
  /** Says the next 20 ms. */
  speak(): void;
  heard(): Heard;
  close(): void;
}

function gathered(peer: PeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (peer.gatheringState() === 'complete') resolve();
    };
    peer.onGatheringStateChange(look);
    look();
  });
}

export async function createCallerMedia(speech: readonly OpusPacket[]): Promise<CallerMedia> {
  const ssrc = randomInt(1, 2 ** 32);
  const peer = new PeerConnection('caller', {
    iceServers: [],
    bindAddress: '127.0.0.1',
    disableAutoNegotiation: true,
  });
  const audio = new Audio('0', 'SendRecv');
  audio.addOpusCodec(OPUS);
  audio.addSSRC(ssrc, 'caller', 'caller', 'audio');
  const track = peer.addTrack(audio);
  const connected = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no media: ICE ${peer.iceState()}, connection ${peer.state()}`)),
      LIMIT_MS,
    );
    track.onOpen(() => {
      clearTimeout(timer);
      resolve();
    });
  });
  connected.catch(() => {}); // whoever awaits it is told
  track.onClosed(() => {}); // without it the native side keeps the process alive
  track.onError(() => {});

  let [first, last, packets, jitter, worst, transit] = [-1, -1, 0, 0, 0, NaN];
  track.onMessage((data) => {
    if (isRtcp(data)) return;
    const packet = parseRtp(data);
    if (packet === null) return;
    const now = performance.now();
    const { sequence } = packet;
    if (first < 0) first = last = sequence;
    else if (sequenceDelta(last & 0xffff, sequence) > 0)
      last += sequenceDelta(last & 0xffff, sequence);
    packets += 1;
    const took = now - packet.timestamp / CLOCK_PER_MS;
    if (!Number.isNaN(transit)) {
      const difference = Math.abs(took - transit);
      // where the timestamp wraps around
      if (difference < 10_000) jitter += (difference - jitter) / 16;
      worst = Math.max(worst, jitter);
    }
    transit = took;
  });
  peer.setLocalDescription('offer');
  await gathered(peer);

  let [sequence, timestamp, at] = [randomInt(2 ** 16), randomInt(2 ** 31), 0];
  return {
    offer: peer.localDescription()!.sdp.replace(CANDIDATES, ''),
    accept(answer) {
      // libdatachannel refuses the far end's certificate where DTLS begins before it has read the whole description,
      // which happens once in a hundred calls when the gateway's checks are there already: each side is told of the
      // other's candidates afterwards
      peer.setRemoteDescription(answer.replace(CANDIDATES, ''), 'answer');
      for (const [line] of answer.matchAll(CANDIDATES)) {
        if (line.startsWith('a=candidate')) peer.addRemoteCandidate(line.trim(), '0');
      }
    },
    connected,
    speak() {
      if (!track.isOpen()) return;
      const { data, durationMs } = speech[at++ % speech.length]!;
      track.sendMessageBinary(
        buildRtp({ payloadType: OPUS, marker: false, sequence, timestamp, ssrc, payload: data }),
      );
      sequence = (sequence + 1) & 0xffff;
      timestamp = (timestamp + durationMs * CLOCK_PER_MS) >>> 0;
    },
    heard() {
      const expected = last - first + 1;
      const result = {
        packets,
        loss: packets === 0 ? 1 : Math.max(0, 1 - packets / expected),
        jitterMs: worst,
      };
      // the next window begins with the next packet
      [first, packets, worst] = [-1, 0, 0];
      return result;
    },
    close() {
      // not from inside a native callback: tracks that close there keep the process alive
      setImmediate(() => {
        track.close();
        peer.close();
      });
    },
  };
}
