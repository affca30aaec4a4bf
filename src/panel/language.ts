import { enForm } from '../i18n/en-form.js';
import {
  chooseLanguage,
  findLanguage,
  type Language,
  loadMessages,
  messagesAtHand,
} from '../i18n/languages.js';
import { createTranslate, type Messages, type Translate } from '../i18n/messages.js';
import type { ConfigSource } from './host.js';

/** How long the panel waits for its words before it is drawn in English, ms: a flash of English is worse than this. */
const PATIENCE_MS = 600;

export interface PanelLanguage {
  /** BCP 47 tag of the words, with what page or browser said of region and digits. */
  readonly locale: string;
  /** `dir` of the panel; `null` where the page's own direction counts. */
  readonly direction: 'ltr' | 'rtl' | null;
  /** For a CAPTCHA: the page's own language even where the panel has no words for it. */
  readonly captchaLang: string;
  /** There are words to show: the language's, or English after a failure or a while. */
  readonly settled: boolean;
  readonly t: Translate;
  /** Another try for words that could not be had; does nothing where they are there. */
  load(): void;
  /** The element may have other ancestors now. */
  follow(): void;
  /** More English words, for what another language lacks. */
  learn(words: Partial<Messages>): void;
  dispose(): void;
}

/** The nearest ancestor or self with the attribute, through shadow roots: as HTML inherits language and direction. */
function nearest(element: Element, attribute: string): string | null {
  for (let at: Element | null = element; at !== null;) {
    const holder = at.closest(`[${attribute}]`);
    if (holder !== null) return holder.getAttribute(attribute);
    const root = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  return null;
}

/**
 * The language of one panel: of the nearest `lang`, else the browser's, else English; follows all of them. `onChange`
 * is called after each change, also when words have come.
 */
export function createPanelLanguage(element: ConfigSource, onChange: () => void): PanelLanguage {
  let fallback: Partial<Messages> = enForm;
  const english = { language: chooseLanguage([]), messages: {} as Partial<Messages> };
  // stays until other words are there
  let shown = english;
  let wanted = '';
  let language = english.language;
  let loading: Language | null = null;
  let settled = false;

  const show = (messages: Partial<Messages> | null): void => {
    loading = null;
    settled = true;
    shown = messages === null ? english : { language, messages };
  };
  const load = (): void => {
    const atHand = messagesAtHand(language);
    if (atHand !== null) {
      show(atHand);
      return;
    }
    if (loading === language) return;
    const mine = (loading = language);
    const settle = (messages: Partial<Messages> | null): void => {
      if (loading !== mine) return;
      show(messages);
      onChange();
    };
    const timer = setTimeout(() => {
      settled = true;
      if (loading === mine) onChange();
    }, PATIENCE_MS);
    loadMessages(mine)
      .then(settle, () => settle(null))
      .finally(() => clearTimeout(timer));
  };
  const read = (): void => {
    wanted = nearest(element, 'lang')?.trim() ?? '';
    language = chooseLanguage([wanted, ...navigator.languages]);
    load();
  };
  const handleChange = (): void => {
    read();
    onChange();
  };

  const observer = new MutationObserver(handleChange);
  const follow = (): void => {
    observer.disconnect();
    for (let root: Node = element.getRootNode(); ; root = root.host.getRootNode()) {
      observer.observe(root, { subtree: true, attributeFilter: ['lang', 'dir'] });
      if (!(root instanceof ShadowRoot)) break;
    }
    read();
  };
  addEventListener('languagechange', handleChange);
  follow();

  return {
    get locale() {
      return shown.language.locale;
    },
    get direction() {
      // the page's `dir` is that of its own language: no good for words of another one
      const foreign = wanted !== '' && findLanguage(wanted)?.name !== shown.language.name;
      return foreign || nearest(element, 'dir') === null ? shown.language.direction : null;
    },
    get captchaLang() {
      return wanted || language.locale;
    },
    get settled() {
      return settled;
    },
    get t() {
      const { messages } = shown;
      return createTranslate(
        { messages, locale: shown.language.locale },
        fallback,
        element.strings,
      );
    },
    load,
    follow,
    learn(words) {
      fallback = { ...fallback, ...words };
    },
    dispose() {
      loading = null;
      observer.disconnect();
      removeEventListener('languagechange', handleChange);
    },
  };
}
