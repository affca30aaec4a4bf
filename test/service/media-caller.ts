/** A caller with real ICE, DTLS and SRTP, whose microphone and camera are made of bytes. */
import { Audio, PeerConnection, Video, type Track } from 'node-datachannel';
import { buildRtp, isRtcp, parseRtp, type RtpPacket } from '../../demo/service/media/rtp.js';
import { parseRtcp } from '../../demo/service/media/rtcp.js';

export interface MediaCaller {
  offer(): Promise<string>;
  accept(answer: string): void;
  /** ICE and DTLS are up. */
  readonly connected: Promise<unknown>;
  /** The very first packet. */
  first(kind: 'audio' | 'video'): Promise<RtpPacket>;
  send(
    kind: 'audio' | 'video',
    packet: Partial<Omit<RtpPacket, 'extensions'>> & { payload: Buffer },
  ): void;
  sendRtcp(kind: 'audio' | 'video', data: Buffer): void;
  /** First packet from now on that fits. */
  next(kind: 'audio' | 'video', fits?: (packet: RtpPacket) => boolean): Promise<RtpPacket>;
  readonly keyframeRequests: number;
  close(): void;
}

const LIMIT_MS = 8000;
export const AUDIO_SSRC = 1111;
export const VIDEO_SSRC = 2222;

/**
 * libdatachannel 0.24.5 is not up to a far end that is faster than itself: its own threads finish ICE before
 * `setRemoteDescription` has stored the fingerprint, and the handshake fails; and a ClientHello that arrives before ICE
 * is up is lost for a second. So the service learns the address from our checks only, and starts DTLS.
 */
const tame = (offer: string): string =>
  offer.replace(/^a=candidate:.*\r\n/gm, '').replaceAll('a=setup:actpass', 'a=setup:passive');

export interface CallerOptions {
  readonly video?: boolean;
  /** Default Opus, 111. */
  readonly pcmu?: boolean;
}

function createLatch<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

export function createCaller({ video = false, pcmu = false }: CallerOptions = {}): MediaCaller {
  const native = new PeerConnection('caller', { iceServers: [], disableAutoNegotiation: true });
  const tracks = new Map<'audio' | 'video', Track>();
  const watchers = new Set<(kind: 'audio' | 'video', packet: RtpPacket) => void>();
  const sequences = { audio: 100, video: 100 };
  let keyframeRequests = 0;
  native.onStateChange(() => {}); // without it the native side keeps the process alive
  const opened: Promise<void>[] = [];
  const timers = new Set<NodeJS.Timeout>();
  function within<T>(what: string, run: (resolve: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), LIMIT_MS);
      timers.add(timer);
      run((value) => {
        clearTimeout(timer);
        resolve(value);
      });
    });
  }

  const firsts = { audio: createLatch<RtpPacket>(), video: createLatch<RtpPacket>() };

  function add(kind: 'audio' | 'video', track: Track): void {
    track.onClosed(() => {});
    opened.push(within(`${kind} to open`, (resolve) => track.onOpen(resolve)));
    track.onMessage((data) => {
      if (isRtcp(data)) {
        keyframeRequests += parseRtcp(data).keyframeRequests;
        return;
      }
      const packet = parseRtp(data);
      if (packet === null) return;
      firsts[kind].resolve(packet);
      for (const watcher of [...watchers]) watcher(kind, packet);
    });
    tracks.set(kind, track);
  }

  const audio = new Audio('0', 'SendRecv');
  if (pcmu) audio.addAudioCodec(0, 'PCMU/8000');
  else audio.addOpusCodec(111);
  audio.addAudioCodec(126, `telephone-event/${pcmu ? 8000 : 48_000}`);
  audio.addSSRC(AUDIO_SSRC, 'caller', 'caller', 'audio');
  add('audio', native.addTrack(audio));
  if (video) {
    const picture = new Video('1', 'SendRecv');
    picture.addVP8Codec(96);
    picture.addSSRC(VIDEO_SSRC, 'caller', 'caller', 'video');
    add('video', native.addTrack(picture));
  }

  const connected = Promise.all(opened);
  connected.catch(() => {}); // whoever awaits it is told
  return {
    connected,
    first: (kind) =>
      within(`the first ${kind} packet`, (resolve) => void firsts[kind].promise.then(resolve)),
    get keyframeRequests() {
      return keyframeRequests;
    },
    offer() {
      return new Promise((resolve) => {
        native.onGatheringStateChange((state) => {
          if (state === 'complete') resolve(tame(native.localDescription()!.sdp));
        });
        native.setLocalDescription('offer');
      });
    },
    accept: (answer) => native.setRemoteDescription(answer, 'answer'),
    send(kind, packet) {
      sequences[kind] = (sequences[kind] + 1) & 0xffff;
      tracks.get(kind)!.sendMessageBinary(
        buildRtp({
          payloadType: kind === 'video' ? 96 : pcmu ? 0 : 111,
          marker: false,
          sequence: sequences[kind],
          timestamp: sequences[kind] * 960,
          ssrc: kind === 'video' ? VIDEO_SSRC : AUDIO_SSRC,
          ...packet,
        }),
      );
    },
    sendRtcp: (kind, data) => void tracks.get(kind)!.sendMessageBinary(data),
    async next(kind, fits = () => true) {
      let watcher: (of: 'audio' | 'video', packet: RtpPacket) => void = () => {};
      try {
        return await within(`such a ${kind} packet`, (resolve) => {
          watcher = (of, packet) => {
            if (of === kind && fits(packet)) resolve(packet);
          };
          watchers.add(watcher);
        });
      } finally {
        watchers.delete(watcher);
      }
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      // not from inside a native callback
      setImmediate(() => {
        for (const track of tracks.values()) track.close();
        native.close();
      });
    },
  };
}
