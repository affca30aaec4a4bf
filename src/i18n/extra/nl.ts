import type { ExtraMessages } from './messages.js';

export const nl: ExtraMessages = {
  'rating.question': 'Hoe was het gesprek?',
  'rating.stars': { one: '{n} ster', other: '{n} sterren' },
  'rating.good': 'Goed',
  'rating.bad': 'Niet goed',
  'rating.thanks': 'Bedankt voor uw beoordeling.',
};
