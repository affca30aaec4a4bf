import { PeerConnection, type Track } from 'node-datachannel';
import { randomInt } from 'node:crypto';
import type { Picture } from './ivf.js';
import { addTrack, bindAddress, bridge } from './native.js';
import {
  MediaError,
  type CreateMediaPeer,
  type MediaEvents,
  type MediaPeer,
  type MediaState,
} from './peer.js';
import { linesOf, planAnswer, writeDescription, type Line, type Plan } from './plan.js';
import { playClip, playPicture, type PicturePlayer } from './player.js';
import {
  canReceive,
  canSend,
  parseDescription,
  toDirection,
  type Description,
  type Direction,
  type MediaKind,
} from './sdp.js';
import { createStream, type Stream } from './stream.js';

const STATES: readonly string[] = [
  'new',
  'connecting',
  'connected',
  'disconnected',
  'failed',
  'closed',
];
const isState = (state: string): state is MediaState => STATES.includes(state);
const GATHERING_MS = 2000;
const REPORT_INTERVAL_MS = 1000;

export interface DataChannelOptions {
  /** Faults inside native callbacks end here: thrown any further, they would abort the whole process. */
  readonly onFault: (error: unknown) => void;
}

/** Media by libdatachannel: raw RTP in and out, nothing is decoded. Cannot restart ICE. */
export function createDataChannelPeers({ onFault }: DataChannelOptions): {
  readonly create: CreateMediaPeer;
  /** Peer connections whose native side is not gone: a leak cannot hide here. */
  readonly live: () => number;
} {
  let live = 0;
  return {
    live: () => live,
    create(events) {
      live += 1;
      return createPeer(events, onFault, () => (live -= 1));
    },
  };
}

function createLatch(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

function createPeer(
  events: MediaEvents,
  onFault: (error: unknown) => void,
  onGone: () => void,
): MediaPeer {
  const native = new PeerConnection('service', {
    iceServers: [],
    disableAutoNegotiation: true,
    ...bindAddress(),
  });
  const ended = new AbortController();
  const streams = new Map<MediaKind, Stream>();
  const tracks: Track[] = [];
  const sessionId = String(randomInt(2 ** 47));
  let version = 0;
  let state: MediaState = 'new';
  let plan: Plan = [];
  let bundled = false;
  let bridged = '';
  let remote = { iceUfrag: '', icePwd: '' };
  let directions = new Map<string, Direction>(); // what the caller wants, by mid
  let hold = false;
  let askedHold = false;
  let shown: Picture | null = null;
  let picture: PicturePlayer | null = null;
  let mirroring = false;

  function guard<T extends unknown[]>(callback: (...args: T) => void): (...args: T) => void {
    return (...args) => {
      try {
        callback(...args);
      } catch (error) {
        onFault(error);
      }
    };
  }

  // what is played before would be lost: the first word, the first key frame
  const connected = createLatch();
  const gone = new Promise<void>((resolve) => {
    native.onStateChange(
      guard((next) => {
        if (!isState(next) || state === 'closed') return;
        state = next;
        if (next === 'connected') connected.resolve();
        if (next === 'closed') {
          onGone();
          resolve();
        }
        if (!ended.signal.aborted) events.onState(next);
      }),
    );
  });

  const reports = setInterval(() => {
    if (state === 'connected') for (const stream of streams.values()) stream.report();
  }, REPORT_INTERVAL_MS);

  function addLine(line: Line): void {
    const ssrc = randomInt(1, 2 ** 32);
    const track = addTrack(native, line, ssrc);
    const write = (data: Buffer): void => {
      if (ended.signal.aborted || !track.isOpen()) return;
      try {
        track.sendMessageBinary(data);
      } catch (error) {
        onFault(error);
      }
    };
    const stream = createStream({
      line,
      ssrc,
      write,
      onDigit: (digit) => events.onDigit(digit),
      onKeyframeRequest: () => picture?.keyframe(),
    });
    track.onMessage(guard((data) => (ended.signal.aborted ? undefined : stream.receive(data))));
    track.onError(guard((error) => onFault(new Error(error))));
    track.onClosed(() => {}); // without it the native side keeps the process alive
    tracks.push(track);
    streams.set(line.kind, stream);
  }

  function gathered(): Promise<void> {
    if (native.gatheringState() === 'complete') return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GATHERING_MS);
      native.onGatheringStateChange(
        guard((gathering) => {
          if (gathering !== 'complete') return;
          clearTimeout(timer);
          resolve();
        }),
      );
    });
  }

  const directionOf = (line: Line): Direction => {
    const wanted = directions.get(line.mid) ?? 'sendrecv';
    return toDirection(canReceive(wanted), canSend(wanted) && !hold);
  };

  function settle(): void {
    for (const [kind, stream] of streams) {
      const line = linesOf(plan).find((each) => each.kind === kind);
      stream.renew(line ?? stream.line, {
        send: line !== undefined && canSend(directionOf(line)) && !hold,
      });
    }
  }

  /** Lets streams do what is wanted of them, those too that a later offer has brought. */
  function arrange(): void {
    if (mirroring) for (const stream of streams.values()) stream.mirror();
    const video = streams.get('video');
    if (video !== undefined && shown !== null && !video.mirrored && state === 'connected') {
      picture ??= playPicture(video, shown, ended.signal);
    }
  }

  function write(type: 'offer' | 'answer', direction: (line: Line) => Direction): string {
    const local = native.localDescription();
    if (local === null) throw new MediaError('no local description');
    const transport = parseDescription(local.sdp);
    version += 1;
    return writeDescription(plan, {
      transport,
      sessionId,
      version,
      setup: type === 'offer' ? 'actpass' : transport.setup,
      bundled,
      direction,
      ssrc: (kind) => streams.get(kind)?.ssrc ?? 0,
    });
  }

  function check(offer: Description, lines: readonly Line[]): void {
    if (ended.signal.aborted) throw new MediaError('closed');
    if (lines.length === 0) throw new MediaError('no codec in common');
    if (offer.iceUfrag === '' || offer.fingerprint === '')
      throw new MediaError('no ICE or no DTLS');
    if (plan.length === 0) return;
    if (offer.iceUfrag !== remote.iceUfrag || offer.icePwd !== remote.icePwd) {
      throw new MediaError('ICE restart is not supported');
    }
    for (const line of lines) {
      const stream = streams.get(line.kind);
      if (stream === undefined) continue;
      if (stream.line.mid !== line.mid || stream.line.codec.name !== line.codec.name) {
        throw new MediaError('the codec of a running stream cannot change');
      }
    }
  }

  return {
    async answer(sdp) {
      const offer = parseDescription(sdp);
      const next = planAnswer(offer);
      const lines = linesOf(next);
      check(offer, lines);
      const text = bridge(offer, lines, false);
      if (text !== bridged) {
        try {
          for (const line of lines) if (!streams.has(line.kind)) addLine(line);
          native.setRemoteDescription(bridge(offer, lines, true), 'offer');
          native.setLocalDescription('answer');
        } catch (error) {
          throw new MediaError('the description cannot be used', { cause: error });
        }
        bridged = text;
        await gathered();
        if (ended.signal.aborted) throw new MediaError('closed');
      }
      plan = next;
      bundled = offer.bundle.length > 0;
      remote = offer;
      directions = new Map(offer.sections.map(({ mid, direction }) => [mid, direction]));
      settle();
      arrange();
      return write('answer', directionOf);
    },
    offer(wanted) {
      askedHold = wanted;
      return write('offer', () => (wanted ? 'sendonly' : 'sendrecv'));
    },
    accept(sdp) {
      hold = askedHold;
      directions = new Map(
        parseDescription(sdp).sections.map(({ mid, direction }) => [mid, direction]),
      );
      // on hold the caller answers `recvonly`; what it would rather do shows with the next description
      settle();
    },
    rollback() {
      askedHold = hold;
    },
    get video() {
      return streams.has('video');
    },
    async say(clip, signal) {
      await connected.promise;
      const stream = streams.get('audio');
      const either = AbortSignal.any([signal, ended.signal]);
      if (stream !== undefined && !either.aborted) await playClip(stream, clip, either);
    },
    show(next) {
      shown = next;
      void connected.promise.then(arrange);
    },
    mirror() {
      mirroring = true;
      arrange();
    },
    stats: () => ({
      state,
      audio: streams.get('audio')?.stats() ?? null,
      video: streams.get('video')?.stats() ?? null,
    }),
    close() {
      if (ended.signal.aborted) return gone;
      ended.abort();
      connected.resolve();
      clearInterval(reports);
      // not from inside a native callback: tracks that close there keep the process alive
      setImmediate(() => {
        for (const track of tracks) track.close();
        native.close();
      });
      return gone;
    },
  };
}
