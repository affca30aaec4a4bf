import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import type { MediaSession, SessionDescription } from '../call/ports.js';
import { ignore } from './guard.js';

/** What SIP.js asks for offers and answers: our `MediaSession`, with the order of RFC 3264 kept. */
export interface CallDescription extends SessionDescriptionHandler {
  /** Makes the first offer ahead of time, while the socket is being opened. */
  prepare(signal: AbortSignal): Promise<void>;
  rollbackDescription(): Promise<void>;
  /**
   * The description of an early dialog. `true`: it was the first and is applied, the far end can be heard. SIP.js's
   * own early media ends the call when another branch answers, so it is left off and done here.
   */
  early(tag: string, sdp: string): Promise<boolean>;
  /** An offer and its answer at once. What cannot be answered is rolled back. */
  answer(sdp: string): Promise<string>;
  /** To tag of the 2xx whose description comes next. */
  answerTag: string;
  /** Another branch answered than the one whose early description is applied: only a new offer can reach it. */
  readonly forked: boolean;
  /** The next offer is to restart ICE. An option of SIP.js's own would stick to later offers. */
  iceRestart: boolean;
}

/**
 * After `signal` nothing settles any more: SIP.js would go on with an ACK or a 200 in a call that is over.
 * `local`: an offer of ours waits for its answer; false where the far end calls.
 */
export function createCallDescription(
  media: MediaSession,
  signal: AbortSignal,
  local = true,
): CallDescription {
  // until its answer it is given out again: the same INVITE may go to another server
  let initial: SessionDescription | null = null;
  let remote = false; // an offer of theirs waits for our answer
  let applied: { readonly tag: string; readonly sdp: string } | null = null;
  let forked = false;
  let last: Promise<unknown> = Promise.resolve();

  /** One at a time: an early description and the answer, or an answer and the next offer, may meet. */
  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = last.then(step);
    last = turn.catch(ignore);
    return turn.finally(() => (signal.aborted ? new Promise(ignore) : undefined));
  }

  async function describe(): Promise<SessionDescription> {
    if (remote) {
      const answer = await media.createAnswer(signal);
      remote = false;
      return answer;
    }
    if (initial !== null) return initial;
    const { iceRestart } = handler;
    handler.iceRestart = false;
    const offer = await media.createOffer({ iceRestart }, signal);
    local = true;
    return offer;
  }

  async function apply(sdp: string): Promise<void> {
    if (!local) {
      await media.setRemoteDescription({ type: 'offer', sdp });
      remote = true;
    } else if (initial !== null && applied !== null) {
      // of one dialog only the first description counts (RFC 3261 §13.2.1)
      forked = applied.tag !== handler.answerTag && applied.sdp !== sdp;
    } else {
      await media.setRemoteDescription({ type: 'answer', sdp });
    }
    initial = null;
    local = false;
  }

  function rollback(): Promise<void> {
    local = remote = false;
    return media.rollback();
  }

  const handler: CallDescription = {
    answerTag: '',
    iceRestart: false,
    get forked() {
      return forked;
    },
    async prepare(preparing) {
      initial = await media.createOffer({ iceRestart: false }, preparing);
    },
    getDescription: () =>
      inTurn(async (): Promise<BodyAndContentType> => {
        const { sdp } = await describe();
        return { body: sdp, contentType: 'application/sdp' };
      }),
    hasDescription: (contentType) => /^application\/sdp\b/i.test(contentType),
    setDescription: (sdp) => inTurn(() => apply(sdp)),
    rollbackDescription: () => inTurn(rollback),
    answer: (sdp) =>
      inTurn(async () => {
        try {
          await apply(sdp);
          return (await describe()).sdp;
        } catch (error) {
          await rollback();
          throw error;
        }
      }),
    early: (tag, sdp) =>
      inTurn(async () => {
        if (initial === null || applied !== null) return false;
        await media.setRemoteDescription({ type: 'answer', sdp });
        applied = { tag, sdp };
        return true;
      }),
    sendDtmf: (tones) => media.sendDtmf(tones),
    // the call closes the media, for all its calls to signalling at once
    close: ignore,
  };
  return handler;
}
