import type { ExtraMessages } from './messages.js';

export const fr: ExtraMessages = {
  'rating.question': 'Comment s’est passé l’appel\u00a0?',
  'rating.stars': { one: '{n} étoile', other: '{n} étoiles' },
  'rating.good': 'Bien',
  'rating.bad': 'Pas bien',
  'rating.thanks': 'Merci pour votre avis.',
};
