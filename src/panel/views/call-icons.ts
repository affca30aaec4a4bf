import { html, type TemplateResult } from 'lit/html.js';
import { lineIcon, PATHS } from './icons.js';

/** As those of the form, see there. */
const CALL_PATHS = {
  microphone:
    'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21M8.5 21h7',
  'microphone-off':
    'M15 10V6a3 3 0 0 0-5.7-1.3M9 9v2a3 3 0 0 0 4.6 2.5M5.5 11a6.5 6.5 0 0 0 10.3 5.3M18.5 11a6.5 6.5 0 0 1-.5 2.5M12 17.5V21M8.5 21h7M4 3l16 17',
  camera:
    'M4.5 6.5h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM15.5 11l6-3.5v9l-6-3.5',
  'camera-off':
    'M9 6.5h4.5a2 2 0 0 1 2 2V11l6-3.5v9l-3-1.8M15.5 15.5a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-7a2 2 0 0 1 1.5-1.9M4 3l16 17',
  fullscreen: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  'fullscreen-exit': 'M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5',
  self: 'M4 5h16a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 20 19H4a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 4 5zM12.5 12.5h6v4h-6z',
  sliders: 'M5 4v5M5 13v7M12 4v9M12 17v3M19 4v2M19 10v10M2.5 11h5M9.5 15h5M16.5 8h5',
  speaker: 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
} as const;

const DOTS = [5, 12, 19].flatMap((y) => [5, 12, 19].map((x) => [x, y] as const));

export type IconName = keyof typeof CALL_PATHS | keyof typeof PATHS;

const ALL: Readonly<Record<IconName, string>> = { ...PATHS, ...CALL_PATHS };

export function icon(name: IconName): TemplateResult {
  return lineIcon(ALL[name]);
}

export function keypadIcon(): TemplateResult {
  return html`<svg class="solid" viewBox="0 0 24 24" aria-hidden="true">
    <path
      d=${DOTS.map(([x, y]) => `M${x - 1.7} ${y}a1.7 1.7 0 1 0 3.4 0a1.7 1.7 0 1 0-3.4 0`).join('')}
    />
  </svg>`;
}
