import type { ExtraMessages } from './messages.js';

export const pt: ExtraMessages = {
  'rating.question': 'Como foi a chamada?',
  'rating.stars': { one: '{n} estrela', other: '{n} estrelas' },
  'rating.good': 'Boa',
  'rating.bad': 'Ruim',
  'rating.thanks': 'Obrigado pela sua avaliação.',
  'check.audio': 'Testar o microfone',
  'check.video': 'Testar o microfone e a câmera',
  'check.level': 'Nível do microfone',
  'check.speak': 'Diga algo: a barra deve se mover.',
  'check.heard': 'Seu microfone funciona.',
  'check.play': 'Tocar um som de teste',
  'check.question': 'Você ouviu?',
  'check.yes': 'Sim',
  'check.no': 'Não',
  'check.loud': 'Seu alto-falante funciona.',
  'check.quiet': 'Aumente o volume ou escolha outro alto-falante.',
  'check.remember': 'Lembrar neste dispositivo',
};
