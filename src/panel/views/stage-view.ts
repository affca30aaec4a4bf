import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isInCall } from '../../call/call-state.js';
import type { QualityLevel } from '../../call/ports.js';
import type { CallController } from '../call-controller.js';
import { handsetIcon } from './icons.js';

const BARS: Readonly<Record<QualityLevel, number>> = { good: 4, medium: 3, poor: 2, bad: 1 };

function qualityView({ snapshot, t }: CallController): TemplateResult | typeof nothing {
  const level = snapshot.quality?.level;
  if (level === undefined) return nothing;
  return html`<span
    part="quality"
    class=${`quality ${level}`}
    role="img"
    aria-label=${t(`quality.${level}`)}
    title=${t(`quality.${level}`)}
  >
    ${[1, 2, 3, 4].map((bar) => html`<i class=${bar <= BARS[level] ? 'on' : ''}></i>`)}
  </span>`;
}

/** Who is seen and heard, and for how long: the far end's picture or a sign of it, our own picture, the clock. */
export function stageView(controller: CallController): TemplateResult {
  const { snapshot, picture, statusText, video } = controller;
  const { state } = snapshot;
  return html`<div part="stage" class=${`stage ${picture ? 'picture' : ''}`}>
    ${video?.remoteView(controller)}
    <div class=${`orb ${state}`} ?hidden=${picture}>${handsetIcon()}</div>
    ${video?.ownView(controller)} ${controller.extras?.stageView(controller.panel)}
    <div class="info">
      <span part="status" class="status">${statusText}</span>
      ${
        isInCall(state)
          ? html`<span
              part="timer"
              class="timer"
              role="timer"
              dir="ltr"
              .textContent=${controller.time}
            ></span>`
          : nothing
      }
      ${qualityView(controller)}
    </div>
  </div>`;
}
