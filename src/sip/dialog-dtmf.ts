import type { Inviter } from 'sip.js';
import type { Clock } from '../call/ports.js';
import { delay, ignore } from './guard.js';

/** Length told to the far end, milliseconds. */
const TONE_MS = 160;
/** From tone to tone, milliseconds: who makes tones of the requests must not run them together. */
const GAP_MS = 70;
/** Of a comma, as with `RTCDTMFSender`, milliseconds. */
const PAUSE_MS = 2_000;

function send(inviter: Inviter | null, digit: string): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => resolve();
    if (inviter === null) throw new Error('no call');
    inviter
      .info({
        requestDelegate: { onAccept: done, onRedirect: done, onReject: done },
        requestOptions: {
          body: {
            contentDisposition: 'render',
            contentType: 'application/dtmf-relay',
            content: `Signal=${digit}\r\nDuration=${TONE_MS}\r\n`,
          },
        },
      })
      .catch(done);
  });
}

/**
 * Digits as INFO requests, each after the response to the one before, so that they arrive in order, and after its tone.
 */
export function createInfoDtmf(
  session: () => Inviter | null,
  clock: Clock,
  signal: AbortSignal,
): (digits: string) => void {
  let last: Promise<unknown> = Promise.resolve();
  return (digits) => {
    for (const digit of digits.toUpperCase().match(/[\d*#A-D,]/g) ?? []) {
      last = last
        .then((): Promise<unknown> =>
          digit === ','
            ? delay(clock, PAUSE_MS, signal)
            : Promise.all([send(session(), digit), delay(clock, TONE_MS + GAP_MS, signal)]),
        )
        .catch(ignore);
    }
  };
}
