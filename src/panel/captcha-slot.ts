import { CallError, isAbort } from '../call/errors.js';
import type { Captcha, CreateCaptcha } from '../call/ports.js';
import type { CaptchaProviderName } from '../shared/pass.js';
import type { PanelController } from './controller.js';

/** Below this width of the window the provider's compact form is used, px. */
const COMPACT_BELOW = 360;

export interface CaptchaSlot {
  /** The CAPTCHA now shown, or `null` while it is loading or failed to. */
  readonly captcha: Captcha | null;
  readonly error: CallError | null;
  /** What it was last drawn in, BCP 47. */
  readonly lang: string;
  /** Shows it; loads it where it is not yet, or failed to be. */
  show(): Promise<Captcha>;
  /** Takes it out of the page. Idempotent. */
  hide(): void;
}

/**
 * The CAPTCHA's place: a light-DOM child of the element, which exists only while the form is open. Providers look
 * for their own nodes in the document, and none of them is known to work inside a shadow root.
 */
export function createCaptchaSlot(
  panel: PanelController,
  loadCaptcha: (name: Exclude<CaptchaProviderName, 'none'>) => Promise<CreateCaptcha>,
): CaptchaSlot {
  const { element, nonce } = panel.host;
  let container: HTMLElement | null = null;
  let abort: AbortController | null = null;
  let loading: Promise<Captcha> | null = null;
  let captcha: Captcha | null = null;
  let error: CallError | null = null;
  let lang = '';

  const hide = (): void => {
    abort?.abort();
    captcha?.dispose();
    container?.remove();
    container = abort = loading = captcha = error = null;
  };

  const isDark = (): boolean =>
    getComputedStyle(element).colorScheme.includes('dark') &&
    matchMedia('(prefers-color-scheme: dark)').matches;

  const load = async (place: HTMLElement, signal: AbortSignal): Promise<Captcha> => {
    const { captcha: provider, sitekey, captchaHost, gate, target } = panel.config;
    if (provider === 'none') throw new CallError('misconfigured', 'no captcha to show');
    lang = panel.language.captchaLang;
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
        theme: isDark() ? 'dark' : 'light',
        size: window.innerWidth < COMPACT_BELOW ? 'compact' : 'normal',
        label: panel.t('captcha'),
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
    get lang() {
      return lang;
    },
    show() {
      if (loading !== null) return loading;
      hide();
      // of the element that this one is a clone of, as page caches make them
      for (const stale of element.querySelectorAll(':scope>[data-call-button]')) stale.remove();
      const { signal } = (abort = new AbortController());
      const place = (container = document.createElement('div'));
      place.slot = 'captcha';
      place.dataset['callButton'] = '';
      element.append(place);
      loading = load(place, signal).then(
        (created) => {
          captcha = created;
          created.onStatusChange = () => panel.update();
          panel.update();
          return created;
        },
        (reason: unknown) => {
          const failure = CallError.from(reason, 'captcha-unavailable');
          if (!signal.aborted && !isAbort(reason)) {
            hide();
            error = failure;
            panel.update();
          }
          throw failure;
        },
      );
      return loading;
    },
    hide,
  };
}
