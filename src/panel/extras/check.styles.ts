import { css } from '../../styles/css.js';

export const checkStyles = css`
  .device-check {
    border: 1px solid var(--_line);
    border-radius: var(--_field);
  }
  .disclosure {
    display: flex;
    align-items: center;
    gap: 12px;
    width: 100%;
    min-height: 48px;
    padding: 8px 14px;
    border: 0;
    border-radius: var(--_field);
    background: none;
    font-weight: 500;
    font-size: 0.9375em;
    text-align: start;
  }
  .disclosure:hover:not(:disabled) {
    background: var(--_tint);
  }
  .disclosure:disabled {
    color: var(--_muted);
    cursor: default;
  }
  .disclosure span {
    flex: 1;
  }
  .disclosure svg:last-child {
    color: var(--_muted);
    transition: rotate 0.15s;
  }
  .disclosure[aria-expanded='true'] svg:last-child {
    rotate: 180deg;
  }
  #device-check {
    gap: 14px;
    padding: 4px 14px 14px;
  }
  .preview {
    width: 100%;
    max-height: 32dvh;
    aspect-ratio: 4 / 3;
    border-radius: var(--_field);
    /* as in a mirror */
    transform: scaleX(-1);
  }
  .meter {
    height: 10px;
    overflow: hidden;
    border-radius: 5px;
    background: color-mix(in srgb, var(--_text) 14%, transparent);
  }
  .meter i {
    display: block;
    height: 100%;
    width: calc(var(--level, 0) * 100%);
    border-radius: inherit;
    background: var(--_success);
    transition: width 0.08s linear;
  }
  .result:empty {
    display: none;
  }
  .devices .sound {
    grid-template-columns: 1fr 1fr;
    gap: 8px;
    align-items: center;
  }
  .sound :is(.result, .play) {
    grid-column: 1 / -1;
  }
  .sound .secondary {
    min-height: 44px;
    padding-block: 6px;
    font-size: 1.0714em;
  }
  .sound .secondary[aria-disabled] {
    color: var(--_muted);
  }
  .remember {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 28px;
    font-size: 0.875em;
    cursor: pointer;
  }
  .remember input {
    width: 20px;
    height: 20px;
    margin: 0;
    accent-color: var(--_accent);
  }
  .device-check .message {
    width: auto;
  }
  @media (prefers-reduced-motion: reduce) {
    .disclosure svg {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .meter {
      border: 1px solid CanvasText;
    }
    .meter i {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
