import type { ExtraMessages } from './messages.js';

export const pl: ExtraMessages = {
  'rating.question': 'Jak przebiegła rozmowa?',
  'rating.stars': {
    one: '{n} gwiazdka',
    few: '{n} gwiazdki',
    many: '{n} gwiazdek',
    other: '{n} gwiazdki',
  },
  'rating.good': 'Dobrze',
  'rating.bad': 'Źle',
  'rating.thanks': 'Dziękujemy za ocenę.',
};
