import type { ExtraMessages } from './messages.js';

export const pt: ExtraMessages = {
  'rating.question': 'Como foi a chamada?',
  'rating.stars': { one: '{n} estrela', other: '{n} estrelas' },
  'rating.good': 'Boa',
  'rating.bad': 'Ruim',
  'rating.thanks': 'Obrigado pela sua avaliação.',
};
