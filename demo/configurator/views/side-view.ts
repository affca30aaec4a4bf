import { html, nothing, type TemplateResult } from 'lit';
import type { Desk, Line } from '../desk.js';
import { THEMES } from '../themes.js';

export function themesView(desk: Desk): TemplateResult {
  return html`<fieldset class="themes">
    <legend>Theme</legend>
    ${THEMES.map(
      ({ name, title, blurb }) =>
        html`<label class="theme">
          <input
            type="radio"
            name="theme"
            value=${name}
            .checked=${desk.theme === name}
            @change=${() => desk.setTheme(name)}
          />
          <span class=${`swatch ${name || 'plain'}`} aria-hidden="true"><i></i></span>
          <span><b>${title}</b> <small>${blurb}</small></span>
        </label>`,
    )}
  </fieldset>`;
}

function toggle(pressed: boolean, text: string, press: () => void): TemplateResult {
  return html`<button
    type="button"
    class="toggle"
    aria-pressed=${pressed ? 'true' : 'false'}
    @click=${press}
  >
    ${text}
  </button>`;
}

export function toolsView({ preview, setPreview }: Desk): TemplateResult {
  const { dark, phone } = preview;
  return html`${toggle(phone, 'Phone', () => setPreview({ phone: !phone }))}
  ${toggle(dark, 'Dark', () => setPreview({ dark: !dark }))}`;
}

const SIGNS = { good: '✓', bad: '✕', skipped: '–' } as const;
const WORDS = { good: 'Good', bad: 'Wrong', skipped: 'Not tried' } as const;

function lineView({ title, verdict }: Line): TemplateResult {
  if (verdict === null) {
    return html`<li class="busy">
      <span class="sign" aria-hidden="true"></span>
      <div>
        <h3>${title}</h3>
        <p>Trying …</p>
      </div>
    </li>`;
  }
  const { kind, text } = verdict;
  return html`<li class=${kind}>
    <span class="sign" role="img" aria-label=${WORDS[kind]}>${SIGNS[kind]}</span>
    <div>
      <h3>${title}</h3>
      <p>${text}</p>
      ${kind === 'bad' ? html`<p class="remedy">${verdict.remedy}</p>` : nothing}
    </div>
  </li>`;
}

function summary({ lines, checking }: Desk): string {
  if (lines === null) return '';
  if (checking) return 'Checking …';
  const wrong = lines.filter(({ verdict }) => verdict?.kind === 'bad').length;
  if (wrong === 0) return 'All is well: a call should go through.';
  return wrong === 1 ? 'One thing is wrong.' : `${wrong} things are wrong.`;
}

export function checksView(desk: Desk): TemplateResult {
  return html`<button
      type="button"
      class="action"
      aria-disabled=${desk.checking ? 'true' : nothing}
      @click=${() => desk.check()}
    >
      ${desk.lines === null ? 'Check the connection' : 'Check again'}
    </button>
    <p class="summary" role="status">${summary(desk)}</p>
    ${
      desk.lines === null
        ? nothing
        : html`<ol class="lines">
            ${desk.lines.map(lineView)}
          </ol>`
    }`;
}

export function snippetView(desk: Desk): TemplateResult {
  return html`<p>
      <label
        ><input
          type="checkbox"
          id="pinned"
          .checked=${desk.pinned}
          @change=${(event: Event) =>
            desk.setPinned((event.currentTarget as HTMLInputElement).checked)}
        />
        This version alone, by its hashes (SRI)</label
      >
    </p>
    <pre
      tabindex="0"
      role="region"
      aria-label="Snippet"
    ><code id="snippet">${desk.snippet}</code></pre>
    <button type="button" class="action" @click=${() => desk.copy()}>Copy the snippet</button>
    <p class="summary" role="status">${desk.copied ? 'Copied.' : ''}</p>`;
}
