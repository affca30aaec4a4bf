import type { ExtraMessages } from './messages.js';

export const de: ExtraMessages = {
  'rating.question': 'Wie war das Gespräch?',
  'rating.stars': { one: '{n} Stern', other: '{n} Sterne' },
  'rating.good': 'Gut',
  'rating.bad': 'Nicht gut',
  'rating.thanks': 'Danke für Ihre Bewertung.',
};
