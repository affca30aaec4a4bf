/**
 * `call-button/i18n`: for packages that bring a language along instead of having it loaded, or bring one of their own.
 * The texts are `call-button/i18n/de` and so on.
 */
export { LANGUAGES, registerLanguage } from './languages.js';
export type { ExtraKey, ExtraMessages } from './extra/messages.js';
export type { MessageKey, Messages, Plural, PluralKey } from './messages.js';
