import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import type { MediaPeer } from '../media/peer.js';

/** Options of a re-INVITE of ours. */
export interface OfferOptions {
  readonly constraints?: object;
  readonly hold?: boolean;
}

/** Hands SIP.js's offers and answers to the media of the call. */
export interface DescriptionHandler extends SessionDescriptionHandler {
  getDescription(options?: OfferOptions): Promise<BodyAndContentType>;
}

/**
 * `prepared` is the answer to the INVITE: it was made before SIP.js was asked to accept, since SIP.js turns every
 * failure here into a 480 where 488 is meant.
 */
export function createDescriptionHandler(media: MediaPeer, prepared: string): DescriptionHandler {
  let answer: string | null = prepared;
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
        body = media.offer(options?.hold ?? false);
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
