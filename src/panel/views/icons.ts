import { html, type TemplateResult } from 'lit/html.js';

/** Drawn for this project on a 24 × 24 grid, 1.8 px strokes, round ends. Those of a call are in `call-icons.ts`. */
export const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  minimize: 'M6 9.5l6 6 6-6',
  alert: 'M12 4l9 16H3zM12 10v4.5M12 17.2v.1',
} as const;

export function lineIcon(path: string): TemplateResult {
  return html`<svg class="line" viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;
}

/** The handset of the launcher; turned down it hangs up. */
export function handsetIcon(): TemplateResult {
  return html`<svg viewBox="0 0 20 20" aria-hidden="true">
    <path
      d="M4 2h3l2 5-2.5 2a11 11 0 0 0 5 5l2-2.5 5 2v3a2 2 0 0 1-2 2A16 16 0 0 1 2 4a2 2 0 0 1 2-2z"
    />
  </svg>`;
}
