import { css } from './css.js';

/** Views of a call: stage, controls, keypad, end. Loaded with the call engine. */
export const callStyles = css`
  .call,
  .ended {
    display: flex;
    flex-direction: column;
    gap: 16px;
  }
  .ended {
    align-items: stretch;
    padding-block-start: 12px;
    text-align: center;
  }
  .ended .status {
    font-weight: 600;
  }
  .ended .orb {
    align-self: center;
  }
  .stage {
    position: relative;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 20px;
    min-height: 200px;
  }
  .orb {
    position: relative;
    display: grid;
    place-items: center;
    width: 88px;
    height: 88px;
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_accent-text);
    font-size: 1.6em;
  }
  .orb.still {
    width: 64px;
    height: 64px;
    font-size: 1.25em;
    background: var(--_tint);
    color: var(--_text);
  }
  .orb.failed {
    color: var(--_warning);
  }
  .orb.held,
  .orb.reconnecting {
    opacity: 0.6;
  }
  .orb::before,
  .orb::after {
    content: '';
    position: absolute;
    inset: 0;
    border: 2px solid var(--_accent);
    border-radius: 50%;
    opacity: 0;
  }
  :is(.connecting, .ringing, .early-media)::before,
  :is(.connecting, .ringing, .early-media)::after {
    animation: ring 2s ease-out infinite;
  }
  :is(.connecting, .ringing, .early-media)::after {
    animation-delay: 1s;
  }
  @keyframes ring {
    from {
      opacity: 0.7;
    }
    to {
      opacity: 0;
      scale: 1.7;
    }
  }
  .info {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    min-height: 24px;
    color: var(--_muted);
  }
  .info .status {
    font-weight: 600;
    color: var(--_text);
  }
  .timer {
    font-variant-numeric: tabular-nums;
  }
  .quality {
    display: inline-flex;
    align-items: flex-end;
    gap: 2px;
    height: 14px;
    color: var(--_success);
  }
  .quality.poor,
  .quality.bad {
    color: var(--_warning);
  }
  .quality i {
    width: 4px;
    height: 25%;
    border-radius: 1px;
    background: currentColor;
    opacity: 0.25;
  }
  .quality i.on {
    opacity: 1;
  }
  .quality i:nth-child(2) {
    height: 50%;
  }
  .quality i:nth-child(3) {
    height: 75%;
  }
  .quality i:nth-child(4) {
    height: 100%;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 10px;
  }
  .control {
    display: grid;
    place-items: center;
    width: 52px;
    height: 52px;
    min-width: 44px;
    flex: 0 1 auto;
    padding: 0;
    border: 0;
    border-radius: var(--_button);
    background: var(--_tint);
    color: var(--_text);
    font-size: 1.15em;
  }
  .control:hover {
    background: color-mix(in srgb, var(--_text) 14%, transparent);
  }
  .control.on {
    background: var(--_text);
    color: var(--_surface);
  }
  .hang-up,
  .hang-up:hover {
    background: var(--_danger);
    color: var(--_danger-text);
  }
  .hang-up:hover {
    filter: brightness(1.1);
  }
  .hang-up svg {
    rotate: 135deg;
  }
  .devices {
    display: grid;
    gap: 10px;
  }
  .devices div {
    display: grid;
    gap: 4px;
    font-size: 0.875em;
  }
  .devices select {
    min-width: 0;
    min-height: 44px;
    padding-inline: 12px;
    border: 1px solid color-mix(in srgb, var(--_text) 55%, transparent);
    border-radius: var(--_field);
    background: var(--_surface);
    color: inherit;
    font: inherit;
  }
  .keypad {
    display: grid;
    grid-template-columns: repeat(3, 1fr);
    gap: 8px;
  }
  .keypad output {
    grid-column: 1 / -1;
    overflow: hidden;
    text-align: center;
    font: 500 1.25em/1.3 var(--_font);
    letter-spacing: 0.12em;
    white-space: nowrap;
  }
  .key {
    display: grid;
    justify-items: center;
    align-content: center;
    min-height: 52px;
    padding: 0;
    border: 0;
    border-radius: min(var(--_button), 14px);
    background: var(--_tint);
    font-size: 1.25em;
    line-height: 1.1;
  }
  .key:hover {
    background: color-mix(in srgb, var(--_text) 14%, transparent);
  }
  .key:active {
    background: var(--_accent);
    color: var(--_accent-text);
  }
  .key small {
    min-height: 1.2em;
    font: 500 0.55em/1.2 var(--_font);
    letter-spacing: 0.08em;
    opacity: 0.75;
  }
  .diagnostics {
    color: var(--_muted);
    font-size: 0.875em;
  }
  .remarks:empty {
    /* no gap, but in the accessibility tree */
    position: absolute;
  }
  .spinner {
    flex: none;
    width: 1.25em;
    height: 1.25em;
    border: 3px solid var(--_line);
    border-block-start-color: currentColor;
    border-radius: 50%;
    animation: turn 0.8s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .orb::before,
    .orb::after {
      animation: none !important;
    }
  }
  @media (forced-colors: active) {
    .control,
    .key {
      border: 1px solid ButtonText;
    }
    /* what is told by a background alone */
    .quality i,
    .control.on {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;

/** Of the button itself, in its own tree. */
export const buttonInCallStyles = css`
  :host(:state(in-call)) [part] {
    background: var(--call-button-success, #188038);
  }
`;
