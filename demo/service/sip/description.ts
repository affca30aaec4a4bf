import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import type { MediaPeer, Wish } from '../media/peer.js';

/** Options of a re-INVITE of ours. */
export interface OfferOptions {
  readonly constraints?: object;
  readonly wish?: Wish;
  readonly addVideo?: boolean;
}

/** Hands SIP.js's offers and answers to the media of the call. */
export interface DescriptionHandler extends SessionDescriptionHandler {
  getDescription(options?: OfferOptions): Promise<BodyAndContentType>;
}

/**
 * `prepared` is the answer to an INVITE of the far end: it was made before SIP.js was asked to accept, since SIP.js
 * turns every failure here into a 480 where 488 is meant. Null where we call.
 */
export function createDescriptionHandler(
  media: MediaPeer,
  prepared: string | null,
): DescriptionHandler {
  let answer = prepared;
  let remote: string | null = null;
  let offering = false;
  return {
    close() {},
    hasDescription: (contentType) =>
      contentType.split(';')[0]!.trim().toLowerCase() === 'application/sdp',
    async setDescription(sdp) {
      if (offering) {
        offering = false;
        media.accept(sdp);
      } else if (answer === null) {
        remote = sdp;
      }
      return Promise.resolve();
    },
    async getDescription(options) {
      let body = answer;
      if (body !== null) {
        answer = null;
      } else if (remote !== null) {
        const offer = remote;
        remote = null;
        body = await media.answer(offer);
      } else {
        body = media.offer(options?.wish ?? media.wish, options?.addVideo ?? false);
        offering = true;
      }
      return { body, contentType: 'application/sdp' };
    },
    rollbackDescription() {
      if (offering) media.rollback();
      offering = false;
      remote = null;
      return Promise.resolve();
    },
    sendDtmf: () => false,
  };
}
