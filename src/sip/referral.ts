import type { Core, Session, URI } from 'sip.js';
import { CallError } from '../call/errors.js';
import type { Clock } from '../call/ports.js';
import { endReason } from './end-reason.js';
import { abortable, ignore } from './guard.js';
import { header, type SipMessage } from './message.js';

/** Without a word by then a promised transfer counts as done, any other as failed; milliseconds. */
const TRANSFER_MS = 10_000;

export interface Referral {
  /** The far end has promised the last transfer (2xx). */
  readonly promised: boolean;
  /** See `IncomingCall.transfer`. */
  transfer(target: URI, signal: AbortSignal): Promise<void>;
  /** The response to a NOTIFY, code and phrase. */
  onNotify(message: SipMessage): string;
}

/** Status in a `message/sipfrag` body (RFC 3420); 0 where there is none. */
function fragmentStatus(message: SipMessage): number {
  if (!/^message\/sipfrag\b/i.test(header(message, 'content-type') ?? '')) return 0;
  return Number(/^SIP\/2\.0 ([1-6]\d\d)\b/i.exec(message.body)?.[1] ?? 0);
}

/** REFER and the NOTIFYs that tell how it went (RFC 3515), one at a time. */
export function createReferral(session: Session, clock: Clock): Referral {
  let promised = false;
  let settle: ((failure: number) => void) | null = null;

  async function refer(target: URI): Promise<void> {
    promised = false;
    let cancelTimer = ignore;
    const status = await new Promise<number>((resolve, reject) => {
      settle = resolve;
      cancelTimer = clock.after(TRANSFER_MS, () => resolve(promised ? 0 : 408));
      const onRefused = ({ message }: Core.IncomingResponse): void =>
        resolve(message.statusCode ?? 500);
      session
        .refer(target, {
          requestDelegate: {
            onAccept: () => (promised = true),
            onRedirect: onRefused,
            onReject: onRefused,
          },
        })
        .catch(reject);
    }).finally(() => {
      settle = null;
      cancelTimer();
    });
    if (status === 0) return;
    promised = false;
    throw new CallError(endReason(status, false), 'REFER', { status });
  }

  return {
    get promised() {
      return promised;
    },
    transfer(target, signal) {
      if (settle !== null) {
        return Promise.reject(new CallError('internal-error', 'a transfer is under way'));
      }
      return abortable(refer(target), signal);
    },
    onNotify(message) {
      if (!/^refer\b/i.test(header(message, 'event') ?? '')) return '489 Bad Event';
      if (settle === null) return '481 Subscription Does Not Exist';
      const status = fragmentStatus(message);
      // the NOTIFY may overtake the response to REFER
      if (status >= 200) {
        promised = status < 300;
        settle(status < 300 ? 0 : status);
      }
      return '200 OK';
    },
  };
}
