import { html, type TemplateResult } from 'lit';
import { CALL_PATHS } from '../../../src/panel/views/call-icons.js';
import { lineIcon } from '../../../src/panel/views/icons.js';
import { VIDEO_PATHS } from '../../../src/panel/views/video-icons.js';

/** On the same grid as the icons of the element. */
const PATHS = {
  ...CALL_PATHS,
  ...VIDEO_PATHS,
  hold: 'M9 5v14M15 5v14',
  resume: 'M8 5l11 7-11 7z',
  handover: 'M4 12h12M11 6.5l5.5 5.5-5.5 5.5M20 4.5v15',
} as const;

export type PictureName = keyof typeof PATHS;

export function picture(name: PictureName): TemplateResult {
  return lineIcon(PATHS[name]);
}

/** Five strings: still, sounding, or damped. */
export function strings(state: 'still' | 'sounding' | 'damped'): TemplateResult {
  return html`<div class="strings ${state}" aria-hidden="true">
    <i></i><i></i><i></i><i></i><i></i>
  </div>`;
}
