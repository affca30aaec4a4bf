import type { Core } from 'sip.js';
import { UNSUPPORTED_MEDIA } from './dialog-requests.js';
import { guard, ignore } from './guard.js';
import { hasSdp, header, isReadableContact, reply, type SipMessage } from './message.js';
import { type SessionTimer, tooBrief } from './session-timer.js';
import { makeUri } from './user-agent.js';

export interface UpdateContext {
  /** Answers an offer; rejects, with everything as it was, where it cannot. */
  answer(sdp: string): Promise<string>;
  readonly timer: SessionTimer;
  /** Where requests to us go: of the 2xx, because UPDATE is a target refresh. */
  readonly contact: string;
  readonly random: () => number;
  dialog(): Core.SessionDialog | undefined;
  /** An offer of ours is out or being made. */
  offering(): boolean;
  /** An offer of theirs waits for our answer. */
  answering(): boolean;
  send(text: string): Promise<void>;
}

/**
 * Answers UPDATE (RFC 3311), which SIP.js refuses: most are session timer refreshes without a description; an offer is
 * taken as in a re-INVITE, because a far end that reads UPDATE in our Allow holds and retrieves with it.
 */
export interface Updates {
  /** An offer is being answered: a re-INVITE that comes meanwhile gets 500 (RFC 3261 §14.2). */
  readonly answering: boolean;
  /** `500` with a time to come back, from 0 to 10 s. */
  busy(): string;
  onUpdate(message: SipMessage): void;
}

/** The far end's new address. SIP.js takes it from re-INVITEs alone. */
function retarget(dialog: Core.SessionDialog | undefined, message: SipMessage): void {
  const value = header(message, 'contact') ?? '';
  const uri = /(?<=<)sips?:[^>]+|^sips?:[^\s;,<>]+/i.exec(value)?.[0];
  if (uri === undefined || !isReadableContact(uri)) return;
  guard(() => {
    const { dialogState } = dialog as unknown as { dialogState: { remoteTarget: unknown } };
    dialogState.remoteTarget = makeUri(uri);
  });
}

export function createUpdates(context: UpdateContext): Updates {
  const { timer, contact, random } = context;
  let last = { cseq: -1, response: '' };
  let answering = false;

  const busy = (): string =>
    `500 Server Internal Error\r\nRetry-After: ${Math.floor(random() * 11)}`;

  function refusal(message: SipMessage): string | null {
    if (message.body === '') return tooBrief(message);
    if (!hasSdp(message)) return UNSUPPORTED_MEDIA;
    // RFC 3311 §5.2
    if (context.offering()) return '491 Request Pending';
    if (answering || context.answering()) return busy();
    return tooBrief(message);
  }

  async function answer(message: SipMessage): Promise<string> {
    const refused = refusal(message);
    if (refused !== null) return reply(message, refused);
    let sdp = '';
    if (message.body !== '') {
      answering = true;
      try {
        sdp = await context.answer(message.body);
      } catch {
        return reply(message, '488 Not Acceptable Here');
      } finally {
        answering = false;
      }
    }
    retarget(context.dialog(), message);
    const lines = `Contact: <${contact}>\r\n${timer.accept(message)}Supported: timer`;
    return reply(message, `200 OK\r\n${lines}`, sdp);
  }

  return {
    get answering() {
      return answering;
    },
    busy,
    onUpdate(message) {
      const { cseq } = message;
      if (cseq < last.cseq) {
        context.send(reply(message, busy())).catch(ignore);
      } else if (cseq === last.cseq) {
        // sent again, over another socket; without a response yet it will get that one
        if (last.response !== '') context.send(last.response).catch(ignore);
      } else {
        const mine = { cseq, response: '' };
        last = mine;
        void answer(message).then((response) => {
          mine.response = response;
          return context.send(response);
        }, ignore);
      }
    },
  };
}
