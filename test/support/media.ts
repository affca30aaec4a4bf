/**
 * Two ends of a call on loopback: media sessions of ours, and a plain peer connection for what a session never does
 * by itself (hold, refusal, odd descriptions).
 */
import type { MediaPath, MediaReport, MediaSession, QualityReport } from '../../src/call/ports.js';
import { createMediaSession, type MediaSessionOptions } from '../../src/media/media-session.js';
import { until } from './until.js';

export const NEVER = new AbortController().signal;

export interface TestSession<M extends MediaSession = MediaSession> {
  readonly media: M;
  readonly reports: MediaReport[];
  readonly qualities: QualityReport[];
  readonly paths: MediaPath[];
  /** One entry for the first packet. */
  readonly packets: true[];
  /** Names of the other events, in order. */
  readonly log: string[];
  /** The latest report. */
  report(): MediaReport | undefined;
}

const open = new Set<{ close(): void }>();

/** Closes what a test left open; call it in `afterEach`. */
export function closeAll(): void {
  for (const each of open) each.close();
  open.clear();
}

type Options = Partial<Omit<MediaSessionOptions, 'events'>>;

export const createSession = (options: Options = {}): TestSession =>
  createSessionWith(createMediaSession, options);

export function createSessionWith<M extends MediaSession>(
  create: (options: MediaSessionOptions) => M,
  options: Options,
): TestSession<M> {
  const reports: MediaReport[] = [];
  const qualities: QualityReport[] = [];
  const paths: MediaPath[] = [];
  const packets: true[] = [];
  const log: string[] = [];
  const media = create({
    video: false,
    iceWait: 'first-usable',
    ...options,
    events: {
      onReport: (report) => reports.push(report),
      onConnected: () => log.push('connected'),
      onDisconnected: () => log.push('disconnected'),
      onQuality: (report) => qualities.push(report),
      onPath: (path) => paths.push(path),
      onFirstPacket: () => packets.push(true),
      onPlaybackBlocked: () => log.push('playback-blocked'),
      onDeviceLost: (kind, replaced) => log.push(`${kind}-${replaced ? 'replaced' : 'lost'}`),
      onMutedSpeech: () => log.push('muted-speech'),
      onDevicesChanged: () => log.push('devices-changed'),
      onOfferNeeded: () => log.push('offer-needed'),
    },
  });
  open.add(media);
  return { media, reports, qualities, paths, packets, log, report: () => reports.at(-1) };
}

/** The far end as a browser would be, without any of our code. */
export class Peer {
  readonly pc = new RTCPeerConnection({ iceServers: [] });
  readonly #playing: HTMLMediaElement[] = [];

  constructor() {
    open.add(this);
    this.pc.addEventListener('track', ({ track }) => {
      // Chromium decodes only what is played
      const element = document.createElement(track.kind === 'audio' ? 'audio' : 'video');
      element.autoplay = true;
      element.srcObject = new MediaStream([track]);
      this.#playing.push(element);
    });
  }

  close(): void {
    for (const element of this.#playing) element.srcObject = null;
    for (const { sender } of this.pc.getTransceivers()) sender.track?.stop();
    this.pc.close();
  }

  /** Adds microphone and camera to what has been offered. */
  async send(kinds: { audio?: boolean; video?: boolean }): Promise<void> {
    // the browser's own: what a test puts in its place is meant for our side
    const stream = await MediaDevices.prototype.getUserMedia.call(navigator.mediaDevices, kinds);
    for (const track of stream.getTracks()) this.pc.addTrack(track, stream);
  }

  /** Candidates included. */
  async #description(): Promise<string> {
    if (this.pc.iceGatheringState !== 'complete') {
      await new Promise((resolve) => {
        this.pc.addEventListener('icegatheringstatechange', () => {
          if (this.pc.iceGatheringState === 'complete') resolve(undefined);
        });
      });
    }
    return this.pc.localDescription!.sdp;
  }

  async answer(offer: string, change?: (transceiver: RTCRtpTransceiver) => void): Promise<string> {
    await this.pc.setRemoteDescription({ type: 'offer', sdp: offer });
    if (change) this.pc.getTransceivers().forEach(change);
    await this.pc.setLocalDescription();
    return this.#description();
  }

  async offer(change?: (transceiver: RTCRtpTransceiver) => void): Promise<string> {
    if (change) this.pc.getTransceivers().forEach(change);
    await this.pc.setLocalDescription(await this.pc.createOffer());
    return this.#description();
  }

  async accept(answer: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: 'answer', sdp: answer });
  }

  /** Sum of a counter over the inbound streams of a kind. */
  async received(
    kind: 'audio' | 'video',
    counter: 'totalAudioEnergy' | 'framesDecoded' | 'packetsReceived' | 'totalSamplesDuration',
  ): Promise<number> {
    const report = (await this.pc.getStats()) as ReadonlyMap<string, RTCInboundRtpStreamStats>;
    return [...report.values()]
      .filter((stat) => stat.type === 'inbound-rtp' && stat.kind === kind)
      .reduce((sum, stat) => sum + (stat[counter] ?? 0), 0);
  }
}

/** Our offer, the peer's answer. */
export async function callPeer(
  { media }: TestSession,
  peer: Peer,
  change?: (transceiver: RTCRtpTransceiver) => void,
): Promise<void> {
  const { sdp } = await media.createOffer({ iceRestart: false }, NEVER);
  await media.setRemoteDescription({ type: 'answer', sdp: await peer.answer(sdp, change) });
}

/** The peer's offer in the call, our answer: what a re-INVITE from the far end does. */
export async function reofferFromPeer(
  { media }: TestSession,
  peer: Peer,
  change?: (transceiver: RTCRtpTransceiver) => void,
): Promise<string> {
  await media.setRemoteDescription({ type: 'offer', sdp: await peer.offer(change) });
  const { sdp } = await media.createAnswer(NEVER);
  await peer.accept(sdp);
  return sdp;
}

/** A call that is up, with microphones, and with cameras if asked. */
export async function inCall({ video = false } = {}): Promise<{
  session: TestSession;
  peer: Peer;
}> {
  const session = createSession({ video });
  await session.media.open({ audio: true, video }, NEVER);
  const peer = new Peer();
  await peer.send({ audio: true, video });
  await callPeer(session, peer);
  await until(() => session.log.includes('connected'));
  return { session, peer };
}

/** Waits until the peer hears our fake microphone's beep, which comes each second. */
export async function hears(peer: Peer): Promise<void> {
  const before = await peer.received('audio', 'totalAudioEnergy');
  await until(async () => (await peer.received('audio', 'totalAudioEnergy')) > before + 1e-4);
}
