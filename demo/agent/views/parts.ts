import { html, type TemplateResult } from 'lit';
import { icon, type IconName } from '../../../src/panel/views/call-icons.js';

/** On the same grid as the icons of the element. */
const PATHS = {
  hold: 'M9 5v14M15 5v14',
  resume: 'M8 5l11 7-11 7z',
  handover: 'M4 12h12M11 6.5l5.5 5.5-5.5 5.5M20 4.5v15',
} as const;

export function picture(name: IconName | keyof typeof PATHS): TemplateResult {
  if (!(name in PATHS)) return icon(name as IconName);
  return html`<svg class="line" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${PATHS[name as keyof typeof PATHS]} />
  </svg>`;
}

/** Five strings: still, sounding, or damped. */
export function strings(state: 'still' | 'sounding' | 'damped'): TemplateResult {
  return html`<div class="strings ${state}" aria-hidden="true">
    <i></i><i></i><i></i><i></i><i></i>
  </div>`;
}
