import { html, type TemplateResult } from 'lit/html.js';
import { isInCall } from '../../call/call-state.js';
import type { CallController } from '../call-controller.js';
import type { Control } from './controls-view.js';
import { lineIcon } from './icons.js';
import { VIDEO_PATHS } from './video-icons.js';

// the sound comes from an audio element of the media session: the pictures stay silent

export function remoteView({ call, picture, t }: CallController): TemplateResult {
  return html`<video
    part="remote-video"
    class="remote"
    playsinline
    autoplay
    .muted=${true}
    aria-label=${t('remote.view')}
    ?hidden=${!picture}
    .srcObject=${picture ? call.remoteStream : null}
  ></video>`;
}

export function ownView({ call, selfView, snapshot, t }: CallController): TemplateResult {
  const shown = snapshot.localVideo && selfView;
  return html`<video
    part="self-view"
    class="own"
    playsinline
    autoplay
    .muted=${true}
    aria-label=${t('self.view')}
    ?hidden=${!shown}
    .srcObject=${shown ? call.localStream : null}
  ></video>`;
}

/** Camera, self-view, full screen: the first is there as soon as pictures have been offered. */
export function videoControls(controller: CallController): (Control | false)[] {
  const { snapshot, call, isFullscreen, picture, selfView } = controller;
  const { state, videoMuted, videoOffered, localVideo } = snapshot;
  return [
    videoOffered && {
      part: 'mute-video',
      text: videoMuted ? 'video.unmute' : 'video.mute',
      icon: lineIcon(VIDEO_PATHS[videoMuted ? 'camera-off' : 'camera']),
      on: videoMuted,
      run: () => void call.setVideoMuted(!videoMuted),
    },
    localVideo &&
      isInCall(state) && {
        part: 'self-view-toggle',
        text: selfView ? 'self.hide' : 'self.show',
        icon: lineIcon(VIDEO_PATHS.self),
        on: !selfView,
        run: () => controller.set('selfView', !selfView),
      },
    picture && {
      part: 'fullscreen',
      text: isFullscreen ? 'fullscreen.exit' : 'fullscreen.enter',
      icon: lineIcon(VIDEO_PATHS[isFullscreen ? 'fullscreen-exit' : 'fullscreen']),
      on: isFullscreen,
      run: () => void controller.toggleFullscreen(),
    },
  ];
}

/** The far end would like to see the visitor. */
export function questionView({ call, t }: CallController): TemplateResult {
  return html`<div part="message" class="message question">
    ${lineIcon(VIDEO_PATHS.camera)}
    <div>
      <p>${t('video.question')}</p>
      <div class="answers">
        <button type="button" class="yes" @click=${() => call.answerVideo(true)}>
          ${t('video.yes')}
        </button>
        <button type="button" @click=${() => call.answerVideo(false)}>${t('video.no')}</button>
      </div>
    </div>
  </div>`;
}

/** What may help against a remark: the camera off (`muted`), or on again. */
export function cameraRemedy({ call, t }: CallController, muted: boolean): TemplateResult {
  return html`<button type="button" class="text" @click=${() => void call.setVideoMuted(muted)}>
    ${t(muted ? 'video.mute' : 'video.unmute')}
  </button>`;
}
