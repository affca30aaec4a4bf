/** Where the phone meets its adapters. */
import { Phone } from '../../src/call/phone.js';
import type { PhoneSnapshot } from '../../src/call/phone-snapshot.js';
import { createAnsweringSession } from '../../src/media/answering-session.js';
import { createRingTone } from '../../src/media/ring-tone.js';
import { systemClock } from '../../src/shared/clock.js';
import { onNetworkChange } from '../../src/shared/network.js';
import { createPhoneLine } from '../../src/sip/phone-line.js';

export function createPhone(onChange: (snapshot: PhoneSnapshot) => void): Phone {
  return new Phone(
    {
      createLine: (account, events) => createPhoneLine({ account }, events),
      createMedia: (options, events) => createAnsweringSession({ ...options, events }),
      ringTone: createRingTone(),
      clock: systemClock,
      onNetworkChange,
    },
    onChange,
  );
}
