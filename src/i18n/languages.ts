import type { ExtraMessages } from './extra/messages.js';
import type { Messages } from './messages.js';

/** A chunk each, loaded by who reads it. English is not among them: it comes with the panel, as the fallback. */
const LOADERS: Readonly<Record<string, () => Promise<Readonly<Record<string, Messages>>>>> = {
  ar: () => import('./ar.js'),
  de: () => import('./de.js'),
  es: () => import('./es.js'),
  fr: () => import('./fr.js'),
  he: () => import('./he.js'),
  it: () => import('./it.js'),
  ja: () => import('./ja.js'),
  nl: () => import('./nl.js'),
  pl: () => import('./pl.js'),
  pt: () => import('./pt.js'),
  tr: () => import('./tr.js'),
  zh: () => import('./zh.js'),
};

export const LANGUAGES: readonly string[] = ['en', ...Object.keys(LOADERS)];

/** At hand: registered by a package's user, or loaded before. */
const known = new Map<string, Partial<Messages & ExtraMessages>>();

/**
 * Puts a language at hand, so that it is not loaded when the panel opens: one of ours, or one that `<call-button>` does
 * not have. `tag` is its BCP 47 tag (`sv`, `zh-Hant`). Texts that are missing are said in English.
 */
export function registerLanguage(tag: string, messages: Partial<Messages & ExtraMessages>): void {
  known.set(new Intl.Locale(tag).baseName, messages);
}

export interface Language {
  /** Key of its texts. */
  readonly name: string;
  /** What the page or the browser said: with region and extensions, for `Intl` and `lang`. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
}

const ENGLISH: Language = { name: 'en', locale: 'en', direction: 'ltr' };
const RIGHT_TO_LEFT = /^(Adlm|Arab|Hebr|Nkoo|Rohg|Syrc|Thaa)$/;

/** Ours or a registered one for a BCP 47 tag; `null` where there is none. */
export function findLanguage(tag: string): Language | null {
  let locale: Intl.Locale;
  try {
    // `de_DE` is no BCP 47, but seen
    locale = new Intl.Locale(tag.trim().replaceAll('_', '-'));
  } catch {
    return null;
  }
  const { language, script = '' } = locale.maximize();
  const name = [locale.baseName, `${language}-${script}`, language].find(
    (each) =>
      (LANGUAGES.includes(each) || known.has(each)) &&
      // Chinese in the other script is another language to who reads it
      new Intl.Locale(each).maximize().script === script,
  );
  if (name === undefined) return null;
  const direction = RIGHT_TO_LEFT.test(script) ? 'rtl' : 'ltr';
  return { name, locale: locale.toString(), direction };
}

/** The first of these BCP 47 tags that there are texts for; English where there are for none. */
export function chooseLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const language = findLanguage(tag);
    if (language !== null) return language;
  }
  return ENGLISH;
}

/** Texts that need not be waited for; `null` where they must be loaded. English has none of its own here. */
export function messagesAtHand({ name }: Language): Partial<Messages & ExtraMessages> | null {
  return known.get(name) ?? (name === 'en' ? {} : null);
}

/** Rejects where the chunk cannot be had; another try may go well. */
export async function loadMessages({ name }: Language): Promise<Partial<Messages>> {
  // each exports its words by the name of the language
  const messages = (await LOADERS[name]?.())?.[name] ?? {};
  known.set(name, messages);
  return messages;
}
