import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isInCall, takesDigits } from '../../call/call-state.js';
import type { MessageKey } from '../../i18n/messages.js';
import type { CallController } from '../call-controller.js';
import { controlsView } from './controls-view.js';
import { phoneLink, retryText } from './form-view.js';
import { icon } from './call-icons.js';
import { handsetIcon } from './icons.js';
import { keypadView } from './keypad-view.js';
import { stageView } from './stage-view.js';

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

function noticeView(controller: CallController): View {
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

function diagnosticsView(controller: CallController): View {
  const { t, diagnostics } = controller;
  return html`<div part="diagnostics" class="diagnostics" role="status">
    ${diagnostics === null ? nothing : html`<span>${t(`diagnostics.${diagnostics}`)}</span>`}
    ${
      diagnostics === 'copied'
        ? nothing
        : html`<button type="button" class="text" @click=${() => void controller.copyDiagnostics()}>
            ${t('diagnostics')}
          </button>`
    }
  </div>`;
}

function endedView(controller: CallController, rating: View): TemplateResult {
  const { t, snapshot } = controller;
  const { outcome } = snapshot;
  const failed = controller.failed;
  return html`<div class="ended">
    <div class=${`orb still ${failed ? 'failed' : ''}`}>
      ${failed ? icon('alert') : handsetIcon()}
    </div>
    <div role="alert">
      <p part="status" class="status" dir="auto">
        ${outcome === null ? nothing : t(`end.${outcome.reason}`)}
      </p>
      ${
        outcome?.retryAfter
          ? html`<p class="muted">${retryText(controller, outcome.retryAfter)}</p>`
          : nothing
      }
    </div>
    ${
      outcome === null || outcome.durationMs === 0
        ? nothing
        : html`<p class="muted">
            ${t('duration', { time: controller.clock(outcome.durationMs) })}
          </p>`
    }
    ${rating}
    <slot name="ended"></slot>
    <button type="button" class="primary" data-focus @click=${() => void controller.again()}>
      ${handsetIcon()}<span>${t('call.again')}</span>
    </button>
    ${failed ? phoneLink(controller) : nothing} ${diagnosticsView(controller)}
  </div>`;
}

/** Everything from the INVITE on: progress, the call itself, and how it ended. */
export function callView(controller: CallController): TemplateResult {
  const { snapshot, keypadOpen } = controller;
  const { state } = snapshot;
  // from the start on, so that it is there by the end
  const rating = controller.extras?.ratingView(controller.panel) ?? nothing;
  if (state === 'ended') return endedView(controller, rating);
  const inCall = isInCall(state);
  return html`<div class="call">
    ${stageView(controller)}
    ${
      inCall
        ? // there before it has something to say: what comes together with its region may not be announced
          html`<div class="remarks" role="status">${noticeView(controller)}</div>`
        : html`<slot name="ringing"></slot>`
    }
    ${inCall ? (controller.devicesView?.(controller) ?? nothing) : nothing}
    ${takesDigits(state) && keypadOpen ? keypadView(controller) : nothing}
    ${controlsView(controller)}
  </div>`;
}
