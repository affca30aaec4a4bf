import { enCall } from './en-call.js';
import { enCaptcha } from './en-captcha.js';
import { enForm } from './en-form.js';
import { enVideo } from './en-video.js';
import type { Messages } from './messages.js';

export const en: Messages = { ...enForm, ...enCaptcha, ...enCall, ...enVideo };
