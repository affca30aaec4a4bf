/**
 * The CAPTCHA of a form: its place, its checkbox, its words, and its provider, which is another chunk. One chunk, loaded
 * when the form opens.
 */
import { loadCaptcha } from '../captcha/index.js';
import { type CaptchaSlot, createCaptchaSlot as createSlot } from './captcha-slot.js';
import type { PanelController } from './controller.js';

export const createCaptchaSlot = (panel: PanelController): CaptchaSlot =>
  createSlot(panel, loadCaptcha);
export { enCaptcha } from '../i18n/en-captcha.js';
export { captchaStyles } from '../styles/captcha.styles.js';
export { captchaView } from './views/captcha-view.js';
