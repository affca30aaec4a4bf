/**
 * Where the panel meets the adapters. All of it is loaded when the form opens, none of it with the page: the engine
 * (SIP, media, views of a call) is one chunk, each CAPTCHA provider another.
 */
import type { CaptchaProviderName } from '../shared/pass.js';
import type { CreateCaptcha } from '../call/ports.js';

export type Engine = typeof import('./engine.js');

export function loadEngine(): Promise<Engine> {
  return import('./engine.js');
}

export async function loadCaptcha(
  name: Exclude<CaptchaProviderName, 'none'>,
): Promise<CreateCaptcha> {
  const { loadCaptcha: load } = await import('../captcha/index.js');
  return load(name);
}
