import { CallError } from '../call/errors.js';
import type { Clock, MediaSession, SessionDescription } from '../call/ports.js';
import type { IceWait } from '../shared/config.js';
import { run } from './abortable.js';
import { candidatesGathered } from './ice-wait.js';
import type { LocalTracks } from './local-tracks.js';
import { unchangedAnswer } from './unchanged-answer.js';

export const CONFIGURATION: RTCConfiguration = {
  // never a browser default
  iceServers: [],
  // max-bundle ends every call through a gateway that strips a=group:BUNDLE (rtpengine does)
  bundlePolicy: 'balanced',
  rtcpMuxPolicy: 'require',
};

const ROLLBACK = { type: 'rollback' } as const;

export interface NegotiationOptions {
  readonly pc: RTCPeerConnection;
  readonly tracks: LocalTracks;
  readonly iceWait: IceWait;
  readonly clock: Clock;
  /** The end of the peer connection. */
  readonly closing: AbortSignal;
  /** Something was agreed, or taken back. */
  onChange(): void;
}

/** Offers and answers of one peer connection, of both sides (RFC 8829). */
export type Negotiation = Pick<
  MediaSession,
  | 'configure'
  | 'prepareOffer'
  | 'createOffer'
  | 'createAnswer'
  | 'setRemoteDescription'
  | 'rollback'
>;

export function createNegotiation({
  pc,
  tracks,
  iceWait,
  clock,
  closing,
  onChange,
}: NegotiationOptions): Negotiation {
  let relayOnly = false;
  // an offer made ahead, and of which lines
  let ahead: Promise<string | null> | null = null;

  const setOffer = async (): Promise<void> => pc.setLocalDescription(await pc.createOffer());

  const lines = (): string =>
    pc
      .getTransceivers()
      .map(({ direction }) => direction)
      .join();

  /** What was offered ahead will not do: a line has changed, or the addresses were still withheld (RFC 8828). */
  const outdated = (offered: string): boolean => {
    const withheld = /^a=candidate:.*\.local /m.test(pc.localDescription?.sdp ?? '');
    if (withheld) pc.restartIce();
    return withheld || offered !== lines();
  };

  async function agreed(): Promise<void> {
    await tracks.afterNegotiation();
    onChange();
  }

  function describe(
    type: SessionDescription['type'],
    signal: AbortSignal,
  ): Promise<SessionDescription> {
    const ended = AbortSignal.any([signal, closing]);
    return run(async () => {
      await tracks.beforeDescription(type);
      const offered = await ahead;
      ahead = null;
      if (type === 'answer') {
        // not the implicit form: that would answer where a glaring offer has come first
        await pc.setLocalDescription(await pc.createAnswer());
        await agreed();
      } else if (offered === null || outdated(offered)) await setOffer();
      await candidatesGathered(pc, iceWait, relayOnly, clock, ended);
      return { type, sdp: pc.localDescription?.sdp ?? '' };
    }, ended);
  }

  return {
    configure(ice) {
      if (closing.aborted) return;
      ({ relayOnly } = ice);
      try {
        pc.setConfiguration({
          ...CONFIGURATION,
          iceServers: ice.servers as RTCIceServer[],
          iceTransportPolicy: relayOnly ? 'relay' : 'all',
        });
      } catch (error) {
        throw CallError.from(error, 'misconfigured');
      }
    },

    prepareOffer() {
      if (closing.aborted) return;
      const offered = lines();
      ahead = setOffer().then(
        () => offered,
        () => null,
      );
    },

    createOffer({ iceRestart }, signal) {
      // holds until a restart has been negotiated, so that an offer after a refused one restarts as well
      if (iceRestart) pc.restartIce();
      return describe('offer', signal);
    },

    createAnswer: (signal) => describe('answer', signal),

    async setRemoteDescription(description) {
      await run(() => pc.setRemoteDescription(description), closing, 'media-not-supported');
      if (description.type === 'answer') await agreed();
    },

    async rollback() {
      const ours = pc.signalingState === 'have-local-offer';
      if (!ours && pc.signalingState !== 'have-remote-offer') return;
      // Chromium (seen with 156) mixes up later lines with one that was taken back: refused here, it is gone for good
      const answer =
        ours && tracks.videoLine()?.currentDirection === null ? unchangedAnswer(pc) : null;
      await run(() => {
        if (answer !== null) return pc.setRemoteDescription({ type: 'answer', sdp: answer });
        return ours ? pc.setLocalDescription(ROLLBACK) : pc.setRemoteDescription(ROLLBACK);
      }, closing);
      await tracks.afterRollback(ours);
      onChange();
    },
  };
}
