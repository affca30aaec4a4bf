import type { Transport } from 'sip.js';
import { ignore } from './guard.js';
import { hasSdp, reply, type SipMessage } from './message.js';

/**
 * The final response to a request that is not for SIP.js: everything but INVITE, BYE, INFO, OPTIONS and what belongs
 * to them. `null`: SIP.js answers, or (ACK) nobody. SIP.js would accept MESSAGE and NOTIFY, and drop a REFER to a
 * `tel:` URI without a word.
 */
export function refusal(message: SipMessage, offering: boolean): string | null {
  switch (message.method) {
    case 'INVITE':
      if (message.body !== '' && !hasSdp(message)) return '415 Unsupported Media Type';
      // our own offer is on its way or being made (RFC 3261 §14.2)
      return offering ? '491 Request Pending' : null;
    case 'ACK':
    case 'BYE':
    case 'CANCEL':
    case 'INFO':
    case 'OPTIONS':
      return null;
    case 'REFER':
      return '603 Decline';
    case 'NOTIFY':
      return '489 Bad Event';
    default:
      return '405 Method Not Allowed';
  }
}

function strayRefusal({ method, toTag }: SipMessage): string | null {
  if (method === 'ACK') return null;
  if (toTag !== '' || method === 'CANCEL' || method === 'BYE') {
    return '481 Call/Transaction Does Not Exist';
  }
  switch (method) {
    case 'INVITE':
      return '486 Busy Here';
    case 'OPTIONS':
      // a gateway's keep-alive
      return '200 OK';
    default:
      return '405 Method Not Allowed';
  }
}

/** Answers what belongs to no call of ours. This is no phone to be called. */
export function answerStray(sip: Transport, message: SipMessage): void {
  const status = message.status === 0 ? strayRefusal(message) : null;
  if (status !== null) sip.send(reply(message, status)).catch(ignore);
}
