import { CallError, isAbort } from '../call/errors.js';
import type { Captcha, CreateCaptcha } from '../call/ports.js';
import type { CallConfig } from '../shared/config.js';
import type { CaptchaProviderName } from '../shared/pass.js';

/** Below this width of the window the provider's compact form is used, px. */
const COMPACT_BELOW = 360;

export interface CaptchaSlot {
  /** The CAPTCHA now shown, or `null` while it is loading or failed to. */
  readonly captcha: Captcha | null;
  readonly error: CallError | null;
  /** Shown, or about to be. */
  readonly wanted: boolean;
  /** Shows it; loads it where it is not yet, or failed to be. */
  show(config: CallConfig): Promise<Captcha>;
  /** Takes it out of the page. Idempotent. */
  hide(): void;
}

/**
 * The CAPTCHA's place: a light-DOM child of the element, which exists only while the form is open. Providers look
 * for their own nodes in the document, and none of them is known to work inside a shadow root.
 */
export function createCaptchaSlot(
  host: HTMLElement,
  loadCaptcha: (name: Exclude<CaptchaProviderName, 'none'>) => Promise<CreateCaptcha>,
  texts: () => { lang: string; label: string; dark: boolean; nonce: string | undefined },
  onChange: () => void,
): CaptchaSlot {
  let container: HTMLElement | null = null;
  let abort: AbortController | null = null;
  let loading: Promise<Captcha> | null = null;
  let captcha: Captcha | null = null;
  let error: CallError | null = null;

  const hide = (): void => {
    abort?.abort();
    captcha?.dispose();
    container?.remove();
    container = abort = loading = captcha = error = null;
  };

  const load = async (
    config: CallConfig,
    place: HTMLElement,
    signal: AbortSignal,
  ): Promise<Captcha> => {
    const { captcha: provider, sitekey, captchaHost, gate, target } = config;
    if (provider === 'none') throw new CallError('misconfigured', 'no captcha to show');
    const { lang, label, dark, nonce } = texts();
    const create = await loadCaptcha(provider);
    signal.throwIfAborted();
    const created = await create(
      {
        container: place,
        sitekey,
        host: captchaHost,
        gate,
        target,
        lang,
        theme: dark ? 'dark' : 'light',
        size: window.innerWidth < COMPACT_BELOW ? 'compact' : 'normal',
        label,
        nonce,
      },
      signal,
    );
    if (signal.aborted) {
      created.dispose();
      signal.throwIfAborted();
    }
    return created;
  };

  return {
    get captcha() {
      return captcha;
    },
    get error() {
      return error;
    },
    get wanted() {
      return container !== null;
    },
    show(config) {
      if (loading !== null) return loading;
      hide();
      // of the element that this one is a clone of, as page caches make them
      for (const stale of host.querySelectorAll(':scope>[data-call-button]')) stale.remove();
      const { signal } = (abort = new AbortController());
      const place = (container = document.createElement('div'));
      place.slot = 'captcha';
      place.dataset['callButton'] = '';
      host.append(place);
      loading = load(config, place, signal).then(
        (created) => {
          captcha = created;
          created.onStatusChange = onChange;
          onChange();
          return created;
        },
        (reason: unknown) => {
          const failure = CallError.from(reason, 'captcha-unavailable');
          if (!signal.aborted && !isAbort(reason)) {
            hide();
            error = failure;
            onChange();
          }
          throw failure;
        },
      );
      return loading;
    },
    hide,
  };
}
