import type { ExtraMessages } from './messages.js';

export const it: ExtraMessages = {
  'rating.question': 'Com’è andata la chiamata?',
  'rating.stars': { one: '{n} stella', other: '{n} stelle' },
  'rating.good': 'Bene',
  'rating.bad': 'Male',
  'rating.thanks': 'Grazie per la Sua valutazione.',
};
