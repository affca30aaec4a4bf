import type { CreateCaptcha } from '../call/ports.js';
import type { CaptchaProviderName } from '../shared/pass.js';

/** Loads the adapter of one provider: each is a chunk of its own. Rejects with `captcha-unavailable`. */
export async function loadCaptcha(
  name: Exclude<CaptchaProviderName, 'none'>,
): Promise<CreateCaptcha> {
  switch (name) {
    case 'hcaptcha':
      return (await import('./hcaptcha.js')).createHCaptcha;
    case 'altcha':
      return (await import('./altcha.js')).createAltcha;
    case 'turnstile':
      return (await import('./turnstile.js')).createTurnstile;
  }
}
