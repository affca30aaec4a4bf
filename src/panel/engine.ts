/**
 * The call engine: domain, adapters, and the logic, words and views that only a call needs. One chunk, loaded when the
 * form opens.
 */
import { Call } from '../call/call.js';
import type { CallPorts } from '../call/ports.js';
import { CallController } from './call-controller.js';
import type { PanelController, PanelSurface } from './controller.js';
import { browserFamily } from './browser.js';
import { listDevices, openDevices, permissionGranted } from '../media/devices.js';
import { createMediaSession } from '../media/media-session.js';
import { createTones } from '../media/tones.js';
import { createPassSource } from '../pass/pass-source.js';
import { systemClock } from '../shared/clock.js';
import { onNetworkChange } from '../shared/network.js';
import { createSignalling } from '../sip/signalling.js';
import { buttonInCallStyles } from '../styles/call.styles.js';

export { enCall } from '../i18n/en-call.js';
export { callView } from './views/call-view.js';
export { hangUp, muteAudio } from './views/controls-view.js';
export { noticeView } from './views/notice-view.js';
export { callStyles } from '../styles/call.styles.js';

/** What the page's `::part()` reaches beside the form. */
export const PARTS =
  ',status,timer,quality,stage,controls,mute-audio,keypad-toggle,keypad,key,devices-toggle,devices,volume,hang-up,diagnostics,rating,consent,bar,restore';

/** One for each panel; `captcha` shows the CAPTCHA of the panel's form. */
export function createCallController(
  panel: PanelController,
  surface: PanelSurface,
  captcha: CallPorts['captcha'],
): CallController {
  const { adoptedStyleSheets } = panel.host.anchor.getRootNode() as ShadowRoot;
  // there from an earlier panel of this button
  if (!adoptedStyleSheets.includes(buttonInCallStyles)) adoptedStyleSheets.push(buttonInCallStyles);
  return new CallController(
    panel,
    surface,
    { open: openDevices, list: listDevices, permissionGranted },
    (onChange) =>
      new Call(
        {
          captcha,
          clock: systemClock,
          tones: createTones(),
          createPassSource: ({ gate }) => (gate === null ? null : createPassSource(gate)),
          createMedia: ({ media, iceWait }, events) =>
            createMediaSession({ events, video: media === 'video', iceWait }),
          createSignalling: ({ servers }) =>
            createSignalling({
              servers,
              trace: (direction, message) => panel.calls?.trace?.(direction, message),
            }),
          browser: browserFamily(navigator),
          createCallId: () => crypto.randomUUID(),
          onNetworkChange,
        },
        onChange,
      ),
  );
}
