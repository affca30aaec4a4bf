import { css } from './css.js';

/** Panel and form: what the visitor sees when the panel opens. Views of a call bring `call.styles.ts`. */
export const panelStyles = css`
  :host {
    /* nothing of what the page's rules for * say of the button; lengths in em and px: pages make rem 10 px */
    all: initial;
    color-scheme: inherit;
    /* system colours follow the page's color-scheme in every supported browser; light-dark() would need Safari 17.5 */
    --_accent: var(--call-button-accent, #0b5fd8);
    --_accent-text: var(--call-button-accent-text, #fff);
    --_surface: var(--call-button-surface, Canvas);
    --_text: var(--call-button-text, CanvasText);
    --_muted: var(--call-button-muted, color-mix(in srgb, var(--_text) 68%, var(--_surface)));
    --_danger: var(--call-button-danger, #c5221f);
    --_danger-text: var(--call-button-danger-text, #fff);
    --_warning: color-mix(in srgb, var(--_danger) 68%, var(--_text));
    --_success: var(--call-button-success, #188038);
    --_focus: var(--call-button-focus, var(--_accent));
    --_font: var(--call-button-font, system-ui, sans-serif);
    --_line: color-mix(in srgb, var(--_text) 16%, transparent);
    --_tint: color-mix(in srgb, var(--_text) 7%, transparent);
    --_button: var(--call-button-radius, 99px);
    --_radius: var(--call-button-panel-radius, min(var(--_button), 20px));
    --_field: var(--call-button-field-radius, min(var(--_button), 10px));
  }
  * {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .panel {
    position: fixed;
    inset-block-start: 0;
    left: 0;
    /* above the floating buttons of other elements */
    z-index: calc(var(--call-button-z-index, 9999) + 1);
    display: flex;
    flex-direction: column;
    width: min(22.5em, calc(100vw - 32px));
    max-height: calc(100dvh - 32px);
    overflow: auto;
    padding: 16px 20px 20px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: var(--call-button-shadow, 0 12px 48px rgb(0 0 0 / 0.22));
    font: 400 medium/1.45 var(--_font);
    text-align: start;
    outline: 0;
    animation: rise 0.18s ease-out;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(10px) scale(0.985);
    }
  }
  header {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 40px;
  }
  h2 {
    flex: 1;
    margin: 0;
    font: 650 1.125em/1.3 var(--_font);
  }
  p {
    margin: 0;
  }
  svg {
    width: 1.25em;
    height: 1.25em;
    flex: none;
    fill: currentColor;
  }
  svg.line {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  button {
    font: 600 medium/1.25 var(--_font);
    color: inherit;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
    touch-action: manipulation;
  }
  :is(button, a, input):focus-visible {
    outline: 3px solid var(--_focus);
    outline-offset: 2px;
  }
  .plain {
    display: grid;
    place-items: center;
    flex: none;
    width: 40px;
    height: 40px;
    margin-inline-end: -8px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: none;
    color: var(--_muted);
  }
  .plain:hover {
    background: var(--_tint);
  }
  .form {
    display: flex;
    flex-direction: column;
    gap: 16px;
    margin: 0;
  }
  .muted {
    color: var(--_muted);
    font-size: 0.9375em;
  }
  .field {
    display: grid;
    gap: 6px;
    font-weight: 550;
    font-size: 0.9375em;
  }
  input[type='text'] {
    width: 100%;
    min-height: 46px;
    padding: 8px 14px;
    border: 1px solid color-mix(in srgb, var(--_text) 50%, transparent);
    border-radius: var(--_field);
    background: transparent;
    color: inherit;
    /* below 16 px iOS zooms into the field */
    font: 400 max(1.0667em, 16px) / 1.25 var(--_font);
  }
  [aria-invalid='true'] {
    border-color: var(--_warning);
  }
  .issue:empty {
    display: none;
  }
  .issue {
    color: var(--_warning);
    font-weight: 400;
    font-size: 0.9333em;
  }
  .captcha {
    display: grid;
    align-items: center;
    /* the room it will take once it is loaded */
    min-height: 56px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .primary,
  .secondary {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-height: 48px;
    padding: 10px 20px;
    border: 0;
    border-radius: var(--_button);
  }
  .primary {
    flex: 4 auto;
    background: var(--_accent);
    color: var(--_accent-text);
  }
  .primary:hover {
    filter: brightness(1.08);
  }
  .primary[aria-disabled] {
    background: var(--_tint);
    color: var(--_muted);
    cursor: default;
    filter: none;
  }
  .secondary {
    flex: 1 auto;
    border: 1px solid var(--_line);
    background: none;
  }
  .text,
  .phone {
    display: inline-block;
    min-height: 28px;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font-weight: 600;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .message {
    display: flex;
    align-items: flex-start;
    gap: 10px;
    padding: 12px 14px;
    border-radius: var(--_field);
    background: color-mix(in srgb, var(--_danger) 12%, var(--_surface));
    font-size: 0.9375em;
  }
  .message > div {
    flex: 1;
    display: grid;
    justify-items: start;
    gap: 4px;
  }
  .message > svg {
    margin-block-start: 0.1em;
    color: var(--_warning);
  }
  @media (max-width: 479.98px) {
    .panel {
      inset: auto 0 0;
      /* from a wider window */
      translate: none !important;
      width: 100%;
      max-height: 100dvh;
      border-width: 1px 0 0;
      border-radius: var(--_radius) var(--_radius) 0 0;
      padding-block-end: max(20px, env(safe-area-inset-bottom));
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation-duration: 0.01s !important;
      animation-iteration-count: 1 !important;
    }
  }
  @media (forced-colors: active) {
    .primary {
      border: 1px solid ButtonText;
    }
  }
`;
