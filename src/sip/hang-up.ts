import { type Core, type Inviter, SessionState } from 'sip.js';
import { guard, ignore } from './guard.js';

/** CANCEL or BYE, as far as the call has come. `false`: there is nothing to end. */
export function hangUp(session: Inviter | null): boolean {
  if (session?.state === SessionState.Established) {
    return guard(() => void session.bye().catch(ignore));
  }
  if (session?.state !== SessionState.Establishing) return false;
  return guard(() => {
    const dialog = session.dialog as Core.SessionDialog | undefined;
    if (dialog === undefined) {
      // before a provisional response SIP.js remembers it until there is one (RFC 3261 §9.1)
      session.cancel().catch(ignore);
    } else {
      dialog.ack();
      dialog.bye();
    }
  });
}
