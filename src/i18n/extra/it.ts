import type { ExtraMessages } from './messages.js';

export const it: ExtraMessages = {
  'rating.question': 'Com’è andata la chiamata?',
  'rating.stars': { one: '{n} stella', other: '{n} stelle' },
  'rating.good': 'Bene',
  'rating.bad': 'Male',
  'rating.thanks': 'Grazie per la Sua valutazione.',
  'check.audio': 'Provare il microfono',
  'check.video': 'Provare microfono e videocamera',
  'check.level': 'Livello del microfono',
  'check.speak': 'Dica qualcosa: la barra dovrebbe muoversi.',
  'check.heard': 'Il Suo microfono funziona.',
  'check.play': 'Riprodurre un suono di prova',
  'check.question': 'L’ha sentito?',
  'check.yes': 'Sì',
  'check.no': 'No, niente',
  'check.loud': 'Il Suo altoparlante funziona.',
  'check.quiet': 'Alzi il volume o scelga un altro altoparlante.',
  'check.remember': 'Ricordare su questo dispositivo',
};
