import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isInCall } from '../../call/call-state.js';
import { takesDigits } from '../../call/digits.js';
import type { MessageKey } from '../../i18n/messages.js';
import type { CallController } from '../call-controller.js';
import { CALL_PATHS, keypadIcon } from './call-icons.js';
import { handsetIcon, lineIcon } from './icons.js';

export interface Control {
  readonly part: string;
  readonly text: MessageKey;
  readonly icon: TemplateResult;
  /** The ordinary state of things is changed: shown as pressed. */
  readonly on?: boolean;
  /** Id of what it opens. */
  readonly expands?: string;
  run(): void;
}

function controlView(
  { t }: CallController,
  { part, text, icon, on = false, expands, run }: Control,
): TemplateResult {
  // the name says what a press will do, so a pressed state beside it would contradict
  return html`<button
    type="button"
    part=${part}
    class=${`control ${part} ${on ? 'on' : ''}`}
    aria-label=${t(text)}
    title=${t(text)}
    aria-expanded=${expands === undefined ? nothing : String(on)}
    aria-controls=${expands !== undefined && on ? expands : nothing}
    @click=${run}
  >
    ${icon}
  </button>`;
}

export function muteAudio(controller: CallController): TemplateResult {
  const { audioMuted } = controller.snapshot;
  return controlView(controller, {
    part: 'mute-audio',
    text: audioMuted ? 'audio.unmute' : 'audio.mute',
    icon: lineIcon(CALL_PATHS[audioMuted ? 'microphone-off' : 'microphone']),
    on: audioMuted,
    run: () => controller.call.setAudioMuted(!audioMuted),
  });
}

export function hangUp(controller: CallController): TemplateResult {
  return controlView(controller, {
    part: 'hang-up',
    text: isInCall(controller.snapshot.state) ? 'hang-up' : 'cancel',
    icon: handsetIcon(),
    run: () => controller.hangUp(),
  });
}

/** Mute, camera, keypad, devices, self-view, full screen, hang up: what fits the moment. */
export function controlsView(controller: CallController): TemplateResult {
  const { snapshot, keypadOpen, devicesView, video } = controller;
  const { state } = snapshot;
  const [camera = false, ...pictures] = video?.videoControls(controller) ?? [];
  const controls: readonly (Control | false)[] = [
    camera,
    takesDigits(state) && {
      part: 'keypad-toggle',
      text: keypadOpen ? 'keypad.hide' : 'keypad.show',
      icon: keypadIcon(),
      on: keypadOpen,
      expands: 'keypad',
      run: () => controller.set('keypadOpen', !keypadOpen),
    },
    isInCall(state) && {
      part: 'devices-toggle',
      text: devicesView === null ? 'devices.show' : 'devices.hide',
      icon: lineIcon(CALL_PATHS.sliders),
      on: devicesView !== null,
      expands: 'devices',
      run: () => void controller.toggleDevices(),
    },
    ...pictures,
  ];
  return html`<div part="controls" class="controls" ?inert=${state === 'ending'}>
    ${muteAudio(controller)}
    ${controls.map((each) => (each ? controlView(controller, each) : nothing))}
    ${controller.extras?.pictureControl(controller.panel)} ${hangUp(controller)}
  </div>`;
}
