import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isInCall } from '../../call/call-state.js';
import { takesDigits } from '../../call/digits.js';
import type { CallOutcome } from '../../call/snapshot.js';
import type { CallController } from '../call-controller.js';
import { controlsView } from './controls-view.js';
import { phoneLink, retryText } from './form-view.js';
import { handsetIcon, lineIcon, PATHS } from './icons.js';
import { keypadView } from './keypad-view.js';
import { noticeView } from './notice-view.js';
import { stageView } from './stage-view.js';

type View = TemplateResult | typeof nothing | undefined;

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

function endedView(
  controller: CallController,
  { reason, retryAfter, durationMs }: CallOutcome,
  rating: View,
): TemplateResult {
  const { t, failed } = controller;
  return html`<div class="ended">
    <div class=${`orb still ${failed ? 'failed' : ''}`}>
      ${failed ? lineIcon(PATHS.alert) : handsetIcon()}
    </div>
    <div role="alert">
      <p part="status" class="status" dir="auto">${t(`end.${reason}`)}</p>
      ${retryAfter ? html`<p class="muted">${retryText(controller, retryAfter)}</p>` : nothing}
    </div>
    ${
      durationMs === 0
        ? nothing
        : html`<p class="muted">${t('duration', { time: controller.clock(durationMs) })}</p>`
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
  const { state, outcome } = snapshot;
  // from the start on, so that it is there by the end
  const rating = controller.extras?.ratingView(controller.panel);
  if (state === 'ended' && outcome !== null) return endedView(controller, outcome, rating);
  const inCall = isInCall(state);
  return html`<div class="call">
    ${stageView(controller)}
    ${
      inCall
        ? // there before it has something to say: what comes together with its region may not be announced
          html`<div class="remarks" role="status">${noticeView(controller)}</div>`
        : html`<slot name="ringing"></slot>`
    }
    ${inCall ? controller.devicesView?.(controller) : nothing}
    ${takesDigits(state) && keypadOpen ? keypadView(controller) : nothing}
    ${controlsView(controller)}
  </div>`;
}
