import type { Messages } from './messages.js';

/** What the checkbox of a CAPTCHA says: comes with it. */
export const enCaptcha = {
  'captcha.ready': 'I am human',
  'captcha.solving': 'Checking…',
  'captcha.solved': 'Checked',
} as const satisfies Partial<Messages>;
