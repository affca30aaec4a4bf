import { loadExtraMessages } from '../../i18n/extra/index.js';
import type { ExtraKey, ExtraMessages } from '../../i18n/extra/messages.js';
import { findLanguage, messagesAtHand } from '../../i18n/languages.js';
import { createTranslate, type Translate } from '../../i18n/messages.js';
import type { PanelController } from '../controller.js';

const loaded = new Map<string, ExtraMessages>();

/** Words of the extra views in the panel's language; `null` while they are on their way. */
export function extraWords(controller: PanelController): Translate<ExtraKey> | null {
  const { locale } = controller.language;
  const language = findLanguage(locale);
  const name = language?.name ?? 'en';
  const messages = loaded.get(name);
  if (messages === undefined) {
    loadExtraMessages(name).then(
      (words) => {
        loaded.set(name, words);
        controller.update();
      },
      // asked again when something else is drawn
      () => {},
    );
    return null;
  }
  // a package may have brought its own along
  const own = language === null ? null : messagesAtHand(language);
  return createTranslate<ExtraKey>(
    { messages: { ...messages, ...own }, locale },
    messages,
    controller.host.element.strings,
  );
}
