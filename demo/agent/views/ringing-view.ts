import { html, nothing, type TemplateResult } from 'lit';
import { handsetIcon } from '../../../src/panel/views/icons.js';
import { nameOf, noticeWords } from '../words.js';
import { contextView, pageOf } from './caller-view.js';
import type { Desk } from './desk.js';
import { picture, strings } from './parts.js';

function lead({ snapshot }: Desk): string {
  const page = pageOf(snapshot);
  if (snapshot.state === 'connecting') {
    return 'Connecting… Allow the microphone if your browser asks.';
  }
  const how = snapshot.caller?.video === true ? ' by video' : '';
  return `is calling${how}${page === '' ? '' : `, from ${page}`}.`;
}

/** It rings, or is being answered. */
export function ringingView(desk: Desk): TemplateResult {
  const { phone, snapshot } = desk;
  const { caller, notice, state } = snapshot;
  const rings = state === 'ringing';
  return html`<section class="stage ringing" aria-labelledby="title">
      ${strings(rings ? 'sounding' : 'still')}
      <div role="alert">
        <h1 id="title" tabindex="-1" dir="auto">${nameOf(caller)}</h1>
        <p class="lead">${lead(desk)}</p>
      </div>
      ${notice === null ? nothing : html`<p class="trouble" role="alert">${noticeWords(notice)}</p>`}
      <p class="actions">
        ${
          rings
            ? html`<button
                  class="button answer"
                  type="button"
                  @click=${() => void phone.answer({ video: false })}
                >
                  ${handsetIcon()}<span>Answer</span>
                </button>
                ${
                  caller?.video === false
                    ? nothing
                    : html`<button
                        class="button answer"
                        type="button"
                        @click=${() => void phone.answer({ video: true })}
                      >
                        ${picture('camera')}<span>Answer with video</span>
                      </button>`
                }`
            : nothing
        }
        <button class="button decline" type="button" @click=${() => phone.decline()}>
          ${handsetIcon()}<span>Decline</span>
        </button>
      </p>
    </section>
    <aside class="card" aria-label="About this call">
      ${contextView(snapshot)}
      <section>
        <h2>Address</h2>
        <p class="address">${caller?.address}</p>
      </section>
    </aside>`;
}
