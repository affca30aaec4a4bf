import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { MessageKey } from '../../i18n/messages.js';
import type { CallController } from '../call-controller.js';
import { icon } from './call-icons.js';
import { phoneLink } from './form-view.js';

type View = TemplateResult | typeof nothing;

/** A remark with at most one remedy. */
function messageView(
  controller: CallController,
  text: MessageKey,
  remedy: { text: MessageKey; run: () => void } | View | null,
  dismiss: () => void,
): TemplateResult {
  const { t } = controller;
  return html`<div part="message" class="message">
    ${icon('alert')}
    <div>
      <p>${t(text)}</p>
      ${
        remedy !== null && typeof remedy === 'object' && 'run' in remedy
          ? html`<button type="button" class="text" @click=${remedy.run}>${t(remedy.text)}</button>`
          : (remedy ?? nothing)
      }
    </div>
    <button
      type="button"
      class="plain"
      aria-label=${t('dismiss')}
      title=${t('dismiss')}
      @click=${dismiss}
    >
      ${icon('close')}
    </button>
  </div>`;
}

function questionView({ call, t }: CallController): TemplateResult {
  return html`<div part="message" class="message question">
    ${icon('camera')}
    <div>
      <p>${t('video.question')}</p>
      <div class="answers">
        <button type="button" class="yes" @click=${() => call?.answerVideo(true)}>
          ${t('video.yes')}
        </button>
        <button type="button" @click=${() => call?.answerVideo(false)}>${t('video.no')}</button>
      </div>
    </div>
  </div>`;
}

/** What the visitor has to be told in a call: at most one thing. */
export function noticeView(controller: CallController): View {
  const { snapshot, call, weakLine } = controller;
  const { notice, localVideo, videoRequested } = snapshot;
  if (videoRequested) return questionView(controller);
  if (notice !== null) {
    const remedy =
      notice === 'sound-blocked'
        ? { text: 'sound.on' as const, run: () => call?.playSound() }
        : notice === 'camera-lost'
          ? { text: 'video.unmute' as const, run: () => void call?.setVideoMuted(false) }
          : notice === 'muted-speaking'
            ? { text: 'audio.unmute' as const, run: () => call?.setAudioMuted(false) }
            : null;
    return messageView(controller, `notice.${notice}`, remedy, () => call?.dismissNotice());
  }
  if (!weakLine.advise) return nothing;
  return messageView(
    controller,
    localVideo ? 'quality.advice-video' : 'quality.advice',
    localVideo
      ? { text: 'video.mute', run: () => void call?.setVideoMuted(true) }
      : phoneLink(controller),
    () => controller.dismissAdvice(),
  );
}
