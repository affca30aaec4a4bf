import type { Transport } from 'sip.js';
import { ignore } from './guard.js';
import { hasSdp, reply, type SipMessage } from './message.js';

/** With what we take, as RFC 3261 §21.4.13 demands. */
export const UNSUPPORTED_MEDIA = '415 Unsupported Media Type\r\nAccept: application/sdp';

/** 420 for an extension that is required of us (RFC 3261 §8.2.2.3). Nobody is kept in a call for that. */
export function badExtension({ method, headers }: SipMessage): string | null {
  if (method === 'ACK' || method === 'CANCEL' || method === 'BYE') return null;
  const unknown = headers
    .filter(([name]) => name === 'require')
    .flatMap(([, value]) => value.split(','))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '' && tag.toLowerCase() !== 'timer');
  return unknown.length === 0 ? null : `420 Bad Extension\r\nUnsupported: ${unknown.join(', ')}`;
}

/**
 * The final response to a request that is not for SIP.js: everything but INVITE, BYE, INFO, OPTIONS and what belongs
 * to them. `null`: SIP.js answers, or (ACK) nobody. SIP.js would accept MESSAGE and NOTIFY, and drop a REFER to a
 * `tel:` URI without a word.
 */
export function refusal(message: SipMessage, offering: boolean): string | null {
  const bad = badExtension(message);
  if (bad !== null) return bad;
  switch (message.method) {
    case 'INVITE':
      if (message.body !== '' && !hasSdp(message)) return UNSUPPORTED_MEDIA;
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

function strayRefusal(message: SipMessage): string | null {
  const { method, toTag, uri } = message;
  if (method === 'ACK') return null;
  if (toTag !== '' || method === 'CANCEL' || method === 'BYE') {
    return '481 Call/Transaction Does Not Exist';
  }
  const bad = badExtension(message);
  if (bad !== null) return bad;
  // servers rewrite the rest of it
  if (!/^<?(?:sips?|tel):/i.test(uri)) return '416 Unsupported URI Scheme';
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
