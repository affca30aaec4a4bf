import { html, type TemplateResult } from 'lit/html.js';

/** As those of the form, see `icons.ts`. Those of pictures are in `video-icons.ts`. */
export const CALL_PATHS = {
  microphone:
    'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21M8.5 21h7',
  'microphone-off':
    'M15 10V6a3 3 0 0 0-5.7-1.3M9 9v2a3 3 0 0 0 4.6 2.5M5.5 11a6.5 6.5 0 0 0 10.3 5.3M18.5 11a6.5 6.5 0 0 1-.5 2.5M12 17.5V21M8.5 21h7M4 3l16 17',
  sliders: 'M5 4v5M5 13v7M12 4v9M12 17v3M19 4v2M19 10v10M2.5 11h5M9.5 15h5M16.5 8h5',
} as const;

const DOTS = [5, 12, 19].flatMap((y) => [5, 12, 19].map((x) => [x, y] as const));

export function keypadIcon(): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <path
      d=${DOTS.map(([x, y]) => `M${x - 1.7} ${y}a1.7 1.7 0 1 0 3.4 0a1.7 1.7 0 1 0-3.4 0`).join('')}
    />
  </svg>`;
}
