import type { DeviceKind, MediaSession } from '../call/ports.js';
import { abortError, run } from './abortable.js';
import { openDevices, stopTracks } from './devices.js';

type Kind = 'audio' | 'video';

/** Makes the transceiver of a kind, before the first description, sending into `stream`. */
export type AddTransceiver = (
  pc: RTCPeerConnection,
  kind: Kind,
  stream: MediaStream,
) => RTCRtpTransceiver;

export interface LocalTracksOptions {
  readonly pc: RTCPeerConnection;
  /** Offer video, whether or not there is a camera. */
  readonly video: boolean;
  readonly addTransceiver: AddTransceiver;
  /** What the visitor chose, by kind; kept up to date. */
  readonly chosen: Map<DeviceKind, string>;
  /** The end of the peer connection. */
  readonly closing: AbortSignal;
  /** A device came, went, or was muted. */
  onChange(): void;
  /** Unplugged. `replaced`: another one is in use already. */
  onLost(kind: Kind, replaced: boolean): void;
}

/** The visitor's microphone and camera in one peer connection: which are open, and the m-line that each goes into. */
export interface LocalTracks extends Pick<
  MediaSession,
  'open' | 'setAudioMuted' | 'setVideoMuted'
> {
  /** One for both: its id in a=msid is what lets the far end keep lips and words together. */
  readonly stream: MediaStream;
  /** The m-line of the microphone. */
  readonly audio: RTCRtpTransceiver;
  /** The m-line that a camera of ours belongs to; none once the far end has refused it. */
  videoLine(): RTCRtpTransceiver | undefined;
  camera(): MediaStreamTrack | undefined;
  /** Agreed that no sound is sent: the far end holds the call. */
  held(): boolean;
  /** Uses another one; a camera that is off is opened later. Rejects where that fails: then nothing has changed. */
  choose(kind: 'audioinput' | 'videoinput', id: string, signal: AbortSignal): Promise<void>;
  /** Gives a camera that came on in a voice call its line: that of their offer, or one of ours. */
  beforeDescription(type: 'offer' | 'answer'): Promise<void>;
  /** A camera that nobody sees goes off. */
  afterNegotiation(): Promise<void>;
  /** Of an offer of ours, or else of theirs. */
  afterRollback(ours: boolean): Promise<void>;
  /** The far end sees the camera only after a new offer, and one can be made. Says so once. */
  takeOfferNeeded(): boolean;
  close(): void;
}

/** Agreed that we send nothing. */
const refused = ({ currentDirection }: RTCRtpTransceiver): boolean =>
  currentDirection?.includes('send') === false;

export function createLocalTracks({
  pc,
  video: videoOffered,
  addTransceiver,
  chosen,
  closing,
  onChange,
  onLost,
}: LocalTracksOptions): LocalTracks {
  const stream = new MediaStream();
  const audio = addTransceiver(pc, 'audio', stream);
  if (videoOffered) addTransceiver(pc, 'video', stream);
  let audioMuted = false;
  let videoMuted = false;
  let offerNeeded = false;
  // the camera is on and in no m-line
  let unoffered = false;
  let preferred: ReadonlyMap<DeviceKind, string> | undefined;

  const videoLine = (): RTCRtpTransceiver | undefined =>
    pc
      .getTransceivers()
      .find(
        ({ receiver, direction }) => receiver.track.kind === 'video' && direction !== 'stopped',
      );

  const camera = (): MediaStreamTrack | undefined => stream.getVideoTracks()[0];

  /** While the call is on hold nobody can tell. */
  const pictureRefused = (): boolean => {
    const line = videoLine();
    return line === undefined || (refused(line) && !refused(audio));
  };

  function discard(tracks: readonly MediaStreamTrack[]): void {
    for (const track of tracks) {
      // Chromium keeps the stream of a getUserMedia for minutes: its tracks must not keep this connection
      track.onended = null;
      track.stop();
      stream.removeTrack(track);
    }
  }

  const either = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing]);

  /** Checked where a stream is taken over: the abort may fall between its arrival and that. */
  function refuse(opened: MediaStream): never {
    stopTracks(opened);
    throw abortError();
  }

  /** Makes this the one track of its kind, sent and shown; what was there before is stopped. */
  async function use(kind: Kind, track?: MediaStreamTrack): Promise<void> {
    const before = stream.getTracks().filter((old) => old.kind === kind && old !== track);
    if (track === undefined) {
      discard(before);
    } else {
      for (const old of before) stream.removeTrack(old);
      stream.addTrack(track);
      track.enabled = kind === 'video' || !audioMuted;
      // never fired by our own stop()
      track.onended = () => void lose(kind);
    }
    try {
      await send(kind, track);
    } finally {
      // only now, so that there is no gap
      discard(before);
    }
  }

  async function send(kind: Kind, track?: MediaStreamTrack): Promise<void> {
    const line = kind === 'audio' ? audio : videoLine();
    if (kind === 'video') unoffered = track !== undefined && line === undefined;
    if (line === undefined) {
      offerNeeded ||= unoffered && pc.currentRemoteDescription !== null;
      return;
    }
    await run(() => {
      if (track !== undefined && kind === 'video') {
        // an answer of ours asks by itself, and so does the offer that is out, unless that was recvonly
        offerNeeded ||=
          (pc.signalingState === 'stable' && pictureRefused()) ||
          (pc.signalingState === 'have-local-offer' && line.direction === 'recvonly');
        line.direction = 'sendrecv';
      }
      return line.sender.replaceTrack(track ?? null);
    }, closing);
  }

  const drop = (kind: Kind): Promise<void> => use(kind).catch(() => {});

  async function capture(kind: Kind, until: AbortSignal, ids = chosen): Promise<void> {
    const signal = either(until);
    const sound = kind === 'audio';
    const opened = await openDevices(
      { audio: sound, video: !sound, chosen: ids, preferred },
      signal,
    );
    // the flag: muted again while the prompt was open
    if (signal.aborted || (videoMuted && !sound)) refuse(opened);
    await use(kind, opened.getTracks()[0]);
  }

  /** Another microphone takes its place at once, another camera only when the visitor says so. */
  async function lose(kind: Kind): Promise<void> {
    chosen.delete(`${kind}input`);
    await drop(kind);
    const replaced =
      kind === 'audio' &&
      (await capture(kind, closing).then(
        () => true,
        // there is none, or the visitor would have to be asked
        () => false,
      ));
    if (closing.aborted) return;
    onChange();
    onLost(kind, replaced);
  }

  return {
    stream,
    audio,
    videoLine,
    camera,
    held: () => refused(audio),

    async open(wanted, until) {
      const signal = either(until);
      const video = wanted.video && videoLine() !== undefined;
      videoMuted = !video;
      ({ preferred } = wanted);
      const opened = await openDevices({ ...wanted, video }, signal);
      if (signal.aborted) refuse(opened);
      const [picture] = opened.getVideoTracks();
      const line = videoLine();
      if (picture === undefined && line !== undefined) line.direction = 'recvonly';
      await Promise.all([use('audio', opened.getAudioTracks()[0]), use('video', picture)]);
      // while the prompt was open
      if (videoMuted) await drop('video');
      onChange();
      return { video: camera() !== undefined };
    },

    async choose(kind, id, signal) {
      const sound = kind === 'audioinput';
      if (!sound && camera() === undefined) return;
      await capture(sound ? 'audio' : 'video', signal, new Map(chosen).set(kind, id));
    },

    setAudioMuted(muted) {
      audioMuted = muted;
      for (const track of stream.getAudioTracks()) track.enabled = !muted;
      onChange();
    },

    async setVideoMuted(muted, signal) {
      videoMuted = muted;
      if (muted) await use('video');
      else if (camera() === undefined) await capture('video', signal);
      onChange();
    },

    async beforeDescription(type) {
      const track = camera();
      const line = videoLine();
      if (!unoffered || track === undefined || (type === 'answer' && line === undefined)) return;
      unoffered = offerNeeded = false;
      if (line === undefined) pc.addTransceiver(track, { streams: [stream] });
      else await use('video', track);
    },

    async afterNegotiation() {
      offerNeeded ||= unoffered;
      if (camera() !== undefined && !offerNeeded && pictureRefused()) await drop('video');
    },

    async afterRollback(ours) {
      // asked again by the next offer, unless the camera goes off
      if (ours) unoffered = camera() !== undefined && videoLine() === undefined;
      else if (camera() !== undefined && pictureRefused()) await drop('video');
    },

    takeOfferNeeded() {
      const needed = offerNeeded && pc.signalingState === 'stable';
      if (needed) offerNeeded = false;
      return needed;
    },

    close: () => discard(stream.getTracks()),
  };
}
