import { css } from './css.js';

/** Pictures of a call, full screen, and the question for the visitor's own. Comes after `call.styles.ts`. */
export const videoStyles = css`
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
  .panel.filled {
    inset: 0;
    translate: none !important;
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
`;
