import type { AnsweringSession } from '../call/phone-ports.js';
import type { SessionDescription } from '../call/ports.js';
import type { AddTransceiver } from './local-tracks.js';
import { createMediaSession, type MediaSessionOptions } from './media-session.js';
import { unchangedAnswer } from './unchanged-answer.js';

/**
 * An offer is matched with transceivers of `addTrack` alone (RFC 8829 §5.10), and that wants a track before there is
 * one: a silent one of another connection takes its place.
 */
const addTransceiver: AddTransceiver = (pc, kind, stream) => {
  const donor = new RTCPeerConnection();
  const sender = pc.addTrack(donor.addTransceiver(kind).receiver.track, stream);
  donor.close();
  const made = pc.getTransceivers().find((transceiver) => transceiver.sender === sender);
  if (made === undefined) throw new TypeError('addTrack made no transceiver');
  return made;
};

/** A media session for a call from the far end, whose offer usually comes first. */
export function createAnsweringSession(
  options: Omit<MediaSessionOptions, 'addTransceiver'>,
): AnsweringSession {
  let connection: RTCPeerConnection | null = null;
  const session = createMediaSession({
    ...options,
    addTransceiver(pc, kind, stream) {
      connection = pc;
      return addTransceiver(pc, kind, stream);
    },
  });
  const { createAnswer, rollback, setRemoteDescription } = session;
  /** What was agreed, and what the next offer is to ask for. */
  let held = false;
  let wanted = false;

  function direct(hold: boolean): void {
    const camera = session.localStream?.getVideoTracks().length;
    for (const transceiver of connection?.getTransceivers() ?? []) {
      if (transceiver.direction === 'stopped') continue;
      const sends = transceiver.receiver.track.kind === 'audio' || camera;
      transceiver.direction = hold ? 'inactive' : sends ? 'sendrecv' : 'recvonly';
    }
  }

  return Object.assign(session, {
    setHold(hold: boolean) {
      wanted = hold;
      direct(hold);
    },

    async setRemoteDescription(description: SessionDescription) {
      await setRemoteDescription(description);
      if (description.type === 'answer') held = wanted;
    },

    async createAnswer(signal: AbortSignal) {
      const answer = await createAnswer(signal);
      held = wanted;
      return answer;
    },

    /**
     * Chromium (seen with 156) loses sound and picture for good when it takes back an offer of its own after having
     * answered all that were agreed before. So the offer is answered here, with what was agreed, and what it had
     * changed is agreed anew: both on this side alone.
     */
    async rollback() {
      const sdp = connection?.currentRemoteDescription?.sdp;
      const answer = connection === null ? null : unchangedAnswer(connection);
      if (
        connection?.signalingState !== 'have-local-offer' ||
        sdp === undefined ||
        answer === null
      ) {
        await rollback();
        return;
      }
      await setRemoteDescription({ type: 'answer', sdp: answer });
      direct(held);
      await setRemoteDescription({ type: 'offer', sdp });
      await createAnswer(new AbortController().signal);
      direct(wanted);
    },
  });
}
