import { header, type SipMessage } from './message.js';

/** Longest INFO body that is read, UTF-16 units. */
const BODY_MAX = 256;

/**
 * The response to an INFO, code and phrase, and the digit in it, in capitals, if any: `application/dtmf-relay` with
 * a line `Signal=5`, or `application/dtmf` with the digit alone.
 */
export function readDigit(message: SipMessage): { status: string; digit?: string } {
  if (message.body === '') return { status: '200 OK' };
  const type = /^application\/dtmf(-relay)?\s*(?:;|$)/i.exec(header(message, 'content-type') ?? '');
  if (type === null) return { status: '415 Unsupported Media Type' };
  const pattern =
    type[1] === undefined ? /^\s*([\d*#A-D])\s*$/i : /^Signal[ \t]*=[ \t]*([\d*#A-D])[ \t]*\r?$/im;
  const digit = message.body.length > BODY_MAX ? undefined : pattern.exec(message.body)?.[1];
  return digit === undefined
    ? { status: '400 Bad Request' }
    : { status: '200 OK', digit: digit.toUpperCase() };
}
