import type { Phone } from '../../../src/call/phone.js';
import type { PhoneSnapshot } from '../../../src/call/phone-snapshot.js';

/** What the views show and do. */
export interface Desk {
  readonly phone: Phone;
  readonly snapshot: PhoneSnapshot;
  /** What the page was given, or what was typed last. */
  readonly user: string;
  readonly password: string;
  /** `sip:agent@example.com` */
  readonly address: string;
  signIn(user: string, password: string): void;
  signOut(): void;
}
