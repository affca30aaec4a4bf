import { isInCall } from '../call/call-state.js';
import type { CallSnapshot } from '../call/snapshot.js';
import type { CallController } from './call-controller.js';
import { CallEndEvent, CallQualityChangeEvent, CallStateChangeEvent } from './call-events.js';
import type { PanelSurface } from './controller.js';
import { CallErrorEvent } from './events.js';
import { createStay } from './stay.js';

export interface Follower {
  changed(snapshot: CallSnapshot, previous: CallSnapshot): void;
  dispose(): void;
}

/** What comes of each change of a call: events for the page, the clock, and what the panel does by itself. */
export function followCalls(calls: CallController, surface: PanelSurface): Follower {
  const { panel } = calls;
  const { element } = panel.host;
  const stay = createStay();
  let ticker: ReturnType<typeof setInterval> | undefined;

  /** A second has passed: only the time is another. Drawing all of the call each second costs a phone's battery. */
  const tick = (): void => {
    if (!panel.isOpen) {
      panel.update();
      return;
    }
    const timer = surface.section()?.querySelector('[part=timer]');
    if (timer) timer.textContent = calls.time;
  };

  return {
    changed(snapshot, previous) {
      const { state, outcome, report, quality, callId, videoRequested } = snapshot;
      const inCall = isInCall(state);
      if (inCall !== isInCall(previous.state)) {
        clearInterval(ticker);
        stay.set(inCall);
        if (inCall) ticker = setInterval(tick, 1000);
      }
      // a question must be seen, and a CAPTCHA that is asked for again
      if ((videoRequested && !previous.videoRequested) || state === 'verifying')
        panel.isOpen = true;
      if (!panel.atForm || !panel.isOpen) panel.hideCaptcha();
      const ended = state === 'ended' && previous.state !== 'ended';
      if (ended) {
        panel.release();
        calls.leaveFullscreen?.();
      }
      if (quality !== previous.quality && quality !== null) {
        const { advise } = calls.weakLine;
        calls.weakLine.report(quality.level);
        // most seconds bring the same picture
        if (quality.level !== previous.quality?.level || advise !== calls.weakLine.advise)
          panel.update();
        element.dispatchEvent(new CallQualityChangeEvent(quality));
      } else {
        panel.update();
        element.dispatchEvent(new CallStateChangeEvent(snapshot, previous));
      }
      if (!ended || outcome === null) return;
      if (calls.failed) element.dispatchEvent(new CallErrorEvent(outcome));
      if (report !== null) element.dispatchEvent(new CallEndEvent(callId, outcome, report));
      // ready for the next press: the visitor is still at the form
      if (outcome.early) calls.prepare(panel.config, false);
    },
    dispose: () => clearInterval(ticker),
  };
}
