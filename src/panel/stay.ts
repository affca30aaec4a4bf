import { policyAllows } from '../shared/permissions-policy.js';

export interface Stay {
  /** In a call, or not any more. */
  set(inCall: boolean): void;
}

/**
 * What a page does while it is in a call: asks before it is left, and keeps the screen on where the browser can. A
 * phone that locks its screen stops the camera, and in some browsers the call.
 */
export function createStay(): Stay {
  let current = false;
  let lock: WakeLockSentinel | null = null;

  // browsers ask in words of their own, and only where the visitor has touched the page
  const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
  const release = (): void => {
    lock?.release().catch(() => {});
    lock = null;
  };
  /** Again after each time the page was out of sight: the browser lets go of it then (W3C Screen Wake Lock §10). */
  const keepOn = (): void => {
    const { wakeLock } = navigator as Partial<Navigator>;
    // where a frame may not, even the question is an error in the console
    if (wakeLock === undefined || policyAllows('screen-wake-lock') === false) return;
    if (document.visibilityState !== 'visible') return;
    wakeLock.request('screen').then(
      (granted) => {
        release();
        lock = granted;
        if (!current) release();
      },
      // low battery, or forbidden in this frame
      () => {},
    );
  };

  return {
    set(inCall) {
      if (inCall === current) return;
      current = inCall;
      if (inCall) {
        addEventListener('beforeunload', ask);
        document.addEventListener('visibilitychange', keepOn);
        keepOn();
      } else {
        removeEventListener('beforeunload', ask);
        document.removeEventListener('visibilitychange', keepOn);
        release();
      }
    },
  };
}
