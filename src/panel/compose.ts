/**
 * Where the panel meets what it loads when the form opens, and nothing of it before: the engine (SIP, media, logic and
 * views of a call) and the CAPTCHA, whose provider is another chunk.
 */
export type Engine = typeof import('./engine.js');
export type CaptchaModule = typeof import('./captcha.js');

export function loadEngine(): Promise<Engine> {
  return import('./engine.js');
}

export function loadCaptchaModule(): Promise<CaptchaModule> {
  return import('./captcha.js');
}
