import type { ExtraMessages } from './messages.js';

export const es: ExtraMessages = {
  'rating.question': '¿Qué tal ha ido la llamada?',
  'rating.stars': { one: '{n} estrella', other: '{n} estrellas' },
  'rating.good': 'Bien',
  'rating.bad': 'Mal',
  'rating.thanks': 'Gracias por su valoración.',
};
