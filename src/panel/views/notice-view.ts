import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { MessageKey } from '../../i18n/messages.js';
import type { CallController } from '../call-controller.js';
import { lineIcon, PATHS } from './icons.js';
import { phoneLink } from './form-view.js';

type View = TemplateResult | typeof nothing | undefined;

/** A remark with at most one remedy. */
function messageView(
  { t }: CallController,
  text: MessageKey,
  remedy: View,
  dismiss: () => void,
): TemplateResult {
  return html`<div part="message" class="message">
    ${lineIcon(PATHS.alert)}
    <div>
      <p>${t(text)}</p>
      ${remedy}
    </div>
    <button
      type="button"
      class="plain"
      aria-label=${t('dismiss')}
      title=${t('dismiss')}
      @click=${dismiss}
    >
      ${lineIcon(PATHS.close)}
    </button>
  </div>`;
}

function remedyView({ t }: CallController, text: MessageKey, run: () => void): TemplateResult {
  return html`<button type="button" class="text" @click=${run}>${t(text)}</button>`;
}

/** What the visitor has to be told in a call: at most one thing. */
export function noticeView(controller: CallController): View {
  const { snapshot, call, video, weakLine } = controller;
  const { notice, localVideo, videoRequested } = snapshot;
  if (videoRequested && video !== null) return video.questionView(controller);
  if (notice !== null) {
    const remedy =
      notice === 'sound-blocked'
        ? remedyView(controller, 'sound.on', () => call.playSound())
        : notice === 'camera-lost'
          ? video?.cameraRemedy(controller, false)
          : notice === 'muted-speaking'
            ? remedyView(controller, 'audio.unmute', () => call.setAudioMuted(false))
            : nothing;
    return messageView(controller, `notice.${notice}`, remedy, () => call.dismissNotice());
  }
  if (!weakLine.advise) return nothing;
  const camera = localVideo && video !== null;
  return messageView(
    controller,
    camera ? 'quality.advice-video' : 'quality.advice',
    camera ? video.cameraRemedy(controller, true) : phoneLink(controller),
    () => controller.dismissAdvice(),
  );
}
