import { isInCall } from './call-state.js';
import { isAbort } from './errors.js';
import type { MediaReport, MediaSession } from './ports.js';
import type { CallSnapshot } from './snapshot.js';

export interface CallVideoPorts {
  readonly media: Pick<MediaSession, 'setVideoMuted'>;
  /** The call was started with video. */
  readonly offered: boolean;
  readonly signal: AbortSignal;
  snapshot(): CallSnapshot;
  /** Does nothing once the call is over. */
  publish(change: Partial<CallSnapshot>): void;
  /** A new offer; rejects where the far end refuses it. `undefined`: there is nobody to make it to. */
  reinvite(): Promise<void> | undefined;
}

/** The pictures of one call: the camera follows the visitor's wish alone, and the visitor is told what comes of it. */
export interface CallVideo {
  /** What came of opening the devices. */
  opened(camera: boolean): void;
  report(report: MediaReport): void;
  setMuted(muted: boolean): Promise<void>;
  /** The visitor's answer to `videoRequested`. */
  answer(accept: boolean): void;
  /** The camera is on, but not agreed. */
  offer(): void;
  /** The far end has answered the call. */
  answered(): void;
}

export function createCallVideo(ports: CallVideoPorts): CallVideo {
  const { media, offered, signal, snapshot, publish } = ports;
  let wish = offered;
  // of the far end, for our picture; outside a hold, which says nothing of it
  let theirWish = offered;
  let offering = false;
  let due = false;

  function refused(notice: 'video-refused' | 'video-ended'): void {
    wish = false;
    publish({ notice });
  }

  async function offer(): Promise<void> {
    due = !isInCall(snapshot().state);
    if (due) return;
    offering = true;
    try {
      await ports.reinvite();
    } catch {
      // nobody would see the picture
      await media.setVideoMuted(true, signal).catch(() => {});
    }
    offering = false;
    if (wish && !snapshot().localVideo) refused('video-refused');
  }

  async function setMuted(muted: boolean): Promise<void> {
    if (muted === snapshot().videoMuted) return;
    wish = !muted;
    if (snapshot().videoRequested) publish({ videoRequested: false });
    try {
      await media.setVideoMuted(muted, signal);
      // neither refused nor changed again since
      if (wish !== muted) publish({ videoMuted: muted, notice: null });
    } catch (error) {
      // given up by the visitor, who has turned it off again at the browser's question
      if (isAbort(error)) return;
      wish = false;
      publish({ notice: 'camera-unavailable' });
    }
  }

  return {
    opened(camera) {
      wish = camera;
      publish({ videoMuted: !camera, localVideo: camera });
    },

    report({ held, remoteVideo, localVideo, videoWanted }) {
      const before = snapshot();
      const asks = !held && videoWanted && !theirWish;
      if (!held) theirWish = videoWanted;
      const videoRequested = (asks || before.videoRequested) && theirWish && !localVideo;
      const videoOffered = before.videoOffered || theirWish || remoteVideo || localVideo;
      publish({ remoteVideo, localVideo, videoMuted: !localVideo, videoOffered, videoRequested });
      if (wish && before.localVideo && !localVideo && !offering) {
        refused(isInCall(before.state) ? 'video-ended' : 'video-refused');
      }
    },

    setMuted,

    answer(accept) {
      if (!snapshot().videoRequested) return;
      publish({ videoRequested: false });
      if (accept) void setMuted(false);
    },

    offer: () => void offer(),

    answered() {
      if (due) void offer();
    },
  };
}
