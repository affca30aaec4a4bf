import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isInCall } from '../../call/call-state.js';
import { takesDigits } from '../../call/digits.js';
import type { MessageKey } from '../../i18n/messages.js';
import type { CallController } from '../call-controller.js';
import { icon, keypadIcon } from './call-icons.js';
import { handsetIcon } from './icons.js';

interface Toggle {
  readonly part: string;
  readonly text: MessageKey;
  readonly icon: TemplateResult;
  /** The ordinary state of things is changed: shown as pressed. */
  readonly on: boolean;
  /** Id of what it opens. */
  readonly expands?: string;
  run(): void;
}

function toggle(
  { t }: CallController,
  { part, text, icon: picture, on, expands, run }: Toggle,
): TemplateResult {
  // the name says what a press will do, so a pressed state beside it would contradict
  return html`<button
    type="button"
    part=${part}
    class=${`control ${on ? 'on' : ''}`}
    aria-label=${t(text)}
    title=${t(text)}
    aria-expanded=${expands === undefined ? nothing : String(on)}
    aria-controls=${expands !== undefined && on ? expands : nothing}
    @click=${run}
  >
    ${picture}
  </button>`;
}

export function muteAudio(controller: CallController): TemplateResult {
  const { audioMuted } = controller.snapshot;
  return toggle(controller, {
    part: 'mute-audio',
    text: audioMuted ? 'audio.unmute' : 'audio.mute',
    icon: icon(audioMuted ? 'microphone-off' : 'microphone'),
    on: audioMuted,
    run: () => controller.call?.setAudioMuted(!audioMuted),
  });
}

export function hangUp(controller: CallController): TemplateResult {
  const name = controller.t(isInCall(controller.snapshot.state) ? 'hang-up' : 'cancel');
  return html`<button
    type="button"
    part="hang-up"
    class="control hang-up"
    aria-label=${name}
    title=${name}
    @click=${() => controller.hangUp()}
  >
    ${handsetIcon()}
  </button>`;
}

/** Mute, camera, keypad, full screen, self-view, hang up: what fits the moment. */
export function controlsView(controller: CallController): TemplateResult {
  const { snapshot, call, keypadOpen, devicesView, isFullscreen, selfView } = controller;
  const { state, videoMuted, videoOffered, remoteVideo, localVideo } = snapshot;
  const inCall = isInCall(state);
  const toggles: (Toggle | false)[] = [
    videoOffered && {
      part: 'mute-video',
      text: videoMuted ? 'video.unmute' : 'video.mute',
      icon: icon(videoMuted ? 'camera-off' : 'camera'),
      on: videoMuted,
      run: () => void call?.setVideoMuted(!videoMuted),
    },
    takesDigits(state) && {
      part: 'keypad-toggle',
      text: keypadOpen ? 'keypad.hide' : 'keypad.show',
      icon: keypadIcon(),
      on: keypadOpen,
      expands: 'keypad',
      run: () => controller.set('keypadOpen', !keypadOpen),
    },
    inCall && {
      part: 'devices-toggle',
      text: devicesView === null ? 'devices.show' : 'devices.hide',
      icon: icon('sliders'),
      on: devicesView !== null,
      expands: 'devices',
      run: () => void controller.toggleDevices(),
    },
    inCall &&
      localVideo && {
        part: 'self-view-toggle',
        text: selfView ? 'self.hide' : 'self.show',
        icon: icon('self'),
        on: !selfView,
        run: () => controller.set('selfView', !selfView),
      },
    inCall &&
      remoteVideo && {
        part: 'fullscreen',
        text: isFullscreen ? 'fullscreen.exit' : 'fullscreen.enter',
        icon: icon(isFullscreen ? 'fullscreen-exit' : 'fullscreen'),
        on: isFullscreen,
        run: () => void controller.toggleFullscreen(),
      },
  ];
  return html`<div part="controls" class="controls" ?inert=${state === 'ending'}>
    ${muteAudio(controller)}
    ${toggles.map((item) => (item === false ? nothing : toggle(controller, item)))}
    ${controller.extras?.pictureControl(controller.panel)} ${hangUp(controller)}
  </div>`;
}
