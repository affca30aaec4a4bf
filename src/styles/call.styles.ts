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
  video {
    display: block;
    background: #111;
    object-fit: cover;
  }
  .own {
    /* as in a mirror: what people expect of their own picture; the far end gets it unmirrored */
    transform: scaleX(-1);
    /* as the camera has it: a phone's is upright */
    max-width: 128px;
    max-height: 128px;
    aspect-ratio: auto 4 / 3;
    border-radius: 12px;
  }
  .picture {
    display: block;
    min-height: 0;
    margin-inline: -20px;
  }
  .picture .remote {
    width: 100%;
    aspect-ratio: 4 / 3;
    max-height: 60dvh;
  }
  /* so that the controls stay in sight */
  .call:has(:where(.keypad, .devices)) .remote {
    max-height: 28dvh;
  }
  .picture .own {
    position: absolute;
    inset-block-start: 12px;
    inset-inline-end: 12px;
    max-width: max(26%, 88px);
    max-height: 45%;
    box-shadow: 0 2px 12px rgb(0 0 0 / 0.4);
    outline: 2px solid rgb(255 255 255 / 0.85);
  }
  .picture .info {
    position: absolute;
    inset-block-end: 12px;
    inset-inline-start: 12px;
    padding: 4px 12px;
    border-radius: 999px;
    background: rgb(0 0 0 / 0.62);
    font-size: 0.875em;
  }
  .picture .info,
  .picture .info .status,
  .picture .quality {
    color: #fff;
  }
  .wide {
    width: min(30em, calc(100vw - 32px));
  }
  /* all of a video call's controls in one row */
  .wide .controls {
    gap: 8px;
  }
  .wide .control {
    width: 48px;
    height: 48px;
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
  .panel.filled {
    inset: 0;
    translate: none;
    width: 100%;
    height: 100%;
    max-height: none;
    border: 0;
    border-radius: 0;
    padding: 0;
    background: #000;
    color: #fff;
    animation: none;
  }
  .filled header {
    position: absolute;
    inset: 12px 16px auto;
    z-index: 1;
    text-shadow: 0 0 6px #000;
  }
  .filled .plain {
    color: #fff;
  }
  .filled .call {
    /* over the controls */
    --_above: 104px;
    position: relative;
    flex: 1;
    min-height: 0;
  }
  .filled .stage {
    flex: 1;
    min-height: 0;
    margin: 0;
  }
  .filled .remote {
    width: 100%;
    height: 100%;
    max-height: none;
    aspect-ratio: auto;
    object-fit: contain;
    background: #000;
  }
  .filled .own {
    inset-block-start: 64px;
    max-width: min(22vw, 224px);
    max-height: 35%;
  }
  .diagnostics {
    color: var(--_muted);
    font-size: 0.875em;
  }
  .remarks:empty {
    /* no gap, but in the accessibility tree */
    position: absolute;
  }
  .question {
    background: var(--_tint);
  }
  .question > svg {
    color: inherit;
  }
  .answers {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding-block-start: 6px;
  }
  .answers button {
    min-height: 40px;
    padding: 6px 16px;
    border: 1px solid color-mix(in srgb, var(--_text) 55%, transparent);
    border-radius: var(--_button);
    background: none;
    font-weight: 600;
  }
  .answers .yes {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_accent-text);
  }
  .filled :is(.controls, .keypad, .devices, .message) {
    position: absolute;
    inset-inline: 0;
    inset-block-end: max(20px, env(safe-area-inset-bottom));
    margin: auto;
  }
  .filled :is(.keypad, .devices) {
    inset-block-end: var(--_above);
    width: 272px;
    /* below the title */
    max-height: calc(100% - var(--_above) - 60px);
    overflow: auto;
    padding: 12px;
    border-radius: 20px;
    background: rgb(0 0 0 / 0.7);
  }
  .filled .devices {
    color-scheme: dark;
  }
  .filled .devices select {
    border-color: currentColor;
    background: #111;
  }
  .filled .message {
    inset-block-end: var(--_above);
    width: min(448px, 90%);
    color: var(--_text);
  }
  /* one of them at a time has room over the picture: the remark is back when the other is closed */
  .filled .call:has(.keypad, .devices) .message {
    display: none;
  }
  .filled .info {
    inset-block-end: var(--_above);
  }
  .filled :is(.control:not(.hang-up, .on), .key) {
    background: rgb(60 60 60 / 0.85);
    color: #fff;
  }
  .filled .control.on {
    background: #fff;
    color: #000;
  }
  @media (max-width: 479.98px) {
    .wide {
      width: 100%;
    }
    /* in two rows */
    .filled .call {
      --_above: 152px;
    }
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
