/**
 * The call engine: domain, adapters, and the views that only a call needs. One chunk, loaded when the form opens.
 */
import { Call, type CallPorts } from '../call/call.js';
import type { CallSnapshot } from '../call/snapshot.js';
import { browserFamily } from './browser.js';
import { createMediaSession } from '../media/media-session.js';
import { createTones } from '../media/tones.js';
import { createPassSource } from '../pass/pass-source.js';
import { systemClock } from '../shared/clock.js';
import { onNetworkChange } from '../shared/network.js';
import { createSignalling } from '../sip/signalling.js';

export { callView } from './views/call-view.js';
export { callStyles } from '../styles/call.styles.js';

export function createCall(
  captcha: CallPorts['captcha'],
  onChange: (snapshot: CallSnapshot, previous: CallSnapshot) => void,
): Call {
  return new Call(
    {
      captcha,
      clock: systemClock,
      tones: createTones(),
      createPassSource: ({ gate }) => (gate === null ? null : createPassSource(gate)),
      createMedia: ({ media, iceWait }, events) =>
        createMediaSession({ events, video: media === 'video', iceWait }),
      createSignalling: ({ servers }) => createSignalling({ servers }),
      browser: browserFamily(navigator),
      createCallId: () => crypto.randomUUID(),
      onNetworkChange,
    },
    onChange,
  );
}
