/**
 * Where the panel meets what it loads when the form opens, and nothing of it before: the engine (SIP, media, logic and
 * views of a call) and the CAPTCHA, whose provider is another chunk.
 */
import type { CallConfig } from '../shared/config.js';

export type Engine = typeof import('./engine.js');
export type CaptchaModule = typeof import('./captcha.js');

/** With what pictures need, where they are wanted: the engine asks for that again, and minds its failure. */
export function loadEngine({ media }: CallConfig): Promise<Engine> {
  if (media === 'video') import('./video.js').catch(() => {});
  return import('./engine.js');
}

export function loadCaptchaModule(): Promise<CaptchaModule> {
  return import('./captcha.js');
}
