import { PeerConnection, type Track } from 'node-datachannel';
import { randomInt } from 'node:crypto';
import type { Clip } from './assets.js';
import type { Picture } from './ivf.js';
import { addTrack, bindAddress, bridge } from './native.js';
import {
  MediaError,
  type CreateMediaPeer,
  type MediaEvents,
  type MediaOptions,
  type MediaPeer,
  type MediaState,
  type Wish,
} from './peer.js';
import {
  CODECS,
  linesOf,
  planAnswer,
  planVideo,
  settlePlan,
  writeDescription,
  type Line,
  type Plan,
} from './plan.js';
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
    create(events, media = {}) {
      live += 1;
      return createPeer(events, media, onFault, () => (live -= 1));
    },
  };
}

function createLatch(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

const WISH: Wish = { hold: false, video: 'sendrecv' };

function createPeer(
  events: MediaEvents,
  { audioCodec }: MediaOptions,
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
  let directions = new Map<string, Direction>(); // what the far end wants, by mid
  let wish = WISH;
  // an offer of ours that waits for its answer
  let asked: { readonly wish: Wish; readonly plan: Plan } | null = null;
  let shown: Picture | null = null;
  let picture: { readonly player: PicturePlayer; readonly abort: AbortController } | null = null;
  let relayed: MediaPeer | null = null;
  const ssrcs: Record<MediaKind, number> = {
    audio: randomInt(1, 2 ** 32),
    video: randomInt(1, 2 ** 32),
  };

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
    const ssrc = ssrcs[line.kind];
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
      onKeyframeRequest: () => picture?.player.keyframe(),
      onUnfed: () => picture?.player.keyframe(),
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

  function directionOf(line: Line): Direction {
    const theirs = directions.get(line.mid) ?? 'sendrecv';
    const ours = line.kind === 'video' ? (wish.video ?? 'inactive') : 'sendrecv';
    return toDirection(
      canReceive(theirs) && canSend(ours),
      canSend(theirs) && canReceive(ours) && !wish.hold,
    );
  }

  const offeredDirection = ({ kind }: Line, { hold, video }: Wish): Direction =>
    hold ? 'sendonly' : kind === 'video' ? (video ?? 'inactive') : 'sendrecv';

  function settle(): void {
    for (const [kind, stream] of streams) {
      const line = linesOf(plan).find((each) => each.kind === kind);
      const send = line !== undefined && canSend(directionOf(line));
      stream.renew(line ?? stream.line, {
        // on hold there is music to hear, and nothing to see
        send: send && !(wish.hold && kind === 'video'),
        relay: !wish.hold,
      });
    }
  }

  /** Lets streams do what is wanted of them, those too that a later offer has brought. */
  function arrange(): void {
    for (const [kind, stream] of streams) {
      const to = relayed;
      stream.relay(to === null ? null : () => to.stream(kind));
    }
    const video = streams.get('video');
    if (shown === null) {
      picture?.abort.abort();
      picture = null;
    } else if (video !== undefined && state === 'connected' && picture === null) {
      const abort = new AbortController();
      const signal = AbortSignal.any([abort.signal, ended.signal]);
      picture = { player: playPicture(video, shown, signal), abort };
    }
  }

  function write(
    type: 'offer' | 'answer',
    described: Plan,
    direction: (line: Line) => Direction,
  ): string {
    const local = native.localDescription();
    if (local === null) throw new MediaError('no local description');
    const transport = parseDescription(local.sdp);
    version += 1;
    return writeDescription(described, {
      transport,
      sessionId,
      version,
      setup: type === 'offer' ? 'actpass' : transport.setup,
      bundled,
      direction,
      ssrc: (kind) => ssrcs[kind],
    });
  }

  /** Makes tracks for lines that have none yet, and tells libdatachannel as if the far end had offered them. */
  function negotiate(description: Description, lines: readonly Line[]): void {
    const text = bridge(description, lines, false);
    if (text === bridged) return;
    try {
      for (const line of lines) if (!streams.has(line.kind)) addLine(line);
      native.setRemoteDescription(bridge(description, lines, true), 'offer');
      native.setLocalDescription('answer');
    } catch (error) {
      throw new MediaError('the description cannot be used', { cause: error });
    }
    bridged = text;
  }

  function agree(description: Description): void {
    directions = new Map(description.sections.map(({ mid, direction }) => [mid, direction]));
    settle();
    arrange();
    events.onRemote?.();
  }

  const wanted = (kind: MediaKind): Direction | null => {
    const line = linesOf(plan).find((each) => each.kind === kind);
    return line === undefined ? null : (directions.get(line.mid) ?? 'sendrecv');
  };

  async function play(clip: Clip, signal: AbortSignal, loop: boolean): Promise<void> {
    await connected.promise;
    const stream = streams.get('audio');
    const either = AbortSignal.any([signal, ended.signal]);
    if (stream !== undefined && !either.aborted) await playClip(stream, clip, either, { loop });
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

  const peer: MediaPeer = {
    async answer(sdp) {
      const offer = parseDescription(sdp);
      const next = planAnswer(offer, {
        audio: audioCodec === undefined ? CODECS.audio : [audioCodec],
        video: wish.video === null && !streams.has('video') ? [] : CODECS.video,
      });
      const lines = linesOf(next);
      check(offer, lines);
      negotiate(offer, lines);
      await gathered();
      if (ended.signal.aborted) throw new MediaError('closed');
      plan = next;
      bundled = offer.bundle.length > 0;
      remote = offer;
      agree(offer);
      return write('answer', plan, directionOf);
    },
    offer(next, addVideo) {
      const has = linesOf(plan).some(({ kind }) => kind === 'video');
      // without BUNDLE there is no transport for it
      const more = addVideo && !has && bundled;
      asked = { wish: next, plan: more ? planVideo(plan) : plan };
      return write('offer', asked.plan, (line) => offeredDirection(line, next));
    },
    accept(sdp) {
      if (asked === null) throw new MediaError('an answer to nothing');
      const answer = parseDescription(sdp);
      plan = settlePlan(asked.plan, answer);
      wish = asked.wish;
      asked = null;
      const lines = linesOf(plan);
      if (lines.some(({ kind }) => !streams.has(kind))) negotiate(answer, lines);
      // on hold the far end answers `recvonly`; what it would rather do shows with the next description
      agree(answer);
    },
    rollback() {
      asked = null;
    },
    get wish() {
      return wish;
    },
    set wish(next) {
      wish = next;
    },
    get remote() {
      return { audio: wanted('audio'), video: wanted('video') };
    },
    codec: (kind) => linesOf(plan).find((line) => line.kind === kind)?.codec.name ?? null,
    say: (clip, signal) => play(clip, signal, false),
    loop: (clip, signal) => play(clip, signal, true),
    show(next) {
      if (next === shown) return;
      picture?.abort.abort();
      picture = null;
      shown = next;
      void connected.promise.then(arrange);
    },
    relay(to) {
      relayed = to;
      arrange();
    },
    stream: (kind) => streams.get(kind) ?? null,
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
  return peer;
}
