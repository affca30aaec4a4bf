import { css } from './css.js';

/** The bar of a minimised call. */
export const barStyles = css`
  .bar {
    position: fixed;
    inset-block-start: 0;
    left: 0;
    z-index: calc(var(--call-button-z-index, 9999) + 1);
    display: grid;
    gap: 12px;
    width: max-content;
    max-width: min(448px, calc(100vw - 32px));
    padding: 8px;
    border: 1px solid var(--_line);
    border-radius: min(var(--_button), 32px);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: var(--call-button-shadow, 0 12px 48px rgb(0 0 0 / 0.22));
    font: 400 0.9375em/1.3 var(--_font);
    text-align: start;
    outline: 0;
    animation: appear 0.18s ease-out;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  .bar.corner {
    /* above a phone's own bar */
    margin-block-start: calc(-1 * env(safe-area-inset-bottom));
  }
  .bar .line {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .sign {
    display: grid;
    place-items: center;
    flex: none;
    width: 44px;
    height: 44px;
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_accent-text);
  }
  .sign.talking {
    background: var(--_success);
    color: var(--_surface);
  }
  .sign.over {
    background: var(--_tint);
    color: var(--_text);
  }
  .told {
    flex: 1;
    min-width: 72px;
  }
  .told .status {
    display: block;
    font-weight: 600;
  }
  .told :is(.timer, .muted) {
    display: block;
    color: var(--_muted);
    font-size: 0.9333em;
  }
  .bar .controls {
    flex: none;
    flex-wrap: nowrap;
    gap: 6px;
  }
  .bar .control {
    width: 44px;
    height: 44px;
    font-size: medium;
  }
  .next {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
  }
  .next .primary {
    min-height: 44px;
  }
  .next .phone {
    padding-inline: 8px;
  }
  .bar .message {
    align-items: center;
    padding: 8px 12px;
    border-radius: min(var(--_button), 24px);
  }
  @media (max-width: 339.98px) {
    /* words and three buttons have the room */
    .bar .sign {
      display: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .bar {
      animation-duration: 0.01s;
    }
  }
  @media (forced-colors: active) {
    .sign {
      border: 1px solid ButtonText;
    }
  }
`;
