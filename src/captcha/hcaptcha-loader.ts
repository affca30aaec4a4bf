/// <reference types="@hcaptcha/types" />
import { loadScriptApi, type LoadOptions } from './script-loader.js';

/**
 * hCaptcha's script API, see `loadScriptApi`. `lang` is a BCP 47 tag.
 *
 * Not `@hcaptcha/loader` (2.4.2), because it waits forever where the callback never comes, as on a page that has
 * hCaptcha already (a second api.js skips its set-up), reports to sentry.hcaptcha.com unless told not to, sets no
 * nonce, and throws under Trusted Types.
 */
export function loadHCaptcha(
  { lang, ...options }: LoadOptions & { readonly lang: string },
  signal: AbortSignal,
): Promise<HCaptcha> {
  return loadScriptApi(
    {
      global: 'hcaptcha',
      home: 'https://js.hcaptcha.com',
      path: '/1/api.js',
      official: /^https:\/\/([a-z0-9-]+\.)*hcaptcha\.com\/1\/api\.js/,
      query: `&sentry=false&recaptchacompat=off&hl=${encodeURIComponent(lang)}&host=${location.hostname}`,
      cors: true,
    },
    options,
    signal,
  );
}
