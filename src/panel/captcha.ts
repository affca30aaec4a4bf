/**
 * The CAPTCHA of a form: its place, its checkbox, its words, and its provider, which is another chunk. One chunk, loaded
 * when the form opens.
 */
export { loadCaptcha } from '../captcha/index.js';
export { enCaptcha } from '../i18n/en-captcha.js';
export { captchaStyles } from '../styles/captcha.styles.js';
export { createCaptchaSlot } from './captcha-slot.js';
export { captchaView } from './views/captcha-view.js';
