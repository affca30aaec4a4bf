import { css } from './css.js';

/** The checkbox of a CAPTCHA that shows nothing itself. Loaded with the CAPTCHA. */
export const captchaStyles = css`
  .check {
    position: relative;
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 56px;
    padding: 8px 14px;
    border: 1px solid var(--_line);
    border-radius: var(--_field);
    background: var(--_tint);
    cursor: pointer;
  }
  .check input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    margin: 0;
    opacity: 0;
    cursor: inherit;
  }
  .check:focus-within .box {
    outline: 3px solid var(--_focus);
    outline-offset: 2px;
  }
  .box {
    display: grid;
    place-items: center;
    flex: none;
    width: 28px;
    height: 28px;
    border: 2px solid var(--_muted);
    border-radius: 8px;
    color: #fff;
  }
  .box.solved {
    border-color: var(--_success);
    background: var(--_success);
    color: var(--_surface);
  }
  .box.solving {
    border: 3px solid var(--_line);
    border-block-start-color: currentColor;
    border-radius: 50%;
    color: var(--_accent);
    animation: turn 0.8s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (forced-colors: active) {
    .box {
      border: 1px solid ButtonText;
    }
  }
`;
